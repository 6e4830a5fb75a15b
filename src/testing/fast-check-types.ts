/**
 * The types of fast-check 4 that the kit hands out and asks for, in our own words. The real ones are at hand
 * only where it is installed, and who writes scenarios alone need not install it.
 */

interface Value<T> {
  readonly hasToBeCloned: boolean;
  readonly value: T;
  readonly value_: T;
  readonly context: unknown;
}

/**
 * An `Arbitrary` of fast-check, which takes it for one of its own: hand it to `fc.property`, `fc.tuple` and
 * the like. What its class keeps to itself cannot be written out, so `shrink` is for fast-check alone.
 */
export interface RandomValue<T> {
  generate(random: never, biasFactor: number | undefined): Value<T>;
  canShrinkWithoutContext(value: unknown): value is T;
  shrink(value: T, context: unknown): never;
  filter<U extends T>(refinement: (value: T) => value is U): RandomValue<U>;
  filter(predicate: (value: T) => boolean): RandomValue<T>;
  map<U>(mapper: (value: T) => U, unmapper?: (possible: unknown) => T): RandomValue<U>;
  chain<U>(chainer: (value: T) => Pick<RandomValue<U>, 'generate'>): RandomValue<U>;
}

/** What tells fast-check from anything else that might be handed over. */
export interface FastCheckLike {
  readonly constantFrom: (...values: Array<never>) => unknown;
  readonly asyncProperty: unknown;
}
