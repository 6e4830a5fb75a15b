/** Importing into a new file, all or nothing: it is made beside its place, and put there when it is whole. */
import * as E from 'fp-ts/lib/Either.js';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ImportRefused, StoreFailure } from '../../application/failures';
import {
  type Imported,
  type ImportFailure,
  importInto,
  type ImportOptions,
} from '../../application/transfer';
import { codeOf, messageOf, unavailable } from './faults';
import { sqliteStore } from './index';

const SUFFIX = '.importing';

const taken = (message: string): E.Either<ImportRefused, never> =>
  E.left({ type: 'ImportRefused', line: 0, problem: 'TargetExists', message });

const removeAll = (path: string): void => {
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    rmSync(file, { force: true });
  }
};

const sync = (path: string): void => {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Gives the file its name, unless something has taken the name meanwhile. */
const putInPlace = (from: string, to: string): void => {
  sync(from);
  linkSync(from, to);
  rmSync(from);
  sync(dirname(to));
};

const broken = (path: string, error: unknown): E.Either<StoreFailure, never> =>
  E.left(
    unavailable(
      `${path} could not be put in place: ${messageOf(error)}. Nothing was imported; check the folder and the disk.`,
      codeOf(error),
    ),
  );

/**
 * Reads an exported log into a new ledger file. Until all of it is there and on the disk, there is no
 * file at `path`; a process that is killed leaves `path.importing`, which may be deleted.
 *
 * @param source the bytes of the export; it is read once, and what it throws is told as `SourceBroken`
 */
export const importSqlite = async (
  path: string,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
): Promise<E.Either<ImportFailure, Imported>> => {
  const place = resolve(path);
  const making = `${place}${SUFFIX}`;
  if (existsSync(place)) {
    return taken(`${path} exists already. An import makes a new file: give another path.`);
  }
  if (existsSync(making)) {
    return taken(
      `${path}${SUFFIX} is there: another import is under way, or one was killed. If none is, delete it.`,
    );
  }
  const connected = await sqliteStore(making).connect();
  if (E.isLeft(connected)) return connected;
  const store = connected.right;
  try {
    const imported = await importInto(store, source, options).catch(sourceBroken);
    await store.close();
    if (E.isLeft(imported)) return imported;
    try {
      putInPlace(making, place);
      return imported;
    } catch (error) {
      return broken(path, error);
    }
  } finally {
    removeAll(making);
  }
};

const sourceBroken = (error: unknown): E.Either<ImportRefused, never> =>
  E.left({
    type: 'ImportRefused',
    line: 0,
    problem: 'SourceBroken',
    message: `The export could not be read: ${messageOf(error)}. Nothing was imported.`,
  });
