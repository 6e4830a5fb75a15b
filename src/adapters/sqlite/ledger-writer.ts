/**
 * Writes many callers' appends in one transaction.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { AppendFailure } from '../../application/failures';
import type { Appended } from '../../application/ports';
import type { EncodedAppend } from '../append-request';
import { eventIdTaken, revisionConflict } from '../store-failures';
import { rollBack } from './connection';
import { inBatches, keyed, places } from './batches';
import { type Database, numberIn, prepareQuery, type Row, type SqlValue } from './driver';
import type { EventIds } from './event-ids';
import { leavesDoubt } from './faults';
import { WRITE_NOTHING } from './schema';
import { endMissing } from './stream-reader';

/** One caller's append. */
export type Request = ReadonlyArray<EncodedAppend>;

export type Answer = E.Either<AppendFailure, Appended>;

/** Thrown when COMMIT failed in a way that leaves open whether the file will hold `planned` later. */
export class CommitInDoubt extends Error {
  constructor(
    override readonly cause: unknown,
    readonly answers: ReadonlyArray<Answer>,
    readonly firstId: string,
  ) {
    super('The outcome of a commit is unknown.');
  }
}

export interface LedgerWriter {
  /**
   * Commits `requests` in one transaction, each all or nothing, in their order.
   *
   * @returns one answer each; a refused request does not touch the others
   * @throws CommitInDoubt, or SQLite's error if certainly nothing was kept
   */
  readonly write: (requests: ReadonlyArray<Request>) => ReadonlyArray<Answer>;

  /**
   * Ends a doubt: whether the event `id` is in the file, now and after any crash.
   *
   * A commit whose sync failed may lie in the log unseen, and come back when the log is next
   * recovered. A commit after it takes its place.
   */
  readonly settle: (id: string) => boolean;
}

/** What is known of a stream inside a transaction: as stored, and as it will be. */
interface StreamState {
  readonly streamId: number;
  readonly isNew: boolean;
  readonly stored: number;
  revision: number;
  /** Of its last event. */
  position: number | null;
}

/** Everything a transaction will write, planned before the first write. */
interface Plan {
  readonly streams: Map<string, StreamState>;
  /** Of the new events: where each will stand. */
  readonly ids: Map<string, number>;
  readonly rows: Array<SqlValue>;
  position: number;
}

const COLUMNS = 8;

// Without OR ROLLBACK, SQLite would first copy every page that a statement on many rows changes, to be able
// to undo that statement alone. Whatever fails here, all of the transaction is undone: after a broken
// constraint it is over, and a statement that came next would stand alone.

const insertRows = (count: number): string =>
  `INSERT OR ROLLBACK INTO events (position, stream_id, revision, previous, id, type, data, metadata) VALUES ${places('(?, ?, ?, ?, ?, ?, ?, ?)', count)}`;

const moveRows = (count: number): string =>
  `INSERT OR ROLLBACK INTO heads (stream_id, revision, position) VALUES ${places('(?, ?, ?)', count)}
   ON CONFLICT (stream_id) DO UPDATE SET revision = excluded.revision, position = excluded.position`;

export const ledgerWriter = (database: Database, ids: EventIds, name: string): LedgerWriter => {
  const insertEvents = inBatches(database, insertRows, COLUMNS);
  const insertStream = database.prepare('INSERT INTO streams (stream_id, name) VALUES (?, ?)');
  const moveHeads = inBatches(database, moveRows, 3);
  const lookUp = lookUps(database, ids, name);

  const store = ({ rows, streams, position }: Plan): void => {
    insertEvents(rows);
    const moved: Array<SqlValue> = [];
    for (const [name, { streamId, isNew, stored, revision, position: last }] of streams) {
      if (revision === stored) continue;
      if (isNew) insertStream.run(streamId, name);
      moved.push(streamId, revision, last);
    }
    moveHeads(moved);
    ids.index(position);
  };

  return {
    write: (requests) => {
      database.exec('BEGIN IMMEDIATE');
      let answers: ReadonlyArray<Answer>;
      let plan: Plan;
      try {
        plan = { streams: new Map(), ids: new Map(), rows: [], position: ids.catchUp() };
        const found = lookUp(requests);
        answers = requests.map((request) => planOne(request, plan, found));
        store(plan);
      } catch (error) {
        rollBack(database);
        throw error;
      }
      try {
        database.exec('COMMIT');
      } catch (error) {
        rollBack(database);
        const [firstId] = plan.ids.keys();
        if (firstId === undefined || !leavesDoubt(error)) throw error;
        throw new CommitInDoubt(error, answers, firstId);
      }
      ids.note(plan.ids);
      return answers;
    },

    settle: (id) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        ids.catchUp();
        const isStored = ids.positionsOf([id]).has(id);
        database.exec(WRITE_NOTHING);
        database.exec('COMMIT');
        return isStored;
      } catch (error) {
        rollBack(database);
        throw error;
      }
    },
  };
};

