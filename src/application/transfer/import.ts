/** Reading a log in, one event a line, each checked on its own and in its stream. */
import * as E from 'fp-ts/lib/Either.js';
import { isNonEmpty } from 'fp-ts/lib/Array.js';
import { streamIdentity } from '../../values/stream-name';
import type { AppendFailure, ImportRefused, StoreFailure } from '../failures';
import type { EventStore, EventToAppend, RecordedEvent } from '../ports';
import { eventOfLine, type LineFault } from './line';
import { linesIn } from './lines-in';

export interface ImportOptions {
  /** Refuse events of any other organization. */
  readonly orgId?: string;
  /** Called now and then, with the bytes and lines that have been read. */
  readonly onProgress?: (bytes: number, lines: number) => void;
  readonly signal?: AbortSignal;
}

/** What was read in. */
export interface Imported {
  readonly events: number;
}

export type ImportFailure = ImportRefused | AppendFailure | StoreFailure;

/** Appends that wait for the disk at the same time; each line is read after those before it were sent. */
const MOST_UNDER_WAY = 512;
const MOST_EVENTS_AN_APPEND = 1000;

const refused = (line: number, { problem, what }: LineFault): E.Either<ImportRefused, never> =>
  E.left({
    type: 'ImportRefused',
    line,
    problem,
    message: `Line ${line}: ${what.replace(/\.$/, '')}. Nothing was imported.`,
  });

/** Consecutive events of one stream, which are appended together. */
interface Run {
  readonly stream: string;
  readonly first: bigint;
  readonly line: number;
  readonly events: Array<EventToAppend>;
}

/** Writes runs in the order in which they come, many at a time. */
class Writing {
  private readonly underWay = new Set<Promise<void>>();
  failure: E.Either<ImportFailure, never> | undefined;

  constructor(private readonly store: EventStore) {}

  async write({ stream, first, line, events }: Run): Promise<void> {
    if (!isNonEmpty(events)) return;
    const appending = this.store
      .append([{ stream, expectedRevision: first - 1n, events }])()
      .then((answer) => {
        if (E.isLeft(answer)) this.failure ??= told(answer.left, line, events);
      });
    const settled = appending.finally(() => this.underWay.delete(settled));
    this.underWay.add(settled);
    if (this.underWay.size >= MOST_UNDER_WAY) await Promise.race(this.underWay);
  }

  async finish(): Promise<void> {
    await Promise.all(this.underWay);
  }
}

const told = (
  failure: AppendFailure,
  line: number,
  events: ReadonlyArray<EventToAppend>,
): E.Either<ImportFailure, never> => {
  if (failure.type !== 'EventIdTaken') return E.left(failure);
  // Within one append, the later one of two is the one to name.
  const at = events.map(({ id }) => id).lastIndexOf(failure.eventId);
  return refused(line + Math.max(at, 0), {
    problem: 'DuplicateId',
    what: `the id ${failure.eventId} has come before`,
  });
};

/** What each stream must go on with. */
class Streams {
  private readonly next = new Map<string, bigint>();

  constructor(private readonly orgId: string | undefined) {}

  check({ stream, revision }: RecordedEvent): LineFault | undefined {
    const expected = this.next.get(stream) ?? 0n;
    if (revision !== expected) {
      const what = `the stream ${stream} goes on with revision ${expected}, not ${revision}`;
      return { problem: 'GapOrDisorder', what };
    }
    this.next.set(stream, revision + 1n);
    const orgId = streamIdentity(stream)?.orgId;
    return this.orgId === undefined || orgId === undefined || orgId === this.orgId
      ? undefined
      : { problem: 'ForeignOrganization', what: `it belongs to ${orgId}, not to ${this.orgId}` };
  }
}

/**
 * Reads events into an empty store, in the order of their lines. Stops at the first line that is wrong:
 * what stands in the store then is a part, and the caller throws the store away.
 */
export const importInto = async (
  store: EventStore,
  source: AsyncIterable<Uint8Array>,
  { orgId, onProgress, signal }: ImportOptions = {},
): Promise<E.Either<ImportFailure, Imported>> => {
  const streams = new Streams(orgId);
  const writing = new Writing(store);
  let run: Run | undefined;
  let count = 0n;
  const stopped = async (
    answer: E.Either<ImportFailure, never>,
  ): Promise<E.Either<ImportFailure, never>> => {
    await writing.finish();
    return writing.failure ?? answer;
  };
  for await (const { number, text, bytes } of linesIn(source)) {
    const event = E.isLeft(text) ? text : eventOfLine(text.right, count);
    if (E.isLeft(event)) return stopped(refused(number, event.left));
    const { stream, revision, id, type, data, metadata } = event.right;
    const fault = streams.check(event.right);
    if (fault !== undefined) return stopped(refused(number, fault));
    if (run?.stream !== stream || run.events.length >= MOST_EVENTS_AN_APPEND) {
      if (run !== undefined) await writing.write(run);
      run = { stream, first: revision, line: number, events: [] };
    }
    run.events.push({ id, type, data, metadata });
    count += 1n;
    if (writing.failure !== undefined) return stopped(writing.failure);
    if (count % 1000n === 0n) onProgress?.(bytes, number);
    if (signal?.aborted === true) return stopped(interrupted(number));
  }
  if (run !== undefined) await writing.write(run);
  await writing.finish();
  return writing.failure ?? E.right({ events: Number(count) });
};

const interrupted = (line: number): E.Either<ImportRefused, never> =>
  E.left({
    type: 'ImportRefused',
    line,
    problem: 'Interrupted',
    message: `Stopped after line ${line}. Nothing was imported.`,
  });
