/** The file of read models: what is not one is left alone, and how much of it is held in memory. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from '../../src/adapters/sqlite';
import { loadDriver } from '../../src/adapters/sqlite/driver';
import { sqliteReadModel } from '../../src/adapters/sqlite/read-model';
import { openFile } from '../../src/adapters/sqlite/read-model/file';
import { Session } from '../../src/adapters/sqlite/read-model/session';

interface Entries {
  readonly seats: { readonly n: number };
}
const shape = { name: 'things', version: 1, tables: ['seats'] as const };
const ids = ['1', '2', '3', '4'];

let folder: string;
const path = (): string => join(folder, 'views.db');
const open: Array<{ close: () => void }> = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-model-file-'));
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
  rmSync(folder, { recursive: true });
});

describe('what was read', () => {
  /** A session that keeps little in memory, and an entry that it has read. */
  const withEntry = (mostEntries: number) => {
    const making = sqliteReadModel(path()).rebuild<Entries>(shape, true);
    making.finish();
    making.close();
    const session = new Session(openFile(path(), 'views'), 'views', mostEntries);
    open.push(session);
    const kept = session.open<Entries>(shape);
    if (kept === undefined) throw new Error('They have not been made.');
    const { tables, advance } = kept;
    session.begin();
    for (const id of ids) tables.seats.set('a', id, { n: 1 });
    advance({ position: 1n, eventId: 'event-1', stream: 'seat-acme.ann', revision: 0n });
    session.commit();
    session.begin();
    return { session, tables, read: tables.seats.get('a', '1') };
  };

  it('stays in memory for the next question', () => {
    const { session, tables, read } = withEntry(4);
    session.commit();
    session.begin();
    expect(tables.seats.get('a', '1')).toBe(read);
  });

  it('is let go of when it has become much, though nothing was written', () => {
    const { session, tables, read } = withEntry(3);
    for (const id of ids) tables.seats.get('a', id);
    session.commit();
    session.begin();
    const again = tables.seats.get('a', '1');
    expect(again).toEqual(read);
    expect(again).not.toBe(read);
  });
});

describe('a file', () => {
  it('of a release with another layout is left as it is, and the message says what to do', () => {
    const model = sqliteReadModel(path());
    model.connect().close();
    const driver = loadDriver();
    const file = driver && new driver.DatabaseSync(path(), { readOnly: false });
    file?.exec('PRAGMA user_version = 1');
    file?.close();
    expect(() => model.connect()).toThrow(
      /views\.db has layout 1, which this release does not know\. .*give another path, or delete the file/,
    );
  });

  it('that does not hold read models is left as it is', async () => {
    const ledger = join(folder, 'ledger.db');
    const store = await sqliteStore(ledger).connect();
    if (store._tag === 'Right') await store.right.close();
    expect(() => sqliteReadModel(ledger).connect()).toThrow(
      'is a ledger, and read models are kept in a file of their own',
    );
    writeFileSync(
      join(folder, 'text.txt'),
      'not a database, but a text that is long enough to be one'.repeat(20),
    );
    expect(() => sqliteReadModel(join(folder, 'text.txt')).connect()).toThrow('can be made again');
    expect(readdirSync(folder)).toContain('text.txt');
  });
});
