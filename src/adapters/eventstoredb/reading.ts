/**
 * Reads, page by page: no call stays open, none is longer than the time allowed, and what may pass is
 * tried again.
 */
import {
  BEFORE_ALL,
  NO_STREAM,
  type RecordedEvent,
  type StreamSlice,
} from '../../application/ports';
import type {
  ClientRecord,
  Direction,
  EventStoreDbClient,
  Place,
  ReadCall,
  ResolvedRecord,
} from './client';
import { backOff, deadlineIn, TimedOut } from './deadline';
import { isLasting, kindOf } from './faults';
import type { GuardedClient } from './guarded-client';
import { isWanted, LAST_PLACE, placeAt, placeOf, type Streams, toRecorded } from './ledger-streams';

export interface ReadSettings {
  readonly name: string;
  readonly timeoutMs: number;
  readonly streams: Streams;
}

/** A part of a stream to read, at most `maxCount` events. */
export interface StreamPart {
  readonly stream: string;
  readonly from: bigint | 'end';
  readonly maxCount: number;
  readonly direction?: Direction;
}

export interface Reader {
  /** One page of a stream; no events if there is no such stream, or it is not that long. */
  readonly readPart: (
    part: StreamPart,
    timeoutMs?: number,
  ) => Promise<ReadonlyArray<RecordedEvent>>;
  readonly readStream: (stream: string, fromRevision: bigint) => Promise<StreamSlice>;
  readonly readAll: (position: bigint, maxCount: number) => Promise<ReadonlyArray<RecordedEvent>>;
  readonly findEvent: (
    id: string,
    streams: ReadonlyArray<string>,
  ) => Promise<RecordedEvent | undefined>;
  readonly head: () => Promise<bigint>;
}

/** Events in a page. A page is one call. */
export const PAGE = 500;
/** Of a log that others write to as well, a page with room for more than was asked for. */
const SMALLEST_LOG_PAGE = 50;

export const readerOn = (guardedClient: GuardedClient, settings: ReadSettings): Reader => {
  const { name, streams } = settings;
  const wanted = isWanted(streams);

  const recorded = (resolved: ResolvedRecord): ReadonlyArray<RecordedEvent> =>
    hasEvent(resolved) ? [toRecorded(name, resolved)] : [];

  /** `undefined` if there is no such stream. */
  const pageOf = async (
    { stream, from, maxCount, direction = 'forwards' }: StreamPart,
    timeoutMs = settings.timeoutMs,
  ): Promise<ReadonlyArray<RecordedEvent> | undefined> => {
    try {
      const page = await patiently(guardedClient, timeoutMs, (client) =>
        client.readStream(stream, {
          fromRevision: from,
          maxCount,
          direction,
          // What is decided rests on it: a follower may not have yet what was acknowledged a moment ago.
          requiresLeader: true,
        }),
      );
      return page.flatMap(recorded);
    } catch (error) {
      if (kindOf(error) === 'stream-not-found') return undefined;
      throw error;
    }
  };

  const readPart: Reader['readPart'] = async (part, timeoutMs) =>
    (await pageOf(part, timeoutMs)) ?? [];

  const lastRevision = async (stream: string): Promise<bigint> => {
    const part = { stream, from: 'end', maxCount: 1, direction: 'backwards' } as const;
    return (await readPart(part)).at(-1)?.revision ?? NO_STREAM;
  };

  const readLogPage = (from: 'start' | 'end' | Place, maxCount: number, direction: Direction) =>
    patiently(guardedClient, settings.timeoutMs, (client) =>
      client.readAll({ fromPosition: from, maxCount, direction }),
    );

  return {
    readPart,

    readStream: async (stream, fromRevision) => {
      const events: Array<RecordedEvent> = [];
      const before = fromRevision > 0n ? fromRevision - 1n : NO_STREAM;
      // From one event earlier: where nothing is new, that one says so, and no second call has to.
      let from = before > 0n ? before : 0n;
      let revision: bigint | undefined;
      while (from <= LAST_PLACE) {
        const page = await pageOf({ stream, from, maxCount: PAGE });
        if (page === undefined && revision === undefined) return { events, revision: NO_STREAM };
        const last = page?.at(-1)?.revision;
        if (page === undefined || last === undefined) break;
        for (const event of page) if (event.revision > before) events.push(event);
        revision = last;
        if (page.length < PAGE) break;
        from = last + 1n;
      }
      if (revision !== undefined) return { events, revision };
      // Asked a moment later: what has come since is not in this slice.
      const later = await lastRevision(stream);
      return { events, revision: later < before ? later : before };
    },

    readAll: async (position, maxCount) => {
      const events: Array<RecordedEvent> = [];
      let from = placeAt(position);
      while (events.length < maxCount && position <= LAST_PLACE) {
        // One more than is missing: the server repeats the event at the place it starts from.
        const size = Math.min(Math.max(maxCount - events.length + 1, SMALLEST_LOG_PAGE), PAGE);
        const page = await readLogPage(from, size, 'forwards');
        for (const resolved of page) {
          const place = placeOf(resolved);
          if (place === undefined || !isAfter(place, from)) continue;
          from = place;
          if (hasEvent(resolved) && wanted(resolved.event) && events.length < maxCount) {
            events.push(toRecorded(name, resolved));
          }
        }
        if (page.length < size) break;
      }
      return events;
    },

    findEvent: async (id, among) => {
      for (const stream of among) {
        // Backwards: what is looked for is most often what was stored last.
        for (let from: bigint | 'end' = 'end'; ;) {
          const page: ReadonlyArray<RecordedEvent> = await readPart({
            stream,
            from,
            maxCount: PAGE,
            direction: 'backwards',
          });
          const found = page.find((event) => isSameId(event.id, id));
          if (found !== undefined) return found;
          const oldest = page.at(-1);
          if (oldest === undefined || page.length < PAGE || oldest.revision === 0n) break;
          from = oldest.revision - 1n;
        }
      }
      return undefined;
    },

    head: async () => {
      let from: 'end' | Place = 'end';
      for (let size = SMALLEST_LOG_PAGE; ; size = PAGE) {
        const page: ReadonlyArray<ResolvedRecord> = await readLogPage(from, size, 'backwards');
        const last = page.find(({ event }) => event !== undefined && wanted(event));
        if (last !== undefined) return placeOf(last)?.commit ?? BEFORE_ALL;
        const oldest = page.at(-1);
        const place = oldest === undefined ? undefined : placeOf(oldest);
        if (place === undefined || page.length < size) return BEFORE_ALL;
        from = place;
      }
    },
  };
};

