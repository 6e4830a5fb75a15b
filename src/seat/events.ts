/**
 * Events of one seat, exactly as stored in stream `seat-{orgId}.{userId}`. Who acted, when and under
 * which policy stands in the metadata of each.
 *
 * Stored contract: these shapes are already in someone's database. Add an optional field or a new
 * event type; never rename, retype or remove one.
 */
import * as t from 'io-ts';
import { CanonicalAddress, StoredAddress } from '../values/address-codec';
import { closed, listOf, note, oneOf, text, wholeNumber } from '../values/codec';
import { CaseId, MailingId, ProspectId, RequestId, SequenceId, UserId } from '../values/ids';
import { SequenceStateId } from '../values/ids';
import { MOST_IDS_AN_EVENT } from '../values/policy';
import { Actor } from '../values/principal';
import { type EventFrom, storedEvent } from '../stored-event';
import {
  DeclaredHolder,
  MailboxUse,
  MailingState,
  Profile,
  SequenceProgress,
  Tag,
} from './commands';

const ids = <Id>(id: t.Type<Id, string>) => listOf(id, 0, MOST_IDS_AN_EVENT);
const amount = wholeNumber(0, Number.MAX_SAFE_INTEGER);
const request = { userId: UserId, requestId: RequestId };

export const SeatRegistered = storedEvent('SeatRegistered', {
  userId: UserId,
  accountEmail: StoredAddress,
  profile: Profile,
});

/** The login changed; every mailbox stayed as it was. */
export const AccountEmailChanged = storedEvent('AccountEmailChanged', {
  userId: UserId,
  accountEmail: StoredAddress,
});

/**
 * A claim on this login was given up before the seat took it: a late writer can no longer take it by the
 * first `holding` claims that the login has had. The seat's own login is as it was.
 */
export const AccountEmailAbandoned = storedEvent('AccountEmailAbandoned', {
  userId: UserId,
  accountEmail: StoredAddress,
  holding: amount,
});

export const ProfileChanged = storedEvent('ProfileChanged', { userId: UserId, profile: Profile });

export const SeatLocked = storedEvent('SeatLocked', { userId: UserId });

export const SeatUnlocked = storedEvent('SeatUnlocked', { userId: UserId });

/** Somebody asked Support for the mailbox. The address's class was judged now and is never judged again. */
export const MailboxAddRequested = storedEvent(
  'MailboxAddRequested',
  {
    ...request,
    address: StoredAddress,
    addressClass: oneOf('personal', 'review', 'shared'),
    sender: StoredAddress,
    requestedBy: Actor,
    /** `awaitingPermission`: it sits on another seat, and nobody who may has permitted its deletion. */
    status: oneOf('submitted', 'awaitingPermission'),
    deletePermission: t.boolean,
  },
  {
    caseId: CaseId,
    /** Advice to the agent: the inbox that the provider is known to deliver this address to. */
    inboxHint: t.string,
    /** Which of its holdings the address was in then, from 1: what the permission is about. */
    permittedHolding: amount,
    /** State of the other seat that held the address then. */
    heldBy: oneOf('active', 'locked'),
    /** The requester declared something else than what was so (P23). */
    declarationMismatch: closed({ declared: DeclaredHolder, actual: DeclaredHolder }),
  },
);

/** On the holder's seat: the address may go to `toUserId` for this request (P24). */
export const DeletePermissionGranted = storedEvent('DeletePermissionGranted', {
  ...request,
  address: StoredAddress,
  toUserId: UserId,
});

export const DeletePermissionRevoked = storedEvent('DeletePermissionRevoked', {
  ...request,
  address: StoredAddress,
  toUserId: UserId,
});

/** Support attested; the request holds one of the user's slots from here on. */
export const MailboxAddApproved = storedEvent(
  'MailboxAddApproved',
  { ...request, address: StoredAddress, evidence: note(4000) },
  { releaseVerification: note(4000) },
);

/** The mailbox is on the seat, still to be configured by its owner. */
export const MailboxAdded = storedEvent(
  'MailboxAdded',
  { ...request, address: StoredAddress },
  { movedFrom: UserId },
);

export const MailboxAddRejected = storedEvent('MailboxAddRejected', {
  ...request,
  address: StoredAddress,
  reason: text(4000),
});

/** The approval was given up before the mailbox was added; a late writer can no longer add it. */
export const MailboxAddAbandoned = storedEvent('MailboxAddAbandoned', {
  ...request,
  address: StoredAddress,
});

