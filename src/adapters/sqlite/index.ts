/**
 * A store in one SQLite file, which several processes may use at once.
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { resolve } from 'node:path';
import type { StoreFailure } from '../../application/failures';
import type { EventStore, StoreConnector } from '../../application/ports';
import { driverMissing, loadDriver } from './driver';
import { unavailable } from './faults';
import { openStore } from './store';

/** How a SQLite store behaves; every option has a default. */
export interface SqliteStoreOptions {
  /** Open for reading only: appends answer `StoreReadOnly`, and a missing file is not made. Default false. */
  readonly readOnly?: boolean;
  /** How long to wait for another process's lock before answering `StoreBusy`. Default 10,000. */
  readonly busyTimeoutMs?: number;
  /** How often to look for other processes' events while somebody listens. Default 100. */
  readonly pollIntervalMs?: number;
  /**
   * Whether threads may read a long log ahead and commit for many callers; without them it does both itself.
   * Default true. Each needs some 10 MB, and address space that a limit such as `ulimit -v` may not leave:
   * Node ends the process where a thread finds none.
   */
  readonly threads?: boolean;
}

/**
 * A ledger kept in the SQLite file at `path`, made on first use.
 *
 * Every acknowledged append survives a power cut. A file that is not a ledger is left as it is.
 * The driver is loaded at `connect`: the one in Node, or the package `@photostructure/sqlite`.
 *
 * @param path relative to the current folder of this call
 */
export const sqliteStore = (path: string, options: SqliteStoreOptions = {}): StoreConnector => {
  const {
    readOnly = false,
    busyTimeoutMs = 10_000,
    pollIntervalMs = 100,
    threads = true,
  } = options;
  const name = `sqlite ${path}`;
  // A plain JavaScript caller may hand over anything, such as a variable that is not set.
  const isPath = typeof (path as unknown) === 'string' && path !== '';
  const place = isPath ? resolve(path) : '';
  const settings = { name, path: place, readOnly, busyTimeoutMs, pollIntervalMs, threads };

  const connect: TE.TaskEither<StoreFailure, EventStore> = () => {
    if (!isPath || path.startsWith(':memory:')) return TE.left(notAPath(name))();
    const unknown = Object.keys(options).find((option) => !OPTIONS.has(option));
    if (unknown !== undefined) return TE.left(noOption(name, unknown))();
    const unfit = Object.entries({ busyTimeoutMs, pollIntervalMs }).find(
      ([, given]) => !Number.isFinite(given) || given < 0,
    );
    if (unfit !== undefined) return TE.left(notATime(name, ...unfit))();

    const driver = loadDriver();
    return driver === undefined ? TE.left(driverMissing)() : openStore(driver, settings)();
  };
  return { name, connect };
};

const OPTIONS: ReadonlySet<string> = new Set<keyof SqliteStoreOptions>([
  'readOnly',
  'busyTimeoutMs',
  'pollIntervalMs',
  'threads',
]);

/** A misspelt option would be dropped unseen: `readonly` would open for writing. */
const noOption = (name: string, option: string): StoreFailure =>
  unavailable(
    `${name} was given an option ${option}, which there is not. Its options are ${[...OPTIONS].join(', ')}.`,
    'ERR_INVALID_ARG_VALUE',
  );

const notATime = (name: string, option: string, given: number): StoreFailure =>
  unavailable(
    `${name} was given ${option}: ${String(given)}. Give a number of milliseconds from 0.`,
    'ERR_INVALID_ARG_VALUE',
  );

const notAPath = (name: string): StoreFailure =>
  unavailable(
    `${name} names no file. Give the path of a file, or use memoryStore().`,
    'ERR_INVALID_ARG_VALUE',
  );

export { sqliteReadModel } from './read-model';

export { importSqlite } from './import-file';
