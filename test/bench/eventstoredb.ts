/** What the adapter for EventStoreDB costs: its throughput beside the bare client's, on the same calls. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { eventStoreDb } from '../../src/adapters/eventstoredb';
import { type EventStore, NO_STREAM as NOTHING } from '../../src/application/ports';
import { type Ratio, ratioOf } from './ratio';
import { compared, type Contender } from './rounds';

const root = join(__dirname, '../..');

/** Any credentials will do here; with them the client sends each append as a call of its own. */
const credentials = { username: 'admin', password: 'changeit' };

const startServer = async (): Promise<{ readonly url: string; readonly child: ChildProcess }> => {
  const script = join(__dirname, 'eventstoredb-server.ts');
  const hook = join(root, 'test/support/ts-hook.cjs');
  const child = spawn(process.execPath, ['-r', hook, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { url, child };
};

const opened = async (url: string, batchAppend: boolean): Promise<EventStore> => {
  const store = await eventStoreDb(url, { streams: 'all', batchAppend }).connect();
  if (store._tag === 'Left') throw new Error(store.left.message);
  return store.right;
};

const data = {
  userId: 'ann',
  address: { typed: 'ann@acme.example', canonical: 'ann@acme.example' },
};
const metadata = { commandId: 'c1', at: '2026-03-01T09:00:00Z' };

const byCallers = async (
  callers: number,
  each: number,
  call: (caller: number, turn: number) => Promise<unknown>,
): Promise<number> => {
  const lanes = Array.from({ length: callers }, async (_, caller) => {
    for (let turn = 0; turn < each; turn += 1) await call(caller, turn);
  });
  await Promise.all(lanes);
  return callers * each;
};

const appends = (
  client: EventStoreDBClient,
  store: EventStore,
  callers: number,
  each: number,
  isBatch: boolean,
): ReadonlyArray<Contender> => [
  {
    name: 'client',
    run: () =>
      byCallers(callers, each, () =>
        client.appendToStream(
          `bench-${randomUUID()}`,
          jsonEvent({ type: 'MailboxAdded', data, metadata }),
          { expectedRevision: NO_STREAM, ...(!isBatch && { credentials }) },
        ),
      ),
  },
  {
    name: 'adapter',
    run: () =>
      byCallers(callers, each, async () => {
        const answer = await store.append([
          {
            stream: `bench-${randomUUID()}`,
            expectedRevision: NOTHING,
            events: [{ id: randomUUID(), type: 'MailboxAdded', data, metadata }],
          },
        ])();
        if (answer._tag === 'Left') throw new Error(answer.left.message);
      }),
  },
];

/** These rounds are short, so there are more of them, and more before they count. */
const SHORT_ROUNDS = 3;
const WARM_UPS = 5;

const READ_STREAM = 'bench-read';
const STREAM_LENGTH = 10;

const reads = (
  client: EventStoreDBClient,
  store: EventStore,
  callers: number,
  each: number,
): ReadonlyArray<Contender> => [
  {
    name: 'client',
    run: () =>
      byCallers(callers, each, async () => {
        let count = 0;
        for await (const { event } of client.readStream(READ_STREAM)) count += event ? 1 : 0;
        if (count !== STREAM_LENGTH) throw new Error(`read ${count}`);
      }),
  },
  {
    name: 'adapter',
    run: () =>
      byCallers(callers, each, async () => {
        const answer = await store.readStream(READ_STREAM)();
        if (answer._tag === 'Left') throw new Error(answer.left.message);
        if (answer.right.events.length !== STREAM_LENGTH) throw new Error('read too few');
      }),
  },
];

/** Runs all of it against one server. */
export const measureEventStoreDb = async (rounds: number): Promise<ReadonlyArray<Ratio>> => {
  const { url, child } = await startServer();
  const client = EventStoreDBClient.connectionString(url);
  const plain = await opened(url, false);
  const batch = await opened(url, true);
  try {
    await client.appendToStream(
      READ_STREAM,
      Array.from({ length: STREAM_LENGTH }, () => jsonEvent({ type: 'MailboxAdded', data })),
      { credentials },
    );
    const works: ReadonlyArray<readonly [string, ReadonlyArray<Contender>]> = [
      ['append, 1 caller', appends(client, plain, 1, 300, false)],
      ['append, 64 callers', appends(client, plain, 64, 15, false)],
      // Longer, for at this rate a pause of the garbage collector would be most of a short round.
      ['append, 64 callers, batched', appends(client, batch, 64, 80, true)],
      ['read 10 events, 1 caller', reads(client, plain, 1, 300)],
      ['read 10 events, 64 callers', reads(client, plain, 64, 15)],
    ];
    const results: Array<Ratio> = [];
    for (const [work, contenders] of works) {
      const measured = await compared(contenders, rounds * SHORT_ROUNDS, WARM_UPS);
      results.push(ratioOf({ work, against: 'client', ours: 'adapter', atLeast: 0.8 }, measured));
    }
    return results;
  } finally {
    await Promise.all([plain.close(), batch.close(), client.dispose()]);
    child.kill('SIGKILL');
  }
};
