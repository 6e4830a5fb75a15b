/** How a caller hears of long reading. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closed } from '../values/codec';
import type { InvalidInput } from './failures';
import { read } from './input';

/** How to hear of long reading. */
export interface ReadingOptions {
  /**
   * Called after each page that was read: a position, decimal, on the way to the log's last one. What it
   * throws is let go: the reading is none of its business.
   */
  readonly onProgress?: (position: string) => void;
}

const Options = closed({}, { onProgress: t.Function });

/** Whom to tell how far a reading has come. */
export const readProgress = (
  given: unknown,
): E.Either<InvalidInput, (position: bigint) => void> => {
  const options = read('options', Options, given ?? {});
  if (E.isLeft(options)) return options;
  const { onProgress } = options.right;
  return E.right((position) => {
    try {
      onProgress?.(String(position));
    } catch {
      // The host's own fault, told in its own code or nowhere.
    }
  });
};
