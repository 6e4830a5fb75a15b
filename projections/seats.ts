/**
 * Every seat, with what it holds and what it may hold. Seats are locked, never deleted (P34), so locked
 * ones are here too. What a deletion cost is told by `draftsLost` and `sequencesStopped`.
 */
import { absurd } from 'fp-ts/lib/function.js';
import type { MailboxConfigured, SeatRegistered } from '../src/seat/events';
import type { EventFrom } from '../src/stored-event';
import type { OrgId, RequestId, UserId } from '../src/values/ids';
import { DEFAULT_MAILBOX_LIMIT, WEEKLY_SEND_LIMIT } from '../src/values/policy';
import type { Timestamp } from '../src/values/timestamp';
import {
  type ByOrganization,
  type EventOfType,
  foldByOrganization,
  hasWanted,
  type View,
  type Wanted,
} from './view';

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

interface Seat {
  accountEmail: string;
  profile: SeatRow['profile'];
  status: SeatRow['status'];
  /** By canonical address. */
  readonly mailboxes: Map<string, SeatMailbox>;
  /** With the canonical address to delete; `null` when the request is to add. */
  readonly openRequests: Map<RequestId, string | null>;
}

export interface OrganizationSeats {
  /** Kept once for all seats, so that a new contract touches none of them. */
  mailboxLimit: number;
  readonly grants: Map<UserId, number>;
  readonly seats: Map<UserId, Seat>;
}

export type SeatsState = ByOrganization<OrganizationSeats>;

const handles = [
  'ContractSet',
  'MailboxLimitGranted',
  'SeatRegistered',
  'AccountEmailChanged',
  'ProfileChanged',
  'SeatLocked',
  'SeatUnlocked',
  'MailboxAddRequested',
  'MailboxDeleteRequested',
  'MailboxAdded',
  'MailboxAddRejected',
  'MailboxAddAbandoned',
  'MailboxDeleteRejected',
  'RequestWithdrawn',
  'MailboxConfigured',
  'MailboxDeleted',
] as const;
type Handled = EventOfType<(typeof handles)[number]>;
type OfTerms = EventOfType<'ContractSet' | 'MailboxLimitGranted'>;
type OfSeat = Exclude<Handled, OfTerms | EventOfType<'SeatRegistered'>>;

const register = (seats: Map<UserId, Seat>, { data }: EventOfType<'SeatRegistered'>): void => {
  const { userId, accountEmail, profile } = data;
  seats.set(userId, {
    accountEmail: accountEmail.typed,
    profile,
    status: 'active',
    mailboxes: new Map(),
    openRequests: new Map(),
  });
};

const add = (seat: Seat, { data, metadata }: EventOfType<'MailboxAdded'>): void => {
  const { requestId, address, movedFrom } = data;
  seat.openRequests.delete(requestId);
  seat.mailboxes.set(address.canonical, {
    address: address.canonical,
    typed: address.typed,
    state: 'provisioned',
    use: null,
    requestId,
    addedAt: metadata.at,
    movedFrom: movedFrom ?? null,
  });
};

const configure = (seat: Seat, { data }: EventOfType<'MailboxConfigured'>): void => {
  const { address, use } = data;
  const mailbox = seat.mailboxes.get(address.canonical);
  if (mailbox === undefined) return;
  const { typed } = address;
  seat.mailboxes.set(address.canonical, { ...mailbox, typed, state: 'configured', use });
};

const remove = (seat: Seat, { data }: EventOfType<'MailboxDeleted'>): void => {
  const { canonical } = data.address;
  seat.mailboxes.delete(canonical);
  // Whoever else asked to delete it has got what they asked for.
  for (const [requestId, addressToDelete] of seat.openRequests) {
    if (addressToDelete === canonical) seat.openRequests.delete(requestId);
  }
};

const evolveSeat = (seat: Seat, event: OfSeat): void => {
  switch (event.type) {
    case 'AccountEmailChanged':
      seat.accountEmail = event.data.accountEmail.typed;
      return;
    case 'ProfileChanged':
      seat.profile = event.data.profile;
      return;
    case 'SeatLocked':
      seat.status = 'locked';
      return;
    case 'SeatUnlocked':
      seat.status = 'active';
      return;
    case 'MailboxAddRequested':
      seat.openRequests.set(event.data.requestId, null);
      return;
    case 'MailboxDeleteRequested':
      seat.openRequests.set(event.data.requestId, event.data.address.canonical);
      return;
    case 'MailboxAddRejected':
    case 'MailboxAddAbandoned':
    case 'MailboxDeleteRejected':
    case 'RequestWithdrawn':
      seat.openRequests.delete(event.data.requestId);
      return;
    case 'MailboxAdded':
      add(seat, event);
      return;
    case 'MailboxConfigured':
      configure(seat, event);
      return;
    case 'MailboxDeleted':
      remove(seat, event);
      return;
    default:
      absurd(event);
  }
};

const evolvePart = (organization: OrganizationSeats, event: Handled): void => {
  switch (event.type) {
    case 'ContractSet':
      organization.mailboxLimit = event.data.mailboxLimit;
      return;
    case 'MailboxLimitGranted':
      organization.grants.set(event.data.userId, event.data.limit);
      return;
    case 'SeatRegistered':
      register(organization.seats, event);
      return;
    default: {
      const seat = organization.seats.get(event.data.userId);
      if (seat !== undefined) evolveSeat(seat, event);
    }
  }
};

export const seatsProjection = foldByOrganization({
  name: 'seats',
  version: 1,
  handles,
  initialPart: (): OrganizationSeats => ({
    mailboxLimit: DEFAULT_MAILBOX_LIMIT,
    grants: new Map(),
    seats: new Map(),
  }),
  evolvePart,
});

const rowOf = (
  orgId: OrgId,
  userId: UserId,
  seat: Seat,
  { grants, mailboxLimit: contractLimit }: OrganizationSeats,
): SeatRow => {
  const mailboxLimit = grants.get(userId) ?? contractLimit;
  return {
    orgId,
    userId,
    accountEmail: seat.accountEmail,
    profile: seat.profile,
    status: seat.status,
    mailboxes: [...seat.mailboxes.values()],
    mailboxLimit,
    overLimit: seat.mailboxes.size > mailboxLimit,
    weeklySendLimit: WEEKLY_SEND_LIMIT,
    openRequests: seat.openRequests.size,
  };
};

/** By user id; listed in its order. */
export const seatsView: View<SeatsState, SeatRow, UserId, SeatFilter> = {
  projection: seatsProjection,
  keyFields: {},
  filterFields: { status: true, profile: true, overLimit: true, holds: true },

  get: (state, orgId, userId) => {
    const organization = state.get(orgId);
    const seat = organization?.seats.get(userId);
    return organization && seat && rowOf(orgId, userId, seat, organization);
  },

  list: (state, orgId, { holds, ...wanted } = {}) => {
    const organization = state.get(orgId);
    if (organization === undefined) return [];
    return [...organization.seats]
      .filter(([, seat]) => holds === undefined || seat.mailboxes.has(holds))
      .map(([userId, seat]) => rowOf(orgId, userId, seat, organization))
      .filter((row) => hasWanted(row, wanted))
      .sort((a, b) => (a.userId < b.userId ? -1 : 1));
  },
};
