/** The ledger as a file: whether it is there, and what to do when a secret does not open it. */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { sqliteStore } from '../adapters/sqlite';
import type { Failure } from '../application/failures';
import { tryOpenLedger } from '../application/open-ledger';
import type { EventStore } from '../application/ports';
import { DEMO_SECRET } from './address-secret';
import { showingReadsOf } from './reading-progress';
import { failed, misuse, type Stop } from './stop';
import { printable } from './terminal';

/** Whether something is at `path`. What cannot be looked at may be there. */
export const isThere = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
};

const realPlace = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    // Nothing is there: its folder may still have another name.
    const folder = dirname(path);
    return folder === path ? path : join(realPlace(folder), basename(path));
  }
};

/** SQLite keeps a part of the ledger beside it, under its name and one of these. */
const PARTS = ['', '-wal', '-shm', '-journal'];

/** What is made from a ledger never takes its place, nor that of a file that belongs to it. */
export const besideLedger = (db: string, file: string): E.Either<Stop, void> => {
  const place = realPlace(resolve(file));
  const isPart = PARTS.some((part) => realPlace(resolve(`${db}${part}`)) === place);
  return isPart
    ? E.left(misuse(`${printable(file)} is a file of the ledger itself. Name another file.`))
    : E.right(undefined);
};

/** Opens the store of a ledger that has to be there: to read, nothing is made. */
export const connectToRead = async (db: string): Promise<E.Either<Stop, EventStore>> => {
  if (db !== '' && !isThere(db)) {
    return E.left(misuse(`There is no ledger ${printable(db)}. Check the path.`));
  }
  const connected = await sqliteStore(db, { readOnly: true }).connect();
  return E.isLeft(connected) ? E.left(failed(connected.left)) : connected;
};

/** Opens the ledger for reading, and shows how far; what dead processes left half done stays so. */
export const openToRead = (db: string, addressSecret: string) =>
  tryOpenLedger({
    store: showingReadsOf(sqliteStore(db, { readOnly: true })),
    addressSecret,
    recoverAtOpen: false,
  });

const isDemoLedger = async (db: string): Promise<boolean> => {
  const opened = await openToRead(db, DEMO_SECRET);
  if (E.isRight(opened)) await opened.right.close();
  return E.isRight(opened);
};

/** Why the ledger did not open with the secret in `variable`. */
export const openingFailed = async (
  failure: Failure,
  db: string,
  variable: string,
): Promise<Stop> => {
  if (failure.type !== 'AddressSecretMismatch') return failed(failure);
  const file = printable(db);
  const message = (await isDemoLedger(db))
    ? `${file} is the demonstration's own ledger: it opens only while ${variable} is unset. ` +
      'Your own commands go to another ledger.'
    : `${file} was made with another secret than the one in ${variable}. Set ${variable} to the secret ` +
      'that it was made with; with this one no address in it could be found again.';
  return { ...failed(failure), message };
};
