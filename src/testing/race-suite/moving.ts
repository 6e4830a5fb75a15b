/** Races around a mailbox that leaves its seat: deleted, moved, swapped. */
import {
  acknowledging,
  agent,
  approveAdd,
  approveDelete,
  contractAgent,
  grantPermission,
  holding,
  lockSeat,
  type Person,
  recordMailing,
  recordSequence,
  requestAdd,
  requestDelete,
  revokePermission,
  seated,
  setContract,
  type Step,
  system,
  addId,
  user,
  withdraw,
} from '../builders';
import { demand, isYes, noOtherReasons, raceCase, yeses } from './race-case';
import type { Race } from './race';
import type { Settled } from './answer-audit';

interface Cast {
  readonly holder: Person;
  readonly target: Person;
  readonly third: Person;
  readonly address: string;
}

const castOf = (round: number): Cast => ({
  holder: user(`holder-${round}`),
  target: user(`target-${round}`),
  third: user(`third-${round}`),
  address: `kim.${round}@acme.example`,
});

const asksAndMay = ({ holder, address }: Cast, person: Person): ReadonlyArray<Step> => [
  [person, requestAdd(person, address)],
  [holder, grantPermission(holder, address, person)],
];

/** The id of what is written from an address. */
const idOf = (what: string, address: string): string =>
  `${what}-${address.slice(0, address.indexOf('@')).replace('.', '-')}`;

const inUse = ({ holder, address }: Cast): ReadonlyArray<Step> => [
  ...holding(holder, address),
  [system, recordMailing(holder, address, idOf('draft', address), 'drafted')],
  [system, recordSequence(holder, address, idOf('state', address), 'active')],
];

/** A mailbox in use, that its holder lets go to the target. */
const movable = (cast: Cast): ReadonlyArray<Step> => [
  ...seated(cast.holder, cast.target, cast.third),
  ...inUse(cast),
  ...asksAndMay(cast, cast.target),
];

const movesTo = (person: Person, { address }: Cast): Step => [
  agent,
  acknowledging(approveAdd(person, address)),
];

const holders = async (race: Race, { address }: Cast): Promise<string> => {
  await race.judge();
  return race.audit.holdersOf(address).join(' and ') || 'nobody';
};

/** The address is where the answer to the move says. */
const isWhereSaid = async (race: Race, cast: Cast, move: Settled | undefined): Promise<void> => {
  const expected = isYes(move) ? cast.target.userId : cast.holder.userId;
  const found = await holders(race, cast);
  demand(found === expected, `${cast.address} should be on ${expected}, but is on ${found}`);
};

const inUseElsewhere = ['AddressInUse', 'NotOwnedByTargetUser'] as const;

const deletedUnderAnApproval = raceCase(
  'an address that is deleted while another seat asks for it is not lost',
  {
    round: async (race, round) => {
      const cast = castOf(round);
      const { holder, target, address } = cast;
      await race.prepare(
        ...seated(holder, target),
        ...inUse(cast),
        [holder, requestDelete(holder, address)],
        [target, requestAdd(target, address)],
      );
      const [deleted, ...added] = await race.race(
        [agent, acknowledging(approveDelete(holder, address))],
        [agent, approveAdd(target, address)],
        [agent, approveAdd(target, address)],
      );
      demand(isYes(deleted), 'the deletion should be a yes');
      noOtherReasons(address, [...inUseElsewhere, 'RequestClosed'], added);
      demand(added.filter(isYes).length < 2, 'one request was approved twice');
      if (added.some(isYes)) return;
      yeses(`${address}, now free`, 1, [await race.send([agent, approveAdd(target, address)])]);
    },
  },
);

const twoMoves = raceCase('a mailbox that is moved to two seats at once goes to one of them', {
  round: async (race, round) => {
    const cast = castOf(round);
    await race.prepare(...movable(cast), ...asksAndMay(cast, cast.third));
    const answers = await race.race(movesTo(cast.target, cast), movesTo(cast.third, cast));
    yeses(cast.address, 1, answers);
    const found = await holders(race, cast);
    const winner = isYes(answers[0]) ? cast.target.userId : cast.third.userId;
    demand(found === winner, `${winner} was told yes, but ${found} holds ${cast.address}`);
  },
});

const movedAndDeleted = raceCase('a mailbox that is moved while its holder deletes it goes once', {
  round: async (race, round) => {
    const cast = castOf(round);
    const { holder, target, address } = cast;
    await race.prepare(...movable(cast), [holder, requestDelete(holder, address)]);
    const [moved, deleted] = await race.race(movesTo(target, cast), [
      agent,
      acknowledging(approveDelete(holder, address)),
    ]);
    demand(isYes(moved) || isYes(deleted), 'neither the move nor the deletion was a yes');
    const found = await holders(race, cast);
    const expected = isYes(moved) ? target.userId : 'nobody';
    demand(found === expected, `${address} should be on ${expected}, but is on ${found}`);
    if (isYes(moved)) return;
    yeses(`${address}, now free`, 1, [await race.send([agent, approveAdd(target, address)])]);
  },
});

