/**
 * What a process of its own does with stores in EventStoreDB: `adapter-child.ts <task> <options> ...`.
 * Nothing is caught here that would not be caught in a host: a hazard ends the process.
 */
import * as E from 'fp-ts/lib/Either.js';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
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

  /** Loads the rival package from `folder`, if one is given, and connects. */
  rival: async (options, url, folder = '') => {
    if (folder !== '') createRequire(`${folder}/`)('@kurrent/kurrentdb-client');
    const store = await eventStoreDb(url, { streams: 'all', ...options }).connect();
    if (E.isLeft(store)) {
      const { type, message } = store.left;
      say(type, 'code' in store.left ? store.left.code : '', message);
      return;
    }
    say((await appendOne(store.right, 'a', -1n, randomUUID()))._tag);
    await store.right.close();
  },

  /** A subscription of the bare client whose checkpoint throws, in a host that only notes rejections. */
  'bare checkpoint': (_options, url) => {
    process.on('unhandledRejection', (error) => {
      say('unhandled', error);
    });
    const filter = {
      ...{ filterOn: 'streamName', prefixes: ['seat-'], maxSearchWindow: 500 },
      checkpointInterval: 4,
      checkpointReached: () => {
        throw new Error('no checkpoint');
      },
    } as never;
    const client = EventStoreDBClient.connectionString(url);
    client
      .subscribeToAll({ fromPosition: 'start', filter })
      .on('data', ({ event }) => {
        say(event?.type);
      })
      .on('error', (error) => {
        say('error', error);
      })
      .on('end', () => {
        say('ended');
      });
    return Promise.resolve();
  },

  /** A subscription of a store whose client fails in the middle of what a checkpoint asks of it. */
  checkpoint: async (options, url) => {
    process.on('unhandledRejection', (error) => {
      say('unhandled', error);
    });
    const client = EventStoreDBClient.connectionString(url);
    const subscribeToAll = client.subscribeToAll.bind(client);
    const failing = (...args: Parameters<typeof subscribeToAll>) =>
      Object.defineProperty(subscribeToAll(...args), 'readableLength', {
        get: () => {
          say('asked');
          throw new Error('no length');
        },
      });
    const store = await open(Object.assign(client, { subscribeToAll: failing as never }), options);
    store.subscribe?.(-1n, ({ type }) => {
      say(type);
    });
  },

  /** Blocks the event loop for so long, with a subscription open and an append under way. */
  block: async (options, url, forMs = '0') => {
    const store = await open(url, options);
    const delivered: Array<bigint> = [];
    store.subscribe?.(-1n, ({ revision }) => void delivered.push(revision));
    const ids = Array.from({ length: 3 }, () => randomUUID());
    await appendOne(store, 'a', -1n, ids[0] ?? '');
    while (delivered.length === 0) await pause(5);
    const underWay = appendOne(store, 'a', 0n, ids[1] ?? '');
    // Time to leave this process; the server takes longer than that to answer.
    await pause(50);
    say('blocking');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(forMs));
    const started = performance.now();
    const [append, read] = await Promise.all([underWay, store.readStream('a')()]);
    const next = await appendOne(store, 'a', 1n, ids[2] ?? '');
    say('append', append._tag, 'read', read._tag, 'next', next._tag);
    while (delivered.length < 3) await pause(5);
    say('delivered', ...delivered);
    say('took', Math.round(performance.now() - started));
    await store.close();
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
