/**
 * Every seat, with what it holds and what it may hold. Seats are locked, never deleted (P34), so locked
 * ones are here too. What a deletion cost is told by `draftsLost` and `sequencesStopped`.
 */
import type { MailboxConfigured, SeatRegistered } from '../src/seat/events';
import type { EventFrom } from '../src/stored-event';
import type { OrgId, RequestId, UserId } from '../src/values/ids';
import { DEFAULT_MAILBOX_LIMIT, WEEKLY_SEND_LIMIT } from '../src/values/policy';
import type { Timestamp } from '../src/values/timestamp';
import { defineProjection, type EventOfType } from './projection';
import type { Tables } from './table';
import { hasWanted, seatGroup, type View, type Wanted } from './view';

export interface SeatMailbox {
  /** Canonical. */
  readonly address: string;
  readonly typed: string;
  /** `provisioned` until its owner says how they use it (P14). */
  readonly state: 'provisioned' | 'configured';
  readonly use: EventFrom<typeof MailboxConfigured>['data']['use'] | null;
  /** The request that it was added for. */
  readonly requestId: RequestId;
  readonly addedAt: Timestamp;
  /** The seat that it left to come here. */
  readonly movedFrom: UserId | null;
}

export interface SeatRow {
  readonly orgId: OrgId;
  readonly userId: UserId;
  /** The login as typed; not a mailbox (P38). */
  readonly accountEmail: string;
  readonly profile: EventFrom<typeof SeatRegistered>['data']['profile'];
  readonly status: 'active' | 'locked';
  /** In the order of adding. */
  readonly mailboxes: ReadonlyArray<SeatMailbox>;
  /** The limit in force (P1, P2). */
  readonly mailboxLimit: number;
  /** More are held than the limit now allows: nothing is deleted, and nothing can be added. */
  readonly overLimit: boolean;
  /** Emails a week from all mailboxes together (P33). */
  readonly weeklySendLimit: number;
  /** Requests to add or delete that are not closed yet. */
  readonly openRequests: number;
}

export interface SeatFilter extends Wanted<SeatRow, 'status' | 'profile' | 'overLimit'> {
  /** Canonical address of a mailbox. */
  readonly holds?: string | undefined;
}

type Seat = Pick<SeatRow, 'accountEmail' | 'profile' | 'status'>;

export interface SeatsEntries {
  /** By organization: the contract's, under one id, so that a new contract touches no seat. */
  readonly limits: number;
  /** The limit of a user who was granted one, by organization and user id. */
  readonly grants: number;
  /** By organization and user id. */
  readonly seats: Seat;
  /** By seat and canonical address. */
  readonly mailboxes: SeatMailbox;
  /** Open requests to add, by seat and request id. */
  readonly openAdds: true;
  /** Open requests to delete, by seat and canonical address. There is hardly ever a second for one address. */
  readonly openDeletions: ReadonlyArray<RequestId>;
}

type To = Tables<SeatsEntries>;

const CONTRACT = 'contract';

const amend = ({ seats }: To, orgId: OrgId, userId: UserId, amendment: Partial<Seat>): void => {
  const seat = seats.get(orgId, userId);
  if (seat !== undefined) seats.set(orgId, userId, { ...seat, ...amendment });
};

const add = (
  { mailboxes, openAdds }: To,
  { orgId, data, metadata }: EventOfType<'MailboxAdded'>,
): void => {
  const { userId, requestId, address, movedFrom } = data;
  const seat = seatGroup(orgId, userId);
  openAdds.delete(seat, requestId);
  mailboxes.set(seat, address.canonical, {
    address: address.canonical,
    typed: address.typed,
    state: 'provisioned',
    use: null,
    requestId,
    addedAt: metadata.at,
    movedFrom: movedFrom ?? null,
  });
};

const configure = ({ mailboxes }: To, { orgId, data }: EventOfType<'MailboxConfigured'>): void => {
  const { userId, address, use } = data;
  const { canonical, typed } = address;
  const seat = seatGroup(orgId, userId);
  const mailbox = mailboxes.get(seat, canonical);
  if (mailbox === undefined) return;
  mailboxes.set(seat, canonical, { ...mailbox, typed, state: 'configured', use });
};

const askToDelete = (
  { openDeletions }: To,
  { orgId, data: { userId, requestId, address } }: EventOfType<'MailboxDeleteRequested'>,
): void => {
  const seat = seatGroup(orgId, userId);
  const open = openDeletions.get(seat, address.canonical) ?? [];
  openDeletions.set(seat, address.canonical, [...open, requestId]);
};

const noMoreToAdd = (
  { openAdds }: To,
  { orgId, data }: EventOfType<'MailboxAddRejected' | 'MailboxAddAbandoned' | 'RequestWithdrawn'>,
): void => {
  openAdds.delete(seatGroup(orgId, data.userId), data.requestId);
};

