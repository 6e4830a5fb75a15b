/** The states that a command is decided on, as far as they are known; or the step that has to come first. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { Map } from 'immutable';
import type { Address, Claim } from '../../address';
import type { Organization } from '../../organization';
import type { Seat } from '../../seat';
import type { EmailAddress } from '../../values/email-address';
import type { UserId } from '../../values/ids';
import type { Book, States } from '../streams';
import { finishApproval, finishOrRead } from './approvals';
import { type Asking, mailboxStanding, standingIn } from './books';
import { type Known, read, type Sighting, type Step } from './step';
import { noTrace, type Surrendered } from './trace';

/** The next step of whatever approval is under way on a seat. */
const finishFirst = (
  userId: UserId,
  { trace }: Sighting<Seat>,
  known: Known,
  { housekeeping }: Asking,
): Step | undefined => {
  const requestId = trace.approvals.keySeq().first();
  return requestId === undefined
    ? undefined
    : finishApproval({ userId, requestId }, known, housekeeping);
};

/**
 * States on which a command may be decided: no seat has an approval under way, and every claim is live.
 * What is not so yet is a step to take before the decision.
 */
export const statesOf = (known: Known, asking: Asking): States<Step> => {
  const seat = (userId: UserId): TE.TaskEither<Step, Seat> => {
    const seen = known.seat(userId);
    if (seen === undefined) return TE.left(read({ on: 'seat', userId }));
    const first = finishFirst(userId, seen, known, asking);
    return first === undefined ? TE.right(seen.state) : TE.left(first);
  };

  const address = (book: Book, of: EmailAddress): TE.TaskEither<Step, Address> => {
    const seen = known.book(book, of);
    if (seen === undefined) return TE.left(read({ on: book, address: of }));
    const { claim, claims } = seen.state;
    if (claim === undefined) return TE.right(seen.state);
    const standing = standingIn(book, claim, claims, known, asking);
    switch (standing.is) {
      case 'live':
      case 'mine':
        return TE.right(seen.state);
      case 'dead':
        return TE.right({ claim: undefined, claims });
      case 'untold':
        return TE.left(standing.step);
      case 'underWay':
        return TE.left(finishOrRead(standing.approval, known, asking.housekeeping));
    }
  };

  const organization = (): TE.TaskEither<Step, Organization> => {
    const seen = known.organization();
    return seen === undefined ? TE.left(read({ on: 'organization' })) : TE.right(seen.state);
  };

  // A task is run when it is needed, by which time more may be known.
  return { seat, address, organization: () => organization()() };
};

/** Whom a mailbox has left a seat for, if it has, by its canonical address. */
export type SurrenderedTo<Failure> = (
  userId: UserId,
  canonical: string,
) => TE.TaskEither<Failure, Surrendered | undefined>;

/** A claim on a mailbox as the seats bear it out: one in transit counts for the seat that it goes to. */
const asSeatsSay = (
  { claims }: Address,
  claim: Claim,
  [seat, to, receiver]: readonly [Seat, Surrendered | undefined, Seat | undefined],
): Address => {
  const surrendered = Map<string, Surrendered>(
    to === undefined ? [] : [[claim.address.canonical, to]],
  );
  const standing = mailboxStanding(claim, {
    seat: (userId) => {
      if (userId === claim.userId) return { state: seat, trace: { surrendered } };
      return receiver === undefined ? undefined : { state: receiver, trace: noTrace };
    },
  });
  switch (standing.is) {
    case 'live':
      return { claim, claims };
    case 'underWay': {
      const { userId, requestId } = standing.approval;
      const hasLeft = userId !== claim.userId;
      return { claim: { ...claim, userId, requestId }, claims: hasLeft ? claims + 1 : claims };
    }
    case 'dead':
    case 'untold':
      return { claim: undefined, claims };
  }
};

/**
 * States for a question, which changes nothing: a claim that its seat does not bear out counts as none.
 */
export const asBorneOut = <Failure>(
  states: States<Failure>,
  surrenderedTo: SurrenderedTo<Failure>,
): States<Failure> => {
  const login = (state: Address, { userId, address }: Claim): TE.TaskEither<Failure, Address> =>
    TE.map(({ accountEmail }: Seat) =>
      accountEmail?.canonical === address.canonical ? state : { ...state, claim: undefined },
    )(states.seat(userId));

  const mailbox = (state: Address, claim: Claim): TE.TaskEither<Failure, Address> =>
    pipe(
      TE.Do,
      TE.bind('seat', () => states.seat(claim.userId)),
      TE.bind('to', ({ seat }) => whereTo(seat, claim)),
      TE.bind('receiver', ({ to }) => seatOf(to)),
      TE.map(({ seat, to, receiver }) => asSeatsSay(state, claim, [seat, to, receiver])),
    );

  const whereTo = (
    { mailboxes }: Seat,
    { userId, address: { canonical } }: Claim,
  ): TE.TaskEither<Failure, Surrendered | undefined> =>
    mailboxes.has(canonical) ? TE.right(undefined) : surrenderedTo(userId, canonical);

  const seatOf = (to: Surrendered | undefined): TE.TaskEither<Failure, Seat | undefined> =>
    to === undefined ? TE.right(undefined) : states.seat(to.toUserId);

  return {
    ...states,
    address: (book, of) =>
      TE.flatMap((state: Address): TE.TaskEither<Failure, Address> => {
        if (state.claim === undefined) return TE.right(state);
        return book === 'account' ? login(state, state.claim) : mailbox(state, state.claim);
      })(states.address(book, of)),
  };
};
