/** Random commands about few people and few addresses, from all ledgers at once. */
import {
  acknowledging,
  addId,
  admin,
  agent,
  approveAdd,
  approveDelete,
  changeAccountEmail,
  configure,
  contractAgent,
  deleteId,
  emailOf,
  grantPermission,
  lockSeat,
  type Person,
  reassign,
  recordMailing,
  recordSequence,
  rejectAdd,
  requestAdd,
  requestDelete,
  revokePermission,
  seated,
  setContract,
  type Step,
  system,
  tagProspects,
  unlockSeat,
  user,
  withdraw,
} from '../builders';
import { raceCase, upTo } from './race-case';
import { Seeded } from './seeded';

const people: ReadonlyArray<Person> = ['kim', 'lee', 'sam', 'uma'].map((name) => user(name));
const addresses = upTo(3).map((index) => `mara.${index}@acme.example`);
const prospects = upTo(4).map((index) => `p-${index}`);
const mailingStates = ['drafted', 'scheduled', 'delivering', 'delivered'] as const;
const sequenceStates = ['active', 'pending', 'paused', 'finished'] as const;

/** Drawn once for each story, so that all its commands speak of the same few things. */
interface Subject {
  readonly person: Person;
  readonly other: Person;
  readonly address: string;
  /** Names the requests of a while: ledgers that are as far as each other mean the same ones. */
  readonly era: number;
  readonly chance: Seeded;
  /** Unique in the storm. */
  readonly number: number;
}

type Utterance = (of: Subject) => Step;

const NUMBERS_AN_ERA = 48;

const additionOf = ({ address, era }: Subject): string => `${addId(address)}-${era}`;
const deletionOf = ({ address, era }: Subject): string => `${deleteId(address)}-${era}`;

// An admin asks, whose own login stays as it is while everybody else's may change.
const asks: Utterance = (of) => [
  admin,
  requestAdd(of.person, of.address, {
    requestId: additionOf(of),
    sender: emailOf(admin),
    deletePermission: of.chance.below(2) === 0,
  }),
];

const isAdded: Utterance = (of) => [
  agent,
  acknowledging(approveAdd(of.person, of.address, { requestId: additionOf(of) })),
];

const asksToDelete: Utterance = (of) => [
  admin,
  requestDelete(of.person, of.address, { requestId: deletionOf(of), sender: emailOf(admin) }),
];

const isDeleted: Utterance = (of) => [
  agent,
  acknowledging(approveDelete(of.person, of.address, { requestId: deletionOf(of) })),
];

const mayGo: Utterance = (of) => [
  of.chance.below(2) === 0 ? of.other : admin,
  grantPermission(of.other, of.address, of.person, additionOf(of)),
];

const configures: Utterance = (of) => [of.person, configure(of.person, of.address)];

const writes: Utterance = (of) => [
  system,
  recordMailing(
    of.person,
    of.address,
    `m-${of.person.userId}-${addId(of.address)}-${of.chance.below(3)}`,
    of.chance.pick(mailingStates),
  ),
];

const sequences: Utterance = (of) => [
  system,
  recordSequence(
    of.person,
    of.address,
    `s-${of.number}-${of.chance.below(3)}`,
    of.chance.pick(sequenceStates),
    { prospectId: of.chance.pick(prospects) },
  ),
];

const takesOver: Utterance = (of) => [
  system,
  reassign(of.person, of.address, { fromUserId: of.other.userId, prospectIds: prospects }),
];

const changesLogin: Utterance = (of) => [
  system,
  changeAccountEmail(of.person, emailOf(of.chance.pick([of.person, ...people]))),
];

const single: ReadonlyArray<Utterance> = [
  asks,
  isAdded,
  asksToDelete,
  isDeleted,
  mayGo,
  configures,
  writes,
  sequences,
  takesOver,
  changesLogin,
  (of) => [of.other, revokePermission(of.other, of.address, of.person, additionOf(of))],
  (of) => [admin, withdraw(of.person, additionOf(of))],
  (of) => [agent, rejectAdd(of.person, of.address, { requestId: additionOf(of) })],
  (of) => [system, lockSeat(of.person)],
  (of) => [system, unlockSeat(of.person)],
  (of) => [system, unlockSeat(of.other)],
  (of) => [system, tagProspects(of.person, 'kept', of.chance.pick(prospects))],
  (of) => [contractAgent, setContract({ mailboxLimit: 1 + of.chance.below(4) })],
];

/** What often happens in a row: one random command after the other would seldom get anywhere. */
const stories: ReadonlyArray<ReadonlyArray<Utterance>> = [
  [asks, isAdded, configures, writes, sequences],
  [writes, sequences, writes],
  [asks, mayGo, isAdded, configures, takesOver],
  [asksToDelete, isDeleted],
  ...single.map((utter) => [utter]),
  ...single.map((utter) => [utter]),
];

const told = (chance: Seeded, number: number): ReadonlyArray<Step> => {
  const person = chance.pick(people);
  const subject: Subject = {
    person,
    other: chance.pick(people.filter((one) => one !== person)),
    address: chance.pick(addresses),
    era: Math.floor(number / NUMBERS_AN_ERA),
    chance,
    number,
  };
  return (chance.below(2) === 0 ? chance.pick(stories.slice(0, 4)) : chance.pick(stories)).map(
    (utter) => utter(subject),
  );
};

const storm = raceCase('a storm of random commands leaves a sound log', {
  rounds: 1,
  setUp: (race) => race.prepare(...seated(admin, ...people)),
  round: async (race) => {
    const { claimers, commands, seed } = race.settings;
    await race.together(async (ledger) => {
      // Each ledger says the same from a seed, however the others' calls fall between its own.
      const chance = new Seeded(seed + 7919 * (ledger + 1));
      for (let number = ledger; number < commands;) {
        for (const step of told(chance, number)) {
          await race.sendReady(await race.ready(step), ledger);
          number += claimers;
        }
      }
    });
  },
});

export const stormCases = [storm];
