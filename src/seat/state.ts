import { Map, Set } from 'immutable';
import { absurd } from 'fp-ts/lib/function.js';
import type { EmailAddress } from '../values/email-address';
import type { MailingId, ProspectId, RequestId } from '../values/ids';
import type { SequenceId, SequenceStateId, UserId } from '../values/ids';
import type { Actor } from '../values/principal';
import type { MailboxUse, MailingState, Profile, SequenceProgress } from './commands';
import type { SeatEvent } from './events';

export interface Mailbox {
  readonly address: EmailAddress;
  /** `undefined` while it is only provisioned. */
  readonly use: MailboxUse | undefined;
}

export type RequestKind = 'add' | 'delete';

/** `approved`: holds a slot, and is about to become `fulfilled` or `abandoned`. */
export type RequestStatus =
  | 'submitted'
  | 'awaitingPermission'
  | 'approved'
  | 'fulfilled'
  | 'rejected'
  | 'withdrawn'
  | 'abandoned';

export interface Request {
  readonly kind: RequestKind;
  readonly status: RequestStatus;
  readonly address: EmailAddress;
  readonly requestedBy: Actor;
  readonly addressClass: 'personal' | 'review' | 'shared';
  readonly deletePermission: boolean;
  /** The holding that the requester's permission was about. */
  readonly permittedHolding: number | undefined;
}

export interface Mailing {
  /** Canonical. */
  readonly address: string;
  readonly state: MailingState;
  /** Its mailbox was deleted: it belongs to no later mailbox of the same address. */
  readonly detached: boolean;
  /** It was deleted with its mailbox, unsent. */
  readonly lost: boolean;
}

export interface SequenceState {
  /** Canonical. */
  readonly address: string;
  readonly prospectId: ProspectId;
  readonly sequenceId: SequenceId;
  readonly state: SequenceProgress;
  /** Its mailbox was deleted: it cannot go on until it is reassigned. */
  readonly detached: boolean;
  /** It was pending or active when its mailbox was deleted. */
  readonly stopped: boolean;
}

export interface Permission {
  /** Canonical. */
  readonly address: string;
  readonly standing: 'granted' | 'revoked';
}

/**
 * One user's seat: what the rules read, and nothing else. Maps that grow with activity are persistent,
 * so that a step costs the same on a seat with 50,000 events as on one with ten.
 */
export interface Seat {
  /** Revision of the last event applied; -1 before the first. */
  readonly revision: number;
  readonly userId: UserId | undefined;
  readonly accountEmail: EmailAddress | undefined;
  readonly profile: Profile;
  readonly locked: boolean;
  /** By canonical address. */
  readonly mailboxes: Map<string, Mailbox>;
  readonly requests: Map<RequestId, Request>;
  /** On the holder's side, by {@link permissionKey}. */
  readonly permissions: Map<string, Permission>;
  readonly mailings: Map<MailingId, Mailing>;
  readonly sequenceStates: Map<SequenceStateId, SequenceState>;
  readonly tags: Map<ProspectId, Set<string>>;
}

export const initialState: Seat = {
  revision: -1,
  userId: undefined,
  accountEmail: undefined,
  profile: 'user',
  locked: false,
  mailboxes: Map(),
  requests: Map(),
  permissions: Map(),
  mailings: Map(),
  sequenceStates: Map(),
  tags: Map(),
};

/** P24: a permission is for one address and one request of one seat. */
export const permissionKey = (
  { canonical }: EmailAddress,
  toUserId: UserId,
  requestId: RequestId,
): string => `${toUserId} ${requestId} ${canonical}`;

export const isOpen = ({ status }: Pick<Request, 'status'>): boolean =>
  status === 'submitted' || status === 'awaitingPermission' || status === 'approved';

const ended: Set<SequenceProgress> = Set(['finished', 'bounced', 'optedOut']);

const running: Set<SequenceProgress> = Set(['pending', 'active']);

