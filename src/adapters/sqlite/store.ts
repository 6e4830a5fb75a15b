/**
 * One open ledger file as an {@link EventStore}.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { StoreFailure } from '../../application/failures';
import { CallsUnderWay } from '../../application/calls-under-way';
import type { EventStore } from '../../application/ports';
import { encodeAppends } from '../append-request';
import { storeClosed } from '../store-failures';
import { CommitBeside } from './commit-beside';
import { commitGroupWith } from './commit-group';
import { openLedgerFile, type Place } from './connection';
import type { Database, Driver } from './driver';
import { EventIds } from './event-ids';
import { notWritable, toFailure } from './faults';
import { groupCommit } from './group-commit';
import { ledgerWriter } from './ledger-writer';
import { listening } from './listening';
import { logReader } from './log-reader';

/** What to open, and how to behave once it is open. */
export interface StoreSettings extends Place {
  readonly pollIntervalMs: number;
}

/** Opens the file with `driver` and answers the store on it. */
export const openStore = (
  driver: Driver,
  settings: StoreSettings,
): TE.TaskEither<StoreFailure, EventStore> =>
  TE.tryCatch(async () => {
    const database = await openLedgerFile(driver, settings);
    try {
      return storeOn(database, settings);
    } catch (error) {
      database.close();
      throw error;
    }
  }, toFailure(settings));

const storeOn = (database: Database, settings: StoreSettings): EventStore => {
  const { name } = settings;
  const ids = new EventIds(database, name);
  const reader = logReader(database, settings, ids);
  const listeners = listening(database, settings.pollIntervalMs);
  const beside = new CommitBeside(settings);
  const here = commitGroupWith(ledgerWriter(database, ids, name), settings);
  const append = groupCommit({ here, beside, onCommit: listeners.tell });
  const underWay = new CallsUnderWay();
  let closed: Promise<void> | undefined;

  /** Starts a call unless the store is closed, and lets `close` wait for it. */
  const whileOpen = <Failure, A>(
    call: TE.TaskEither<Failure, A>,
  ): Promise<E.Either<Failure | StoreFailure, A>> =>
    closed === undefined ? underWay.run(call) : Promise.resolve(E.left(storeClosed(name)));

  const reading =
    <A>(read: () => Promise<A>): TE.TaskEither<StoreFailure, A> =>
    () =>
      whileOpen(TE.tryCatch(read, toFailure(settings)));

  const finish = async (): Promise<void> => {
    listeners.stop();
    await underWay.none();
    await Promise.all([reader.close(), beside.close()]);
    if (!settings.readOnly) checkpoint(database);
    database.close();
  };

  return {
    name,
    atomicity: 'anyStreams',
    positions: 'consecutive',
    shortPages: true,
    readStream: (stream, fromRevision = 0n) =>
      reading(() => reader.readStream(stream, fromRevision)),
    readAll: (position, maxCount) => reading(() => reader.readAll(position, maxCount)),
    findEvent: (id) => reading(() => reader.findEvent(id)),
    head: reading(reader.head),
    inspect: reading(reader.inspect),
    append: (appends) => async () => {
      // A caller's bug throws here, which rejects the promise.
      const request = encodeAppends(appends);
      return settings.readOnly ? E.left(notWritable(name)) : await whileOpen(() => append(request));
    },
    onAppend: (listener) => (closed === undefined ? listeners.add(listener) : () => undefined),
    close: () => (closed ??= finish()),
  };
};

/** Folds the log into the file, so that the file alone is the ledger. */
const checkpoint = (database: Database): void => {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // Somebody else is reading, or the disk is full: the log stays beside the file and loses nothing.
  }
};
