/**
 * Who may issue what. Denied by default: what the table does not allow is refused before any business
 * rule is looked at, so that a refusal tells nothing about the seat.
 */
import type { Command, CommandType } from './commands';
import type { Seat } from './seat/state';
import { actorOf, type Principal, type Role } from './values/principal';

/** Why a principal may not issue a command at all. */
export type Denial =
  NotOwnSeat | ConfigureByOwnerOnly | SelfApproval | CaseIdMissing | ScopeMissing | NotPermitted;

/** P8, P26: a user acts for their own seat only. */
export interface NotOwnSeat {
  readonly type: 'NotOwnSeat';
}

/** P14, P27: only its owner configures a mailbox. */
export interface ConfigureByOwnerOnly {
  readonly type: 'ConfigureByOwnerOnly';
}

/** P13: nobody answers a request that they made, or that is about themselves. */
export interface SelfApproval {
  readonly type: 'SelfApproval';
}

/** Support acts for a user under a case. */
export interface CaseIdMissing {
  readonly type: 'CaseIdMissing';
}

/** Contracts are changed with a scope of their own. */
export interface ScopeMissing {
  readonly type: 'ScopeMissing';
  readonly scope: 'contract';
}

/** This role never issues this command. */
export interface NotPermitted {
  readonly type: 'NotPermitted';
  readonly role: Role;
  readonly command: CommandType;
}

/** On what condition a role may issue a command. */
type Condition =
  | 'always'
  /** For the seat that the principal sits on. */
  | 'ownSeat'
  /** For any seat of the organization. Streams of another cannot be named, so this asks no more than `always`. */
  | 'organization'
  | 'withCase'
  | 'withContractScope';

type Row = Partial<Record<Role, Condition>>;

const asking: Row = { user: 'ownSeat', admin: 'organization', support: 'withCase' };
const permitting: Row = { user: 'ownSeat', admin: 'organization' };
const answering: Row = { support: 'always' };
const managingSeats: Row = { admin: 'organization', support: 'always', system: 'always' };
const contracting: Row = { support: 'withContractScope' };
const reporting: Row = { system: 'always' };
const rescuing: Row = {
  user: 'ownSeat',
  admin: 'organization',
  support: 'always',
  system: 'always',
};

const table: Readonly<Record<CommandType, Row>> = {
  RequestMailboxAdd: asking,
  RequestMailboxDelete: asking,
  WithdrawRequest: asking,
  GrantDeletePermission: permitting,
  RevokeDeletePermission: permitting,
  ApproveMailboxAdd: answering,
  RejectMailboxAdd: answering,
  ApproveMailboxDelete: answering,
  RejectMailboxDelete: answering,
  // P27: an admin too configures only what is on their own seat.
  ConfigureMailbox: { user: 'ownSeat', admin: 'ownSeat' },
  RegisterSeat: managingSeats,
  ChangeAccountEmail: managingSeats,
  ChangeProfile: managingSeats,
  LockSeat: managingSeats,
  UnlockSeat: managingSeats,
  SetContract: contracting,
  GrantMailboxLimit: contracting,
  RecordMailing: reporting,
  RecordSequenceState: reporting,
  TagProspects: rescuing,
  ReassignProspects: rescuing,
};

const onOwnSeat = (principal: Principal, command: Command): boolean => {
  if (!('userId' in principal) || !('userId' in command)) return false;
  // Prospects may be fetched from a seat that is not one's own only by those who may act there.
  const source = 'fromUserId' in command ? command.fromUserId : undefined;
  return command.userId === principal.userId && (source ?? principal.userId) === principal.userId;
};

const unmet = (
  condition: Condition,
  principal: Principal,
  command: Command,
): Denial | undefined => {
  switch (condition) {
    case 'always':
    case 'organization':
      return undefined;
    case 'ownSeat':
      return onOwnSeat(principal, command) ? undefined : { type: 'NotOwnSeat' };
    case 'withCase':
      return principal.role === 'support' && principal.caseId !== undefined
        ? undefined
        : { type: 'CaseIdMissing' };
    case 'withContractScope':
      return principal.role === 'support' && principal.scopes?.includes('contract') === true
        ? undefined
        : { type: 'ScopeMissing', scope: 'contract' };
  }
};

const answers: ReadonlySet<CommandType> = new Set([
  'ApproveMailboxAdd',
  'RejectMailboxAdd',
  'ApproveMailboxDelete',
  'RejectMailboxDelete',
]);

/**
 * P13: the agent who answers neither made the request nor is the one it is about. Ids are compared
 * whatever the role, because a host may give its agents and users ids out of one directory.
 */
const answersOwnRequest = (principal: Principal, command: Command, seat: Seat): boolean => {
  if (!answers.has(command.type) || !('requestId' in command)) return false;
  const { id } = actorOf(principal);
  return seat.requests.get(command.requestId)?.requestedBy.id === id || command.userId === id;
};

/**
 * Whether the principal may issue the command, on the state of the seat that it concerns (an empty
 * seat where it concerns none, or where there is no such seat).
 *
 * @returns why not, or `undefined`
 */
export const denial = (principal: Principal, command: Command, seat: Seat): Denial | undefined => {
  const condition = table[command.type][principal.role];
  if (condition === undefined) {
    return command.type === 'ConfigureMailbox'
      ? { type: 'ConfigureByOwnerOnly' }
      : { type: 'NotPermitted', role: principal.role, command: command.type };
  }
  const broken = unmet(condition, principal, command);
  if (broken?.type === 'NotOwnSeat' && command.type === 'ConfigureMailbox') {
    return { type: 'ConfigureByOwnerOnly' };
  }
  return (
    broken ?? (answersOwnRequest(principal, command, seat) ? { type: 'SelfApproval' } : undefined)
  );
};

/** Views: a user reads their own seat, an admin the organization, Support and the system everything in it. */
export const mayRead = (principal: Principal, userId: string | undefined): boolean =>
  principal.role !== 'user' || principal.userId === userId;
