/**
 * Commands as the room decides them: with who asks, and with the facts of other streams that its rules
 * read. Those without a `commandId` are asked by the processes, never by a person.
 */
import type { EmailAddress } from '../values/email-address';
import type { RequestId, UserId } from '../values/ids';
import type { Principal } from '../values/principal';
import type * as C from './commands';
import type { EventFrom } from '../stored-event';
import type { ProspectsReassigned } from './events';
import type { Candidate } from './impact';
import type { RequestStatus } from './state';

/** P36: whose login the address is today. */
export interface LoginFacts {
  readonly accountHolder: UserId | undefined;
}

/** The other seat on which the address sits. */
export interface OtherHolder {
  readonly seatState: 'active' | 'locked';
  /** Which of the holdings that the address has had this is, from 1. */
  readonly holding: number;
  /** What stands on that seat about this request (P24). */
  readonly permission: 'granted' | 'revoked' | 'none';
}

/** What adding an address depends on beyond the seat. */
export interface AddFacts extends LoginFacts {
  /** The limit in force for this user (P1, P2). */
  readonly mailboxLimit: number;
  /** P6: the contract permits exactly this address. */
  readonly sharedPermitted: boolean;
  readonly otherHolder: OtherHolder | undefined;
}

/** P10: the account email of the account that the request comes from; `undefined` when it has none. */
export interface SenderFacts {
  readonly listedAddress: EmailAddress | undefined;
}

/** The request that a permission is for, on the seat that asks. */
export interface PermissionFacts {
  /** `undefined`: there is no such add request for this address. */
  readonly requestStatus: RequestStatus | undefined;
}

export interface ReassignFacts {
  readonly fromUserId: UserId;
  readonly candidates: ReadonlyArray<Candidate>;
}

/** The approved request becomes a mailbox. */
export interface CompleteMailboxAdd {
  readonly type: 'CompleteMailboxAdd';
  readonly userId: UserId;
  readonly requestId: RequestId;
  readonly movedFrom: UserId | undefined;
}

/** The mailbox leaves this seat for the request of another (P21, P32). */
export interface SurrenderMailbox {
  readonly type: 'SurrenderMailbox';
  readonly userId: UserId;
  readonly requestId: RequestId;
  readonly address: EmailAddress;
  readonly toUserId: UserId;
  readonly impact: C.Impact | undefined;
}

/** Stopped prospects of this seat go on from another seat's mailbox (P20). */
export interface HandOverProspects {
  readonly type: 'HandOverProspects';
  readonly userId: UserId;
  readonly toUserId: UserId;
  readonly address: EmailAddress;
  readonly tag: C.Tag | undefined;
  readonly candidates: ReadonlyArray<Candidate>;
}

/** The approved request will not become a mailbox: its address has gone to somebody else. */
export interface AbandonMailboxAdd {
  readonly type: 'AbandonMailboxAdd';
  readonly userId: UserId;
  readonly requestId: RequestId;
}

/** The mailbox stays: whoever was to receive it for that request no longer may. */
export interface WithholdMailbox {
  readonly type: 'WithholdMailbox';
  readonly userId: UserId;
  readonly requestId: RequestId;
  readonly address: EmailAddress;
  readonly toUserId: UserId;
}

/** No claim on the login up to the one numbered `holding` may be used by this seat any more. */
export interface AbandonAccountEmail {
  readonly type: 'AbandonAccountEmail';
  readonly userId: UserId;
  readonly accountEmail: EmailAddress;
  readonly holding: number;
}

/** What has left another seat for a mailbox of this one arrives (P20). */
export interface ReceiveProspects {
  readonly type: 'ReceiveProspects';
  readonly userId: UserId;
  readonly commandId: C.ReassignProspects['commandId'];
  readonly handover: EventFrom<typeof ProspectsReassigned>['data'];
}

type By<Command> = Command & { readonly by: Principal };
type With<Command, Facts> = Command & { readonly facts: Facts };

export type IssuedRegister = With<C.RegisterSeat, LoginFacts>;
export type IssuedChangeEmail = With<C.ChangeAccountEmail, LoginFacts>;
export type IssuedAddRequest = By<With<C.RequestMailboxAdd, AddFacts & SenderFacts>>;
export type IssuedAddApproval = By<With<C.ApproveMailboxAdd, AddFacts>>;
export type IssuedDeleteRequest = By<With<C.RequestMailboxDelete, SenderFacts>>;
export type IssuedPermission = By<
  With<C.GrantDeletePermission | C.RevokeDeletePermission, PermissionFacts>
>;
export type IssuedReassignment = With<C.ReassignProspects, ReassignFacts>;

export type SeatCommand =
  | IssuedRegister
  | IssuedChangeEmail
  | C.ChangeProfile
  | C.LockSeat
  | C.UnlockSeat
  | IssuedAddRequest
  | IssuedPermission
  | IssuedAddApproval
  | C.RejectMailboxAdd
  | C.WithdrawRequest
  | C.ConfigureMailbox
  | IssuedDeleteRequest
  | C.ApproveMailboxDelete
  | C.RejectMailboxDelete
  | C.RecordMailing
  | C.RecordSequenceState
  | C.TagProspects
  | IssuedReassignment
  | CompleteMailboxAdd
  | AbandonMailboxAdd
  | WithholdMailbox
  | AbandonAccountEmail
  | ReceiveProspects
  | SurrenderMailbox
  | HandOverProspects;
