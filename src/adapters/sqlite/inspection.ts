/**
 * Compares what the file keeps beside its events with them. Reading the log needs none of it; whoever appends
 * relies on all of it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Misfit, MOST_MISFITS } from '../../application/ports';
import { type Database, prepareQuery, type Row, type SqlValue } from './driver';

/** In rows: while a page is compared nobody else has a turn. */
const ROWS = 5_000;

/** Whether the index of ids has one end, and the end an event. */
const INDEX_END = `
  SELECT count(*) = 1 AND max(position) <= (SELECT ifnull(max(position), -1) FROM events)
  FROM event_ids_end`;

/** Each event of a page with which something is wrong that is said of it elsewhere. */
const EVENTS = `
  SELECT position, name, revision, follows, ends, found FROM (
    SELECT event.position, streams.name, event.revision,
      iif(event.revision = 0, event.previous IS NULL,
        (before.stream_id, before.revision) IS (event.stream_id, event.revision - 1)) AS follows,
      -- The end of its stream is this event or a later one.
      ((head.revision, head.position) IS (event.revision, event.position))
        OR ifnull(head.revision > event.revision AND head.position > event.position, 0) AS ends,
      ids.position IS iif(
        event.position <= (SELECT max(position) FROM event_ids_end), event.position, NULL) AS found
    FROM events AS event
    LEFT JOIN streams USING (stream_id)
    LEFT JOIN heads AS head USING (stream_id)
    LEFT JOIN events AS before ON before.position = event.previous
    LEFT JOIN event_ids AS ids ON ids.id = event.id
    WHERE event.position > ? AND event.position <= ?)
  WHERE NOT (follows AND ends AND found) ORDER BY position`;

/** Each stream of a page that ends where no event of it is. */
const STREAMS = `
  SELECT name FROM streams AS stream
  LEFT JOIN heads USING (stream_id)
  LEFT JOIN events ON events.position = heads.position
  WHERE stream.stream_id > ? AND stream.stream_id <= ?
    AND (events.stream_id, events.revision) IS NOT (stream.stream_id, heads.revision)`;

/** Each id of a page of the index that is not the one of the event where it should stand. */
const IDS = `
  SELECT entry.id, entry.position FROM event_ids AS entry
  LEFT JOIN events ON events.position = entry.position
  WHERE entry.id > ? AND entry.id <= ? AND events.id IS NOT entry.id`;

/** Ids behind the end of the index that stand there twice. */
const TWICE = `
  SELECT id, max(position) FROM events
  WHERE position > (SELECT max(position) FROM event_ids_end) GROUP BY id HAVING count(*) > 1`;

/** Where a table ends, and where a page of it ends that begins behind a key and goes no further than that. */
const endsOf = (table: string, key: string) => ({
  tableEnd: `SELECT max(${key}) FROM ${table}`,
  pageEnd: `
    SELECT max(${key}) FROM (
      SELECT ${key} FROM ${table} WHERE ${key} > ? AND ${key} <= ? ORDER BY ${key} LIMIT ${String(ROWS)})`,
});

const ofEvent = ([position, name, revision, follows, ends, found]: Row): Misfit => {
  const wrong = [
    ...(follows === 1 ? [] : ['what it says of the event before it']),
    ...(ends === 1 ? [] : ['what is said of the end of its stream']),
    ...(found === 1 ? [] : ['what the index of ids says of it']),
  ];
  return {
    position: BigInt(Number(position)),
    detail: `${wrong.join(' and ')} is wrong (revision ${String(revision)} of ${String(name)})`,
  };
};

const ofStream = ([name]: Row): Misfit => ({
  position: undefined,
  detail: `the stream ${String(name)} ends where it has no event`,
});

const ofId = ([id, position]: Row): Misfit => ({
  position: undefined,
  detail: `the index of ids has ${String(id)} at position ${String(position)}, where it does not stand`,
});

const ofRepeated = ([id, position]: Row): Misfit => ({
  position: BigInt(Number(position)),
  detail: `an earlier event has its id too (${String(id)})`,
});

const noEnd: Misfit = {
  position: undefined,
  detail: 'nothing says where the index of ids ends, or it ends behind the events',
};

/** Tables that are compared a page at a time, in the order of their keys. */
const PAGED = [
  { page: EVENTS, ...endsOf('events', 'position'), start: -1, misfit: ofEvent },
  { page: STREAMS, ...endsOf('streams', 'stream_id'), start: -1, misfit: ofStream },
  { page: IDS, ...endsOf('event_ids', 'id'), start: '', misfit: ofId },
];

/**
 * What does not fit, up to the page after which there is more than anybody is told.
 *
 * @param patiently reads once nobody is in the way
 */
export const inspect = async (
  database: Database,
  patiently: <A>(read: () => A) => Promise<A>,
): Promise<ReadonlyArray<Misfit>> => {
  const ask = (sql: string) => {
    const query = prepareQuery(database, sql);
    return (...values: ReadonlyArray<SqlValue>) => patiently(() => query(...values));
  };
  const one = (sql: string) => {
    const rows = ask(sql);
    return async (...values: ReadonlyArray<SqlValue>) =>
      ((await rows(...values))[0]?.[0] ?? null) as SqlValue;
  };
  if ((await one(INDEX_END)()) !== 1) return [noEnd];

  const misfits = (await ask(TWICE)()).map(ofRepeated);
  for (const { page, tableEnd, pageEnd, start, misfit } of PAGED) {
    // What others add meanwhile is not waited for.
    const until = await one(tableEnd)();
    const [endAfter, read] = [one(pageEnd), ask(page)];
    let after: SqlValue = start;
    while (misfits.length <= MOST_MISFITS) {
      const end = await endAfter(after, until);
      if (end === null) break;
      for (const row of await read(after, end)) misfits.push(misfit(row));
      after = end;
      await nextTurn();
    }
  }
  return misfits;
};
