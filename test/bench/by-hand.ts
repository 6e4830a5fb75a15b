/** What one would write by hand, for one job each: no rules, no identity, no checks of data. */
import { makeDurable } from '../../src/adapters/sqlite/connection';
import { type Database, loadDriver, prepareQuery } from '../../src/adapters/sqlite/driver';
import type { Sent } from './activity';

const INSERT =
  'INSERT INTO events (position, stream_id, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)';

/** The file at `path`, as durable as the ledger keeps it, and with as much memory. */
export const openByHand = (path: string): Database => {
  const driver = loadDriver();
  if (driver === undefined) throw new Error('There is no SQLite driver.');
  const database = new driver.DatabaseSync(path, { readOnly: false });
  makeDurable(database, path);
  return database;
};

/**
 * Has the log beside the file reach its full size. A commit that lengthens it takes up to half as long again
 * as one that writes over it, and only a file that is new has such: the fewer pages a commit has, the longer.
 */
export const growLog = (database: Database, name: string): void => {
  database.exec('CREATE TABLE filler (turn INTEGER); INSERT INTO filler VALUES (0)');
  database.exec('PRAGMA synchronous = OFF');
  const pages = Number(prepareQuery(database, 'PRAGMA wal_autocheckpoint')()[0]?.[0]);
  const turn = database.prepare('UPDATE filler SET turn = turn + 1');
  for (let page = 0; page <= pages; page += 1) turn.run();
  makeDurable(database, name);
};

/** Tables as one would make them by hand, each thing that must be unique under SQLite's own constraint. */
const HAND_WRITTEN = `
  CREATE TABLE streams (
    stream_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream_id INTEGER NOT NULL, revision INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL,
    UNIQUE (stream_id, revision)
  ) STRICT;`;

/** The same history as in the ledger's file, in tables made by hand. */
export const rewriteByHand = (ledger: string, path: string): Database => {
  const database = openByHand(path);
  database.exec(`
    ${HAND_WRITTEN}
    ATTACH '${ledger}' AS ledger;
    BEGIN;
    INSERT INTO streams SELECT stream_id, name, revision
      FROM ledger.streams JOIN ledger.heads USING (stream_id);
    INSERT INTO events SELECT position, stream_id, revision, id, type, data, metadata
      FROM ledger.events;
    COMMIT;
    DETACH ledger;`);
  return database;
};

const lastPosition = (database: Database): number =>
  Number(prepareQuery(database, 'SELECT max(position) FROM events')()[0]?.[0]);

/** An id as long as the ledger's, and as random. */
const idOf = (): string => crypto.randomUUID();

/** Appends an event to a stream of its own, one a commit. */
export const singleCommits = (database: Database): ((sent: Sent) => void) => {
  const insert = database.prepare(INSERT);
  let position = lastPosition(database);
  let revision = 0;
  return ({ principal, command }) => {
    const { data, metadata } = textsOf(principal, command);
    database.exec('BEGIN IMMEDIATE');
    insert.run(++position, 0, revision++, idOf(), command.type, data, metadata);
    database.exec('COMMIT');
  };
};

/** Writes an event into a table that has nothing to look anything up by, one a commit. */
export const bareCommits = (database: Database): ((sent: Sent) => void) => {
  database.exec(
    'CREATE TABLE bare (type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL)',
  );
  const insert = database.prepare('INSERT INTO bare VALUES (?, ?, ?)');
  return ({ principal, command }) => {
    const { data, metadata } = textsOf(principal, command);
    database.exec('BEGIN IMMEDIATE');
    insert.run(command.type, data, metadata);
    database.exec('COMMIT');
  };
};

const textsOf = (principal: Sent['principal'], command: Sent['command']) => ({
  data: JSON.stringify(command),
  metadata: JSON.stringify({ principal, at: new Date().toISOString() }),
});

interface Known {
  revision: number;
  readonly mailboxes: Set<string>;
  readonly mailings: Map<string, string>;
  readonly sequenceStates: Map<string, string>;
}

interface Stored {
  readonly address: string | { readonly canonical: string };
  readonly mailingId: string;
  readonly sequenceStateId: string;
  readonly state: string;
}

const fold = (known: Known, revision: number, type: string, data: Stored): void => {
  known.revision = revision;
  switch (type) {
    case 'MailboxAdded':
      known.mailboxes.add(typeof data.address === 'string' ? data.address : data.address.canonical);
      break;
    case 'MailingRecorded':
      known.mailings.set(data.mailingId, data.state);
      break;
    case 'SequenceStateRecorded':
      known.sequenceStates.set(data.sequenceStateId, data.state);
      break;
  }
};

const eventTypes: Readonly<Record<string, string>> = {
  RecordMailing: 'MailingRecorded',
  RecordSequenceState: 'SequenceStateRecorded',
};

/** Loads the seat, folds it, and appends one event if the seat is still where it was. */
export const loadFoldAppend = (database: Database): ((sent: Sent) => void) => {
  const findStream = prepareQuery(
    database,
    'SELECT stream_id, revision FROM streams WHERE name = ?',
  );
  const read = prepareQuery(
    database,
    'SELECT revision, type, data FROM events WHERE stream_id = ? ORDER BY revision',
  );
  const move = database.prepare(
    'UPDATE streams SET revision = revision + 1 WHERE stream_id = ? AND revision = ?',
  );
  const insert = database.prepare(INSERT);
  let position = lastPosition(database);
  return ({ principal, command }) => {
    if (!('userId' in command)) throw new Error(`${command.type} concerns no seat.`);
    const [stream] = findStream(`seat-${principal.orgId}.${command.userId}`);
    const streamId = Number(stream?.[0]);
    const known: Known = {
      revision: -1,
      mailboxes: new Set(),
      mailings: new Map(),
      sequenceStates: new Map(),
    };
    for (const row of read(streamId)) {
      fold(known, Number(row[0]), String(row[1]), JSON.parse(String(row[2])) as Stored);
    }
    if (known.mailboxes.size === 0) throw new Error(`${command.userId} has no mailbox.`);

    const { data, metadata } = textsOf(principal, command);
    const type = eventTypes[command.type] ?? command.type;
    database.exec('BEGIN IMMEDIATE');
    const moved = move.run(streamId, known.revision) as { readonly changes: number };
    if (moved.changes !== 1) throw new Error(`${command.userId} has moved.`);
    insert.run(++position, streamId, known.revision + 1, idOf(), type, data, metadata);
    database.exec('COMMIT');
  };
};
