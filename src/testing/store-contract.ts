/**
 * The promises of `EventStore`, as cases that any adapter can be run against.
 */
import type { Atomicity } from '../application/ports';
import { appendingCases } from './store-contract/appending';
import type { ContractCase } from './store-contract/contract-case';
import { lifetimeCases } from './store-contract/lifetime';
import { manyCallersCases } from './store-contract/many-callers';
import { oneStreamCases } from './store-contract/one-stream';
import { readingCases } from './store-contract/reading';
import { refusingCases } from './store-contract/refusing';
import { subscribingCases } from './store-contract/subscribing';
import { valueCases } from './store-contract/values';

export type { ContractCase, ContractSubject } from './store-contract/contract-case';

const cases: ReadonlyArray<ContractCase> = [
  ...readingCases,
  ...appendingCases,
  ...oneStreamCases,
  ...refusingCases,
  ...valueCases,
  ...manyCallersCases,
  ...subscribingCases,
  ...lifetimeCases,
];

/**
 * Every promise that a store of this atomicity makes. Needs no test framework: a case throws an
 * `Error` that says which promise was broken.
 *
 * @example
 * const fresh = () => memoryStore({ atomicity: 'oneStream' });
 * for (const { name, run } of contractFor('oneStream')) {
 *   it(name, () => run(() => Promise.resolve({ connector: fresh(), dispose: () => Promise.resolve() })));
 * }
 */
export const contractFor = (atomicity: Atomicity): ReadonlyArray<ContractCase> =>
  cases.filter(({ needs }) => needs === undefined || needs === atomicity);

/**
 * Every promise that a store makes which appends to any streams at once.
 *
 * @example
 * for (const { name, run } of storeContract) {
 *   it(name, () => run(() => Promise.resolve({ connector: memoryStore(), dispose: () => Promise.resolve() })));
 * }
 */
export const storeContract: ReadonlyArray<ContractCase> = contractFor('anyStreams');