/** What the file knows of a group, looked up before it is planned. */
interface Found {
  /** Id, revision and last position of the streams that exist. */
  readonly streams: ReadonlyMap<string, Row>;
  /** Of the events that are in the file already. */
  readonly ids: ReadonlyMap<string, number>;
  /** Of a stream that does not exist yet. */
  readonly nextStreamId: () => number;
}

const lookUps = (
  database: Database,
  ids: EventIds,
  store: string,
): ((requests: ReadonlyArray<Request>) => Found) => {
  const streams = keyed(
    database,
    'streams USING (name) LEFT JOIN heads USING (stream_id)',
    'name',
    'stream_id, revision, position',
  );
  const lastStreamId = prepareQuery(database, 'SELECT max(stream_id) FROM streams');
  return (requests) => {
    const named = new Set<string>();
    const asked: Array<string> = [];
    for (const request of requests) {
      for (const { stream, events } of request) {
        named.add(stream);
        for (const { id } of events) asked.push(id);
      }
    }
    const known = streams([...named]);
    for (const [stream, [, revision]] of known) {
      if (revision === null) throw endMissing(stream, store);
    }
    let last: number | undefined;
    return {
      streams: known,
      ids: ids.positionsOf(asked),
      nextStreamId: () => (last = (last ?? numberIn(lastStreamId())) + 1),
    };
  };
};

/** Adds one request to the plan, or says why not and leaves the plan alone. */
const planOne = (request: Request, plan: Plan, found: Found): Answer => {
  for (const { stream, expectedRevision } of request) {
    const actual = BigInt(streamState(stream, plan, found).revision);
    if (actual !== expectedRevision) {
      return E.left(revisionConflict(stream, expectedRevision, actual));
    }
  }
  const taken = firstTaken(request, plan, found);
  if (taken !== undefined) return E.left(eventIdTaken(taken));

  for (const { stream, events } of request) {
    const state = streamState(stream, plan, found);
    for (const { id, type, data, metadata } of events) {
      const previous = state.position;
      state.position = plan.position += 1;
      state.revision += 1;
      plan.ids.set(id, plan.position);
      plan.rows.push(plan.position, state.streamId, state.revision, previous, id);
      plan.rows.push(type, data, metadata);
    }
  }
  return E.right({ position: BigInt(plan.position) });
};

const streamState = (name: string, plan: Plan, found: Found): StreamState => {
  const known = plan.streams.get(name);
  if (known !== undefined) return known;

  const state = storedState(name, found);
  plan.streams.set(name, state);
  return state;
};

const storedState = (name: string, found: Found): StreamState => {
  const row = found.streams.get(name);
  if (row === undefined) {
    return {
      streamId: found.nextStreamId(),
      isNew: true,
      stored: -1,
      revision: -1,
      position: null,
    };
  }
  const [streamId, stored, position] = row as [number, number, number];
  return { streamId, isNew: false, stored, revision: stored, position };
};

const firstTaken = (request: Request, plan: Plan, found: Found): string | undefined => {
  const asked = new Set<string>();
  for (const { events } of request) {
    for (const { id } of events) {
      if (plan.ids.has(id) || asked.has(id) || found.ids.has(id)) return id;
      asked.add(id);
    }
  }
  return undefined;
};
