/**
 * Both stores keep the contract, and the contract notices a store that does not.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../../src/adapters/memory';
import { sqliteStore } from '../../src/adapters/sqlite';
import { type ContractSubject, storeContract } from '../../src/testing/store-contract';
import { brokenStores } from './broken-stores';

const inMemory = (): Promise<ContractSubject> =>
  Promise.resolve({ connector: memoryStore(), dispose: () => Promise.resolve() });

const inSqlite = async (): Promise<ContractSubject> => {
  const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
  return {
    connector: sqliteStore(join(folder, 'ledger.db'), { pollIntervalMs: 10 }),
    dispose: () => rm(folder, { recursive: true }),
  };
};

describe.each([
  ['memory', inMemory],
  ['sqlite', inSqlite],
])('the store contract, on %s', (_store, fresh) => {
  it.each(storeContract.map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => {
    await run(fresh);
  });
});

describe('the store contract notices', () => {
  /** The names of the cases that fail on `connector`. */
  const failing = async (fresh: () => Promise<ContractSubject>): Promise<ReadonlyArray<string>> => {
    const outcomes = await Promise.all(
      storeContract.map(({ name, run }) =>
        run(fresh).then(
          () => undefined,
          () => name,
        ),
      ),
    );
    return outcomes.filter((name) => name !== undefined);
  };

  const noticed = new Map<string, ReadonlyArray<string>>();
  beforeAll(async () => {
    // All at once: a store that never tells its listeners makes several cases wait in vain.
    const stores = [{ fault: 'nothing', connector: memoryStore }, ...brokenStores];
    await Promise.all(
      stores.map(async ({ fault, connector }) => {
        const found = await failing(() =>
          Promise.resolve({ connector: connector(), dispose: () => Promise.resolve() }),
        );
        noticed.set(fault, found);
      }),
    );
  });

  it('nothing wrong in a sound store', () => {
    expect(noticed.get('nothing')).toEqual([]);
  });

  it.each(brokenStores)('a store that $fault', ({ fault, noticedBy }) => {
    expect(noticed.get(fault)).toContain(noticedBy);
  });
});