export const RequestWithdrawn = storedEvent('RequestWithdrawn', {
  ...request,
  address: StoredAddress,
});

export const MailboxConfigured = storedEvent('MailboxConfigured', {
  userId: UserId,
  address: StoredAddress,
  use: MailboxUse,
});

export const MailboxDeleteRequested = storedEvent(
  'MailboxDeleteRequested',
  { ...request, address: StoredAddress, sender: StoredAddress, requestedBy: Actor },
  { caseId: CaseId },
);

/** What was acknowledged, in amounts; the ids that were lost stand in the events of loss. */
const Acknowledged = closed({
  revision: t.string,
  drafts: amount,
  scheduled: amount,
  inFlight: amount,
  sequences: amount,
  untaggedProspects: amount,
  history: amount,
});

/** Support agreed, having acknowledged a loss of these amounts. */
export const MailboxDeleteApproved = storedEvent('MailboxDeleteApproved', {
  ...request,
  address: StoredAddress,
  acknowledged: Acknowledged,
});

export const MailboxDeleteRejected = storedEvent('MailboxDeleteRejected', {
  ...request,
  address: StoredAddress,
  reason: text(4000),
});

/** The mailbox and its history are gone (P29). `movedTo`: it left for another seat's request. */
export const MailboxDeleted = storedEvent(
  'MailboxDeleted',
  {
    ...request,
    address: StoredAddress,
    draftsLost: amount,
    scheduledLost: amount,
    sequencesStopped: amount,
  },
  {
    movedTo: UserId,
    /** For a move, whose approval is recorded on the other seat. */
    acknowledged: Acknowledged,
  },
);

/** Unsent emails that went with the mailbox (P17); several such events when there are many. */
export const DraftsLost = storedEvent('DraftsLost', {
  ...request,
  address: StoredAddress,
  drafts: ids(MailingId),
  scheduled: ids(MailingId),
});

/** Sequence states that failed with the mailbox (P18); several such events when there are many. */
export const SequencesStopped = storedEvent('SequencesStopped', {
  ...request,
  address: StoredAddress,
  sequenceStateIds: ids(SequenceStateId),
});

export const MailingRecorded = storedEvent('MailingRecorded', {
  userId: UserId,
  mailingId: MailingId,
  address: CanonicalAddress,
  state: MailingState,
});

export const SequenceStateRecorded = storedEvent('SequenceStateRecorded', {
  userId: UserId,
  sequenceStateId: SequenceStateId,
  prospectId: ProspectId,
  sequenceId: SequenceId,
  address: CanonicalAddress,
  state: SequenceProgress,
});

export const ProspectsTagged = storedEvent('ProspectsTagged', {
  userId: UserId,
  tag: Tag,
  prospectIds: ids(ProspectId),
});

/**
 * Stopped prospects go on from a mailbox of `toUserId` (P20). `skipped` had ended in the meantime.
 * When they come from another seat, the same fact stands in both streams.
 */
export const ProspectsReassigned = storedEvent(
  'ProspectsReassigned',
  {
    fromUserId: UserId,
    toUserId: UserId,
    address: StoredAddress,
    reassigned: listOf(
      closed({
        sequenceStateId: SequenceStateId,
        prospectId: ProspectId,
        sequenceId: SequenceId,
        state: SequenceProgress,
      }),
      0,
      MOST_IDS_AN_EVENT,
    ),
    skipped: listOf(
      closed({ sequenceStateId: SequenceStateId, state: SequenceProgress }),
      0,
      MOST_IDS_AN_EVENT,
    ),
  },
  { tag: Tag },
);

export const seatEvents = {
  SeatRegistered,
  AccountEmailChanged,
  AccountEmailAbandoned,
  ProfileChanged,
  SeatLocked,
  SeatUnlocked,
  MailboxAddRequested,
  DeletePermissionGranted,
  DeletePermissionRevoked,
  MailboxAddApproved,
  MailboxAdded,
  MailboxAddRejected,
  MailboxAddAbandoned,
  RequestWithdrawn,
  MailboxConfigured,
  MailboxDeleteRequested,
  MailboxDeleteApproved,
  MailboxDeleteRejected,
  MailboxDeleted,
  DraftsLost,
  SequencesStopped,
  MailingRecorded,
  SequenceStateRecorded,
  ProspectsTagged,
  ProspectsReassigned,
};
export type SeatEvent = EventFrom<(typeof seatEvents)[keyof typeof seatEvents]>;
