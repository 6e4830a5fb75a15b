/**
 * Random commands of a small world, for property tests with fast-check. The world is small on purpose, so
 * that commands meet: the same addresses, the same requests, the same prospects.
 */
import type fastCheck from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { CommandInput } from '../commands';
import type { PrincipalInput } from '../values/principal';
import * as Say from './builders';
import type { FastCheckLike, RandomValue } from './fast-check-types';

type FastCheck = typeof fastCheck;

/** Everybody who has a seat in the small world. */
export const people: ReadonlyArray<Say.Person> = [Say.ann, Say.bob, Say.cyd, Say.admin];

/** Every mailbox address that is asked for; one is shared, one is for the agent to say, one a login. */
export const addresses: ReadonlyArray<string> = [
  'first@acme.example',
  'second@acme.example',
  'anna.sales@acme.example',
  'sales@acme.example',
  Say.emailOf(Say.ann),
];

const tags = ['keep', 'later'] as const;
const uses = ['primary', 'alias', 'aliasWithGmail2Step'] as const;
const mailingStates = [
  'placeholder',
  'drafted',
  'scheduled',
  'queued',
  'delivering',
  'delivered',
  'replied',
  'failed',
] as const;
const sequenceStates = ['pending', 'active', 'paused', 'disabled', 'finished', 'optedOut'] as const;

/** Everything that a command or a story may be about. */
interface Subject {
  readonly person: Say.Person;
  readonly other: Say.Person;
  readonly address: string;
  readonly number: number;
  readonly flag: boolean;
  readonly tag: string;
  readonly use: (typeof uses)[number];
  readonly mailing: (typeof mailingStates)[number];
  readonly sequence: (typeof sequenceStates)[number];
}

/** How people ask: each address has few requests, so that answers find them and twins collide. */
const requestOf = ({ address, number }: Subject, kind: 'add' | 'delete'): string =>
  `${kind === 'add' ? Say.addId(address) : Say.deleteId(address)}-${number % 2}`;

const mailingId = ({ number }: Subject): string => `mailing-${number}`;
const sequenceStateId = ({ number }: Subject): string => `sequence-${number}`;
const prospectId = ({ number }: Subject): string => `p-${number % 3}`;

type Utterance = (subject: Subject) => Say.Step;

const asker = ({ person, other, flag }: Subject): Say.Person =>
  flag && other.role === 'admin' ? other : person;

const asksToAdd: Utterance = (subject) => {
  const by = asker(subject);
  const { person, address, flag } = subject;
  return [
    by,
    Say.requestAdd(person, address, {
      requestId: requestOf(subject, 'add'),
      sender: Say.emailOf(by),
      deletePermission: flag,
      declaredHolder: flag ? 'locked' : 'none',
    }),
  ];
};

const isAdded: Utterance = (subject) => {
  const requestId = requestOf(subject, 'add');
  const said = {
    requestId,
    attestation: { ...Say.attestation, releaseVerification: 'Called back.' },
  };
  const { person, address } = subject;
  return [Say.agent, Say.acknowledging(Say.approveAdd(person, address, said))];
};

const configures: Utterance = ({ person, address, use }) => [
  person,
  Say.configure(person, address, use),
];

const asksToDelete: Utterance = (subject) => {
  const by = asker(subject);
  const { person, address } = subject;
  const said = { requestId: requestOf(subject, 'delete'), sender: Say.emailOf(by) };
  return [by, Say.requestDelete(person, address, said)];
};

const isDeleted: Utterance = (subject) => {
  const { person, address } = subject;
  const said = { requestId: requestOf(subject, 'delete') };
  return [Say.otherAgent, Say.acknowledging(Say.approveDelete(person, address, said))];
};

const writes: Utterance = (subject) => {
  const { person, address, mailing } = subject;
  return [Say.system, Say.recordMailing(person, address, mailingId(subject), mailing)];
};

const sequences: Utterance = (subject) => {
  const { person, address, sequence } = subject;
  const said = { prospectId: prospectId(subject) };
  return [
    Say.system,
    Say.recordSequence(person, address, sequenceStateId(subject), sequence, said),
  ];
};

const tagsSome: Utterance = (subject) => [
  subject.person,
  Say.tagProspects(subject.person, subject.tag, prospectId(subject)),
];