/** P18: it would stop if its mailbox were deleted now. */
export const isRunning = ({ state, detached }: SequenceState): boolean =>
  !detached && running.has(state);

const withStatus = (seat: Seat, requestId: RequestId, status: RequestStatus): Seat => {
  const request = seat.requests.get(requestId);
  if (request === undefined) return seat;
  return { ...seat, requests: seat.requests.set(requestId, { ...request, status }) };
};

/** An email that is new to the seat. */
const attached = { detached: false, lost: false };

/** P17: these went unsent with their mailbox. */
const withLost = (seat: Seat, ids: ReadonlyArray<MailingId>): Seat => ({
  ...seat,
  mailings: seat.mailings.withMutations((mailings) => {
    for (const id of ids) {
      const mailing = mailings.get(id);
      if (mailing !== undefined) mailings.set(id, { ...mailing, lost: true });
    }
  }),
});

/** The mailbox goes, from under its emails and its sequence states. */
const withoutMailbox = (seat: Seat, { canonical }: EmailAddress): Seat => ({
  ...seat,
  mailboxes: seat.mailboxes.delete(canonical),
  // Whoever else asked to delete it has got what they asked for.
  requests: seat.requests.map((request) =>
    request.kind === 'delete' && request.address.canonical === canonical && isOpen(request)
      ? { ...request, status: 'fulfilled' }
      : request,
  ),
  // A permission was about this mailbox, not about one of the same address that may come later.
  permissions: seat.permissions.filter(({ address }) => address !== canonical),
  mailings: seat.mailings.map((mailing) =>
    mailing.address === canonical ? { ...mailing, detached: true } : mailing,
  ),
  sequenceStates: seat.sequenceStates.map((entry) =>
    entry.address === canonical ? { ...entry, detached: true } : entry,
  ),
});

const withReassigned = (
  seat: Seat,
  { fromUserId, toUserId, address, reassigned }: ProspectsReassignedData,
): Seat => ({
  ...seat,
  sequenceStates: seat.sequenceStates.withMutations((entries) => {
    for (const { sequenceStateId, prospectId, sequenceId, state } of reassigned) {
      if (fromUserId === seat.userId) entries.delete(sequenceStateId);
      if (toUserId === seat.userId) {
        entries.set(sequenceStateId, {
          address: address.canonical,
          prospectId,
          sequenceId,
          state,
          // They may arrive after the mailbox has gone again, when they had to come from another seat.
          detached: !seat.mailboxes.has(address.canonical),
          stopped: false,
        });
      }
    }
  }),
});

type ProspectsReassignedData = Extract<SeatEvent, { type: 'ProspectsReassigned' }>['data'];

