/**
 * Both stores keep the contract, and the contract notices a store that does not.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreDb } from '../../src/adapters/eventstoredb';
import { memoryStore } from '../../src/adapters/memory';
import { sqliteStore } from '../../src/adapters/sqlite';
import type { Atomicity, StoreConnector } from '../../src/application/ports';
import { contractFor, type ContractSubject } from '../../src/testing/store-contract';
import {
  brokenByStream,
  brokenSubscriptions,
  soundSubscribing,
} from '../eventstoredb/adapter-broken-stores';
import { viewOf } from '../eventstoredb/adapter-view';
import { startTestServer } from '../eventstoredb/server';
import { type BrokenStore, brokenStores } from './broken-stores';

const inMemory = (): Promise<ContractSubject> =>
  Promise.resolve({ connector: memoryStore(), dispose: () => Promise.resolve() });

const inSqlite = async (): Promise<ContractSubject> => {
  const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
  return {
    connector: sqliteStore(join(folder, 'ledger.db'), { pollIntervalMs: 10 }),
    dispose: () => rm(folder, { recursive: true }),
  };
};

const inMemoryByStream = (): Promise<ContractSubject> =>
  Promise.resolve({
    connector: memoryStore({ atomicity: 'oneStream' }),
    dispose: () => Promise.resolve(),
  });

const onTestServer =
  (batchAppend: boolean, narrow: (connector: StoreConnector) => Promise<StoreConnector>) =>
  async (): Promise<ContractSubject> => {
    const server = await startTestServer();
    const connector = eventStoreDb(server.connectionString, { streams: 'all', batchAppend });
    return { connector: await narrow(connector), dispose: server.stop };
  };

const whole = (connector: StoreConnector): Promise<StoreConnector> => Promise.resolve(connector);

/** What a case needs of a server that is not new: names of its own, and the log from here on. */
const asIfNew = async (connector: StoreConnector): Promise<StoreConnector> => {
  const connected = await connector.connect();
  if (connected._tag === 'Left') throw new Error(connected.left.message);
  const store = connected.right;
  const before = await store.append([
    {
      stream: `before-${randomUUID()}`,
      expectedRevision: -1n,
      events: [{ id: randomUUID(), type: 'Before', data: {}, metadata: null }],
    },
  ])();
  await store.close();
  if (before._tag === 'Left') throw new Error(before.left.message);
  return viewOf(connector, `contract-${randomUUID()}-`, before.right.position);
};

const realServer = process.env['ESDB_URL'];

const onRealServer = (url: string) => async (): Promise<ContractSubject> => ({
  connector: await asIfNew(eventStoreDb(url, { streams: 'all' })),
  dispose: () => Promise.resolve(),
});

const stores: ReadonlyArray<readonly [string, Atomicity, () => Promise<ContractSubject>]> = [
  ['memory', 'anyStreams', inMemory],
  ['sqlite', 'anyStreams', inSqlite],
  ['memory, one stream at a time', 'oneStream', inMemoryByStream],
  ['a server like EventStoreDB', 'oneStream', onTestServer(false, whole)],
  ['the same, with shared appends', 'oneStream', onTestServer(true, whole)],
  ['the same, seen as if it were new', 'oneStream', onTestServer(false, asIfNew)],
  ...(realServer === undefined
    ? []
    : [['EventStoreDB at ESDB_URL', 'oneStream', onRealServer(realServer)] as const]),
];

describe.each(stores)('the store contract, on %s', (_store, atomicity, fresh) => {
  const cases = contractFor(atomicity).map(({ name, run }) => [name, run] as const);
  it.each(cases)('%s', async (_name, run) => {
    await run(fresh);
  });
});

describe('the store contract notices', () => {
  /** The names of the cases that fail on a store that claims this atomicity. */
  const failing = async (
    atomicity: Atomicity,
    fresh: () => Promise<ContractSubject>,
  ): Promise<ReadonlyArray<string>> => {
    const outcomes = await Promise.all(
      contractFor(atomicity).map(({ name, run }) =>
        run(fresh).then(
          () => undefined,
          () => name,
        ),
      ),
    );
    return outcomes.filter((name) => name !== undefined);
  };

  const byStream = { atomicity: 'oneStream' } as const;
  const sound: ReadonlyArray<Omit<BrokenStore, 'noticedBy'>> = [
    { fault: 'nothing', connector: memoryStore },
    { fault: 'nothing by stream', ...byStream, connector: () => memoryStore(byStream) },
    { fault: 'nothing for subscribers', connector: soundSubscribing },
  ];

  const broken = [...brokenStores, ...brokenByStream, ...brokenSubscriptions];
  const noticed = new Map<string, ReadonlyArray<string>>();
  beforeAll(async () => {
    // All at once: a store that never tells its listeners makes several cases wait in vain.
    await Promise.all(
      [...sound, ...broken].map(async ({ fault, connector, atomicity = 'anyStreams' }) => {
        const found = await failing(atomicity, () =>
          Promise.resolve({ connector: connector(), dispose: () => Promise.resolve() }),
        );
        noticed.set(fault, found);
      }),
    );
  });

  it.each(sound)('$fault in a sound store', ({ fault }) => {
    expect(noticed.get(fault)).toEqual([]);
  });

  it.each(broken)('a store that $fault', ({ fault, noticedBy }) => {
    expect(noticed.get(fault)).toContain(noticedBy);
  });
});
