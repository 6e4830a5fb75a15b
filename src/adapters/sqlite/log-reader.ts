/**
 * Reads events, a page at a time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  BEFORE_ALL,
  NO_STREAM,
  type RecordedEvent,
  type StreamSlice,
} from '../../application/ports';
import { type Database, prepareQuery, type Row } from './driver';
import { Fault, messageOf, unreadable } from './faults';
import { type Patience, whenFree } from './patience';

/** Small enough that one page does not hold up the event loop. */
const PAGE = 1_000;

export interface LogReader {
  readonly readStream: (stream: string, fromRevision: bigint) => Promise<StreamSlice>;
  readonly readAll: (position: bigint, maxCount: number) => Promise<ReadonlyArray<RecordedEvent>>;
  readonly findEvent: (id: string) => Promise<RecordedEvent | undefined>;
  readonly head: () => Promise<bigint>;
}

export const logReader = (
  database: Database,
  patience: Pick<Patience, 'name' | 'busyTimeoutMs'>,
): LogReader => {
  const lastPosition = prepareQuery(database, 'SELECT max(position) FROM events');
  const findStream = prepareQuery(
    database,
    'SELECT stream_id, revision FROM streams WHERE name = ?',
  );
  const streamPage = prepareQuery(
    database,
    `SELECT position, ?, revision, id, type, data, metadata FROM events
     WHERE stream_id = ? AND revision >= ? AND revision <= ? ORDER BY revision LIMIT ?`,
  );
  const eventById = prepareQuery(
    database,
    `SELECT position, name, events.revision, id, type, data, metadata
     FROM events CROSS JOIN streams USING (stream_id) WHERE id = ?`,
  );
  const logPage = prepareQuery(
    database,
    `SELECT position, name, events.revision, id, type, data, metadata
     FROM events CROSS JOIN streams USING (stream_id)
     WHERE position >= ? ORDER BY position LIMIT ?`,
  );

  const patiently = <A>(read: () => A): Promise<A> =>
    whenFree(read, { ...patience, since: performance.now() });

  /** Reads pages from `start` on until `wanted` events are there or the log ends. */
  const pages = async (
    wanted: number,
    start: number,
    read: (start: number, limit: number) => ReadonlyArray<Row>,
    lastColumn: number,
  ): Promise<ReadonlyArray<RecordedEvent>> => {
    const events: Array<RecordedEvent> = [];
    let next = start;
    while (events.length < wanted) {
      if (events.length > 0) await nextTurn();
      const limit = Math.min(PAGE, wanted - events.length);
      const rows = await patiently(() => read(next, limit));
      for (const row of rows) events.push(recorded(row, patience.name));
      if (rows.length < limit) break;
      next = Number(rows.at(-1)?.[lastColumn]) + 1;
    }
    return events;
  };

  return {
    readStream: async (stream, fromRevision) => {
      const [found] = await patiently(() => findStream(stream));
      if (found === undefined) return { events: [], revision: NO_STREAM };

      const [streamId, revision] = found as [number, number];
      const from = place(fromRevision);
      const events = await pages(
        revision - from + 1,
        from,
        (start, limit) => streamPage(stream, streamId, start, revision, limit),
        REVISION,
      );
      const last = events.at(-1)?.revision;
      if (from <= revision && last !== BigInt(revision)) throw lastMissing(stream, patience.name);
      return { events, revision: BigInt(revision) };
    },

    readAll: (position, maxCount) =>
      pages(Math.floor(maxCount), place(position + 1n), logPage, POSITION),

    findEvent: async (id) => {
      const [row] = await patiently(() => eventById(id));
      return row === undefined ? undefined : recorded(row, patience.name);
    },

    head: async () => {
      const [row] = await patiently(lastPosition);
      return typeof row?.[0] === 'number' ? BigInt(row[0]) : BEFORE_ALL;
    },
  };
};

const POSITION = 0;
const REVISION = 2;

/** A place that a caller may put before the first event or beyond any last one. */
const place = (given: bigint): number =>
  Math.min(Math.max(Number(given), 0), Number.MAX_SAFE_INTEGER);

/** No event comes after it that a reader could notice the gap by. */
const lastMissing = (stream: string, name: string): Fault =>
  new Fault(
    unreadable(
      `${name} is damaged: the last event of the stream ${stream} is missing. Restore it from a backup.`,
    ),
  );

const recorded = (row: Row, name: string): RecordedEvent => {
  try {
    return new StoredRow(row);
  } catch (error) {
    throw new Fault(
      unreadable(
        `${name} is damaged: the data of the event at position ${String(row[0])} is not JSON (${messageOf(error)}). Restore it from a backup.`,
      ),
    );
  }
};

/**
 * An event whose metadata is parsed when somebody first looks, because most readers never do and
 * parsing it halves the speed of a replay. It is an own property all the same: a copy made by
 * spreading, a comparison and JSON see it.
 */
class StoredRow implements RecordedEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  declare readonly metadata: unknown;
  #text: string | undefined;
  #metadata: unknown;

  static readonly #onFirstUse: PropertyDescriptor = {
    enumerable: true,
    get(this: StoredRow) {
      if (this.#text !== undefined) {
        this.#metadata = parsedOrText(this.#text);
        this.#text = undefined;
      }
      return this.#metadata;
    },
  };

  constructor(row: Row) {
    // By index: taking the row apart as an iterable costs a tenth of a replay.
    this.position = BigInt(row[POSITION] as number);
    this.stream = row[1] as string;
    this.revision = BigInt(row[REVISION] as number);
    this.id = row[3] as string;
    this.type = row[4] as string;
    this.data = JSON.parse(row[5] as string);
    this.#text = row[6] as string;
    Object.defineProperty(this, 'metadata', StoredRow.#onFirstUse);
  }
}

/** Damaged metadata comes back as the text it is: its codec then refuses it with a report. */
const parsedOrText = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
