/**
 * Every stop of a prospect in a sequence because its mailbox was deleted (P18), and what became of it:
 * it went on from another mailbox (P20), ended, or waits. One that went on and then stopped at another
 * deletion has two rows. What pauses or fails for any other reason is passed over.
 */
import { absurd } from 'fp-ts/lib/function.js';
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
import {
  type ByOrganization,
  type CountingView,
  type EventOfType,
  foldByOrganization,
  hasWanted,
  type Wanted,
} from './view';

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

export interface SequencesStoppedTotals {
  readonly orgId: OrgId;
  readonly userId: UserId;
  /** All stops; the others add up to it. */
  readonly stopped: number;
  readonly waiting: number;
  readonly recovered: number;
  readonly ended: number;
}

export type SequenceStoppedKey = Pick<SequenceStoppedRow, 'userId' | 'sequenceStateId'>;
export interface SequenceStoppedFilter extends Wanted<
  SequenceStoppedRow,
  'userId' | 'prospectId' | 'sequenceId' | 'address' | 'requestId'
> {
  readonly standing?: SequenceStanding | undefined;
}

export interface UserSequences {
  /** Those that would stop if their mailbox went: a stop names only their ids. */
  readonly running: Map<SequenceStateId, Pick<SequenceStoppedRow, 'prospectId' | 'sequenceId'>>;
  /** Oldest first. */
  readonly stops: Array<SequenceStoppedRow>;
  /** Where the last stop of each is in `stops`. */
  readonly lastStop: Map<SequenceStateId, number>;
}

export type SequencesStoppedState = ByOrganization<Map<UserId, UserSequences>>;

type Progress = EventFrom<typeof SequenceStateRecorded>['data']['state'];

const handles = ['SequenceStateRecorded', 'SequencesStopped', 'ProspectsReassigned'] as const;
type Handled = EventOfType<(typeof handles)[number]>;

const isRunning = (state: Progress): boolean => state === 'pending' || state === 'active';

const ending = (state: Progress): SequenceStoppedRow['endedAs'] =>
  state === 'finished' || state === 'bounced' || state === 'optedOut' ? state : null;

const standingOf = ({ recovered, endedAs }: SequenceStoppedRow): SequenceStanding => {
  if (recovered !== null) return 'recovered';
  return endedAs === null ? 'waiting' : 'ended';
};

const sequencesOf = (users: Map<UserId, UserSequences>, userId: UserId): UserSequences => {
  const known = users.get(userId);
  if (known !== undefined) return known;
  const none: UserSequences = { running: new Map(), stops: [], lastStop: new Map() };
  users.set(userId, none);
  return none;
};

/** Replaces the row of the last stop, unless it has gone on since. */
const amendLastStop = (
  { stops, lastStop }: UserSequences,
  id: SequenceStateId,
  amendment: Partial<Pick<SequenceStoppedRow, 'recovered' | 'endedAs'>>,
): void => {
  const place = lastStop.get(id);
  const row = place === undefined ? undefined : stops[place];
  if (place === undefined || row?.recovered !== null) return;
  stops[place] = { ...row, ...amendment };
};

const record = (sequences: UserSequences, { data }: EventOfType<'SequenceStateRecorded'>): void => {
  const { sequenceStateId, prospectId, sequenceId, state } = data;
  if (isRunning(state)) sequences.running.set(sequenceStateId, { prospectId, sequenceId });
  else sequences.running.delete(sequenceStateId);
  amendLastStop(sequences, sequenceStateId, { endedAs: ending(state) });
};

