/** Deleting a mailbox: the request, and the approval that frees its address. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type Address, address as addressDecider } from '../address';
import { type ApproveMailboxDelete, type RequestMailboxDelete, seat as seatDecider } from '../seat';
import { type Outcome, type Process, settled } from './outcome';
import { listedAddress } from './sender';
import { onSeat } from './streams';

export const requestDelete: Process<RequestMailboxDelete> = (principal, command, states) =>
  pipe(
    TE.Do,
    TE.bind('target', () => states.seat(command.userId)),
    TE.bind('listed', ({ target }) => listedAddress(principal, target, states)),
    TE.map(({ target, listed }): Outcome => {
      const facts = { listedAddress: listed };
      const decision = seatDecider.decide({ ...command, by: principal, facts }, target);
      return onSeat(command.userId, decision);
    }),
  );

export const approveDelete: Process<ApproveMailboxDelete> = (_, command, states) =>
  pipe(
    states.seat(command.userId),
    TE.flatMap((target) => {
      const { userId } = command;
      const outcome = onSeat(userId, seatDecider.decide(command, target));
      const request = target.requests.get(command.requestId);
      if (E.isLeft(outcome) || request === undefined) return TE.right(outcome);

      const { address } = request;
      return TE.map((book: Address): Outcome => {
        const events = settled(addressDecider.decide({ type: 'ReleaseAddress', userId }, book));
        return E.right([...outcome.right, { on: 'address', address, events }]);
      })(states.address('address', address));
    }),
  );
