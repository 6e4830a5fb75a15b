/**
 * What must hold whoever is faster: races of several ledgers on one store, for any adapter.
 */
import { approvingCases } from './race-suite/approving';
import { loginCases } from './race-suite/logins';
import { movingCases } from './race-suite/moving';
import { prospectCases } from './race-suite/prospects';
import type { RaceSettings } from './race-suite/race';
import { stormCases } from './race-suite/storm';
import type { ContractCase } from './store-contract/contract-case';

/** How hard to race; what is left out is 16 rounds, 8 ledgers, 400 commands in the storm and seed 1. */
export type RaceOptions = Partial<RaceSettings>;

const DEFAULTS: RaceSettings = { rounds: 16, claimers: 8, commands: 400, seed: 1 };

/**
 * Races that a store has to bring to a sound end, each on a fresh store and between ledgers with a
 * connection each. Needs no test framework: a case throws an `Error` that says what was broken, in which
 * round and with which seed.
 *
 * After every race the raw log is folded by code that shares nothing with the ledger's own states: an
 * address on one seat at most, a claim for each mailbox and a mailbox for each claim, no seat over its
 * limit, nothing lost that was not acknowledged, and every answer true.
 *
 * @example
 * for (const { name, run } of raceSuite()) {
 *   it(name, () => run(() => Promise.resolve({ connector: memoryStore(), dispose: () => Promise.resolve() })));
 * }
 */
export const raceSuite = (options: RaceOptions = {}): ReadonlyArray<ContractCase> => {
  const settings = { ...DEFAULTS, ...options };
  return [...approvingCases, ...movingCases, ...loginCases, ...prospectCases, ...stormCases].map(
    (raceOf) => raceOf(settings),
  );
};
