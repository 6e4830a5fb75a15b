/** Stores to run whole suites on: each call gives one that holds nothing yet, on a server. */
import { randomUUID } from 'node:crypto';
import { eventStoreDb } from '../../src/adapters/eventstoredb';
import type { FreshStore } from '../../src/testing';
import { viewOf } from './adapter-view';
import { startTestServer } from './server';

const onTestServerBy =
  (batchAppend: boolean): FreshStore =>
  async () => {
    const server = await startTestServer();
    const connector = eventStoreDb(server.connectionString, { batchAppend });
    return { connector, dispose: server.stop };
  };

/** A test server of its own for each store. */
export const onTestServer = onTestServerBy(false);

/** The same, where all appends of a store share one call. */
export const onTestServerSharing = onTestServerBy(true);

/** The real server that `ESDB_URL` names; every store sees only what is written to it from then on. */
export const onRealServer =
  (url: string): FreshStore =>
  async () => {
    const connector = eventStoreDb(url, { streams: 'all' });
    const store = await connector.connect();
    if (store._tag === 'Left') throw new Error(store.left.message);
    const head = await store.right.head();
    await store.right.close();
    if (head._tag === 'Left') throw new Error(head.left.message);
    return {
      connector: viewOf(connector, `test${randomUUID().slice(0, 8)}-`, head.right),
      dispose: () => Promise.resolve(),
    };
  };

const { ESDB_URL: url } = process.env;

/** The test server, and the real one where there is one. */
export const servers: ReadonlyArray<readonly [name: string, fresh: FreshStore]> = [
  ['the test server', onTestServer],
  ...(url === undefined ? [] : ([['the real server', onRealServer(url)]] as const)),
];
