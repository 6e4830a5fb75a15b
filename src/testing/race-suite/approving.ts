/** Races of approvals: for an address, for a slot, for the same answer, against the contract. */
import {
  agent,
  approveAdd,
  contractAgent,
  lockSeat,
  type Person,
  provisioned,
  requestAdd,
  seated,
  setContract,
  type Step,
  system,
  registerSeat,
  unlockSeat,
  user,
} from '../builders';
import type { Settled } from './answer-audit';
import { demand, isYes, noOtherReasons, raceCase, upTo, yeses } from './race-case';
import type { ReadyStep } from './race';

const racers = (count: number): ReadonlyArray<Person> =>
  upTo(count).map((index) => user(`racer-${index}`));

const unlimited: Step = [contractAgent, setContract({ mailboxLimit: 1000 })];

/** The answer without its position: that of a command sent again may be where it was found. */
const gist = (answer: Settled | undefined): string =>
  JSON.stringify(answer?._tag === 'Right' ? answer.right.events : answer?.left.rejections);

const oneAddress = raceCase('an address that many seats are given at once goes to one of them', {
  setUp: (race) => race.prepare(...seated(...racers(race.settings.claimers)), unlimited),
  round: async (race, round) => {
    const people = racers(race.settings.claimers);
    const address = `kim.${round}@acme.example`;
    await race.prepare(...people.map((person): Step => [person, requestAdd(person, address)]));
    const answers = await race.race(
      ...people.map((person): Step => [agent, approveAdd(person, address)]),
    );
    yeses(address, 1, answers);
    noOtherReasons(address, ['AddressInUse', 'NotOwnedByTargetUser', 'RequestClosed'], answers);
    // Who came too late comes too late again.
    const [first] = people;
    if (first === undefined || isYes(answers[0])) return;
    yeses(`${address}, afterwards`, 0, [await race.send([agent, approveAdd(first, address)])]);
  },
});

const lastSlots = raceCase('a seat that is given many mailboxes at once gets as many as it may', {
  round: async (race, round) => {
    const person = user(`holder-${round}`);
    const addresses = upTo(race.settings.claimers).map(
      (index) => `kim.${round}.${index}@acme.example`,
    );
    await race.prepare(
      ...seated(person),
      ...addresses.map((address): Step => [person, requestAdd(person, address)]),
    );
    const answers = await race.race(
      ...addresses.map((address): Step => [agent, approveAdd(person, address)]),
    );
    yeses(person.userId, Math.min(2, addresses.length), answers);
    noOtherReasons(person.userId, ['MailboxLimitReached'], answers);
  },
});

const twins = raceCase('a command that is sent many times at once gets one answer', {
  setUp: (race) => race.prepare(unlimited),
  round: async (race, round) => {
    const asker = user(`asker-${round}`);
    const refused = user(`refused-${round}`);
    const newcomer = user(`newcomer-of-round-${round}`);
    const address = `kim.${round}@acme.example`;
    const other = `lee.${round}@acme.example`;
    await race.prepare(
      ...seated(asker, refused),
      [asker, requestAdd(asker, address)],
      [refused, requestAdd(refused, other)],
      [system, lockSeat(refused)],
    );
    const steps: ReadonlyArray<Step> = [
      [agent, approveAdd(asker, address)],
      [agent, approveAdd(refused, other)],
      [system, registerSeat(newcomer)],
      [system, unlockSeat(asker)],
    ];
    for (const [index, step] of steps.entries()) {
      const ready: ReadyStep = await race.ready(step);
      const answers = await race.raceReady(upTo(race.settings.claimers).map(() => ready));
      const again = await race.sendReady(ready, round);
      yeses(ready[1].type, index === 1 ? 0 : answers.length, answers);
      demand(
        new Set([...answers, again].map(gist)).size === 1,
        `one ${ready[1].type} got several answers: ${[...answers, again].map(gist).join(' ')}`,
      );
    }
  },
});

const loweredContract = raceCase('approvals while the contract is lowered keep to a contract', {
  round: async (race, round) => {
    const person = user(`holder-${round}`);
    const addresses = upTo(Math.max(2, race.settings.claimers - 2)).map(
      (index) => `kim.${round}.${index}@acme.example`,
    );
    await race.prepare(
      [contractAgent, setContract({ mailboxLimit: 5 })],
      ...seated(person),
      ...provisioned(person, `lee.${round}@acme.example`),
      ...addresses.map((address): Step => [person, requestAdd(person, address)]),
    );
    const steps: ReadonlyArray<Step> = [
      ...addresses.map((address): Step => [agent, approveAdd(person, address)]),
      [contractAgent, setContract({ mailboxLimit: 1 })],
    ];
    // The contract is now among the first to set out, now among the last.
    const turn = race.chance.below(steps.length);
    const answers = await race.race(...steps.slice(turn), ...steps.slice(0, turn));
    noOtherReasons(person.userId, ['MailboxLimitReached'], answers);
    const late = await race.send([person, requestAdd(person, `sam.${round}@acme.example`)]);
    yeses('a request under the lowered contract', 0, [late]);
  },
});

export const approvingCases = [oneAddress, lastSlots, twins, loweredContract];
