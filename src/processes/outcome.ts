import * as E from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Principal } from '../values/principal';
import type { Rejection } from '../rejection';
import type { Plan, States } from './streams';

/** What a process answers: why not, or what to append. An empty plan is a yes that adds nothing. */
export type Outcome = E.Either<NonEmptyArray<Rejection>, Plan>;

/** One command's way across the streams it concerns: reads what it needs, decides, plans. */
export type Process<Command> = <Failure>(
  principal: Principal,
  command: Command,
  states: States<Failure>,
) => TaskEither<Failure, Outcome>;

/** Two decisions that must agree do not: their states were read at different times, or it is a defect. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}

/**
 * The events of a decision that the facts it was given have already settled.
 *
 * @throws Unsettled when they have not
 */
export const settled = <Event>(
  decision: E.Either<ReadonlyArray<{ readonly type: string }>, ReadonlyArray<Event>>,
): ReadonlyArray<Event> => {
  if (E.isRight(decision)) return decision.right;
  const types = decision.left.map(({ type }) => type).join(', ');
  throw new Unsettled(`A decision that was settled has been refused (${types}).`);
};
