import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { type Picture, report } from '../values/codec';
import { type InvalidInput, invalidInput } from './failures';

/**
 * Decodes what a caller handed over. Never throws, not even on an object whose fields do.
 *
 * @param picture how a failure shows what was given, where not all of it may be shown
 */
export const read = <A>(
  input: InvalidInput['input'],
  codec: t.Type<A, unknown>,
  given: unknown,
  picture?: Picture,
): E.Either<InvalidInput, A> => {
  try {
    const decoded = codec.decode(given);
    return E.isLeft(decoded) ? E.left(invalidInput(input, report(decoded.left, picture))) : decoded;
  } catch {
    return E.left(
      invalidInput(input, [
        { path: '', expected: 'plain JSON data', got: 'an object whose fields cannot be read' },
      ]),
    );
  }
};