const stop = (
  { running, stops, lastStop }: UserSequences,
  { orgId, data, metadata }: EventOfType<'SequencesStopped'>,
): void => {
  const { userId, requestId, address, sequenceStateIds } = data;
  const stoppedAt = metadata.at;
  for (const sequenceStateId of sequenceStateIds) {
    const entry = running.get(sequenceStateId);
    // Only what was recorded as running is ever stopped.
    if (entry === undefined) continue;
    running.delete(sequenceStateId);
    lastStop.set(sequenceStateId, stops.length);
    stops.push({
      orgId,
      userId,
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

/** They left this user: those that could go on, and the word on those that could not. */
const leave = (
  sequences: UserSequences,
  { data, metadata }: EventOfType<'ProspectsReassigned'>,
): void => {
  const { toUserId, address, reassigned, skipped } = data;
  const recovered = { toUserId, address: address.canonical, at: metadata.at };
  for (const { sequenceStateId } of reassigned) {
    amendLastStop(sequences, sequenceStateId, { recovered });
  }
  for (const { sequenceStateId, state } of skipped) {
    amendLastStop(sequences, sequenceStateId, { endedAs: ending(state) });
  }
};

/** They go on with this user, and so may stop here. */
const arrive = ({ running }: UserSequences, { data }: EventOfType<'ProspectsReassigned'>): void => {
  for (const { sequenceStateId, prospectId, sequenceId, state } of data.reassigned) {
    if (isRunning(state)) running.set(sequenceStateId, { prospectId, sequenceId });
  }
};

const evolvePart = (users: Map<UserId, UserSequences>, event: Handled): void => {
  switch (event.type) {
    case 'SequenceStateRecorded':
      record(sequencesOf(users, event.data.userId), event);
      return;
    case 'SequencesStopped':
      stop(sequencesOf(users, event.data.userId), event);
      return;
    case 'ProspectsReassigned': {
      // Between two seats the fact stands in both streams: each tells what happened to its own seat.
      const { fromUserId, toUserId } = event.data;
      const isTold = (userId: UserId) => event.stream === seatStream(event.orgId, userId);
      if (isTold(fromUserId)) leave(sequencesOf(users, fromUserId), event);
      if (isTold(toUserId)) arrive(sequencesOf(users, toUserId), event);
      return;
    }
    default:
      absurd(event);
  }
};

export const sequencesStoppedProjection = foldByOrganization({
  name: 'sequencesStopped',
  version: 1,
  handles,
  initialPart: () => new Map<UserId, UserSequences>(),
  evolvePart,
});

/** Of one user, or of all by user id; of each, oldest first. */
const stopsByUser = (
  state: SequencesStoppedState,
  orgId: OrgId,
  wanted: UserId | undefined,
): ReadonlyArray<readonly [UserId, ReadonlyArray<SequenceStoppedRow>]> => {
  const users = state.get(orgId);
  if (users === undefined) return [];
  const userIds = wanted === undefined ? [...users.keys()].sort() : [wanted];
  return userIds.map((userId) => [userId, users.get(userId)?.stops ?? []]);
};

/** By user and sequence state: its last stop. Listed by user id, then oldest first. */
export const sequencesStoppedView: CountingView<
  SequencesStoppedState,
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

  get: (state, orgId, { userId, sequenceStateId }) => {
    const sequences = state.get(orgId)?.get(userId);
    const place = sequences?.lastStop.get(sequenceStateId);
    return place === undefined ? undefined : sequences?.stops[place];
  },

  list: (state, orgId, { standing, ...wanted } = {}) =>
    stopsByUser(state, orgId, wanted.userId)
      .flatMap(([, stops]) => stops)
      .filter((row) => hasWanted(row, wanted))
      .filter((row) => standing === undefined || standingOf(row) === standing),

  totals: (state, orgId, { userId: wanted } = {}) =>
    stopsByUser(state, orgId, wanted)
      .filter(([, stops]) => stops.length > 0)
      .map(([userId, stops]) => {
        const count: Record<SequenceStanding, number> = { waiting: 0, recovered: 0, ended: 0 };
        for (const row of stops) count[standingOf(row)] += 1;
        return { orgId, userId, stopped: stops.length, ...count };
      }),
};
