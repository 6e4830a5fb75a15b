import type { AddressFault } from '../values/email-address';
import type { MailingId, RequestId, SequenceStateId, UserId } from '../values/ids';
import type { Impact } from './commands';
import type { RequestKind, RequestStatus } from './state';

/**
 * Why a seat refuses a command, in order of precedence. All that apply are reported, in this order;
 * but where there is no seat or no open request to judge, only that is said.
 */
export type SeatRejection =
  | SeatNotFound
  | SeatAlreadyRegistered
  | AccountEmailTaken
  | RequestNotFound
  | DeleteRequestRequired
  | RequestClosed
  | PersonalSenderAddress
  | SenderAddressMismatch
  | InvalidAddress
  | AttestationMissing
  | TermsNotConfirmed
  | NotOwnedByTargetUser
  | SharedAddressNotPermitted
  | MailboxLimitReached
  | SeatIsLocked
  | DuplicateRequest
  | RequestIdTaken
  | MailboxNotFound
  | TargetMailboxMissing
  | SelectionMissing
  | AddressInUse
  | ReleaseNotVerified
  | ImpactNotAcknowledged
  | ImpactChanged
  | ActivityMismatch
  | MailingLost
  | SequenceNeedsReassignment;

/** P31: the user has no seat in this organization. */
export interface SeatNotFound {
  readonly type: 'SeatNotFound';
  readonly userId: UserId;
}

/** The user has a seat already, with another login or profile (P39: a seat is not handed on). */
export interface SeatAlreadyRegistered {
  readonly type: 'SeatAlreadyRegistered';
  readonly userId: UserId;
}

/** P36: it is the login of another account. */
export interface AccountEmailTaken {
  readonly type: 'AccountEmailTaken';
  readonly accountEmail: string;
}

/** The seat has no request of that kind with this id. */
export interface RequestNotFound {
  readonly type: 'RequestNotFound';
  readonly requestId: RequestId;
}

/** P15: a mailbox is deleted only on a request to Support, and the seat has none with this id. */
export interface DeleteRequestRequired {
  readonly type: 'DeleteRequestRequired';
  readonly requestId: RequestId;
}

/** The request has had its answer. */
export interface RequestClosed {
  readonly type: 'RequestClosed';
  readonly requestId: RequestId;
  readonly status: RequestStatus;
}

/** P11: the sender is a personal address and not the account's listed one. */
export interface PersonalSenderAddress {
  readonly type: 'PersonalSenderAddress';
  readonly sender: string;
}

/** P10: the sender is not the account's listed address. */
export interface SenderAddressMismatch {
  readonly type: 'SenderAddressMismatch';
  readonly sender: string;
}

/** P12: what was named is not an address. */
export interface InvalidAddress {
  readonly type: 'InvalidAddress';
  /** What was named, at most 80 characters of it. */
  readonly text: string;
  readonly fault: AddressFault;
}

/** P4: no evidence that the address identifies the user. */
export interface AttestationMissing {
  readonly type: 'AttestationMissing';
}

export type Terms = 'eula' | 'termsOfService' | 'acceptableUse';

/** P7: these terms were not confirmed. */
export interface TermsNotConfirmed {
  readonly type: 'TermsNotConfirmed';
  readonly which: ReadonlyArray<Terms>;
}

/** P3: the address is another seat's login, or its mailbox. Whose, is not said. */
export interface NotOwnedByTargetUser {
  readonly type: 'NotOwnedByTargetUser';
  readonly knownAs: 'accountEmail' | 'mailbox';
}

/** P5: a shared or group address that the contract does not permit. */
export interface SharedAddressNotPermitted {
  readonly type: 'SharedAddressNotPermitted';
  readonly address: string;
}

/** P1: the limit in force is used up, by mailboxes held or by approvals under way. */
export interface MailboxLimitReached {
  readonly type: 'MailboxLimitReached';
  readonly limit: number;
  readonly held: number;
  readonly reserved: number;
}

/** A locked seat gets no new mailbox, and its user gives no permissions. */
export interface SeatIsLocked {
  readonly type: 'SeatIsLocked';
}

/** The same is already asked for, in a request that is still open. */
export interface DuplicateRequest {
  readonly type: 'DuplicateRequest';
  readonly requestId: RequestId;
  readonly kind: RequestKind;
}

/** The seat had another request under this id. */
export interface RequestIdTaken {
  readonly type: 'RequestIdTaken';
  readonly requestId: RequestId;
}

/** The seat holds no such mailbox. */
export interface MailboxNotFound {
  readonly type: 'MailboxNotFound';
  readonly address: string;
}

/** P20: prospects are assigned to a mailbox that exists on the seat and has been configured. */
export interface TargetMailboxMissing {
  readonly type: 'TargetMailboxMissing';
  readonly address: string;
  readonly found: 'nothing' | 'provisioned';
}

/** Prospects are sought by tag, by id, or by both; neither was given. */
export interface SelectionMissing {
  readonly type: 'SelectionMissing';
}

/** P21, P22: the address sits on another seat, locked or not, and may not leave it yet. */
export interface AddressInUse {
  readonly type: 'AddressInUse';
  readonly seatState: 'active' | 'locked';
}

/** P24: a user's own permission for a locked seat counts once Support has recorded how it verified them. */
export interface ReleaseNotVerified {
  readonly type: 'ReleaseNotVerified';
}

/** P16, P19: the approval does not say what loss was acknowledged. */
export interface ImpactNotAcknowledged {
  readonly type: 'ImpactNotAcknowledged';
  readonly now: Impact;
}

/** More would be lost than was acknowledged. */
export interface ImpactChanged {
  readonly type: 'ImpactChanged';
  readonly acknowledged: Impact;
  readonly now: Impact;
}

/** The mailing or sequence state is known with another address, prospect or sequence. */
export interface ActivityMismatch {
  readonly type: 'ActivityMismatch';
  readonly id: MailingId | SequenceStateId;
  readonly field: 'address' | 'prospectId' | 'sequenceId';
  readonly known: string;
}

/** The mailbox is gone: an email still in flight may only arrive or fail. */
export interface MailingLost {
  readonly type: 'MailingLost';
  readonly mailingId: MailingId;
}

/** P18, P20: it stopped with its mailbox; only reassigning it to another lets it go on. */
export interface SequenceNeedsReassignment {
  readonly type: 'SequenceNeedsReassignment';
  readonly sequenceStateId: SequenceStateId;
}
