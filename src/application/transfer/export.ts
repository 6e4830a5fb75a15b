/** Writing a log out, one event a line, whatever its size. */
import * as E from 'fp-ts/lib/Either.js';
import { streamIdentity } from '../../values/stream-name';
import { decodeWhole, gapBefore } from '../decode-event';
import type { Failure, StoreFailure, UndecodableEvent } from '../failures';
import { wholePages } from '../log-pages';
import { BEFORE_ALL, type EventStore, type RecordedEvent, type StoreConnector } from '../ports';
import { StreamEnds } from './checked-lines';
import { eventOfLine, type LineFault, lineOf, LONGEST_LINE_BYTES, tooLong } from './line';

export interface ExportOptions {
  /** Only this organization's events, and the settings of the ledger. */
  readonly orgId?: string;
  /** Called after each page: events written, the place reached in the log, and the place where it ends. */
  readonly onProgress?: (events: number, position: bigint, end: bigint) => void;
  /** Stops after a whole line. */
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface Exported {
  readonly events: number;
  /** Position of the last event that was read, decimal. */
  readonly position: string;
  /** False when `signal` stopped it on the way. */
  readonly isWhole: boolean;
}

/** Takes a text of whole lines; the next one waits until it has. */
export type Sink = (lines: string) => void | Promise<void>;

/** A part of an export. The counts are of everything so far. */
export interface ExportedPage {
  /** Whole lines; empty where nothing of the page was wanted. */
  readonly lines: string;
  readonly events: number;
  /** Place of the last event that was read. */
  readonly position: bigint;
  /** Where the log ended when the export began: what comes later is not in it. */
  readonly end: bigint;
  /** Every organization that was met, wanted or not. */
  readonly organizations: ReadonlySet<string>;
}

type ExportFailure = StoreFailure | UndecodableEvent;

const MOST_EVENTS_A_PAGE = 1000;
const LARGE_PAGE = 4 * 1024 * 1024;

const notTaken = (event: RecordedEvent, { what }: LineFault): UndecodableEvent => ({
  type: 'UndecodableEvent',
  stream: event.stream,
  revision: String(event.revision),
  position: String(event.position),
  eventType: event.type,
  errors: [],
  message: `The event at position ${event.position} makes a line that no import takes: ${what}. Copy the store by its own means.`,
});

/** The line of an event, read back: what is found out when a ledger has to be restored is found too late. */
const exportedLine = (
  event: RecordedEvent,
  ends: StreamEnds,
): E.Either<UndecodableEvent, string> => {
  const expected = ends.take(event);
  if (expected !== undefined) return E.left(gapBefore(event, expected));
  const line = lineOf(event);
  // Not measured where it is short enough whatever the characters are.
  const isTooLong =
    line.length * 3 > LONGEST_LINE_BYTES && Buffer.byteLength(line) - 1 > LONGEST_LINE_BYTES;
  if (isTooLong) return E.left(notTaken(event, tooLong));
  const readBack = eventOfLine(line.slice(0, -1), event.position);
  if (E.isRight(readBack)) return E.right(line);
  const decoded = decodeWhole(event);
  return E.isLeft(decoded) ? decoded : E.left(notTaken(event, readBack.left));
};

/**
 * The log up to its present end, oldest first, a page of lines at a time. Ends after the first failure:
 * what is missing is one, and so is an event that an import would refuse.
 */
export async function* exportedPages(
  store: Pick<EventStore, 'head' | 'readAll' | 'positions' | 'shortPages'>,
  { orgId }: Pick<ExportOptions, 'orgId'> = {},
): AsyncGenerator<E.Either<ExportFailure, ExportedPage>, void, undefined> {
  const end = await store.head();
  if (E.isLeft(end)) return yield end;
  const ends = new StreamEnds();
  const organizations = new Set<string>();
  let position = BEFORE_ALL;
  let events = 0;
  // Few at first: events may be large, and a page is held in memory.
  let size = 10;
  for await (const page of wholePages(store, { until: end.right, pageSize: () => size })) {
    if (E.isLeft(page)) return yield page;
    const lines: Array<string> = [];
    for (const event of page.right) {
      position = event.position;
      const found = streamIdentity(event.stream)?.orgId;
      if (found !== undefined) organizations.add(found);
      if (orgId !== undefined && found !== undefined && found !== orgId) continue;
      const line = exportedLine(event, ends);
      if (E.isLeft(line)) return yield line;
      lines.push(line.right);
    }
    events += lines.length;
    const text = lines.join('');
    yield E.right({ lines: text, events, position, end: end.right, organizations });
    size = text.length > LARGE_PAGE ? Math.ceil(size / 4) : Math.min(size * 2, MOST_EVENTS_A_PAGE);
  }
}

/**
 * Writes every event of the log to `sink`, oldest first, up to where the log ends when it begins. What
 * `sink` throws is thrown.
 */
export const exportEvents = async (
  from: StoreConnector,
  sink: Sink,
  { orgId, onProgress, signal }: ExportOptions = {},
): Promise<E.Either<Failure, Exported>> => {
  const connected = await from.connect();
  if (E.isLeft(connected)) return connected;
  const store = connected.right;
  try {
    let [events, position, isWhole] = [0, BEFORE_ALL, true];
    for await (const page of exportedPages(store, orgId === undefined ? {} : { orgId })) {
      if (E.isLeft(page)) return page;
      if (page.right.lines !== '') await sink(page.right.lines);
      ({ events, position } = page.right);
      onProgress?.(events, position, page.right.end);
      isWhole = signal?.aborted !== true || position >= page.right.end;
      if (!isWhole) break;
    }
    return E.right({ events, position: String(position), isWhole });
  } finally {
    await store.close();
  }
};