/** The server gives ids back in lower case. */
export const isSameId = (one: string, other: string): boolean =>
  one === other || one.toLowerCase() === other.toLowerCase();

const hasEvent = (
  resolved: ResolvedRecord,
): resolved is ResolvedRecord & { readonly event: ClientRecord } => resolved.event !== undefined;

const isAfter = (place: Place, start: 'start' | Place): boolean =>
  start === 'start' ||
  place.commit > start.commit ||
  (place.commit === start.commit && place.prepare > start.prepare);

type Open = (client: EventStoreDbClient) => ReadCall;

/** Reads a page, again and again while the trouble may pass and the time lasts. */
const patiently = async (
  client: GuardedClient,
  timeoutMs: number,
  open: Open,
): Promise<ReadonlyArray<ResolvedRecord>> => {
  const deadline = deadlineIn(timeoutMs);
  for (let failures = 1; ; failures += 1) {
    try {
      return await collect(client, open, deadline.left());
    } catch (error) {
      if (isLasting(error)) throw error;
      await backOff(failures, deadline);
      if (deadline.left() < 1) throw error;
    }
  }
};

/** All that one call brings. Abandons the call when the time is over. */
const collect = (
  client: GuardedClient,
  open: Open,
  ms: number,
): Promise<ReadonlyArray<ResolvedRecord>> =>
  new Promise((resolve, reject) => {
    const records: Array<ResolvedRecord> = [];
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    const call = open(
      client.watched((error) => {
        fail(error);
      }),
    );
    const timer = setTimeout(() => {
      abandon(call);
      reject(new TimedOut(ms));
    }, ms);
    call.on('data', (record) => {
      records.push(record);
    });
    call.on('end', () => {
      clearTimeout(timer);
      resolve(records);
    });
    // Stays for good: an error that nobody hears ends the process.
    call.on('error', fail);
  });

/** Ends the call on the server too, which neither `destroy` nor an abandoned loop does. */
const abandon = (call: ReadCall): void => {
  // Waits for the connection, which may never come about.
  call.cancel().catch(() => undefined);
  call.destroy();
};
