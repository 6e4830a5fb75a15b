/**
 * Every rule that a command is judged by, in order of precedence, with its clause and what it demands.
 *
 * The lists of rules are those that the decisions run; here each rule gets its words. What a decision
 * asks outside such a list, as of the request that it is about, is named here by hand, and the tests hold
 * it against what the ledger answers.
 */
import type { CommandType } from '../../commands';
import { organizationRules } from '../../organization';
import type { Rejection } from '../../rejection';
import { seatRules } from '../../seat';
import type { Clause } from '../../values/policy';

type Reason = Rejection['type'];

/** One rule, as a person is told of it. */
export interface CataloguedRule {
  /** Its name in the code. */
  readonly name: string;
  /** Empty where it is not the policy that asks. */
  readonly clauses: ReadonlyArray<Clause>;
  readonly demands: string;
  /** How it refuses. */
  readonly raises: ReadonlyArray<Reason>;
}

/** All rules of a stage are judged together; a later stage only when the earlier ones are kept. */
export type Stages = ReadonlyArray<ReadonlyArray<CataloguedRule>>;

type Words = readonly [
  clauses: ReadonlyArray<Clause>,
  demands: string,
  raises: ReadonlyArray<Reason>,
];

const words: Readonly<Record<string, Words>> = {
  mayIssue: [
    ['P8', 'P13', 'P14', 'P26', 'P27'],
    'Whoever sends the command may send it, and about this seat.',
    [
      'NotOwnSeat',
      'ConfigureByOwnerOnly',
      'SelfApproval',
      'CaseIdMissing',
      'ScopeMissing',
      'NotPermitted',
    ],
  ],
  seatExists: [['P31'], 'The user has a seat.', ['SeatNotFound']],
  sourceSeatExists: [['P31'], 'The seat that the prospects leave exists.', ['SeatNotFound']],
  notRegisteredOtherwise: [
    ['P39'],
    'A seat is registered once, for one person.',
    ['SeatAlreadyRegistered'],
  ],
  loginIsFree: [['P36'], 'An account email is unique.', ['AccountEmailTaken']],
  underContract: [['P2'], 'Another limit is granted only under a contract.', ['ContractRequired']],
  requestExists: [[], 'The seat has the request.', ['RequestNotFound']],
  onRequest: [['P15'], 'A mailbox is deleted only on a request.', ['DeleteRequestRequired']],
  requestIsOpen: [[], 'The request has had no answer yet.', ['RequestClosed']],
  fromListedAddress: [
    ['P10', 'P11'],
    "The request comes from the account's listed address.",
    ['PersonalSenderAddress', 'SenderAddressMismatch'],
  ],
  namesAnAddress: [['P12'], 'The request names an email address.', ['InvalidAddress']],
  attested: [
    ['P4'],
    "Support says, with evidence, why the address is this person's.",
    ['AttestationMissing'],
  ],
  termsConfirmed: [['P7'], 'Support confirms all three terms.', ['TermsNotConfirmed']],
  notAnothersLogin: [['P3'], "The address is not another seat's login.", ['NotOwnedByTargetUser']],
  notAColleagues: [
    ['P3'],
    "The address is neither a colleague's login nor a mailbox that they use and have not let go.",
    ['NotOwnedByTargetUser'],
  ],
  personalOrPermitted: [
    ['P5', 'P6'],
    'The address is a personal one, or a shared one that the contract permits.',
    ['SharedAddressNotPermitted'],
  ],
  withinLimit: [
    ['P1', 'P2'],
    'The limit in force has room for one more mailbox.',
    ['MailboxLimitReached'],
  ],
  roomOrHeld: [
    ['P1', 'P2'],
    'The limit in force has room for one more mailbox, unless the seat holds this one already.',
    ['MailboxLimitReached'],
  ],
  seatIsActive: [['P22'], 'A locked seat gets no new mailbox.', ['SeatIsLocked']],
  activeOrByAdmin: [
    ['P24'],
    'The user of a locked seat permits nothing; an admin may.',
    ['SeatIsLocked'],
  ],
  notRequestedAlready: [[], 'The same is not asked for already.', ['DuplicateRequest']],
  requestIdIsNew: [[], 'The request id is new to the seat.', ['RequestIdTaken']],
  holdsMailbox: [[], 'The seat holds the mailbox.', ['MailboxNotFound']],
  freeOrReleased: [
    ['P21', 'P22', 'P24'],
    'The address sits on no other seat, or may leave it.',
    ['AddressInUse', 'ReleaseNotVerified'],
  ],
  oldSeatHoldsMailbox: [
    ['P21'],
    'The seat that the address leaves holds it as a mailbox.',
    ['MailboxNotFound'],
  ],
  impactAcknowledged: [
    ['P16', 'P19'],
    'Everything that would be lost was shown and acknowledged.',
    ['ImpactNotAcknowledged', 'ImpactChanged'],
  ],
  forAnOpenRequest: [
    ['P24'],
    'The permission is for an open request of the other seat.',
    ['RequestNotFound', 'RequestClosed'],
  ],
  sameMailing: [[], 'The email is known, if at all, with this address.', ['ActivityMismatch']],
  mailingHasMailbox: [
    ['P17'],
    'The email has its mailbox; one that was sent before may still arrive or fail.',
    ['MailboxNotFound', 'MailingLost'],
  ],
  sameSequenceState: [
    [],
    'The sequence state is known, if at all, with this prospect, sequence and address.',
    ['ActivityMismatch'],
  ],
  sequenceHasMailbox: [
    ['P18', 'P20'],
    'The sequence state has its mailbox; one that stopped goes on only by reassignment.',
    ['MailboxNotFound', 'SequenceNeedsReassignment'],
  ],
  targetIsConfigured: [
    ['P20'],
    'The mailbox exists on the seat, and its owner has configured it.',
    ['TargetMailboxMissing'],
  ],
  selectsProspects: [['P20'], 'A tag, ids or both say which prospects.', ['SelectionMissing']],
};