const permits: Utterance = (subject) => {
  const { person, other, address, flag } = subject;
  const requestId = requestOf(subject, 'add');
  return [flag ? Say.admin : other, Say.grantPermission(other, address, person, requestId)];
};

const reassigns: Utterance = ({ person, other, address, tag, flag, number }) => [
  flag ? Say.agent : person,
  Say.reassign(person, address, {
    ...(number % 2 === 0 ? { tag } : { prospectIds: ['p-0', 'p-1'] }),
    ...(flag && { fromUserId: other.userId }),
  }),
];

const setsContract: Utterance = ({ number, flag }) => [
  Say.contractAgent,
  Say.setContract({
    mailboxLimit: 1 + (number % 3),
    permittedSharedAddresses: flag ? ['sales@acme.example'] : [],
  }),
];

const grants: Utterance = ({ person, number }) => [
  Say.contractAgent,
  Say.grantLimit(person, 1 + (number % 4)),
];

/** Every command once, by somebody who may send it. */
const utterances: ReadonlyArray<Utterance> = [
  asksToAdd,
  isAdded,
  configures,
  asksToDelete,
  isDeleted,
  writes,
  sequences,
  tagsSome,
  permits,
  reassigns,
  (subject) => {
    const { person, other, address, flag } = subject;
    const requestId = requestOf(subject, 'add');
    return [flag ? Say.admin : other, Say.revokePermission(other, address, person, requestId)];
  },
  (subject) => {
    const requestId = requestOf(subject, 'add');
    return [Say.agent, Say.rejectAdd(subject.person, subject.address, { requestId })];
  },
  (subject) => {
    const requestId = requestOf(subject, 'delete');
    return [Say.agent, Say.rejectDelete(subject.person, subject.address, { requestId })];
  },
  (subject) => {
    const requestId = requestOf(subject, subject.flag ? 'add' : 'delete');
    return [subject.person, Say.withdraw(subject.person, requestId)];
  },
  setsContract,
  grants,
  ({ person }) => [Say.admin, Say.lockSeat(person)],
  ({ person }) => [Say.admin, Say.unlockSeat(person)],
  ({ person, flag }) => [Say.admin, Say.changeProfile(person, flag ? 'admin' : 'user')],
  ({ person, other, flag }) => [
    Say.system,
    Say.changeAccountEmail(person, flag ? Say.emailOf(other) : `new.${Say.emailOf(person)}`),
  ],
  ({ person }) => [Say.system, Say.registerSeat(person)],
];

type Story = (subject: Subject) => ReadonlyArray<Say.Step>;

const isAddedInFull: Story = (subject) => [
  asksToAdd(subject),
  isAdded(subject),
  configures(subject),
];

const works: Story = (subject) => [
  ...isAddedInFull(subject),
  writes(subject),
  writes({ ...subject, mailing: 'drafted', number: subject.number + 1 }),
  sequences({ ...subject, sequence: 'active' }),
  sequences({ ...subject, number: subject.number + 1 }),
  tagsSome(subject),
];

const isDeletedInFull: Story = (subject) => [asksToDelete(subject), isDeleted(subject)];

/** What often happens in a row: one random command after the other would seldom get anywhere. */
const stories: ReadonlyArray<Story> = [
  isAddedInFull,
  works,
  (subject) => [...works(subject), ...isDeletedInFull(subject), reassigns(subject)],
  isDeletedInFull,
  // One mailbox after the other, until the limit is reached.
  (subject) => addresses.flatMap((address) => isAddedInFull({ ...subject, address })),
  // Whoever was left behind goes on from another mailbox.
  (subject) => {
    const address = addresses[(addresses.indexOf(subject.address) + 1) % addresses.length];
    const next = { ...subject, address: address ?? subject.address, number: 0, flag: false };
    return [
      ...works(subject),
      ...isDeletedInFull(subject),
      ...isAddedInFull(next),
      reassigns(next),
    ];
  },
  (subject) => [setsContract(subject), grants(subject)],
  // A mailbox in use leaves one seat for another.
  (subject) => {
    const { person, other } = subject;
    const next = { ...subject, person: other, other: person };
    return [...works(subject), asksToAdd(next), permits(next), isAdded(next), configures(next)];
  },
  // The same, from a locked seat.
  (subject) => {
    const { person, other } = subject;
    const next = { ...subject, person: other, other: person };
    const locked: Say.Step = [Say.admin, Say.lockSeat(person)];
    return [...works(subject), locked, asksToAdd({ ...next, flag: true }), isAdded(next)];
  },
];

