/**
 * Reads events, a page at a time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  BEFORE_ALL,
  EVENTS_A_PAGE,
  type Misfit,
  type RecordedEvent,
  type StreamSlice,
} from '../../application/ports';
import type { Place } from './connection';
import { type Database, numberIn, prepareQuery } from './driver';
import type { EventIds } from './event-ids';
import { damaged, isBusy } from './faults';
import { EVENTS_WITHIN, eventsOnPage, LOG_BYTES, LOG_PAGE, LOG_ROWS, pageIn } from './log-page';
import { inspect } from './inspection';
import { whenFree } from './patience';
import { ReadAhead } from './read-ahead';
import { storedRow } from './stored-row';
import { streamReader } from './stream-reader';

export interface LogReader {
  readonly readStream: (stream: string, fromRevision: bigint) => Promise<StreamSlice>;
  readonly readAll: (position: bigint, maxCount: number) => Promise<ReadonlyArray<RecordedEvent>>;
  readonly findEvent: (id: string) => Promise<RecordedEvent | undefined>;
  readonly head: () => Promise<bigint>;
  readonly inspect: () => Promise<ReadonlyArray<Misfit>>;
  readonly close: () => Promise<void>;
}

/**
 * In bytes of data and metadata: a page of more is cut short. What an event of many megabytes takes in memory
 * is enough for one.
 */
const MOST_BYTES = 8_000_000;

export const logReader = (database: Database, place: Place, ids: EventIds): LogReader => {
  const { name, busyTimeoutMs } = place;
  const ahead = new ReadAhead(place, EVENTS_A_PAGE);
  const lastPosition = prepareQuery(database, 'SELECT max(position) FROM events');
  const logRows = prepareQuery(database, LOG_ROWS);
  const logPage = prepareQuery(database, LOG_PAGE);
  const logBytes = prepareQuery(database, LOG_BYTES);
  const eventsWithin = prepareQuery(database, EVENTS_WITHIN);

  const patiently = <A>(read: () => A): Promise<A> =>
    whenFree(read, { name, busyTimeoutMs, since: performance.now() });

  const readStream = streamReader(database, name, patiently);

  const positionOf = (id: string): number | undefined => {
    ids.catchUp();
    return ids.positionsOf([id]).get(id);
  };

  const wholePage = (start: number, limit: number): ReadonlyArray<RecordedEvent> | undefined => {
    try {
      const page = pageIn(logPage(start, limit));
      return page && eventsOnPage(page);
    } catch (error) {
      if (isBusy(error)) throw error;
      return undefined;
    }
  };

  /** As many of the events as are read at once: as many as fit, but one at least. */
  const eventsThatFit = (start: number, limit: number): number =>
    numberIn(logBytes(start, limit)) > MOST_BYTES
      ? Math.max(1, numberIn(eventsWithin(start, limit, MOST_BYTES)))
      : limit;

  /** A page that cannot be read whole is read row by row, which tells what is wrong with it. */
  const readPage = (start: number, wanted: number): ReadonlyArray<RecordedEvent> => {
    const limit = eventsThatFit(start, wanted);
    return wholePage(start, limit) ?? logRows(start, limit).map((row) => storedRow(row, name));
  };

  /** At most `limit` events from `start` on. */
  const readLog = async (start: number, limit: number): Promise<ReadonlyArray<RecordedEvent>> => {
    const early = await ahead.page(start, limit);
    const known = early && eventsOnPage(early);
    const page = known?.length === limit ? known : await patiently(() => readPage(start, limit));
    ahead.note(page);
    return page;
  };

  const readAll = async (start: number, wanted: number): Promise<ReadonlyArray<RecordedEvent>> => {
    const events: Array<RecordedEvent> = [];
    let next = start;
    while (events.length < wanted) {
      if (events.length > 0) await nextTurn();
      const limit = Math.min(EVENTS_A_PAGE, wanted - events.length);
      const page = await readLog(next, limit);
      for (const event of page) events.push(event);
      if (page.length < limit) break;
      next = Number(page.at(-1)?.position) + 1;
    }
    return events;
  };

  return {
    readStream: (stream, fromRevision) => readStream(stream, placeOf(fromRevision)),

    readAll: (position, maxCount) => readAll(placeOf(position + 1n), Math.floor(maxCount)),

    findEvent: async (id) => {
      const position = await patiently(() => positionOf(id));
      if (position === undefined) return undefined;
      const [row] = await patiently(() => logRows(position, 1));
      if (row?.[3] !== id) throw damaged(name, `its index of ids is wrong about ${id}`);
      return storedRow(row, name);
    },

    head: async () => {
      const [row] = await patiently(lastPosition);
      return typeof row?.[0] === 'number' ? BigInt(row[0]) : BEFORE_ALL;
    },

    inspect: () => inspect(database, patiently),

    close: () => ahead.close(),
  };
};

/** A place that a caller may put before the first event or beyond any last one. */
const placeOf = (given: bigint): number =>
  Math.min(Math.max(Number(given), 0), Number.MAX_SAFE_INTEGER);
