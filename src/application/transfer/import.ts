/** Reading a log in, one event a line, each checked on its own and in its stream. */
import * as E from 'fp-ts/lib/Either.js';
import { createHash, type Hash } from 'node:crypto';
import type { AppendFailure, ImportRefused, StoreFailure } from '../failures';
import { BEFORE_ALL, type EventStore, type StoreConnector } from '../ports';
import { checkedLines } from './checked-lines';
import { idTaken, RunWriter } from './run-writer';

export interface ImportOptions {
  /** Refuse events of any other organization. */
  readonly orgId?: string;
  /** Called now and then, with the bytes and lines that have been read. */
  readonly onProgress?: (bytes: number, lines: number) => void;
  /** Heeded as long as nothing is left behind. */
  readonly signal?: AbortSignal;
}

/** What was read in. */
export interface Imported {
  readonly events: number;
}

/** The store broke, or the source changed, after a part of the events was written. */
export interface ImportIncomplete {
  readonly type: 'ImportIncomplete';
  readonly message: string;
  /** How many events the store has now, from the beginning of the file. */
  readonly events: number;
  readonly cause: ImportRefused | AppendFailure | StoreFailure;
}

export type ImportFailure = ImportRefused | ImportIncomplete | AppendFailure | StoreFailure;

type Refusal<Value> = E.Either<ImportRefused, Value>;

const LINES_BETWEEN_PROGRESS = 1000;

const interrupted = (line: number): ImportRefused => ({
  type: 'ImportRefused',
  line,
  problem: 'Interrupted',
  message: 'The import was stopped here. Nothing was imported.',
});

/**
 * Reads events into a new store in the order of their lines, in one pass. Stops at the first line that is
 * wrong: what stands in the store then is a part, and the caller throws the store away.
 */
export const importInto = async (
  store: EventStore,
  source: AsyncIterable<Uint8Array>,
  { orgId, onProgress, signal }: ImportOptions = {},
): Promise<E.Either<ImportRefused | AppendFailure, Imported>> => {
  const writer = new RunWriter(store, 'atOnce');
  let lines = 0;
  for await (const checked of checkedLines(source, orgId)) {
    // An earlier line's id is known to have come before only when it is written.
    if (E.isLeft(checked)) return E.left((await writer.write()) ?? checked.left);
    const { line, bytes } = checked.right;
    lines = line;
    const failure = await writer.take(checked.right);
    if (failure !== undefined) return E.left(failure);
    if (line % LINES_BETWEEN_PROGRESS === 0) onProgress?.(bytes, line);
    if (signal?.aborted === true) return E.left(interrupted(line));
  }
  const failure = await writer.write();
  return failure === undefined ? E.right({ events: lines }) : E.left(failure);
};

async function* digested(
  source: AsyncIterable<Uint8Array>,
  hash: Hash,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

/** What the first pass found: nothing wrong, and how to know the same bytes again. */
interface Reviewed extends Imported {
  readonly digest: string;
}

const reviewed = async (
  source: AsyncIterable<Uint8Array>,
  { orgId, onProgress, signal }: ImportOptions,
): Promise<Refusal<Reviewed>> => {
  const hash = createHash('sha256');
  // A store need not know every id that it holds, and nothing may be written to find out.
  const ids = new Set<string>();
  for await (const checked of checkedLines(digested(source, hash), orgId)) {
    if (E.isLeft(checked)) return checked;
    const { line, bytes, event } = checked.right;
    if (ids.has(event.id)) return E.left(idTaken(line, event.id));
    ids.add(event.id);
    if (line % LINES_BETWEEN_PROGRESS === 0) onProgress?.(bytes, line);
    if (signal?.aborted === true) return E.left(interrupted(line));
  }
  return E.right({ events: ids.size, digest: hash.digest('hex') });
};

const changed = (line: number): ImportRefused => ({
  type: 'ImportRefused',
  line,
  problem: 'SourceChanged',
  message:
    'The second reading gave other bytes than the first. Import a file that nobody writes to.',
});

const written = async (
  store: EventStore,
  source: AsyncIterable<Uint8Array>,
  { digest }: Reviewed,
): Promise<E.Either<ImportFailure, Imported>> => {
  const hash = createHash('sha256');
  const writer = new RunWriter(store, 'oneByOne');
  const incomplete = (cause: ImportIncomplete['cause']): E.Either<ImportFailure, never> =>
    E.left(writer.written === 0 ? cause : partOf(writer.written, cause));
  let lines = 0;
  for await (const checked of checkedLines(digested(source, hash), undefined)) {
    if (E.isLeft(checked)) return incomplete(changed(lines + 1));
    lines = checked.right.line;
    const failure = await writer.take(checked.right);
    if (failure !== undefined) return incomplete(failure);
  }
  const failure = await writer.write();
  if (failure !== undefined) return incomplete(failure);
  return hash.digest('hex') === digest ? E.right({ events: lines }) : incomplete(changed(lines));
};

const partOf = (events: number, cause: ImportIncomplete['cause']): ImportIncomplete => ({
  type: 'ImportIncomplete',
  events,
  cause,
  message: `The import broke off after ${events} events: ${cause.message} Throw the store away and import into an empty one.`,
});

const notEmpty = (name: string): ImportRefused => ({
  type: 'ImportRefused',
  line: 0,
  problem: 'TargetExists',
  message: `${name} holds events already. Import into an empty store.`,
});

/**
 * Reads an exported log into any empty store. All of it is checked before the first event is written, so
 * that a faulty file writes nothing; only a store that breaks on the way keeps a part, and that is told as
 * `ImportIncomplete`. Ids take memory, about 100 bytes an event. For a file use `importSqlite`, which
 * leaves nothing behind even when the process is killed, and takes no memory for ids.
 *
 * @param source opens the bytes of the export; called twice, and must give the same bytes
 */
export const importEvents = async (
  into: StoreConnector,
  source: () => AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
): Promise<E.Either<ImportFailure, Imported>> => {
  const connected = await into.connect();
  if (E.isLeft(connected)) return connected;
  const store = connected.right;
  try {
    const head = await store.head();
    if (E.isLeft(head)) return head;
    if (head.right !== BEFORE_ALL) return E.left(notEmpty(store.name));
    const review = await reviewed(source(), options);
    return E.isLeft(review) ? review : await written(store, source(), review.right);
  } finally {
    await store.close();
  }
};
