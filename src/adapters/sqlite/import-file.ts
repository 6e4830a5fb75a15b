/** Importing into a new file, all or nothing: it is made beside its place, and put there when it is whole. */
import * as E from 'fp-ts/lib/Either.js';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
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
const BESIDE = ['-wal', '-shm', '-journal'];

const refused = (
  problem: ImportRefused['problem'],
  message: string,
): E.Either<ImportRefused, never> => E.left({ type: 'ImportRefused', line: 0, problem, message });

const taken = (message: string): E.Either<ImportRefused, never> => refused('TargetExists', message);

/** Why nothing may be put at `place`; a log left beside it would be folded into the new file. */
const inTheWay = (place: string): E.Either<ImportRefused, never> | undefined => {
  if (existsSync(place)) {
    return taken(`${place} exists already. An import makes a new file: give another path.`);
  }
  const leftover = [`${place}-wal`, `${place}-journal`].find((file) => existsSync(file));
  return leftover === undefined
    ? undefined
    : taken(`${leftover} was left by another ledger. Give another path, or move it away.`);
};

/** Takes the name `making` for this import alone. */
const claim = (making: string): E.Either<ImportRefused | StoreFailure, void> => {
  try {
    closeSync(openSync(making, 'wx'));
    removeBeside(making);
    return E.right(undefined);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return taken(
        `${making} is there: another import is under way, or one was killed. If none is under way, delete it and import again.`,
      );
    }
    return broken(making, 'could not be made', error);
  }
};

const removeBeside = (path: string): void => {
  for (const end of BESIDE) rmSync(`${path}${end}`, { force: true });
};

const removeAll = (path: string): void => {
  rmSync(path, { force: true });
  removeBeside(path);
};

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Gives the file its name: never over another one, except on file systems without links, where only the look
 * just before tells.
 */
const settle = (making: string, place: string): E.Either<ImportRefused, void> => {
  try {
    linkSync(making, place);
    rmSync(making);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code !== 'EEXIST' && !NO_LINKS.includes(code)) throw error;
    const obstacle = inTheWay(place);
    if (obstacle !== undefined) return obstacle;
    renameSync(making, place);
  }
  return E.right(undefined);
};

const syncFolder = (folder: string): void => {
  // Windows opens no folder, and keeps names without being asked.
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
};

const broken = (path: string, what: string, error: unknown): E.Either<StoreFailure, never> =>
  E.left(
    unavailable(
      `${path} ${what}: ${messageOf(error)}. Nothing was imported; check the folder and the disk.`,
      codeOf(error),
    ),
  );

/** Closing folds the log into the file; where it could not, the file alone is not the ledger. */
const isFolded = (making: string): boolean =>
  (statSync(`${making}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;

const notFolded = (path: string): E.Either<StoreFailure, never> =>
  E.left({
    type: 'StoreFull',
    message: `The disk of ${path} is full: the last step found no room. Nothing was imported; make room and try again.`,
  });

/**
 * The file has been synced by SQLite, when it folded the log into it. It is not opened here to do so
 * again: closing it would let go of every lock that this process has on it.
 */
const putInPlace = (
  making: string,
  place: string,
): E.Either<ImportRefused | StoreFailure, void> => {
  const obstacle = inTheWay(place);
  if (obstacle !== undefined) return obstacle;
  try {
    const settled = settle(making, place);
    if (E.isRight(settled)) syncFolder(dirname(place));
    return settled;
  } catch (error) {
    return broken(place, 'could not be put in place', error);
  }
};

const filled = async (
  making: string,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<E.Either<ImportFailure, Imported>> => {
  const connected = await sqliteStore(making).connect();
  if (E.isLeft(connected)) return connected;
  try {
    return await importInto(connected.right, source, options);
  } finally {
    await connected.right.close();
  }
};

/**
 * Reads an exported log into a new ledger file, in one pass and in bounded memory. Until all of it is there
 * and on the disk, there is no file at `path`; a process that is killed leaves `path.importing` and what
 * SQLite keeps beside it, which the next import names and which may be deleted.
 *
 * @param path of a file that does not exist yet, in a folder on a local disk
 * @param source the bytes of the export; read once, and what it throws is told as `SourceBroken`
 */
export const importSqlite = async (
  path: string,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
): Promise<E.Either<ImportFailure, Imported>> => {
  const place = resolve(path);
  const obstacle = inTheWay(place);
  if (obstacle !== undefined) return obstacle;
  const making = `${place}${SUFFIX}`;
  const claimed = claim(making);
  if (E.isLeft(claimed)) return claimed;
  try {
    const imported = await filled(making, source, options);
    if (E.isLeft(imported)) return imported;
    if (!isFolded(making)) return notFolded(path);
    if (options.signal?.aborted === true) return stopped;
    const placed = putInPlace(making, place);
    return E.isLeft(placed) ? placed : imported;
  } finally {
    removeAll(making);
  }
};

const stopped = refused('Interrupted', 'The import was stopped. Nothing was imported.');
