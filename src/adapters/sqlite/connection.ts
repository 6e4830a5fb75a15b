/**
 * Opening the file: whatever is not a ledger of ours stays as it is, to the byte.
 */
import { accessSync, constants, existsSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, type Driver, queryValue } from './driver';
import {
  mayNotOpen,
  codeOf,
  Fault,
  messageOf,
  needsRollback,
  pathAdvice,
  unavailable,
  unreadable,
} from './faults';
import { whenFree } from './patience';
import { CREATE_LEDGER, identify, SET_PAGE_SIZE } from './schema';

/** What to open, and how. */
export interface Place {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly readOnly: boolean;
  readonly busyTimeoutMs: number;
  /** Whether it may have threads of its own. */
  readonly threads: boolean;
}

/** The shortest file that SQLite can mean something by; it takes one byte for an empty database. */
const SHORTEST_DATABASE = 512;

const SYNCHRONOUS_FULL = 2;

/**
 * The log beside the file is folded into it at so many pages, which are 64 MB. A page that many commits
 * change is then moved once: at a quarter of that, folding took a tenth of the time of a busy writer.
 */
const PAGES_IN_LOG = 16_000;

/** In KiB. An id is looked for anywhere in its index: with SQLite's 2,000 most pages of it are read anew. */
const CACHE_KIB = 16_000;

/**
 * Opens the ledger at `place`, and makes it if there is nothing yet.
 *
 * @throws Fault, or SQLite's own error
 */
export const openLedgerFile = async (driver: Driver, place: Place): Promise<Database> => {
  checkPlace(place);
  const patience = { ...place, since: performance.now() };
  await whenFree(() => {
    inspectLeftovers(driver, place);
  }, patience);
  return whenFree(() => {
    const database = open(driver, place);
    try {
      prepareFile(database, place);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }, patience);
};

/** Looks with the file system first: SQLite answers "unable to open" to all of this. */
const checkPlace = ({ name, path, readOnly }: Place): void => {
  const file = statOf(path, name);
  if (file === undefined) {
    if (readOnly) {
      throw missing(`${name} does not exist. Open it for writing once, which makes it.`);
    }
    checkFolder(dirname(path), name);
    return;
  }
  if (file.isDirectory()) {
    throw new Fault(
      unavailable(`${name} is a folder. Give the path of a file in it, as in ledger.db.`, 'EISDIR'),
    );
  }
  if (!file.isFile() || (file.size > 0 && file.size < SHORTEST_DATABASE)) {
    throw new Fault(unreadable(`${name} is not a ledger. ${pathAdvice(readOnly)}`));
  }
};

const checkFolder = (folder: string, name: string): void => {
  const found = statOf(folder, name);
  if (found?.isDirectory() === true) return;
  if (found === undefined) {
    throw missing(`The folder ${folder} does not exist. Make it, or give another path.`);
  }
  throw new Fault(
    unavailable(`${folder} is a file, not a folder. Give a path in a folder.`, 'ENOTDIR'),
  );
};

const missing = (message: string): Fault => new Fault(unavailable(message, 'ENOENT'));

const statOf = (path: string, name: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // What some releases of Node throw and others do not: a file stands where a folder should.
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw new Fault(
      unavailable(
        `The path of ${name} cannot be followed: ${messageOf(error)}. Give a path to a file you may open.`,
        codeOf(error),
      ),
    );
  }
};

/**
 * A dead program's log beside the file would be folded into the file by the last writer to close
 * it. So that this never happens to a file that is not ours, a reader looks first.
 */
const inspectLeftovers = (driver: Driver, place: Place): void => {
  if (!existsSync(`${place.path}-wal`) && !existsSync(`${place.path}-journal`)) return;
  if (!existsSync(place.path)) return;

  const database = open(driver, { ...place, readOnly: true });
  try {
    identifyAtOnce(database, place);
  } catch (error) {
    // Its writer died within a transaction. Only a writer can roll that back, and only then look.
    if (!needsRollback(error)) throw error;
  } finally {
    database.close();
  }
};

const open = (driver: Driver, place: Place): Database => {
  try {
    return new driver.DatabaseSync(place.path, { readOnly: place.readOnly });
  } catch (error) {
    throw mayNotOpen(error) ? new Fault(whyNotOpen(place, error)) : error;
  }
};

const prepareFile = (database: Database, place: Place): void => {
  try {
    database.exec('PRAGMA busy_timeout = 0');
    if (identifyAtOnce(database, place) === 'empty') {
      if (place.readOnly) {
        throw new Fault(
          unreadable(`${place.name} is empty. Open it for writing once, which makes it a ledger.`),
        );
      }
      create(database, place);
    }
    if (!place.readOnly) makeDurable(database, place.name);
  } catch (error) {
    throw mayNotOpen(error) ? new Fault(whyNotOpen(place, error)) : error;
  }
};

/** What the file is at one moment: between two looks, another process may make a ledger of it. */
const identifyAtOnce = (database: Database, place: Place): ReturnType<typeof identify> => {
  database.exec('BEGIN');
  try {
    return identify(database, place);
  } finally {
    rollBack(database);
  }
};

const create = (database: Database, place: Place): void => {
  database.exec(SET_PAGE_SIZE);
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have made it while we waited for the lock.
    if (identify(database, place) === 'empty') database.exec(CREATE_LEDGER);
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
};

/** Ends a transaction that failed; SQLite may have ended it already. */
export const rollBack = (database: Database): void => {
  try {
    database.exec('ROLLBACK');
  } catch {
    // Nothing was open any more, which is what we wanted.
  }
};

/** An acknowledged append must outlive a power cut: WAL with anything less than FULL does not. */
export const makeDurable = (database: Database, name: string): void => {
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`PRAGMA wal_autocheckpoint = ${PAGES_IN_LOG}`);
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  const journal = queryValue(database, 'SELECT journal_mode FROM pragma_journal_mode');
  const synchronous = queryValue(database, 'SELECT synchronous FROM pragma_synchronous');
  if (journal === 'wal' && synchronous === SYNCHRONOUS_FULL) return;

  throw new Fault(
    unavailable(
      `${name} cannot keep a write-ahead log (journal ${String(journal)}, synchronous ${String(synchronous)}). Put it on a local disk.`,
      undefined,
    ),
  );
};

const whyNotOpen = ({ name, path }: Place, error: unknown) => {
  const code = codeOf(error);
  const folder = dirname(path);
  if (!existsSync(path) && !may(folder, constants.W_OK)) {
    return unavailable(
      `${name} cannot be made: the folder ${folder} is not writable. Make it writable, or give another path.`,
      code,
    );
  }
  if (!may(path, constants.R_OK)) {
    return unavailable(`${name} may not be read. Give this user permission to read it.`, code);
  }
  if (!may(folder, constants.W_OK)) {
    return unavailable(
      `${name} cannot be read here: SQLite keeps an index beside it, and the folder ${folder} is not writable. Copy the file to a writable folder and open the copy.`,
      code,
    );
  }
  return unavailable(
    `${name} cannot be opened: ${messageOf(error)}. Check the permissions of the file and its folder.`,
    code,
  );
};

const may = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};
