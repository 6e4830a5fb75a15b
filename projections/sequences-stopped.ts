/**
 * Every stop of a prospect in a sequence because its mailbox was deleted (P18), and what became of it:
 * it went on from another mailbox (P20), ended, or waits. One that went on and then stopped at another
 * deletion has two rows. What pauses or fails for any other reason is passed over.
 */
import type {
  OrgId,
  ProspectId,
  RequestId,
  SequenceId,
  SequenceStateId,
  UserId,
} from '../src/values/ids';
import type { SequenceStateRecorded } from '../src/seat/events';
import type { EventFrom } from '../src/stored-event';
import { seatStream } from '../src/values/stream-name';
import type { Timestamp } from '../src/values/timestamp';
import { defineProjection, type EventOfType } from './projection';
import type { Tables } from './table';
import { type CountingView, hasWanted, seatGroup, type Wanted } from './view';

export interface SequenceStoppedRow {
  readonly orgId: OrgId;
  /** The user whose mailbox was deleted. */
  readonly userId: UserId;
  readonly sequenceStateId: SequenceStateId;
  readonly prospectId: ProspectId;
  readonly sequenceId: SequenceId;
  /** Canonical address of the mailbox that was deleted. */
  readonly address: string;
  /** The request that the deletion served. */
  readonly requestId: RequestId;
  readonly stoppedAt: Timestamp;
  /** What became of it. */
  readonly standing: SequenceStanding;
  /** The mailbox that it went on from. */
  readonly recovered: {
    readonly toUserId: UserId;
    readonly address: string;
    readonly at: Timestamp;
  } | null;
  /** How it ended while it waited; reassigning passes over it then. */
  readonly endedAs: 'finished' | 'bounced' | 'optedOut' | null;
}

export type SequenceStanding = 'waiting' | 'recovered' | 'ended';

/** How many stand where. */
export interface StandingCounts extends Readonly<Record<SequenceStanding, number>> {
  /** All stops; the others add up to it. */
  readonly stopped: number;
}

export interface SequencesStoppedTotals extends StandingCounts {
  readonly orgId: OrgId;
  readonly userId: UserId;
}

export type SequenceStoppedKey = Pick<SequenceStoppedRow, 'userId' | 'sequenceStateId'>;
export type SequenceStoppedFilter = Wanted<
  SequenceStoppedRow,
  'userId' | 'prospectId' | 'sequenceId' | 'address' | 'requestId' | 'standing'
>;

type Stop = Omit<SequenceStoppedRow, 'orgId' | 'userId' | 'standing'>;

export interface SequencesStoppedEntries {
  /** Those that would stop if their mailbox went, by seat and own id: a stop names only their ids. */
  readonly running: Pick<SequenceStoppedRow, 'prospectId' | 'sequenceId'>;
  /** By seat, oldest first. */
  readonly stops: Stop;
  /** Id of the last stop of each, by seat and own id. */
  readonly lastStop: string;
  /** By organization and user id: who has stops. */
  readonly users: true;
}

type To = Tables<SequencesStoppedEntries>;

type Progress = EventFrom<typeof SequenceStateRecorded>['data']['state'];

const isRunning = (state: Progress): boolean => state === 'pending' || state === 'active';

const ending = (state: Progress): SequenceStoppedRow['endedAs'] =>
  state === 'finished' || state === 'bounced' || state === 'optedOut' ? state : null;

const standingOf = ({ recovered, endedAs }: Stop): SequenceStanding => {
  if (recovered !== null) return 'recovered';
  return endedAs === null ? 'waiting' : 'ended';
};

const countedBy = <One>(
  standing: (one: One) => SequenceStanding,
  stops: ReadonlyArray<One>,
): StandingCounts => {
  const counts: Record<SequenceStanding, number> = { waiting: 0, recovered: 0, ended: 0 };
  for (const one of stops) counts[standing(one)] += 1;
  return { stopped: stops.length, ...counts };
};

/** What became of these. */
export const standingCounts = (stops: ReadonlyArray<SequenceStoppedRow>): StandingCounts =>
  countedBy(({ standing }) => standing, stops);

/** Replaces the last stop of a sequence state, unless it has gone on since. */
const amendLastStop = (
  { stops, lastStop }: To,
  seat: string,
  id: SequenceStateId,
  amendment: Partial<Pick<Stop, 'recovered' | 'endedAs'>>,
): void => {
  const stopId = lastStop.get(seat, id);
  const stop = stopId === undefined ? undefined : stops.get(seat, stopId);
  if (stopId === undefined || stop?.recovered !== null) return;
  stops.set(seat, stopId, { ...stop, ...amendment });
};

const record = (tables: To, { orgId, data }: EventOfType<'SequenceStateRecorded'>): void => {
  const { userId, sequenceStateId, prospectId, sequenceId, state } = data;
  const seat = seatGroup(orgId, userId);
  if (isRunning(state)) tables.running.set(seat, sequenceStateId, { prospectId, sequenceId });
  else tables.running.delete(seat, sequenceStateId);
  amendLastStop(tables, seat, sequenceStateId, { endedAs: ending(state) });
};

