/** What the ledger hands out, nobody changes. */
import { expect, it } from '@jest/globals';
import { frozen } from '../../src/values/frozen';

const DEPTH = 100_000;

const nested = (wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = wrap('end');
  for (let depth = 1; depth < DEPTH; depth += 1) value = wrap(value);
  return value;
};

it.each([
  ['lists', (inner: unknown) => [inner]],
  ['objects', (inner: unknown) => ({ inner })],
])('freezes %s however deep they stand in each other', (_, wrap) => {
  let value = frozen(nested(wrap));
  let depth = 0;
  for (; typeof value === 'object' && Object.isFrozen(value); depth += 1) {
    value = Object.values(value!)[0] as unknown;
  }
  expect({ value, depth }).toEqual({ value: 'end', depth: DEPTH });
});

it('ends where a value contains itself', () => {
  const value: { self?: unknown; inner: object } = { inner: {} };
  value.self = value;
  expect(Object.isFrozen(frozen(value).inner)).toBe(true);
});

it('leaves alone what a value inherits', () => {
  const inherited = { list: [1] };
  frozen(Object.create(inherited));
  expect(Object.isFrozen(inherited.list)).toBe(false);
});