/** @throws Error when a rule has no words: it was added without them */
const rule = (name: string): CataloguedRule => {
  const described = words[name];
  if (described === undefined) throw new Error(`Defect: the rule ${name} has no words.`);
  const [clauses, demands, raises] = described;
  return { name, clauses, demands, raises };
};

/** Rules of the code, each under the name that is the key to its words. */
const worded = (lists: ReadonlyArray<Readonly<Record<string, unknown>>>): Stages =>
  lists.map((rules) => Object.keys(rules).map(rule));

const named = (...names: ReadonlyArray<string>): Stages => names.map((name) => [rule(name)]);

const withLast = (stages: Stages, ...names: ReadonlyArray<string>): Stages => [
  ...stages.slice(0, -1),
  [...(stages.at(-1) ?? []), ...names.map(rule)],
];

const aboutAnOpenRequest = named('seatExists', 'requestExists', 'requestIsOpen');

const business: Readonly<Record<CommandType, Stages>> = {
  SetContract: [],
  GrantMailboxLimit: worded(organizationRules.GrantMailboxLimit),
  RegisterSeat: worded(seatRules.RegisterSeat),
  ChangeAccountEmail: worded(seatRules.ChangeAccountEmail),
  ChangeProfile: named('seatExists'),
  LockSeat: named('seatExists'),
  UnlockSeat: named('seatExists'),
  RequestMailboxAdd: worded(seatRules.RequestMailboxAdd),
  GrantDeletePermission: worded(seatRules.GrantDeletePermission),
  RevokeDeletePermission: worded(seatRules.RevokeDeletePermission),
  // The seat that the address leaves is asked beside the one that gets it: both answers are reported.
  ApproveMailboxAdd: withLast(
    [...aboutAnOpenRequest, ...worded(seatRules.ApproveMailboxAdd)],
    'oldSeatHoldsMailbox',
    'impactAcknowledged',
  ),
  RejectMailboxAdd: aboutAnOpenRequest,
  WithdrawRequest: aboutAnOpenRequest,
  ConfigureMailbox: worded(seatRules.ConfigureMailbox),
  RequestMailboxDelete: worded(seatRules.RequestMailboxDelete),
  ApproveMailboxDelete: named('onRequest', 'seatExists', 'requestIsOpen', 'impactAcknowledged'),
  RejectMailboxDelete: aboutAnOpenRequest,
  RecordMailing: worded(seatRules.RecordMailing),
  RecordSequenceState: worded(seatRules.RecordSequenceState),
  TagProspects: named('seatExists'),
  ReassignProspects: [...named('sourceSeatExists'), ...worded(seatRules.ReassignProspects)],
};

/** The rules that a command of this type is judged by: first whether it may be sent at all. */
export const rulesOf = (type: CommandType): Stages => [...named('mayIssue'), ...business[type]];
