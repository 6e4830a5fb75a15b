/** What reading and keeping views comes to: an answer, or a failure of the world. */
import * as E from 'fp-ts/lib/Either.js';
import { ReadModelFault } from '../../../projections/read-model';
import type { Failure, ReadModelUnavailable } from '../failures';

export type Outcome<A> = Promise<E.Either<Failure, A>>;

/** Turns a fault of the read model into a failure. */
export const faultAsFailure = async <A>(work: () => Outcome<A>): Outcome<A> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ReadModelFault)) throw error;
    const failure: ReadModelUnavailable = { type: 'ReadModelUnavailable', message: error.message };
    return E.left(failure);
  }
};
