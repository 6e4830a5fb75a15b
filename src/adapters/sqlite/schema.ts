/**
 * The layout of the file, and how a file says whose it is.
 */
import { type Database, queryValue } from './driver';
import { Fault, pathAdvice, unreadable } from './faults';

/** "SEAT" in ASCII, in the file's header: this file is a ledger. */
export const APPLICATION_ID = 0x53454154;

/** "VIEW" in ASCII, in the file's header: this file holds read models, and is no ledger. */
export const READ_MODEL_APPLICATION_ID = 0x56494557;

/** The layout that this release reads and writes. The first one was never released. */
const SCHEMA_VERSION = 2;

/**
 * Must come before the first table: the size of a page cannot change later without a rewrite. A commit
 * writes whole pages: small ones make it cheap, and smaller ones than these would make reading slow.
 */
export const SET_PAGE_SIZE = 'PRAGMA page_size = 4096';

/**
 * A commit writes every page that it changes, and pages are what it costs. So an event of a stream is found
 * through the one after it, and not through an index; what changes with each append has a table of its own,
 * whose rows are so small that few pages hold them; and the index of ids is written many at a time.
 *
 * Marks the file as ours, in the same transaction as the tables.
 */
export const CREATE_LEDGER = `
  CREATE TABLE streams (
    stream_id INTEGER PRIMARY KEY,
    name      TEXT    NOT NULL UNIQUE
  ) STRICT;
  -- The last event of each stream.
  CREATE TABLE heads (
    stream_id INTEGER PRIMARY KEY,
    revision  INTEGER NOT NULL,
    position  INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE events (
    position  INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    -- The position of the event before it in its stream.
    previous  INTEGER,
    id        TEXT    NOT NULL,
    type      TEXT    NOT NULL,
    data      TEXT    NOT NULL,
    metadata  TEXT    NOT NULL
  ) STRICT;
  -- The index of ids, and the last position that is in it.
  CREATE TABLE event_ids (
    id        TEXT    PRIMARY KEY,
    position  INTEGER NOT NULL
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE event_ids_end (
    position  INTEGER NOT NULL
  ) STRICT;
  INSERT INTO event_ids_end VALUES (-1);
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
  if (found < SCHEMA_VERSION) {
    throw new Fault(
      unreadable(
        `${name} has layout ${found}, which no release had. Export it with the seatledger that made it, and import that into a new file.`,
      ),
    );
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
