/**
 * People and commands of a small organization, named so that a test reads as a sentence of the policy.
 *
 * Every id follows from what is said, so the same test always sends the same commands. A command built
 * here has no `commandId` yet: a {@link Stage} numbers commands in the order in which they are sent.
 */
import type { CommandInput } from '../commands';
import { isRight } from 'fp-ts/lib/Either.js';
import { type EmailAddress, parseAddress } from '../values/email-address';
import type { PrincipalInput, Role } from '../values/principal';

type PrincipalOf<Of extends Role> = Extract<PrincipalInput, { readonly role: Of }>;

/** Somebody with a seat, or at least with a user id. */
export type Person = PrincipalOf<'user' | 'admin'>;

/** Whose seat a command is about. */
export type SeatOf = Pick<Person, 'userId'>;

type Draft<Input> = Input extends CommandInput
  ? Omit<Input, 'commandId'> & { readonly commandId?: string }
  : never;

/** A command that may be sent without an id of its own. */
export type CommandDraft = Draft<CommandInput>;

type DraftOf<Type extends CommandInput['type']> = Extract<CommandDraft, { readonly type: Type }>;

// Who acts:

export const user = (userId: string, orgId = 'acme'): PrincipalOf<'user'> => ({
  role: 'user',
  orgId,
  userId,
});

export const ann = user('ann');
export const bob = user('bob');
export const cyd = user('cyd');

/** An admin, with a seat of their own. */
export const admin: PrincipalOf<'admin'> = { role: 'admin', orgId: 'acme', userId: 'dee' };

/** An agent of Support, without a case and without scopes. */
export const agent: PrincipalOf<'support'> = { role: 'support', orgId: 'acme', agentId: 'agent-1' };

export const otherAgent: PrincipalOf<'support'> = { ...agent, agentId: 'agent-2' };

/** The agent while working on a user's case (P10). */
export const agentOnCase: PrincipalOf<'support'> = { ...agent, caseId: 'case-1' };

/** The agent who may change contracts (P2). */
export const contractAgent: PrincipalOf<'support'> = { ...agent, scopes: ['contract'] };

export const system: PrincipalOf<'system'> = {
  role: 'system',
  orgId: 'acme',
  systemId: 'platform',
};

/** The same role in another organization: whoever it is, they must not get anywhere. */
export const elsewhere = <Somebody extends PrincipalInput>(somebody: Somebody): Somebody => ({
  ...somebody,
  orgId: 'globex',
});

/** The login that {@link registerSeat} gives a person. */
export const emailOf = ({ userId, orgId }: Person): string => `${userId}@${orgId}.example`;

/**
 * An address as events store it.
 *
 * @throws Error when it is none: the test is wrong
 */
export const storedAddress = (typed: string): EmailAddress => {
  const parsed = parseAddress(typed);
  if (isRight(parsed)) return parsed.right;
  throw new Error(`${typed} is no email address: ${JSON.stringify(parsed.left)}`);
};

const MOST_CHARACTERS = 57;
const asId = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST_CHARACTERS);

/** The id that {@link requestAdd} gives the request for an address. */
export const addId = (address: string): string => `add-${asId(address)}`;

/** The id that {@link requestDelete} gives the request for an address. */
export const deleteId = (address: string): string => `delete-${asId(address)}`;

// The organization:

export const setContract = (terms: Omit<DraftOf<'SetContract'>, 'type'> = {}): CommandDraft => ({
  type: 'SetContract',
  ...terms,
});

export const grantLimit = ({ userId }: SeatOf, limit: number): CommandDraft => ({
  type: 'GrantMailboxLimit',
  userId,
  limit,
});

// The seat:

export const registerSeat = (
  person: Person,
  accountEmail = emailOf(person),
): DraftOf<'RegisterSeat'> => ({
  type: 'RegisterSeat',
  userId: person.userId,
  accountEmail,
  profile: person.role,
});

export const changeAccountEmail = ({ userId }: SeatOf, accountEmail: string): CommandDraft => ({
  type: 'ChangeAccountEmail',
  userId,
  accountEmail,
});

export const changeProfile = ({ userId }: SeatOf, profile: 'user' | 'admin'): CommandDraft => ({
  type: 'ChangeProfile',
  userId,
  profile,
});

export const lockSeat = ({ userId }: SeatOf): CommandDraft => ({ type: 'LockSeat', userId });

export const unlockSeat = ({ userId }: SeatOf): CommandDraft => ({ type: 'UnlockSeat', userId });

// Adding:

type Said<Type extends CommandInput['type']> = Partial<Omit<DraftOf<Type>, 'type'>>;

/** Sent from the person's own login; an admin who asks says so with `sender`. */
export const requestAdd = (
  person: Person,
  address: string,
  said: Said<'RequestMailboxAdd'> = {},
): DraftOf<'RequestMailboxAdd'> => ({
  type: 'RequestMailboxAdd',
  userId: person.userId,
  requestId: addId(address),
  address,
  sender: emailOf(person),
  ...said,
});

const permission = (holder: SeatOf, address: string, to: SeatOf, requestId: string) => ({
  userId: holder.userId,
  address,
  toUserId: to.userId,
  requestId,
});

