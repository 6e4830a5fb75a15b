import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Seat } from '../seat';
import type { EmailAddress } from '../values/email-address';
import type { Principal } from '../values/principal';
import type { States } from './streams';

/**
 * P10: the listed address of the account that a request comes from. An admin asks from their own
 * account; a user, and Support on a user's behalf, from the account of the seat concerned.
 */
export const listedAddress = <Failure>(
  principal: Principal,
  target: Seat,
  states: States<Failure>,
): TE.TaskEither<Failure, EmailAddress | undefined> =>
  principal.role === 'admin'
    ? TE.map(({ accountEmail }: Seat) => accountEmail)(states.seat(principal.userId))
    : TE.right(target.accountEmail);
