/** Chance that can be repeated: the same seed gives the same numbers on every machine. */
import { createHash } from 'node:crypto';

export interface Chance {
  /** A whole number from 0 up to, but not including, `end`. */
  readonly below: (end: number) => number;
  /** A whole number from `first` to `last`, both included. */
  readonly between: (first: number, last: number) => number;
  readonly oneOf: <A>(values: readonly [A, ...ReadonlyArray<A>]) => A;
  /** True once in `times` on average. */
  readonly onceIn: (times: number) => boolean;
}

/** Mulberry32, started from a hash of the seed, so that similar seeds are far apart. */
export const chanceFrom = (seed: string): Chance => {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const below = (end: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
  return {
    below,
    between: (first, last) => first + below(last - first + 1),
    oneOf: (values) => values[below(values.length)] ?? values[0],
    onceIn: (times) => below(times) === 0,
  };
};
