/**
 * What a second process does to a SQLite ledger in the tests: `store-child.ts <task> <path> ...`.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import { randomUUID } from 'node:crypto';
import { sqliteStore, type SqliteStoreOptions } from '../../src/adapters/sqlite';
import { loadDriver } from '../../src/adapters/sqlite/driver';
import type { EventStore, StreamAppend } from '../../src/application/ports';

const say = (...words: ReadonlyArray<unknown>): void => {
  process.stdout.write(`${words.map(String).join(' ')}\n`);
};

const open = async (path: string, options?: SqliteStoreOptions): Promise<EventStore> => {
  const store = await sqliteStore(path, options).connect();
  if (E.isRight(store)) return store.right;
  say('failed', store.left.type, store.left.message);
  process.exit(0);
};

const event = (data: unknown) => ({ id: randomUUID(), type: 'Counted', data, metadata: null });

/** One command's worth: two events on one stream and one on another, all or nothing. */
const command = (name: string, lane: number, turn: number): NonEmptyArray<StreamAppend> => {
  const data = `${name}-${lane}-${turn}`;
  return [
    {
      stream: `a-${name}-${lane}`,
      expectedRevision: BigInt(turn * 2 - 1),
      events: [event(data), event(data)],
    },
    { stream: `b-${name}-${lane}`, expectedRevision: BigInt(turn - 1), events: [event(data)] },
  ];
};

const tasks: Record<string, (path: string, ...rest: ReadonlyArray<string>) => Promise<void>> = {
  /** `turns` commands in each of `lanes`, the lanes at once; a line for each that was acknowledged. */
  write: async (path, name = '', lanes = '1', turns = '1') => {
    const store = await open(path);
    say('ready');
    await Promise.all(
      Array.from({ length: Number(lanes) }, async (_, lane) => {
        for (let turn = 0; turn < Number(turns); turn += 1) {
          const answer = await store.append(command(name, lane, turn))();
          say(E.isRight(answer) ? `ack ${name}-${lane}-${turn}` : `lost ${answer.left.type}`);
        }
      }),
    );
    await store.close();
  },

  /** Takes turns with other processes on one stream until `count` of its own are in. */
  contend: async (path, name = '', count = '1') => {
    const store = await open(path);
    say('ready');
    let conflicts = 0;
    for (let done = 0; done < Number(count);) {
      const slice = await store.readStream('shared', 1_000_000n)();
      if (E.isLeft(slice)) throw new Error(slice.left.message);
      const { revision } = slice.right;
      const events = [event(name)];
      const answer = await store.append([
        { stream: 'shared', expectedRevision: revision, events },
      ])();
      if (E.isRight(answer)) done += 1;
      else if (answer.left.type === 'RevisionConflict') conflicts += 1;
      else throw new Error(answer.left.message);
    }
    say('conflicts', conflicts);
    await store.close();
  },

  /** Holds the writer's lock for `ms`. */
  hold: async (path, ms = '0') => {
    const driver = loadDriver();
    if (driver === undefined) throw new Error('There is no SQLite driver.');
    const database = new driver.DatabaseSync(path, { readOnly: false });
    database.exec('BEGIN IMMEDIATE');
    say('held');
    await new Promise((resolve) => setTimeout(resolve, Number(ms)));
    database.exec('COMMIT');
    database.close();
  },

  /** Says how many events can be read, and what an append answers. */
  try: async (path, readOnly) => {
    const store = await open(path, { readOnly: readOnly === 'readOnly' });
    const log = await store.readAll(-1n, 1_000)();
    say('read', E.isRight(log) ? log.right.length : log.left.type);
    const stream = `tried-${randomUUID()}`;
    const answer = await store.append([{ stream, expectedRevision: -1n, events: [event(0)] }])();
    say('append', E.isRight(answer) ? 'stored' : answer.left.type);
    await store.close();
  },

  /** Leaves an open, listening store behind, and everything else to the end of the process. */
  abandon: async (path) => {
    const store = await open(path);
    store.onAppend(() => undefined);
    const answer = await store.append(command('abandoned', 0, 0))();
    say(answer._tag);
  },

  /** Appends to the streams first, second and third, one after the other, and dies without closing. */
  three: async (path) => {
    const store = await open(path);
    for (const stream of ['first', 'second', 'third']) {
      const answer = await store.append([{ stream, expectedRevision: -1n, events: [event(0)] }])();
      say(stream, E.isRight(answer) ? 'stored' : `${answer.left.type} ${answer.left.message}`);
    }
    process.kill(process.pid, 'SIGKILL');
  },
};

const [task = '', path = '', ...rest] = process.argv.slice(2);
void tasks[task]?.(path, ...rest);
