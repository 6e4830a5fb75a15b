/**
 * A page of the log in one row, which has all values of a column in one: a few long values take a third of
 * the time of a row for each event, and cost nothing to hand from one thread to another.
 */
import type { RecordedEvent } from '../../application/ports';
import type { Row } from './driver';
import { StoredRow } from './stored-row';

/** The events from a position on, at most so many. */
export const LOG_ROWS = `
  SELECT position, name, events.revision, id, type, data, metadata
  FROM events CROSS JOIN streams USING (stream_id)
  WHERE position >= ? ORDER BY position LIMIT ?`;

/** The same events as one {@link LogPage}. */
export const LOG_PAGE = `
  SELECT json_group_array(position), json_group_array(name), json_group_array(revision),
    json_group_array(id), json_group_array(type),
    CAST('[' || group_concat(data || ',' || position, char(44, 10)) || ']' AS BLOB),
    json_group_array(length(CAST(metadata AS BLOB))), CAST(group_concat(metadata, '') AS BLOB)
  FROM (${LOG_ROWS})`;

/** Columns: texts are JSON lists, and `null` is what a page without events has. */
export type LogPage = readonly [
  positions: string,
  streams: string,
  revisions: string,
  ids: string,
  types: string,
  /**
   * Each with its position behind it, and on a line of its own, which no text may go beyond: a value that is
   * damaged cannot take the place of another unless somebody has made it fit.
   */
  data: Uint8Array | null,
  /** In bytes. */
  metadataLengths: string,
  /** One text after the other. */
  metadata: Uint8Array | null,
];

/** The page that was asked for with {@link LOG_PAGE}. */
export const pageIn = ([row]: ReadonlyArray<Row>): LogPage | undefined =>
  row as LogPage | undefined;

/** In bytes, without what is alike in all events. */
export const sizeOf = (page: LogPage): number =>
  memoryOf(page).reduce((size, { byteLength }) => size + byteLength, 0);

/** The memory of a page that need not be copied when it is handed over. */
export const memoryOf = (page: LogPage): ReadonlyArray<ArrayBuffer> =>
  page.flatMap((column) => (column instanceof Uint8Array ? [column.buffer as ArrayBuffer] : []));

/** The events on a page; `undefined` when something is damaged, which a page that is read row by row names. */
export const eventsOnPage = (page: LogPage): ReadonlyArray<RecordedEvent> | undefined => {
  try {
    return eventsOf(page);
  } catch {
    return undefined;
  }
};

const eventsOf = (page: LogPage): ReadonlyArray<RecordedEvent> | undefined => {
  const [, , , , , data, , metadata] = page;
  if (data === null || metadata === null) return [];
  const positions = JSON.parse(page[0]) as ReadonlyArray<number>;
  const streams = JSON.parse(page[1]) as ReadonlyArray<string>;
  const revisions = JSON.parse(page[2]) as ReadonlyArray<number>;
  const ids = JSON.parse(page[3]) as ReadonlyArray<string>;
  const types = JSON.parse(page[4]) as ReadonlyArray<string>;
  const values = JSON.parse(bufferOn(data).toString()) as ReadonlyArray<unknown>;
  const lengths = JSON.parse(page[6]) as ReadonlyArray<number>;
  const isInPlace = positions.every((position, at) => values[2 * at + 1] === position);
  if (values.length !== 2 * positions.length || !isInPlace) return undefined;
  const bytes = bufferOn(metadata);
  let end = 0;
  return positions.map((position, at) => {
    const start = end;
    end += itemAt(lengths, at);
    return new StoredRow(
      position,
      itemAt(streams, at),
      itemAt(revisions, at),
      itemAt(ids, at),
      itemAt(types, at),
      values[2 * at],
      { bytes, start, end },
    );
  });
};

/** An item of a list that is as long as the others. */
const itemAt = <Item>(list: ReadonlyArray<Item>, at: number): Item => list[at] as Item;

/** The same memory, as a buffer. */
const bufferOn = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
