/**
 * Compares what the file keeps beside its events with them. Reading the log needs none of it; whoever appends
 * relies on all of it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Misfit } from '../../application/ports';
import { type Database, numberIn, prepareQuery, type Row } from './driver';

/** In rows. Many at a time take the turns of others. */
const ROWS = 5_000;
/** What is wrong with one is mostly wrong with many: more than so many tell nothing new. */
const MOST_MISFITS = 100;

/** Each event, with all that is said about it elsewhere. In a stream it is the last one, or before the last. */
const EVENTS = `
  SELECT position, name, revision, follows, ends, found FROM (
    SELECT event.position, streams.name, event.revision,
      iif(event.revision = 0, event.previous IS NULL,
        (before.stream_id, before.revision) IS (event.stream_id, event.revision - 1)) AS follows,
      (head.revision, head.position) IS (event.revision, event.position)
        OR ifnull(head.revision > event.revision AND head.position > event.position, 0) AS ends,
      ids.position IS event.position
        OR ids.position IS NULL AND event.position > (SELECT position FROM event_ids_end) AS found
    FROM events AS event
    LEFT JOIN streams USING (stream_id)
    LEFT JOIN heads AS head USING (stream_id)
    LEFT JOIN events AS before ON before.position = event.previous
    LEFT JOIN event_ids AS ids ON ids.id = event.id
    WHERE event.position > ? AND event.position <= ?)
  WHERE NOT (follows AND ends AND found IS TRUE) ORDER BY position`;

/** Streams that end where no event of theirs is. */
const STREAMS = `
  SELECT name FROM streams
  LEFT JOIN heads USING (stream_id)
  LEFT JOIN events ON events.position = heads.position
  WHERE streams.stream_id > ? AND streams.stream_id <= ?
    AND (events.stream_id, events.revision) IS NOT (streams.stream_id, heads.revision)`;

const misfitOf = ([position, name, revision, follows, ends, found]: Row): Misfit => {
  const wrong = [
    ...(follows === 1 ? [] : ['what it says of the event before it']),
    ...(ends === 1 ? [] : ['what is said of the end of its stream']),
    ...(found === 1 ? [] : ['what the index of ids says of it']),
  ];
  return {
    position: BigInt(Number(position)),
    detail: `${wrong.join(' and ')} is not so (revision ${String(revision)} of ${String(name)})`,
  };
};

/** @param patiently reads once nobody is in the way */
export const inspection = (
  database: Database,
  patiently: <A>(read: () => A) => Promise<A>,
): (() => Promise<ReadonlyArray<Misfit>>) => {
  const events = prepareQuery(database, EVENTS);
  const lastEvent = prepareQuery(database, 'SELECT ifnull(max(position), -1) FROM events');
  const streams = prepareQuery(database, STREAMS);
  const lastStream = prepareQuery(database, 'SELECT ifnull(max(stream_id), -1) FROM streams');

  return async () => {
    const misfits: Array<Misfit> = [];
    const endOfEvents = numberIn(await patiently(lastEvent));
    for (let after = -1; after < endOfEvents; after += ROWS) {
      for (const row of await patiently(() => events(after, after + ROWS))) {
        misfits.push(misfitOf(row));
      }
      if (misfits.length >= MOST_MISFITS) break;
      await nextTurn();
    }
    const endOfStreams = numberIn(await patiently(lastStream));
    for (let after = -1; after < endOfStreams; after += ROWS) {
      for (const [name] of await patiently(() => streams(after, after + ROWS))) {
        misfits.push({
          position: undefined,
          detail: `the stream ${String(name)} ends where it has no event`,
        });
      }
      if (misfits.length >= MOST_MISFITS) break;
      await nextTurn();
    }
    return misfits.slice(0, MOST_MISFITS);
  };
};
