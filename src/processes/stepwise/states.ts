/** The states that a command is decided on, as far as they are known; or the step that has to come first. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Address } from '../../address';
import type { Organization } from '../../organization';
import type { Seat } from '../../seat';
import type { EmailAddress } from '../../values/email-address';
import type { UserId } from '../../values/ids';
import type { Book, States } from '../streams';
import { finishApproval, finishOrRead } from './approvals';
import { type Asking, standingIn } from './books';
import { type Known, read, type Sighting, type Step } from './step';

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

/**
 * States for a question, which changes nothing: a claim that its seat does not bear out counts as none.
 */
export const asBorneOut = <Failure>(states: States<Failure>): States<Failure> => ({
  ...states,
  address: (book, of) =>
    TE.flatMap((state: Address): TE.TaskEither<Failure, Address> => {
      const { claim, claims } = state;
      if (claim === undefined) return TE.right(state);
      return TE.map((seat: Seat): Address => {
        const { canonical } = of;
        const approvedRequest = seat.requests.get(claim.requestId)?.status === 'approved';
        const isBorneOut =
          book === 'account'
            ? seat.accountEmail?.canonical === canonical
            : seat.mailboxes.has(canonical) || approvedRequest;
        return isBorneOut ? state : { claim: undefined, claims };
      })(states.seat(claim.userId));
    })(states.address(book, of)),
});
