/** The file that read models are kept in: its layout, and how it is opened. */
import { ReadModelFault } from '../../../../projections/read-model';
import { type Database, type Driver, driverMissing, loadDriver, queryValue } from '../driver';
import { messageOf } from '../faults';
import {
  APPLICATION_ID as LEDGER_APPLICATION_ID,
  READ_MODEL_APPLICATION_ID as APPLICATION_ID,
} from '../schema';

const LAYOUT = 2;

/** How long a commit waits for another process's, before it gives up. */
const BUSY_TIMEOUT_MS = 10_000;

const CREATE = `
  CREATE TABLE projections (
    -- Never given again: a session tells by it whether its tables are still there.
    generation INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    is_live    INTEGER NOT NULL,
    -- The checkpoint, numbers in decimal: a position may be too large for a number of the driver.
    position   TEXT,
    event_id   TEXT,
    stream     TEXT,
    revision   TEXT,
    next_place INTEGER NOT NULL,
    tables     TEXT    NOT NULL,
    UNIQUE (name, is_live)
  ) STRICT;
  PRAGMA application_id = ${String(APPLICATION_ID)};
  PRAGMA user_version = ${String(LAYOUT)};
`;

const ADVICE = 'Read models can be made again from the log: give another path, or delete the file.';

/** Does `work`; whatever it throws becomes a fault that names the read model. */
export const guarded = <A>(name: string, work: () => A): A => {
  try {
    return work();
  } catch (error) {
    if (error instanceof ReadModelFault) throw error;
    throw new ReadModelFault(`${name} answered: ${messageOf(error)}. ${ADVICE}`, { cause: error });
  }
};

const check = (database: Database, name: string): void => {
  const application = Number(
    queryValue(database, 'SELECT application_id FROM pragma_application_id'),
  );
  const layout = Number(queryValue(database, 'SELECT user_version FROM pragma_user_version'));
  const tables = Number(queryValue(database, 'SELECT count(*) FROM sqlite_master'));
  if (application === APPLICATION_ID && layout === LAYOUT) return;
  if (application === APPLICATION_ID) {
    throw new ReadModelFault(
      `${name} has layout ${layout}, which this release does not know. ${ADVICE}`,
    );
  }
  if (application === LEDGER_APPLICATION_ID) {
    throw new ReadModelFault(
      `${name} is a ledger, and read models are kept in a file of their own. Give another path.`,
    );
  }
  if (application !== 0 || tables > 0) {
    throw new ReadModelFault(`${name} does not hold read models. Give the path of a new file.`);
  }
  database.exec(CREATE);
};

const prepare = (database: Database, name: string): void => {
  database.exec(`PRAGMA busy_timeout = ${String(BUSY_TIMEOUT_MS)}`);
  database.exec('PRAGMA journal_mode = WAL');
  // What a power cut takes from the end is folded again from the log.
  database.exec('PRAGMA synchronous = NORMAL');
  database.exec('BEGIN IMMEDIATE');
  try {
    check(database, name);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
};

/** Opens the file at `path`, and makes it if there is nothing yet. */
export const openFile = (path: string, name: string): Database => {
  const driver: Driver | undefined = loadDriver();
  if (driver === undefined) throw new ReadModelFault(driverMissing.message);
  return guarded(name, () => {
    const database = new driver.DatabaseSync(path, { readOnly: false });
    try {
      prepare(database, name);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
};
