/**
 * Every store brings every race to a sound end, and the suite notices stores and connections that do not.
 */
import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../../src/adapters/memory';
import { sqliteStore } from '../../src/adapters/sqlite';
import type { StoreConnector } from '../../src/application/ports';
import type { FreshStore } from '../../src/testing/given-when-then';
import { type RaceOptions, raceSuite } from '../../src/testing/race-suite';
import { brokenRacers } from './broken-racers';

const kept =
  (connector: () => StoreConnector): FreshStore =>
  () =>
    Promise.resolve({ connector: connector(), dispose: () => Promise.resolve() });

const inSqlite: FreshStore = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'seatledger-race-suite-'));
  return {
    connector: sqliteStore(join(folder, 'ledger.db'), { pollIntervalMs: 10 }),
    dispose: () => rm(folder, { recursive: true }),
  };
};

const stores: ReadonlyArray<readonly [name: string, fresh: FreshStore, options: RaceOptions]> = [
  ['memory', kept(memoryStore), {}],
  ['memory, one stream an append', kept(() => memoryStore({ atomicity: 'oneStream' })), {}],
  ['memory, from another seed', kept(memoryStore), { seed: 20_261_123, rounds: 8 }],
  ['sqlite', inSqlite, { rounds: 3 }],
];

describe.each(stores)('the race suite, on %s', (_store, fresh, options) => {
  it.each(raceSuite(options).map(({ name, run }) => [name, run] as const))('%s', (_name, run) =>
    run(fresh),
  );
});

describe('the race suite notices', () => {
  const cases = new Map(raceSuite().map(({ name, run }) => [name, run]));

  it.each(brokenRacers)('a store that $fault', async ({ connector, noticedBy, saying }) => {
    const run = cases.get(noticedBy);
    expect([...cases.keys()]).toContain(noticedBy);
    await expect(
      run?.(() => Promise.resolve({ connector: connector(), dispose: () => Promise.resolve() })),
    ).rejects.toThrow(saying);
  });
});
