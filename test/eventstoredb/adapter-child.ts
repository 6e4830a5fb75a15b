/**
 * What a process of its own does with stores in EventStoreDB: `adapter-child.ts <task> <options> ...`.
 * Nothing is caught here that would not be caught in a host: a hazard ends the process.
 */
import * as E from 'fp-ts/lib/Either.js';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { eventStoreDb, type EventStoreDbOptions } from '../../src/adapters/eventstoredb';
import type { EventStore } from '../../src/application/ports';

const say = (...words: ReadonlyArray<unknown>): void => {
  process.stdout.write(`${words.map(String).join(' ')}\n`);
};

const open = async (
  url: string | EventStoreDBClient,
  options: EventStoreDbOptions,
): Promise<EventStore> => {
  const store = await eventStoreDb(url, { streams: 'all', ...options }).connect();
  if (E.isRight(store)) return store.right;
  throw new Error(store.left.message);
};

const appendOne = (store: EventStore, stream: string, expectedRevision: bigint, id: string) =>
  store.append([
    { stream, expectedRevision, events: [{ id, type: 'Counted', data: {}, metadata: null }] },
  ])();

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const tasks: Record<
  string,
  (options: EventStoreDbOptions, url: string, ...rest: ReadonlyArray<string>) => Promise<void>
> = {
  /** Appends in 64 lanes for so long; a line for each answer, with how long it took. */
  load: async (options, url, forMs = '0') => {
    const store = await open(url, options);
    store.onAppend(() => undefined);
    store.subscribe?.(-1n, () => pause(1) as Promise<void>);
    say('ready');
    const end = performance.now() + Number(forMs);
    await Promise.all(
      Array.from({ length: 64 }, async (_, lane) => {
        for (let revision = -1n; performance.now() < end;) {
          const id = randomUUID();
          const started = performance.now();
          const answer = await appendOne(store, `lane-${lane}`, revision, id);
          const took = Math.round(performance.now() - started);
          say(E.isRight(answer) ? 'stored' : answer.left.type, id, took);
          if (E.isRight(answer)) revision += 1n;
          else {
            const slice = await store.readStream(`lane-${lane}`)();
            if (E.isRight(slice)) revision = slice.right.revision;
          }
        }
      }),
    );
    await store.close();
    say('closed');
  },

  /** Two stores in one process that share their appends: the second's server dies under the first's. */
  'shared death': async (options, url, otherUrl = '') => {
    const store = await open(url, options);
    const other = await open(otherUrl, options);
    const ids = [randomUUID(), randomUUID()];
    await appendOne(store, 'a', -1n, ids[0] ?? '');
    await appendOne(other, 'a', -1n, randomUUID());
    const slow = appendOne(store, 'a', 0n, ids[1] ?? '');
    const lost = appendOne(other, 'a', 0n, randomUUID());
    say('under way');
    const answers = await Promise.all([slow, lost]);
    say(...answers.map((answer) => (E.isRight(answer) ? 'stored' : answer.left.type)));
    // Long enough for the answer that the client has forgotten by now.
    await pause(500);
    await Promise.all([store.close(), other.close()]);
    say('closed');
  },

  /** The same with the bare client, to show that this is how a process dies. */
  'bare death': async (_options, url, otherUrl = '') => {
    const client = EventStoreDBClient.connectionString(url);
    const other = EventStoreDBClient.connectionString(otherUrl);
    const one = () => jsonEvent({ type: 'Counted', data: {} });
    await client.appendToStream('a', one());
    await other.appendToStream('a', one());
    const appends = [client.appendToStream('a', one()), other.appendToStream('a', one())];
    say('under way');
    await Promise.allSettled(appends);
    await pause(500);
    say('closed');
  },

  /** Many large appends by the shared call, which dies while some of them wait for it to drain. */
  drain: async (options, url) => {
    const store = await open(url, options);
    const events = (id: string) => [
      { id, type: 'Large', data: { text: 'x'.repeat(300_000) }, metadata: null },
    ];
    await appendOne(store, 'first', -1n, randomUUID());
    const appends = Array.from({ length: 60 }, (_, count) =>
      store.append([
        { stream: `large-${count}`, expectedRevision: -1n, events: events(randomUUID()) },
      ])(),
    );
    say('under way');
    const answers = await Promise.all(appends);
    say(answers.filter(E.isRight).length);
    await store.close();
    say('closed');
  },

  /** Reconnecting fails, as it does when a cluster cannot be found while a second call breaks. */
  reconnect: async (options, url) => {
    const client = EventStoreDBClient.connectionString(url);
    Object.assign(client, { handleError: () => Promise.reject(new Error('nobody is there')) });
    const store = await open(client, options);
    say((await appendOne(store, 'a', -1n, randomUUID()))._tag);
    await store.close();
    await client.dispose();
    say('closed');
  },

  /** A cluster whose only member dies under appends: the client looks for it, and does not find it. */
  discover: async (options, url) => {
    const store = await open(url, options);
    await appendOne(store, 'first', -1n, randomUUID());
    say('ready');
    await pause(100);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, count) => appendOne(store, `a-${count}`, -1n, randomUUID())),
    );
    say(...new Set(answers.map((answer) => (E.isRight(answer) ? 'stored' : answer.left.type))));
    await store.close();
    say('closed');
  },
};

const [task = '', options = '{}', url = '', ...rest] = process.argv.slice(2);
void tasks[task]?.(JSON.parse(options) as EventStoreDbOptions, url, ...rest);