const stop = (
  { running, stops, lastStop, users }: To,
  { orgId, position, data, metadata }: EventOfType<'SequencesStopped'>,
): void => {
  const { userId, requestId, address, sequenceStateIds } = data;
  const seat = seatGroup(orgId, userId);
  const stoppedAt = metadata.at;
  for (const sequenceStateId of sequenceStateIds) {
    const entry = running.get(seat, sequenceStateId);
    // Only what was recorded as running is ever stopped.
    if (entry === undefined) continue;
    running.delete(seat, sequenceStateId);
    const stopId = `${position} ${sequenceStateId}`;
    users.set(orgId, userId, true);
    lastStop.set(seat, sequenceStateId, stopId);
    stops.set(seat, stopId, {
      sequenceStateId,
      prospectId: entry.prospectId,
      sequenceId: entry.sequenceId,
      address: address.canonical,
      requestId,
      stoppedAt,
      recovered: null,
      endedAs: null,
    });
  }
};

/** They left this seat: those that could go on, and the word on those that could not. */
const leave = (
  tables: To,
  seat: string,
  { data, metadata }: EventOfType<'ProspectsReassigned'>,
): void => {
  const { toUserId, address, reassigned, skipped } = data;
  const recovered = { toUserId, address: address.canonical, at: metadata.at };
  for (const { sequenceStateId } of reassigned) {
    amendLastStop(tables, seat, sequenceStateId, { recovered });
  }
  for (const { sequenceStateId, state } of skipped) {
    amendLastStop(tables, seat, sequenceStateId, { endedAs: ending(state) });
  }
};

/** They go on on this seat, and so may stop here. */
const arrive = (
  { running }: To,
  seat: string,
  { data }: EventOfType<'ProspectsReassigned'>,
): void => {
  for (const { sequenceStateId, prospectId, sequenceId, state } of data.reassigned) {
    if (isRunning(state)) running.set(seat, sequenceStateId, { prospectId, sequenceId });
  }
};

export const sequencesStoppedProjection = defineProjection<SequencesStoppedEntries>({
  name: 'sequencesStopped',
  version: 2,
  tables: ['running', 'stops', 'lastStop', 'users'],
  on: {
    SequenceStateRecorded: record,
    SequencesStopped: stop,
    ProspectsReassigned: (tables, event) => {
      const { orgId, stream, data } = event;
      const { fromUserId, toUserId } = data;
      // Between two seats the fact stands in both streams: each tells what happened to its own seat.
      const isTold = (userId: UserId) => stream === seatStream(orgId, userId);
      if (isTold(fromUserId)) leave(tables, seatGroup(orgId, fromUserId), event);
      if (isTold(toUserId)) arrive(tables, seatGroup(orgId, toUserId), event);
    },
  },
});

const rowOf = (orgId: OrgId, userId: UserId, stop: Stop): SequenceStoppedRow => ({
  orgId,
  userId,
  ...stop,
  standing: standingOf(stop),
});

type UserStops = readonly [UserId, ReadonlyArray<Stop>];

/** Of one user, or of all by user id; of each, oldest first. */
const stopsByUser = (
  { stops, users }: To,
  orgId: OrgId,
  wanted: UserId | undefined,
): ReadonlyArray<UserStops> => {
  const userIds =
    wanted === undefined
      ? Array.from(users.entries(orgId), ([userId]) => userId as UserId).sort()
      : [wanted];
  return userIds.map((userId): UserStops => [
    userId,
    Array.from(stops.entries(seatGroup(orgId, userId)), ([, entry]) => entry),
  ]);
};

/** By user and sequence state: its last stop. Listed by user id, then oldest first. */
export const sequencesStoppedView: CountingView<
  SequencesStoppedEntries,
  SequenceStoppedRow,
  SequenceStoppedKey,
  SequenceStoppedFilter,
  SequencesStoppedTotals
> = {
  projection: sequencesStoppedProjection,
  keyFields: { userId: true, sequenceStateId: true },
  filterFields: {
    userId: true,
    prospectId: true,
    sequenceId: true,
    address: true,
    requestId: true,
    standing: true,
  },
  owner: ({ userId }) => userId,

  get: ({ stops, lastStop }, orgId, { userId, sequenceStateId }) => {
    const seat = seatGroup(orgId, userId);
    const stopId = lastStop.get(seat, sequenceStateId);
    const last = stopId === undefined ? undefined : stops.get(seat, stopId);
    return last && rowOf(orgId, userId, last);
  },

  list: (tables, orgId, wanted = {}) =>
    stopsByUser(tables, orgId, wanted.userId).flatMap(([userId, stops]) =>
      stops.map((one) => rowOf(orgId, userId, one)).filter((row) => hasWanted(row, wanted)),
    ),

  totals: (tables, orgId, { userId: wanted } = {}) =>
    stopsByUser(tables, orgId, wanted)
      .filter(([, stops]) => stops.length > 0)
      .map(([userId, stops]) => ({ orgId, userId, ...countedBy(standingOf, stops) })),
};

/** The stops of one deletion: of its mailbox, its request and its moment, `first` tells. */
export interface DeletionStops {
  readonly first: SequenceStoppedRow;
  readonly stops: ReadonlyArray<SequenceStoppedRow>;
}

/** By deletion, oldest first. */
export const stopsByDeletion = (
  stops: ReadonlyArray<SequenceStoppedRow>,
): ReadonlyArray<DeletionStops> => {
  const groups = new Map<string, { first: SequenceStoppedRow; stops: Array<SequenceStoppedRow> }>();
  for (const stop of stops) {
    const key = `${stop.stoppedAt} ${stop.userId} ${stop.requestId} ${stop.address}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: stop, stops: [stop] });
    else group.stops.push(stop);
  }
  return [...groups.values()].sort(({ first: one }, { first: other }) =>
    one.stoppedAt < other.stoppedAt ? -1 : Number(one.stoppedAt > other.stoppedAt),
  );
};