const principals: ReadonlyArray<PrincipalInput> = [
  ...people,
  Say.agent,
  Say.otherAgent,
  Say.agentOnCase,
  Say.contractAgent,
  Say.system,
  Say.elsewhere(Say.ann),
  Say.elsewhere(Say.admin),
];

const seats: ReadonlyArray<Say.Step> = Say.seated(...people);

const commandOf = ([, command]: Say.Step): Say.CommandDraft =>
  'acknowledging' in command ? command.acknowledging : command;

const withId = (command: Say.CommandDraft, number: number): CommandInput => ({
  ...command,
  commandId: `random-${number}`,
});

const numbered = ([by, command]: Say.Step, number: number): Say.Step =>
  'acknowledging' in command
    ? [by, { acknowledging: withId(command.acknowledging, number) }]
    : [by, withId(command, number)];

/** Random principals and commands of the small world, as arbitraries of fast-check. */
export interface Arbitraries {
  /** Users, an admin, agents with and without case and scope, the system, and people of another tenant. */
  readonly anyPrincipal: RandomValue<PrincipalInput>;
  /** One readable command, whether or not anybody may send it. */
  readonly anyCommand: RandomValue<CommandInput>;
  /**
   * Commands in a row, each with its sender and an id of its own: mostly stories that succeed, mixed with
   * single commands and with senders who may not. Approvals acknowledge what the ledger then says.
   */
  readonly commandSequence: RandomValue<ReadonlyArray<Say.Step>>;
}

/** The same in fast-check's own types. */
type Made = {
  readonly [Name in keyof Arbitraries]: Arbitraries[Name] extends RandomValue<infer Of>
    ? Arbitrary<Of>
    : never;
};

/**
 * @param given fast-check, which this package does not bring along
 * @example
 * const { commandSequence } = arbitraries(fc);
 * fc.assert(fc.asyncProperty(commandSequence, async (steps) => {
 *   const stage = await Stage.open();
 *   for (const [by, command] of steps) await stage.send(by, command);
 *   expect(violations(await stage.log())).toEqual([]);
 * }));
 */
export const arbitraries = (given: FastCheckLike): Arbitraries => {
  const fc = given as FastCheck;
  const subject: Arbitrary<Subject> = fc.record({
    person: fc.constantFrom(...people),
    other: fc.constantFrom(...people),
    address: fc.constantFrom(...addresses),
    number: fc.nat({ max: 5 }),
    flag: fc.boolean(),
    tag: fc.constantFrom(...tags),
    use: fc.constantFrom(...uses),
    mailing: fc.constantFrom(...mailingStates),
    sequence: fc.constantFrom(...sequenceStates),
  });
  const anyPrincipal = fc.constantFrom(...principals);
  const anyUtterance = fc.constantFrom(...utterances);
  const single: Arbitrary<Story> = anyUtterance.map((utter) => (about) => [utter(about)]);
  const bySomebody: Arbitrary<Story> = fc
    .tuple(anyPrincipal, anyUtterance)
    .map(([by, utter]) => (about) => [[by, utter(about)[1]]]);
  const row = fc.tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...stories) },
      { weight: 4, arbitrary: single },
      { weight: 1, arbitrary: bySomebody },
    ),
    subject,
    fc.boolean(),
  );

  const made: Made = {
    anyPrincipal,
    anyCommand: fc
      .tuple(anyUtterance, subject, fc.nat({ max: 9999 }))
      .map(([utter, about, number]) => withId(commandOf(utter(about)), number)),
    commandSequence: fc
      .tuple(subject, fc.array(row, { minLength: 1, maxLength: 10 }))
      .map(([{ person, address }, rows]) => {
        // Half of it is about one person and one address: elsewhere little would ever happen twice.
        const told = rows.flatMap(([tell, about, isFocused]) =>
          tell(isFocused ? { ...about, person, address } : about),
        );
        return [...seats, ...told].map(numbered);
      }),
  };
  // Said in types of ours, for a host's compiler may not have fast-check's.
  return made as unknown as Arbitraries;
};
