/** Writes checked events to a store in the order of their lines, many at a time, in bounded memory. */
import * as E from 'fp-ts/lib/Either.js';
import { isNonEmpty } from 'fp-ts/lib/Array.js';
import type { AppendFailure, ImportRefused } from '../failures';
import type { EventStore, EventToAppend } from '../ports';
import { type CheckedLine, refused } from './checked-lines';

/** Consecutive events of one stream, which are appended together. */
interface Run {
  readonly stream: string;
  readonly first: bigint;
  readonly line: number;
  readonly events: Array<EventToAppend>;
}

// One append stays below what a server takes at once; all of them are one transaction of a SQLite file.
const [MOST_EVENTS_AN_APPEND, MOST_BYTES_AN_APPEND] = [100, 256 * 1024];
const [MOST_EVENTS_WAITING, MOST_BYTES_WAITING] = [1000, 4 * 1024 * 1024];

/**
 * - `atOnce`: for a store that carries out appends in the order in which they were asked, such as SQLite's.
 * - `oneByOne`: for any other.
 */
export type Pace = 'atOnce' | 'oneByOne';

/** One append cannot keep the order across streams, so each run of one stream is an append of its own. */
export class RunWriter {
  private runs: Array<Run> = [];
  private waiting = { events: 0, bytes: 0, start: 0, runStart: 0 };
  /** Events that the store has. */
  written = 0;

  constructor(
    private readonly store: EventStore,
    private readonly pace: Pace,
  ) {}

  /** Takes an event, and writes when enough have gathered. Answers what went wrong, if anything did. */
  async take(checked: CheckedLine): Promise<ImportRefused | AppendFailure | undefined> {
    const { line, bytes, event } = checked;
    const { stream, revision, id, type, data, metadata } = event;
    const { waiting } = this;
    let run = this.runs.at(-1);
    const isFull =
      run !== undefined &&
      (run.events.length >= MOST_EVENTS_AN_APPEND ||
        bytes - waiting.runStart > MOST_BYTES_AN_APPEND);
    if (run?.stream !== stream || isFull) {
      run = { stream, first: revision, line, events: [] };
      this.runs.push(run);
      waiting.runStart = waiting.bytes;
    }
    run.events.push({ id, type, data, metadata });
    waiting.events += 1;
    waiting.bytes = bytes;
    const isEnough =
      waiting.events >= MOST_EVENTS_WAITING || bytes - waiting.start >= MOST_BYTES_WAITING;
    return isEnough ? this.write() : undefined;
  }

  /** Writes what has gathered. */
  async write(): Promise<ImportRefused | AppendFailure | undefined> {
    const { runs, waiting } = this;
    this.runs = [];
    this.waiting = {
      events: 0,
      bytes: waiting.bytes,
      start: waiting.bytes,
      runStart: waiting.bytes,
    };
    if (this.pace === 'atOnce') {
      const failures = await Promise.all(runs.map((run) => this.append(run)));
      return failures.find((failure) => failure !== undefined);
    }
    for (const run of runs) {
      const failure = await this.append(run);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  private async append(run: Run): Promise<ImportRefused | AppendFailure | undefined> {
    const { stream, first, events } = run;
    const append = { stream, expectedRevision: first - 1n, events };
    if (!isNonEmpty(events)) return undefined;
    const appended = await this.store.append([append])();
    if (E.isLeft(appended)) return told(appended.left, run);
    this.written += events.length;
    return undefined;
  }
}

const told = (failure: AppendFailure, { line, events }: Run): ImportRefused | AppendFailure => {
  if (failure.type !== 'EventIdTaken') return failure;
  // Within one append, the later one of two is the one to name.
  const at = events.map(({ id }) => id).lastIndexOf(failure.eventId);
  return idTaken(line + Math.max(at, 0), failure.eventId);
};

export const idTaken = (line: number, id: string): ImportRefused =>
  refused(line, { problem: 'DuplicateId', what: `The id ${id} has come before` });
