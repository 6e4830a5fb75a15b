/** Stores to run the policy on: each call gives one that holds nothing yet. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../../src/adapters/memory';
import { sqliteStore } from '../../src/adapters/sqlite';
import type { FreshStore } from '../../src/testing';

export const inMemory: FreshStore = () =>
  Promise.resolve({ connector: memoryStore(), dispose: () => Promise.resolve() });

/** With no more than EventStoreDB promises: one stream an append, and no guards. */
export const inMemoryStepwise: FreshStore = () =>
  Promise.resolve({
    connector: memoryStore({ atomicity: 'oneStream' }),
    dispose: () => Promise.resolve(),
  });

export const inSqlite: FreshStore = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'seatledger-policy-'));
  return {
    connector: sqliteStore(join(folder, 'ledger.db')),
    dispose: () => rm(folder, { recursive: true }),
  };
};
