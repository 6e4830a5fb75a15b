/** Registering a seat and changing its login: the account email is claimed in a book of its own (P36). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { address } from '../address';
import { type ChangeAccountEmail, type RegisterSeat, seat, type Seat } from '../seat';
import type { EmailAddress } from '../values/email-address';
import type { CommandId, RequestId } from '../values/ids';
import type { Address } from '../address';
import { type Outcome, type Process, settled } from './outcome';
import type { Facts, States } from './streams';

type Login = RegisterSeat | ChangeAccountEmail;

interface Books {
  readonly target: Seat;
  readonly next: Address;
  readonly last: Address | undefined;
}

const claimed = ({ userId, commandId, accountEmail }: Login, book: Address): Facts => ({
  on: 'account',
  address: accountEmail,
  events: settled(
    address.decide(
      {
        type: 'ClaimAddress',
        address: accountEmail,
        userId,
        requestId: commandId satisfies CommandId as string as RequestId,
      },
      book,
    ),
  ),
});

const released = ({ userId }: Login, old: EmailAddress, book: Address): Facts => ({
  on: 'account',
  address: old,
  events: settled(address.decide({ type: 'ReleaseAddress', userId }, book)),
});

const planned = (command: Login, { target, next, last }: Books): Outcome => {
  const facts = { accountHolder: next.claim?.userId };
  const decision = seat.decide({ ...command, facts }, target);
  if (E.isLeft(decision) || decision.right.length === 0) return E.map(() => [])(decision);

  const old = target.accountEmail;
  return E.right([
    { on: 'seat', userId: command.userId, events: decision.right },
    claimed(command, next),
    ...(old === undefined || last === undefined ? [] : [released(command, old, last)]),
  ]);
};

const oldBook = <Failure>(
  { accountEmail }: Login,
  target: Seat,
  states: States<Failure>,
): TE.TaskEither<Failure, Address | undefined> =>
  target.accountEmail === undefined || target.accountEmail.canonical === accountEmail.canonical
    ? TE.right(undefined)
    : states.address('account', target.accountEmail);

export const changeLogin: Process<Login> = (_, command, states) =>
  pipe(
    TE.Do,
    TE.bind('target', () => states.seat(command.userId)),
    TE.bind('next', () => states.address('account', command.accountEmail)),
    TE.bind('last', ({ target }) => oldBook(command, target, states)),
    TE.map((books) => planned(command, books)),
  );