export const grantPermission = (
  holder: SeatOf,
  address: string,
  to: SeatOf,
  requestId = addId(address),
): CommandDraft => ({
  type: 'GrantDeletePermission',
  ...permission(holder, address, to, requestId),
});

export const revokePermission = (
  holder: SeatOf,
  address: string,
  to: SeatOf,
  requestId = addId(address),
): CommandDraft => ({
  type: 'RevokeDeletePermission',
  ...permission(holder, address, to, requestId),
});

/** Everything that Support has to confirm (P4, P7). */
export const attestation = {
  evidence: 'Seen in the signature of their mail.',
  terms: { eula: true, termsOfService: true, acceptableUse: true },
} as const;

export const approveAdd = (
  { userId }: SeatOf,
  address: string,
  said: Said<'ApproveMailboxAdd'> = {},
): DraftOf<'ApproveMailboxAdd'> => ({
  type: 'ApproveMailboxAdd',
  userId,
  requestId: addId(address),
  attestation,
  ...said,
});

export const rejectAdd = (
  { userId }: SeatOf,
  address: string,
  said: Said<'RejectMailboxAdd'> = {},
): CommandDraft => ({
  type: 'RejectMailboxAdd',
  userId,
  requestId: addId(address),
  reason: 'Not confirmed.',
  ...said,
});

export const withdraw = ({ userId }: SeatOf, requestId: string): CommandDraft => ({
  type: 'WithdrawRequest',
  userId,
  requestId,
});

export const configure = (
  { userId }: SeatOf,
  address: string,
  use: DraftOf<'ConfigureMailbox'>['use'] = 'alias',
): CommandDraft => ({ type: 'ConfigureMailbox', userId, address, use });

// Deleting:

export const requestDelete = (
  person: Person,
  address: string,
  said: Said<'RequestMailboxDelete'> = {},
): DraftOf<'RequestMailboxDelete'> => ({
  type: 'RequestMailboxDelete',
  userId: person.userId,
  requestId: deleteId(address),
  address,
  sender: emailOf(person),
  ...said,
});

export const approveDelete = (
  { userId }: SeatOf,
  address: string,
  said: Said<'ApproveMailboxDelete'> = {},
): DraftOf<'ApproveMailboxDelete'> => ({
  type: 'ApproveMailboxDelete',
  userId,
  requestId: deleteId(address),
  ...said,
});

export const rejectDelete = (
  { userId }: SeatOf,
  address: string,
  said: Said<'RejectMailboxDelete'> = {},
): CommandDraft => ({
  type: 'RejectMailboxDelete',
  userId,
  requestId: deleteId(address),
  reason: 'Not confirmed.',
  ...said,
});

// Activity:

export const recordMailing = (
  { userId }: SeatOf,
  address: string,
  mailingId: string,
  state: DraftOf<'RecordMailing'>['state'],
): CommandDraft => ({ type: 'RecordMailing', userId, mailingId, address, state });

/** The prospect is `p-` and the sequence state's id, unless said otherwise. */
export const recordSequence = (
  { userId }: SeatOf,
  address: string,
  sequenceStateId: string,
  state: DraftOf<'RecordSequenceState'>['state'],
  said: Said<'RecordSequenceState'> = {},
): CommandDraft => ({
  type: 'RecordSequenceState',
  userId,
  sequenceStateId,
  prospectId: `p-${sequenceStateId}`,
  sequenceId: 'welcome',
  address,
  state,
  ...said,
});

export const tagProspects = (
  { userId }: SeatOf,
  tag: string,
  ...prospectIds: ReadonlyArray<string>
): CommandDraft => ({ type: 'TagProspects', userId, tag, prospectIds });

export const reassign = (
  { userId }: SeatOf,
  address: string,
  said: Said<'ReassignProspects'>,
): CommandDraft => ({ type: 'ReassignProspects', userId, address, ...said });

// What is told in several commands:

/** Who sends what. */
export type Step = readonly [PrincipalInput, CommandDraft | Acknowledging];

/** An approval whose impact is asked of the ledger at the moment it is sent, and then acknowledged. */
export interface Acknowledging {
  readonly acknowledging: CommandDraft;
}

export const acknowledging = (
  command: DraftOf<'ApproveMailboxAdd' | 'ApproveMailboxDelete'>,
): Acknowledging => ({ acknowledging: command });

/** These people have seats. */
export const seated = (...people: ReadonlyArray<Person>): ReadonlyArray<Step> =>
  people.map((person) => [system, registerSeat(person)]);

/** These mailboxes have been added to the seat, and are still to be configured. */
export const provisioned = (
  person: Person,
  ...addresses: ReadonlyArray<string>
): ReadonlyArray<Step> =>
  addresses.flatMap((address): ReadonlyArray<Step> => [
    [person, requestAdd(person, address)],
    [agent, approveAdd(person, address)],
  ]);

/** The seat holds these mailboxes, configured. */
export const holding = (
  person: Person,
  ...addresses: ReadonlyArray<string>
): ReadonlyArray<Step> => [
  ...provisioned(person, ...addresses),
  ...addresses.map((address): Step => [person, configure(person, address)]),
];
