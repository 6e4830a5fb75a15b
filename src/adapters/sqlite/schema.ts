/**
 * The layout of the file, and how a file says whose it is.
 */
import { type Database, queryValue } from './driver';
import { Fault, pathAdvice, unreadable } from './faults';

/** "SEAT" in ASCII, in the file's header: this file is a ledger. */
export const APPLICATION_ID = 0x53454154;

/** "VIEW" in ASCII, in the file's header: this file holds read models, and is no ledger. */
export const READ_MODEL_APPLICATION_ID = 0x56494557;

/** The newest layout that this release reads, and the one it writes. */
const SCHEMA_VERSION = 1;

/**
 * Must come before the first table: the size of a page cannot change later without a rewrite. A commit
 * writes whole pages, nearly a page for the id of each event: small ones make a commit cheap, and smaller
 * ones than these would make reading slow.
 */
export const SET_PAGE_SIZE = 'PRAGMA page_size = 4096';

/** Marks the file as ours, in the same transaction as the tables. */
export const CREATE_LEDGER = `
  CREATE TABLE streams (
    stream_id INTEGER PRIMARY KEY,
    name      TEXT    NOT NULL UNIQUE,
    revision  INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE events (
    position  INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    id        TEXT    NOT NULL UNIQUE,
    type      TEXT    NOT NULL,
    data      TEXT    NOT NULL,
    metadata  TEXT    NOT NULL,
    UNIQUE (stream_id, revision)
  ) STRICT;
  PRAGMA application_id = ${String(APPLICATION_ID)};
  PRAGMA user_version = ${String(SCHEMA_VERSION)};
`;

/** A write that changes nothing: it takes the place of a commit whose fate is in doubt. */
export const WRITE_NOTHING = `PRAGMA user_version = ${String(SCHEMA_VERSION)}`;

/**
 * Tells a ledger from a file that holds nothing yet. Only reads.
 *
 * @throws Fault when the file is another program's or a newer release's
 */
export const identify = (
  database: Database,
  { name, readOnly }: { readonly name: string; readonly readOnly: boolean },
): 'ledger' | 'empty' => {
  const application = Number(
    queryValue(database, 'SELECT application_id FROM pragma_application_id'),
  );
  const found = Number(queryValue(database, 'SELECT user_version FROM pragma_user_version'));
  if (application !== APPLICATION_ID) {
    const tables = Number(queryValue(database, 'SELECT count(*) FROM sqlite_master'));
    if (application === 0 && found === 0 && tables === 0) return 'empty';

    const what =
      application === READ_MODEL_APPLICATION_ID
        ? 'holds kept views, and is not the ledger that they were made from'
        : 'is a SQLite file of another program';
    throw new Fault(unreadable(`${name} ${what}. ${pathAdvice(readOnly)}`));
  }
  if (found > SCHEMA_VERSION) {
    throw new Fault({
      type: 'StoreTooNew',
      message: `${name} has layout ${found}, and this release knows layouts up to ${SCHEMA_VERSION}. Upgrade seatledger to open it.`,
      found,
      supported: SCHEMA_VERSION,
    });
  }
  return 'ledger';
};
