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

/** A seat as it is made: nobody else has it yet, so it may still be changed. */
type NextSeat = { -readonly [Field in keyof Seat]: Seat[Field] };

/** Field by field: spreading them was a tenth of what a command took. */
const copyOf = (seat: Seat): NextSeat => ({
  revision: seat.revision,
  userId: seat.userId,
  accountEmail: seat.accountEmail,
  profile: seat.profile,
  locked: seat.locked,
  mailboxes: seat.mailboxes,
  requests: seat.requests,
  permissions: seat.permissions,
  mailings: seat.mailings,
  sequenceStates: seat.sequenceStates,
  tags: seat.tags,
});

const setStatus = (seat: NextSeat, requestId: RequestId, status: RequestStatus): void => {
  const request = seat.requests.get(requestId);
  if (request !== undefined) {
    seat.requests = seat.requests.set(requestId, { ...request, status });
  }
};

/** An email that is new to the seat. */
const attached = { detached: false, lost: false };

/** P17: these went unsent with their mailbox. */
const lose = (seat: NextSeat, ids: ReadonlyArray<MailingId>): void => {
  seat.mailings = seat.mailings.withMutations((mailings) => {
    for (const id of ids) {
      const mailing = mailings.get(id);
      if (mailing !== undefined) mailings.set(id, { ...mailing, lost: true });
    }
  });
};

/** P18: these stopped with their mailbox. */
const stop = (seat: NextSeat, ids: ReadonlyArray<SequenceStateId>): void => {
  seat.sequenceStates = seat.sequenceStates.withMutations((entries) => {
    for (const id of ids) {
      const entry = entries.get(id);
      if (entry !== undefined) entries.set(id, { ...entry, state: 'failed', stopped: true });
    }
  });
};

/** The mailbox goes, from under its emails and its sequence states. */
const removeMailbox = (seat: NextSeat, { canonical }: EmailAddress): void => {
  seat.mailboxes = seat.mailboxes.delete(canonical);
  // Whoever else asked to delete it has got what they asked for.
  seat.requests = seat.requests.map((request) =>
    request.kind === 'delete' && request.address.canonical === canonical && isOpen(request)
      ? { ...request, status: 'fulfilled' }
      : request,
  );
  // A permission was about this mailbox, not about one of the same address that may come later.
  seat.permissions = seat.permissions.filter(({ address }) => address !== canonical);
  seat.mailings = seat.mailings.map((mailing) =>
    mailing.address === canonical ? { ...mailing, detached: true } : mailing,
  );
  seat.sequenceStates = seat.sequenceStates.map((entry) =>
    entry.address === canonical ? { ...entry, detached: true } : entry,
  );
};

const tagAll = (seat: NextSeat, ids: ReadonlyArray<ProspectId>, tag: string): void => {
  seat.tags = seat.tags.withMutations((tags) => {
    for (const id of ids) tags.set(id, (tags.get(id) ?? Set<string>()).add(tag));
  });
};

type ProspectsReassignedData = Extract<SeatEvent, { type: 'ProspectsReassigned' }>['data'];

const reassign = (
  seat: NextSeat,
  { fromUserId, toUserId, address, reassigned }: ProspectsReassignedData,
): void => {
  seat.sequenceStates = seat.sequenceStates.withMutations((entries) => {
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
  });
};

const apply = (seat: NextSeat, event: SeatEvent): void => {
  switch (event.type) {
    case 'SeatRegistered':
      seat.userId = event.data.userId;
      seat.accountEmail = event.data.accountEmail;
      seat.profile = event.data.profile;
      break;
    case 'AccountEmailChanged':
      seat.accountEmail = event.data.accountEmail;
      break;
    case 'AccountEmailAbandoned':
      // The login stays what it was.
      break;
    case 'ProfileChanged':
      seat.profile = event.data.profile;
      break;
    case 'SeatLocked':
      seat.locked = true;
      break;
    case 'SeatUnlocked':
      seat.locked = false;
      break;
    case 'MailboxAddRequested': {
      const { requestId, status, address, requestedBy, addressClass, deletePermission } =
        event.data;
      seat.requests = seat.requests.set(requestId, {
        kind: 'add',
        status,
        address,
        requestedBy,
        addressClass,
        deletePermission,
        permittedHolding: event.data.permittedHolding,
      });
      break;
    }
    case 'MailboxDeleteRequested': {
      const { requestId, address, requestedBy } = event.data;
      seat.requests = seat.requests.set(requestId, {
        kind: 'delete',
        status: 'submitted',
        address,
        requestedBy,
        addressClass: 'personal',
        deletePermission: false,
        permittedHolding: undefined,
      });
      break;
    }
    case 'DeletePermissionGranted':
    case 'DeletePermissionRevoked': {
      const { address, toUserId, requestId } = event.data;
      const standing = event.type === 'DeletePermissionGranted' ? 'granted' : 'revoked';
      const key = permissionKey(address, toUserId, requestId);
      seat.permissions = seat.permissions.set(key, { address: address.canonical, standing });
      break;
    }
    case 'MailboxAddApproved':
      setStatus(seat, event.data.requestId, 'approved');
      break;
    case 'MailboxAdded': {
      const { requestId, address } = event.data;
      seat.mailboxes = seat.mailboxes.set(address.canonical, { address, use: undefined });
      setStatus(seat, requestId, 'fulfilled');
      break;
    }
    case 'MailboxAddRejected':
    case 'MailboxDeleteRejected':
      setStatus(seat, event.data.requestId, 'rejected');
      break;
    case 'MailboxAddAbandoned':
      setStatus(seat, event.data.requestId, 'abandoned');
      break;
    case 'RequestWithdrawn':
      setStatus(seat, event.data.requestId, 'withdrawn');
      break;
    case 'MailboxConfigured': {
      const { address, use } = event.data;
      seat.mailboxes = seat.mailboxes.set(address.canonical, { address, use });
      break;
    }
    case 'MailboxDeleteApproved':
      setStatus(seat, event.data.requestId, 'approved');
      break;
    case 'MailboxDeleted':
      removeMailbox(seat, event.data.address);
      break;
    case 'DraftsLost':
      lose(seat, [...event.data.drafts, ...event.data.scheduled]);
      break;
    case 'SequencesStopped':
      stop(seat, event.data.sequenceStateIds);
      break;
    case 'MailingRecorded': {
      const { mailingId, address, state } = event.data;
      const { detached, lost } = seat.mailings.get(mailingId) ?? attached;
      seat.mailings = seat.mailings.set(mailingId, { address, state, detached, lost });
      break;
    }
    case 'SequenceStateRecorded': {
      const { sequenceStateId, prospectId, sequenceId, address, state } = event.data;
      const known = seat.sequenceStates.get(sequenceStateId);
      seat.sequenceStates = seat.sequenceStates.set(sequenceStateId, {
        address,
        prospectId,
        sequenceId,
        state,
        detached: known?.detached ?? false,
        // Once it has ended otherwise, a later failure is its own.
        stopped: (known?.stopped ?? false) && !ended.has(state),
      });
      break;
    }
    case 'ProspectsTagged':
      tagAll(seat, event.data.prospectIds, event.data.tag);
      break;
    case 'ProspectsReassigned':
      reassign(seat, event.data);
      break;
    default:
      absurd(event);
  }
};

/** Applies one stored fact. Never refuses and never throws: history is not up for debate. */
export const evolve = (seat: Seat, event: SeatEvent): Seat => {
  const next = copyOf(seat);
  next.revision += 1;
  apply(next, event);
  return next;
};
