/** Views that are kept beside a server: opened again they go on at once, where they were left. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isLeft, right } from 'fp-ts/lib/Either.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seatsView } from '../../projections';
import { type EventStore, type Ledger, openLedger } from '../../src';
import { eventStoreDb } from '../../src/adapters/eventstoredb';
import { sqliteReadModel } from '../../src/adapters/sqlite';
import { startMaking } from '../../src/application/following/making';
import { admin, registerSeat, system, user } from '../../src/testing';
import { startTestServer, type TestServer } from './server';

let server: TestServer;
let folder: string;
beforeEach(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'kept-beside-'));
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const readModel = () => sqliteReadModel(join(folder, 'views.db'));

const open = (isKept = true): Promise<Ledger> =>
  openLedger({
    store: eventStoreDb(server.connectionString),
    addressSecret: 'a secret of the servers, long enough',
    recoverAtOpen: false,
    ...(isKept && { readModel: readModel() }),
  });

const register = async (ledger: Ledger, ...userIds: ReadonlyArray<string>): Promise<void> => {
  for (const userId of userIds) {
    const command = { ...registerSeat(user(userId)), commandId: `seat-${userId}` };
    expect(await ledger.execute(system, command)).toMatchObject({ _tag: 'Right' });
  }
};

const seatsAndTrail = async ({ views }: Ledger): Promise<unknown> => [
  await views.seats.list(admin),
  await views.auditTrail.list(admin),
];

const fromScratch = async (): Promise<unknown> => {
  const ledger = await open(false);
  const found = await seatsAndTrail(ledger);
  await ledger.close();
  return found;
};

/** Opens the ledger again and asks it; how long the first answer took. */
const askedAgain = async (): Promise<number> => {
  const ledger = await open();
  const start = performance.now();
  const found = await seatsAndTrail(ledger);
  const took = performance.now() - start;
  await ledger.close();
  expect(found).toEqual(await fromScratch());
  return took;
};

describe('views that are kept beside a server', () => {
  it('go on where they were left when they are opened again', async () => {
    const first = await open();
    await register(first, 'ann', 'bob');
    await seatsAndTrail(first);
    await first.close();
    expect(await askedAgain()).toBeLessThan(2_000);

    const plain = await open(false);
    await register(plain, 'cid');
    await plain.close();
    expect(await askedAgain()).toBeLessThan(2_000);
  });

  it('are made to their end when making them was interrupted', async () => {
    const ledger = await open(false);
    await register(ledger, 'ann', 'bob');
    const connected = await eventStoreDb(server.connectionString).connect();
    if (isLeft(connected)) throw new Error(connected.left.message);
    const store: EventStore = connected.right;
    const started = await startMaking(store, readModel(), seatsView.projection, false);
    if (isLeft(started)) throw new Error(started.left.message);
    expect(await started.right.bringAlong(store, () => undefined)).toEqual(right(undefined));
    // As far as the log was, but not put in its place.
    started.right.close();
    await register(ledger, 'cid');
    await ledger.close();
    await store.close();
    expect(await askedAgain()).toBeLessThan(2_000);
  });

  it('are made anew beside another server', async () => {
    const first = await open();
    await register(first, 'ann', 'bob');
    await seatsAndTrail(first);
    await first.close();
    await server.stop();
    server = await startTestServer();
    const other = await open();
    await register(other, 'cid');
    await other.close();
    expect(await askedAgain()).toBeLessThan(2_000);
  });
});
