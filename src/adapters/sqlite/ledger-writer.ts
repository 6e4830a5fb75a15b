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
import { type Database, prepareQuery, type Query, type Row, type SqlValue } from './driver';
import { breaksConstraint, leavesDoubt } from './faults';
import { WRITE_NOTHING } from './schema';

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
}

/** Everything a transaction will write, planned before the first write. */
interface Plan {
  readonly streams: Map<string, StreamState>;
  readonly ids: Set<string>;
  readonly rows: Array<SqlValue>;
  position: number;
  lastStreamId: number;
}

const COLUMNS = 7;

// Without OR ROLLBACK, SQLite would first copy every page that a statement on many rows changes, to be able
// to undo that statement alone. Whatever fails here, all of the transaction is undone: after a broken
// constraint it is over, and a statement that came next would stand alone.

const insertRows = (count: number): string =>
  `INSERT OR ROLLBACK INTO events (position, stream_id, revision, id, type, data, metadata) VALUES ${places('(?, ?, ?, ?, ?, ?, ?)', count)}`;

const moveRows = (count: number): string =>
  `WITH moved (id, place) AS (VALUES ${places('(?, ?)', count)})
   UPDATE OR ROLLBACK streams SET revision = place FROM moved WHERE stream_id = id`;

export const ledgerWriter = (database: Database): LedgerWriter => {
  const insertEvents = inBatches(database, insertRows, COLUMNS);
  const insertStream = database.prepare(
    'INSERT INTO streams (revision, stream_id, name) VALUES (?, ?, ?)',
  );
  const moveStreams = inBatches(database, moveRows, 2);
  const lookUp = lookUps(database);

  const store = ({ rows, streams }: Plan): void => {
    insertEvents(rows);
    const moved: Array<SqlValue> = [];
    for (const [name, { streamId, isNew, stored, revision }] of streams) {
      if (revision === stored) continue;
      if (isNew) insertStream.run(revision, streamId, name);
      else moved.push(streamId, revision);
    }
    moveStreams(moved);
  };

  const commit = (
    requests: ReadonlyArray<Request>,
    idsOf: (requests: ReadonlyArray<Request>) => Found['ids'],
  ): ReadonlyArray<Answer> => {
    database.exec('BEGIN IMMEDIATE');
    let answers: ReadonlyArray<Answer>;
    let plan: Plan;
    try {
      const found = { streams: lookUp.streamsOf(requests), ids: idsOf(requests) };
      plan = emptyPlan(lookUp);
      answers = requests.map((request) => planOne(request, plan, found));
      store(plan);
    } catch (error) {
      rollBack(database);
      throw error;
    }
    try {
      database.exec('COMMIT');
      return answers;
    } catch (error) {
      rollBack(database);
      const [firstId] = plan.ids;
      if (firstId === undefined || !leavesDoubt(error)) throw error;
      throw new CommitInDoubt(error, answers, firstId);
    }
  };

  // Commands that are sent again seldom come alone.
  let lastRepeated = false;

  return {
    write: (requests) => {
      if (!lastRepeated) {
        try {
          return commit(requests, () => NO_IDS);
        } catch (error) {
          if (!breaksConstraint(error)) throw error;
          // Whoever has to try once more, because another process wrote meanwhile, asks at once.
          lastRepeated = true;
        }
      }
      // Most likely some event is in the file already: now it is worth to ask of each whether it is.
      const answers = commit(requests, lookUp.idsOf);
      lastRepeated = answers.some(
        (answer) => E.isLeft(answer) && answer.left.type === 'EventIdTaken',
      );
      return answers;
    },

    settle: (id) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const isStored = lookUp.ids([id]).has(id);
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

/** What the file knows of a group, looked up before it is planned: of its streams, and of its events if that is asked. */
interface Found {
  /** Id and revision of the streams that exist. */
  readonly streams: ReadonlyMap<string, Row>;
  readonly ids: Pick<ReadonlySet<string>, 'has'>;
}

/** Nearly every event is new, and the table's own constraint tells where one is not. */
const NO_IDS: Found['ids'] = new Set();

interface LookUps {
  readonly streamsOf: (requests: ReadonlyArray<Request>) => Found['streams'];
  readonly idsOf: (requests: ReadonlyArray<Request>) => Found['ids'];
  readonly ids: (ids: ReadonlyArray<string>) => ReadonlyMap<string, Row>;
  readonly last: Query;
}

const lookUps = (database: Database): LookUps => {
  const streams = keyed(database, 'streams', 'name', 'stream_id, revision');
  const ids = keyed(database, 'events', 'id', 'position');
  const last = prepareQuery(
    database,
    'SELECT ifnull((SELECT max(position) FROM events), -1), ifnull((SELECT max(stream_id) FROM streams), 0)',
  );
  return {
    streamsOf: (requests) => {
      const named = new Set<string>();
      for (const request of requests) for (const { stream } of request) named.add(stream);
      return streams([...named]);
    },
    idsOf: (requests) =>
      ids(
        requests.flatMap((request) => request.flatMap(({ events }) => events.map(({ id }) => id))),
      ),
    ids,
    last,
  };
};

const emptyPlan = (lookUp: LookUps): Plan => {
  const [position, lastStreamId] = lookUp.last()[0] as [number, number];
  return { streams: new Map(), ids: new Set(), rows: [], position, lastStreamId };
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
      plan.position += 1;
      state.revision += 1;
      plan.ids.add(id);
      plan.rows.push(plan.position, state.streamId, state.revision, id, type, data, metadata);
    }
  }
  return E.right({ position: BigInt(plan.position) });
};

const streamState = (name: string, plan: Plan, found: Found): StreamState => {
  const known = plan.streams.get(name);
  if (known !== undefined) return known;

  const row = found.streams.get(name);
  const [streamId, stored] =
    row === undefined ? [++plan.lastStreamId, -1] : (row as [number, number]);
  const state = { streamId, isNew: row === undefined, stored, revision: stored };
  plan.streams.set(name, state);
  return state;
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
