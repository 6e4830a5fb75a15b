/** What people and systems say in a simulated world: few seats and few addresses, so that they collide. */
import {
  acknowledging,
  addId,
  admin,
  agent,
  approveAdd,
  approveDelete,
  attestation,
  changeAccountEmail,
  changeProfile,
  configure,
  contractAgent,
  deleteId,
  emailOf,
  grantLimit,
  grantPermission,
  lockSeat,
  otherAgent,
  type Person,
  reassign,
  recordMailing,
  recordSequence,
  registerSeat,
  rejectAdd,
  rejectDelete,
  requestAdd,
  requestDelete,
  revokePermission,
  setContract,
  type Step,
  system,
  tagProspects,
  unlockSeat,
  user,
  withdraw,
} from '../../src/testing';
import type { Chance } from './chance';

export const people: ReadonlyArray<Person> = ['kim', 'lee', 'sam'].map((name) => user(name));
export const newcomer: Person = user('uma');
export const addresses: ReadonlyArray<string> = ['mara.0@acme.example', 'mara.1@acme.example'];
/** Logins that people change to and from; some of them belong to somebody. */
export const logins: ReadonlyArray<string> = [
  ...[...people, newcomer].map(emailOf),
  'spare@acme.example',
];
const prospects = ['p-0', 'p-1', 'p-2'];
const mailingStates = ['drafted', 'scheduled', 'queued', 'delivering', 'delivered'] as const;
const sequenceStates = ['active', 'active', 'pending', 'paused', 'finished'] as const;

/** What one story is about. */
interface Subject {
  readonly person: Person;
  readonly other: Person;
  readonly address: string;
  /** Tells requests for one address apart; few, so that twins and late approvers meet them. */
  readonly era: number;
}

type Utterance = (of: Subject, chance: Chance) => Step;

const additionOf = ({ address, era }: Subject): string => `${addId(address)}-${era}`;
const deletionOf = ({ address, era }: Subject): string => `${deleteId(address)}-${era}`;

const asks: Utterance = (of, chance) => [
  admin,
  requestAdd(of.person, of.address, {
    requestId: additionOf(of),
    sender: emailOf(admin),
    deletePermission: chance.happens(0.5),
  }),
];

const isAdded: Utterance = (of) => [
  agent,
  acknowledging(
    approveAdd(of.person, of.address, {
      requestId: additionOf(of),
      attestation: { ...attestation, releaseVerification: 'Called back.' },
    }),
  ),
];

const asksToDelete: Utterance = (of) => [
  admin,
  requestDelete(of.person, of.address, { requestId: deletionOf(of), sender: emailOf(admin) }),
];

const isDeleted: Utterance = (of) => [
  otherAgent,
  acknowledging(approveDelete(of.person, of.address, { requestId: deletionOf(of) })),
];

const mayGo: Utterance = (of, chance) => [
  chance.happens(0.5) ? of.other : admin,
  grantPermission(of.other, of.address, of.person, additionOf(of)),
];

const mayNotGo: Utterance = (of) => [
  admin,
  revokePermission(of.other, of.address, of.person, additionOf(of)),
];

const configures: Utterance = (of) => [of.person, configure(of.person, of.address)];

const writes: Utterance = ({ person, address }, chance) => [
  system,
  recordMailing(
    person,
    address,
    `m-${person.userId}-${addresses.indexOf(address)}-${chance.below(3)}`,
    chance.pick(mailingStates),
  ),
];

const sequences: Utterance = ({ person, address }, chance) => [
  system,
  recordSequence(
    person,
    address,
    `s-${person.userId}-${addresses.indexOf(address)}-${chance.below(3)}`,
    chance.pick(sequenceStates),
    { prospectId: chance.pick(prospects) },
  ),
];

const takesOver: Utterance = (of, chance) => [
  system,
  reassign(of.person, of.address, {
    fromUserId: chance.happens(0.8) ? of.other.userId : of.person.userId,
    prospectIds: prospects,
  }),
];

const changesLogin: Utterance = (of, chance) => [
  system,
  changeAccountEmail(of.person, chance.pick(logins)),
];

const changesContract: Utterance = (_, chance) => [
  contractAgent,
  setContract({ mailboxLimit: 1 + chance.below(3) }),
];

const single: ReadonlyArray<Utterance> = [
  asks,
  isAdded,
  asksToDelete,
  isDeleted,
  mayGo,
  mayNotGo,
  configures,
  writes,
  sequences,
  takesOver,
  changesLogin,
  changesLogin,
  changesContract,
  (of) => [admin, withdraw(of.person, additionOf(of))],
  (of) => [agent, rejectAdd(of.person, of.address, { requestId: additionOf(of) })],
  (of) => [agent, rejectDelete(of.person, of.address, { requestId: deletionOf(of) })],
  (of) => [system, lockSeat(of.person)],
  (of) => [system, unlockSeat(of.person)],
  (of) => [system, unlockSeat(of.other)],
  (of) => [system, tagProspects(of.person, 'kept', 'p-0', 'p-1')],
  (of) => [admin, changeProfile(of.person, 'admin')],
  (of, chance) => [contractAgent, grantLimit(of.person, 1 + chance.below(3))],
  (_, chance) => [system, registerSeat(newcomer, chance.pick(logins))],
];

/** What often happens in a row: one random command after the other would seldom get anywhere. */
const stories: ReadonlyArray<ReadonlyArray<Utterance>> = [
  [asks, isAdded, configures, writes, sequences],
  [asks, mayGo, isAdded, configures, takesOver],
  [asks, isAdded, isAdded],
  [asks, mayGo, isAdded, mayNotGo],
  [asksToDelete, isDeleted],
  [writes, sequences],
  [changesLogin, changesLogin],
];

/** One story in the words of the chance, mostly about the address that everybody talks of. */
export const story = (chance: Chance, focus: string): ReadonlyArray<Step> => {
  const person = chance.pick(people);
  const other = chance.pick(people.filter((one) => one !== person));
  const address = chance.happens(0.7) ? focus : chance.pick(addresses);
  const era = chance.below(2);
  const told = chance.happens(0.6) ? chance.pick(stories) : [chance.pick(single)];
  const of = { person, other, address, era };
  return told.map((utter) => utter(of, chance));
};