const noMoreToDelete = (
  { openDeletions }: To,
  { orgId, data }: EventOfType<'MailboxDeleteRejected' | 'RequestWithdrawn'>,
): void => {
  const { userId, requestId, address } = data;
  const seat = seatGroup(orgId, userId);
  const left = openDeletions.get(seat, address.canonical)?.filter((open) => open !== requestId);
  if (left === undefined || left.length === 0) openDeletions.delete(seat, address.canonical);
  else openDeletions.set(seat, address.canonical, left);
};

export const seatsProjection = defineProjection<SeatsEntries>({
  name: 'seats',
  version: 2,
  tables: ['limits', 'grants', 'seats', 'mailboxes', 'openAdds', 'openDeletions'],
  on: {
    ContractSet: ({ limits }, { orgId, data }) => {
      limits.set(orgId, CONTRACT, data.mailboxLimit);
    },
    MailboxLimitGranted: ({ grants }, { orgId, data }) => {
      grants.set(orgId, data.userId, data.limit);
    },
    SeatRegistered: ({ seats }, { orgId, data: { userId, accountEmail, profile } }) => {
      seats.set(orgId, userId, { accountEmail: accountEmail.typed, profile, status: 'active' });
    },
    AccountEmailChanged: (tables, { orgId, data: { userId, accountEmail } }) => {
      amend(tables, orgId, userId, { accountEmail: accountEmail.typed });
    },
    ProfileChanged: (tables, { orgId, data: { userId, profile } }) => {
      amend(tables, orgId, userId, { profile });
    },
    SeatLocked: (tables, { orgId, data }) => {
      amend(tables, orgId, data.userId, { status: 'locked' });
    },
    SeatUnlocked: (tables, { orgId, data }) => {
      amend(tables, orgId, data.userId, { status: 'active' });
    },
    MailboxAddRequested: ({ openAdds }, { orgId, data }) => {
      openAdds.set(seatGroup(orgId, data.userId), data.requestId, true);
    },
    MailboxDeleteRequested: askToDelete,
    MailboxAdded: add,
    MailboxAddRejected: noMoreToAdd,
    MailboxAddAbandoned: noMoreToAdd,
    MailboxDeleteRejected: noMoreToDelete,
    RequestWithdrawn: (tables, event) => {
      noMoreToAdd(tables, event);
      noMoreToDelete(tables, event);
    },
    MailboxConfigured: configure,
    MailboxDeleted: ({ mailboxes, openDeletions }, { orgId, data: { userId, address } }) => {
      const seat = seatGroup(orgId, userId);
      mailboxes.delete(seat, address.canonical);
      // Whoever else asked to delete it has got what they asked for.
      openDeletions.delete(seat, address.canonical);
    },
  },
});

const countOpen = ({ openAdds, openDeletions }: To, seat: string): number => {
  let open = [...openAdds.entries(seat)].length;
  for (const [, requestIds] of openDeletions.entries(seat)) open += requestIds.length;
  return open;
};

const rowOf = (tables: To, orgId: OrgId, userId: UserId, seat: Seat): SeatRow => {
  const group = seatGroup(orgId, userId);
  const mailboxes = Array.from(tables.mailboxes.entries(group), ([, mailbox]) => mailbox);
  const mailboxLimit =
    tables.grants.get(orgId, userId) ?? tables.limits.get(orgId, CONTRACT) ?? DEFAULT_MAILBOX_LIMIT;
  return {
    orgId,
    userId,
    accountEmail: seat.accountEmail,
    profile: seat.profile,
    status: seat.status,
    mailboxes,
    mailboxLimit,
    overLimit: mailboxes.length > mailboxLimit,
    weeklySendLimit: WEEKLY_SEND_LIMIT,
    openRequests: countOpen(tables, group),
  };
};

/** By user id; listed in its order. */
export const seatsView: View<SeatsEntries, SeatRow, UserId, SeatFilter> = {
  projection: seatsProjection,
  keyFields: {},
  filterFields: { status: true, profile: true, overLimit: true, holds: true },
  owner: ({ userId }) => userId,

  get: (tables, orgId, userId) => {
    const seat = tables.seats.get(orgId, userId);
    return seat && rowOf(tables, orgId, userId, seat);
  },

  list: (tables, orgId, { holds, ...wanted } = {}) =>
    [...(tables.seats.entries(orgId) as Iterable<[UserId, Seat]>)]
      .filter(
        ([userId]) =>
          holds === undefined ||
          tables.mailboxes.get(seatGroup(orgId, userId), holds) !== undefined,
      )
      .map(([userId, seat]) => rowOf(tables, orgId, userId, seat))
      .filter((row) => hasWanted(row, wanted))
      .sort((a, b) => (a.userId < b.userId ? -1 : 1)),
};
