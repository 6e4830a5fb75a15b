/**
 * Reads one stream: from its end, for each event knows where the one before it stands.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  EVENTS_A_PAGE,
  NO_STREAM,
  type RecordedEvent,
  type StreamSlice,
} from '../../application/ports';
import { type Database, prepareQuery } from './driver';
import { damaged, type Fault } from './faults';
import { ROW_TEXTS, storedRow } from './stored-row';

/** The event at a position and those before it, down to a revision, at most so many. Each row shows its place. */
const STREAM_PAGE = `
  WITH RECURSIVE chain (at, before, place) AS (
    SELECT position, previous, revision FROM events WHERE position = ?
    UNION ALL
    SELECT position, previous, revision FROM chain CROSS JOIN events ON position = before
    WHERE place > ? LIMIT ?)
  SELECT position, ?, revision, ${ROW_TEXTS}, stream_id, previous
  FROM chain CROSS JOIN events ON position = at`;

type ReadStream = (stream: string, fromRevision: number) => Promise<StreamSlice>;

/** @param patiently reads once nobody is in the way */
export const streamReader = (
  database: Database,
  name: string,
  patiently: <A>(read: () => A) => Promise<A>,
): ReadStream => {
  const findHead = prepareQuery(
    database,
    'SELECT stream_id, revision, position FROM streams LEFT JOIN heads USING (stream_id) WHERE name = ?',
  );
  const readPage = prepareQuery(database, STREAM_PAGE);

  return async (stream, fromRevision) => {
    const [found] = await patiently(() => findHead(stream));
    if (found === undefined) return { events: [], revision: NO_STREAM };

    const [streamId, head, last] = found as [number, number | null, number | null];
    if (head === null) throw endMissing(stream, name);
    const newestFirst: Array<RecordedEvent> = [];
    let revision = head;
    let position = last;
    while (revision >= fromRevision && position !== null) {
      if (revision < head) await nextTurn();
      const start: number = position;
      const rows = await patiently(() => readPage(start, fromRevision, EVENTS_A_PAGE, stream));
      if (rows.length === 0) break;
      for (const row of rows) {
        const [id, previous] = row.slice(-2) as [number, number | null];
        if (id !== streamId || row[2] !== revision) throw isMissing(stream, revision, name);
        newestFirst.push(storedRow(row, name));
        revision -= 1;
        position = previous;
      }
    }
    if (revision >= fromRevision) throw isMissing(stream, revision, name);
    return { events: newestFirst.reverse(), revision: BigInt(head) };
  };
};

const isMissing = (stream: string, revision: number, name: string): Fault =>
  damaged(name, `the event of revision ${revision} of the stream ${stream} is missing`);

/** A stream has a name, and nothing says where it ends. */
export const endMissing = (stream: string, name: string): Fault =>
  damaged(name, `it does not say where the stream ${stream} ends`);
