/**
 * The promises of `EventStore`, as cases that any adapter can be run against.
 */
import { appendingCases } from './store-contract/appending';
import type { ContractCase } from './store-contract/contract-case';
import { lifetimeCases } from './store-contract/lifetime';
import { manyCallersCases } from './store-contract/many-callers';
import { readingCases } from './store-contract/reading';
import { refusingCases } from './store-contract/refusing';
import { valueCases } from './store-contract/values';

export type { ContractCase, ContractSubject } from './store-contract/contract-case';

/**
 * Every promise that a store makes. Needs no test framework: a case throws an `Error` that says
 * which promise was broken.
 *
 * @example
 * for (const { name, run } of storeContract) {
 *   it(name, () => run(() => Promise.resolve({ connector: memoryStore(), dispose: () => Promise.resolve() })));
 * }
 */
export const storeContract: ReadonlyArray<ContractCase> = [
  ...readingCases,
  ...appendingCases,
  ...refusingCases,
  ...valueCases,
  ...manyCallersCases,
  ...lifetimeCases,
];
