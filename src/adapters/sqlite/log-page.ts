/**
 * A page of the log in one row, which has all values of a column in one: a few long values take a third of
 * the time of a row for each event, and cost nothing to hand from one thread to another.
 */
import type { RecordedEvent } from '../../application/ports';
import type { Row } from './driver';
import { ROW_TEXTS, StoredRow, type UnreadTexts } from './stored-row';

const FROM_LOG = `
  FROM events CROSS JOIN streams USING (stream_id)
  WHERE position >= ? ORDER BY position LIMIT ?`;

/** The events from a position on, at most so many. */
export const LOG_ROWS = `SELECT position, name, events.revision, ${ROW_TEXTS} ${FROM_LOG}`;

/**
 * The same events as one {@link LogPage}. Each data must be JSON by itself, which only SQLite sees: damaged
 * halves can make sense side by side. What SQLite is lenient about, parsing the page refuses.
 */
export const LOG_PAGE = `
  SELECT json_group_array(position), json_group_array(name), json_group_array(revision),
    json_group_array(id), json_group_array(type),
    CAST('[' || group_concat(data) || ']' AS BLOB), min(json_valid(data)),
    json_group_array(octet_length(metadata)), CAST(group_concat(metadata, '') AS BLOB)
  FROM (SELECT position, name, events.revision, id, type, data, metadata ${FROM_LOG})`;

/** In bytes of data and metadata: how large the same events are, without looking at them. */
export const LOG_BYTES = `
  SELECT total(bytes) FROM (
    SELECT octet_length(data) + octet_length(metadata) AS bytes
    FROM events WHERE position >= ? ORDER BY position LIMIT ?)`;

/** How many of the same events, from the first one on, have no more bytes than the last value says. */
export const EVENTS_WITHIN = `
  SELECT count(*) FROM (
    SELECT sum(octet_length(data) + octet_length(metadata)) OVER (ORDER BY position) AS bytes
    FROM events WHERE position >= ? ORDER BY position LIMIT ?)
  WHERE bytes <= ?`;

/** Columns. What many events have in common stands there once, and numbers need not be parsed again. */
export interface LogPage {
  readonly positions: Float64Array;
  readonly revisions: Float64Array;
  /** A JSON list, as are the ids. */
  readonly streams: string;
  readonly ids: string;
  /** Each once. */
  readonly types: ReadonlyArray<string>;
  /** Which of them each event has. */
  readonly typeOf: Uint16Array;
  /** A JSON list. */
  readonly data: Uint8Array;
  /** One text after the other. */
  readonly metadata: Uint8Array;
  /** Where each ends, in bytes. */
  readonly metadataEnds: Uint32Array;
}

/** As {@link LOG_PAGE} answers: texts are JSON lists, and `null` is what a page without events has. */
type PageRow = readonly [
  positions: string,
  streams: string,
  revisions: string,
  ids: string,
  types: string,
  data: Uint8Array | null,
  allJson: 0 | 1 | null,
  metadataLengths: string,
  metadata: Uint8Array | null,
];

/**
 * The page that was asked for with {@link LOG_PAGE}: nothing where there are no events. What is damaged is
 * `undefined` or throws, and a page that is read row by row names it.
 */
export const pageIn = ([row]: ReadonlyArray<Row>): LogPage | undefined => {
  // What LOG_PAGE selects, the driver cannot know; numbers are checked below, and the rest by whoever parses it.
  const [positions, streams, revisions, ids, types, data, allJson, lengths, metadata] =
    row as unknown as PageRow;
  if (allJson === 0) return undefined;
  const [numbers, places, sizes] = [positions, revisions, lengths].map(integersIn);
  if (numbers === undefined || places === undefined || sizes === undefined) return undefined;
  return {
    positions: numbers,
    revisions: places,
    streams,
    ids,
    ...distinct(JSON.parse(types) as ReadonlyArray<string>),
    data: data ?? new Uint8Array(),
    metadata: metadata ?? new Uint8Array(),
    metadataEnds: endsOf(sizes),
  };
};

const integersIn = (list: string): Float64Array | undefined => {
  const numbers = JSON.parse(list) as ReadonlyArray<number>;
  return numbers.every(Number.isSafeInteger) ? new Float64Array(numbers) : undefined;
};

const endsOf = (sizes: Float64Array): Uint32Array => {
  let end = 0;
  return new Uint32Array(sizes.map((size) => (end += size)));
};

const distinct = (given: ReadonlyArray<string>): Pick<LogPage, 'types' | 'typeOf'> => {
  const places = new Map<string, number>();
  const typeOf = given.map((type) => {
    const known = places.get(type);
    if (known !== undefined) return known;
    places.set(type, places.size);
    return places.size - 1;
  });
  return { types: [...places.keys()], typeOf: new Uint16Array(typeOf) };
};

/** The memory of a page that need not be copied when it is handed over. */
export const memoryOf = (page: LogPage): ReadonlyArray<ArrayBuffer> =>
  [page.positions, page.revisions, page.typeOf, page.data, page.metadata, page.metadataEnds].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );

/** The events on a page; `undefined` when something is damaged, as for {@link pageIn}. */
export const eventsOnPage = (page: LogPage): ReadonlyArray<RecordedEvent> | undefined => {
  try {
    return eventsOf(page);
  } catch {
    return undefined;
  }
};

const eventsOf = (page: LogPage): ReadonlyArray<RecordedEvent> | undefined => {
  const { positions, revisions, types, typeOf } = page;
  if (positions.length === 0) return [];
  const streams = JSON.parse(page.streams) as ReadonlyArray<string>;
  const ids = JSON.parse(page.ids) as ReadonlyArray<string>;
  const values = JSON.parse(bufferOn(page.data).toString()) as ReadonlyArray<unknown>;
  if (values.length !== positions.length) return undefined;
  const metadata: UnreadTexts = { bytes: bufferOn(page.metadata), ends: page.metadataEnds };
  const events: Array<RecordedEvent> = [];
  for (let at = 0; at < positions.length; at += 1) {
    events.push(
      new StoredRow(
        itemAt(positions, at),
        itemAt(streams, at),
        itemAt(revisions, at),
        itemAt(ids, at),
        itemAt(types, itemAt(typeOf, at)),
        values[at],
        metadata,
        at,
      ),
    );
  }
  return events;
};

/** An item of a list that is long enough. */
const itemAt = <Item>(list: { readonly [at: number]: Item }, at: number): Item => list[at] as Item;

/** The same memory, as a buffer. */
const bufferOn = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
