/**
 * What the SQLite tests share: folders, open stores, and drivers that go wrong on purpose.
 */
import { afterEach } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore, type SqliteStoreOptions } from '../../src/adapters/sqlite';
import { type Database, type Driver, loadDriver } from '../../src/adapters/sqlite/driver';
import { openStore } from '../../src/adapters/sqlite/store';
import type { StoreFailure } from '../../src/application/failures';
import {
  BEFORE_ALL,
  type EventStore,
  type EventToAppend,
  type RecordedEvent,
  type StoreConnector,
} from '../../src/application/ports';

export const CHILD = join(__dirname, 'store-child.ts');

export const isRoot = process.getuid?.() === 0;

const folders: Array<string> = [];
const stores: Array<EventStore> = [];

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A new folder that other users may enter too. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
  folders.push(folder);
  chmodSync(folder, 0o755);
  return folder;
};

export const newPath = (): string => join(newFolder(), 'ledger.db');

export const open = (path: string, options?: SqliteStoreOptions): Promise<EventStore> =>
  connect(sqliteStore(path, options));

/** Connects, and closes after the test. */
export const connect = async (connector: Pick<StoreConnector, 'connect'>): Promise<EventStore> => {
  const store = right(await connector.connect());
  stores.push(store);
  return store;
};

export const refusal = async (
  path: string,
  options?: SqliteStoreOptions,
): Promise<StoreFailure | 'opened'> => {
  const answer = await sqliteStore(path, options).connect();
  if (E.isLeft(answer)) return answer.left;
  await answer.right.close();
  return 'opened';
};

export const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isRight(answer)) return answer.right;
  throw new Error(JSON.stringify(answer.left));
};

export const left = <Failure>(answer: E.Either<Failure, unknown>): Failure => {
  if (E.isLeft(answer)) return answer.left;
  throw new Error('Expected a failure, and it succeeded.');
};

export const anEvent = (data: unknown = 0): EventToAppend => ({
  id: randomUUID(),
  type: 'Counted',
  data,
  metadata: { by: 'test' },
});

/** Appends one event to a new stream. */
export const appendOne = (store: EventStore, stream: string, data?: unknown) =>
  store.append([{ stream, expectedRevision: -1n, events: [anEvent(data)] }])();

export const wholeLog = async (store: EventStore): Promise<ReadonlyArray<RecordedEvent>> =>
  right(await store.readAll(BEFORE_ALL, Number.MAX_SAFE_INTEGER)());

export const streamsOf = async (store: EventStore): Promise<ReadonlyArray<string>> =>
  (await wholeLog(store)).map(({ stream }) => stream);

/** Every file in the folder, with its size and hash: the same before and after is unharmed. */
export const fingerprint = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder)
    .sort()
    .map((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return `${name}/`;
      return `${name} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    });

export const driver = (): Driver => {
  const found = loadDriver();
  if (found === undefined) throw new Error('There is no SQLite driver to test with.');
  return found;
};

/** Runs SQL on the file, past the store. */
export const tamper = (path: string, sql: string): void => {
  const database = new (driver().DatabaseSync)(path, { readOnly: false });
  try {
    database.exec(sql);
  } finally {
    // A transaction that failed would keep its lock until the connection is collected.
    database.close();
  }
};

/** A driver that hands every statement run by `exec` to `intercept`, with the means to run it. */
export const intercepting = (
  intercept: (sql: string, run: (sql: string) => void) => void,
): Driver => {
  const real = driver();
  return {
    DatabaseSync: class implements Database {
      readonly #database: Database;
      constructor(path: string, options: { readonly readOnly: boolean }) {
        this.#database = new real.DatabaseSync(path, options);
      }
      exec(sql: string): void {
        intercept(sql, (actual) => {
          this.#database.exec(actual);
        });
      }
      prepare(sql: string) {
        return this.#database.prepare(sql);
      }
      function(...given: Parameters<Database['function']>): void {
        this.#database.function(...given);
      }
      close(): void {
        this.#database.close();
      }
    },
  };
};

/** A store on `path` that uses `faulty` as its driver. */
export const openWith = (faulty: Driver, path: string) =>
  openStore(faulty, {
    name: `sqlite ${path}`,
    path,
    readOnly: false,
    busyTimeoutMs: 200,
    pollIntervalMs: 10,
    // They would take the driver that is not at fault.
    threads: false,
  });