/** Answers `seat` itself or an object of its own, never one that others have. */
const applied = (seat: Seat, event: SeatEvent): Seat => {
  switch (event.type) {
    case 'SeatRegistered':
      return {
        ...seat,
        userId: event.data.userId,
        accountEmail: event.data.accountEmail,
        profile: event.data.profile,
      };
    case 'AccountEmailChanged':
      return { ...seat, accountEmail: event.data.accountEmail };
    case 'AccountEmailAbandoned':
      return seat;
    case 'ProfileChanged':
      return { ...seat, profile: event.data.profile };
    case 'SeatLocked':
      return { ...seat, locked: true };
    case 'SeatUnlocked':
      return { ...seat, locked: false };
    case 'MailboxAddRequested': {
      const { requestId, status, address, requestedBy, addressClass, deletePermission } =
        event.data;
      const request: Request = {
        kind: 'add',
        status,
        address,
        requestedBy,
        addressClass,
        deletePermission,
        permittedHolding: event.data.permittedHolding,
      };
      return { ...seat, requests: seat.requests.set(requestId, request) };
    }
    case 'MailboxDeleteRequested': {
      const { requestId, address, requestedBy } = event.data;
      const request: Request = {
        kind: 'delete',
        status: 'submitted',
        address,
        requestedBy,
        addressClass: 'personal',
        deletePermission: false,
        permittedHolding: undefined,
      };
      return { ...seat, requests: seat.requests.set(requestId, request) };
    }
    case 'DeletePermissionGranted':
    case 'DeletePermissionRevoked': {
      const { address, toUserId, requestId } = event.data;
      const standing = event.type === 'DeletePermissionGranted' ? 'granted' : 'revoked';
      const key = permissionKey(address, toUserId, requestId);
      return {
        ...seat,
        permissions: seat.permissions.set(key, { address: address.canonical, standing }),
      };
    }
    case 'MailboxAddApproved':
      return withStatus(seat, event.data.requestId, 'approved');
    case 'MailboxAdded': {
      const { requestId, address } = event.data;
      const mailboxes = seat.mailboxes.set(address.canonical, { address, use: undefined });
      return withStatus({ ...seat, mailboxes }, requestId, 'fulfilled');
    }
    case 'MailboxAddRejected':
    case 'MailboxDeleteRejected':
      return withStatus(seat, event.data.requestId, 'rejected');
    case 'MailboxAddAbandoned':
      return withStatus(seat, event.data.requestId, 'abandoned');
    case 'RequestWithdrawn':
      return withStatus(seat, event.data.requestId, 'withdrawn');
    case 'MailboxConfigured': {
      const { address, use } = event.data;
      return { ...seat, mailboxes: seat.mailboxes.set(address.canonical, { address, use }) };
    }
    case 'MailboxDeleteApproved':
      return withStatus(seat, event.data.requestId, 'approved');
    case 'MailboxDeleted':
      return withoutMailbox(seat, event.data.address);
    case 'DraftsLost':
      return withLost(seat, [...event.data.drafts, ...event.data.scheduled]);
    case 'SequencesStopped':
      return {
        ...seat,
        sequenceStates: seat.sequenceStates.withMutations((entries) => {
          for (const id of event.data.sequenceStateIds) {
            const entry = entries.get(id);
            if (entry !== undefined) entries.set(id, { ...entry, state: 'failed', stopped: true });
          }
        }),
      };
    case 'MailingRecorded': {
      const { mailingId, address, state } = event.data;
      const { detached, lost } = seat.mailings.get(mailingId) ?? attached;
      return {
        ...seat,
        mailings: seat.mailings.set(mailingId, { address, state, detached, lost }),
      };
    }
    case 'SequenceStateRecorded': {
      const { sequenceStateId, prospectId, sequenceId, address, state } = event.data;
      const known = seat.sequenceStates.get(sequenceStateId);
      const entry: SequenceState = {
        address,
        prospectId,
        sequenceId,
        state,
        detached: known?.detached ?? false,
        // Once it has ended otherwise, a later failure is its own.
        stopped: (known?.stopped ?? false) && !ended.has(state),
      };
      return { ...seat, sequenceStates: seat.sequenceStates.set(sequenceStateId, entry) };
    }
    case 'ProspectsTagged': {
      const { tag, prospectIds } = event.data;
      return {
        ...seat,
        tags: seat.tags.withMutations((tags) => {
          for (const id of prospectIds) tags.set(id, (tags.get(id) ?? Set<string>()).add(tag));
        }),
      };
    }
    case 'ProspectsReassigned':
      return withReassigned(seat, event.data);
    default:
      return absurd(event);
  }
};

/** Applies one stored fact. Never refuses and never throws: history is not up for debate. */
export const evolve = (seat: Seat, event: SeatEvent): Seat => {
  const next = applied(seat, event);
  // A copy that nobody else has seen yet is not copied again.
  const own: { -readonly [Field in keyof Seat]: Seat[Field] } = next === seat ? { ...seat } : next;
  own.revision = seat.revision + 1;
  return own;
};