const movedAndRevoked = raceCase('a permission is used or revoked, never both', {
  round: async (race, round) => {
    const cast = castOf(round);
    const { holder, target, address } = cast;
    await race.prepare(...movable(cast));
    const answers = await race.race(movesTo(target, cast), [
      holder,
      revokePermission(holder, address, target),
    ]);
    yeses('the move and the revocation', 1, answers);
    await isWhereSaid(race, cast, answers[0]);
  },
});

/** @throws Error when the target cannot get the address even by asking all over again */
const movesOnANewRequest = async (race: Race, cast: Cast): Promise<void> => {
  const { holder, target, address } = cast;
  const requestId = `${addId(address)}-anew`;
  await race.prepare(
    [target, requestAdd(target, address, { requestId })],
    [holder, grantPermission(holder, address, target, requestId)],
    [agent, acknowledging(approveAdd(target, address, { requestId }))],
  );
};

const movedUnderNewDrafts = raceCase('nothing that was written during a move is lost unseen', {
  round: async (race, round) => {
    const cast = castOf(round);
    const { holder, target, address } = cast;
    await race.prepare(...movable(cast));
    const [moved, ...recorded] = await race.race(
      movesTo(target, cast),
      ...['first', 'second', 'third'].map((which): Step => [
        system,
        recordMailing(holder, address, idOf(`${which}-late`, address), 'drafted'),
      ]),
      [system, recordMailing(holder, address, idOf('draft', address), 'scheduled')],
      [system, recordSequence(holder, address, idOf('late-state', address), 'active')],
    );
    const tooLate = ['MailboxNotFound', 'MailingLost', 'SequenceNeedsReassignment'] as const;
    noOtherReasons('what was written', tooLate, recorded);
    // An approval that was given up half way has cost the permission, and the request with it.
    const reasons = race.isAtomic ? [] : inUseElsewhere;
    noOtherReasons('the move', ['ImpactChanged', ...reasons], moved === undefined ? [] : [moved]);
    await isWhereSaid(race, cast, moved);
    if (isYes(moved)) return;
    const again = await race.send(movesTo(target, cast));
    if (race.isAtomic || isYes(again)) yeses('the move, seen anew', 1, [again]);
    else await movesOnANewRequest(race, cast);
  },
});

const movedToALockedSeat = raceCase('a seat that is locked during a move gets it or leaves it', {
  round: async (race, round) => {
    const cast = castOf(round);
    await race.prepare(...movable(cast));
    const [moved, locked] = await race.race(movesTo(cast.target, cast), [
      system,
      lockSeat(cast.target),
    ]);
    demand(isYes(locked), 'locking the seat should be a yes');
    noOtherReasons('the move', ['SeatIsLocked'], moved === undefined ? [] : [moved]);
    await isWhereSaid(race, cast, moved);
  },
});

const movedAndWithdrawn = raceCase('a request is fulfilled or withdrawn, never both', {
  round: async (race, round) => {
    const cast = castOf(round);
    const { target, address } = cast;
    await race.prepare(...movable(cast));
    const answers = await race.race(movesTo(target, cast), [
      target,
      withdraw(target, addId(address)),
    ]);
    yeses('the move and the withdrawal', 1, answers);
    noOtherReasons('the one that came too late', ['RequestClosed'], answers);
    await isWhereSaid(race, cast, answers[0]);
  },
});

const swapped = raceCase('two seats that swap their mailboxes both get the other', {
  setUp: (race) => race.prepare([contractAgent, setContract({ mailboxLimit: 3 })]),
  round: async (race, round) => {
    const one = castOf(round);
    const other: Cast = {
      ...one,
      holder: one.target,
      target: one.holder,
      address: `lee.${round}@acme.example`,
    };
    await race.prepare(
      ...seated(one.holder, one.target),
      ...inUse(one),
      ...inUse(other),
      ...asksAndMay(one, one.target),
      ...asksAndMay(other, other.target),
    );
    const answers = await race.race(movesTo(one.target, one), movesTo(other.target, other));
    yeses('a swap', 2, answers);
    await isWhereSaid(race, one, answers[0]);
    await isWhereSaid(race, other, answers[1]);
  },
});

export const movingCases = [
  deletedUnderAnApproval,
  twoMoves,
  movedAndDeleted,
  movedAndRevoked,
  movedUnderNewDrafts,
  movedToALockedSeat,
  movedAndWithdrawn,
  swapped,
];
