/**
 * The SQLite store and its file: what it makes, what it opens, and what it leaves alone.
 */
import { describe, expect, it } from '@jest/globals';
import { copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { queryValue } from '../../src/adapters/sqlite/driver';
import {
  anEvent,
  appendOne,
  driver,
  fingerprint,
  intercepting,
  left,
  newFolder,
  newPath,
  open,
  openWith,
  refusal,
  right,
  streamsOf,
  tamper,
  wholeLog,
} from './sqlite-fixture';

describe('the file', () => {
  it('says whose it is, in which layout, and keeps a write-ahead log with 4 KB pages', async () => {
    const path = newPath();
    await (await open(path)).close();

    const database = new (driver().DatabaseSync)(path, { readOnly: false });
    const pragma = (name: string) => queryValue(database, `SELECT * FROM pragma_${name}`);
    const found = ['application_id', 'user_version', 'journal_mode', 'page_size'].map(pragma);
    database.close();
    expect(found).toEqual([0x53454154, 2, 'wal', 4096]);
  });

  it('alone is the whole ledger once the store is closed', async () => {
    const path = newPath();
    const store = await open(path);
    right(await appendOne(store, 'a'));
    await store.close();

    copyFileSync(path, `${path}.copy`);
    expect(await streamsOf(await open(`${path}.copy`))).toEqual(['a']);
  });

  it('is made in the place of an empty file, with any name', async () => {
    const path = join(newFolder(), 'file:ä b?mode=ro%20#.db');
    writeFileSync(path, '');
    const store = await open(path);
    right(await appendOne(store, 'a'));
    expect(readFileSync(path, 'latin1')).toMatch(/^SQLite format 3/);
  });

  it.each(['PRAGMA journal_mode = WAL', 'PRAGMA synchronous = FULL'])(
    'is not used when %s has no effect',
    async (wanted) => {
      const deaf = intercepting((sql, run) => {
        run(sql === wanted ? 'PRAGMA synchronous = NORMAL' : sql);
      });
      expect(left(await openWith(deaf, newPath())())).toMatchObject({
        type: 'StoreUnavailable',
        message: expect.stringContaining('cannot keep a write-ahead log'),
      });
    },
  );
});

describe('what is not a ledger of ours is left as it is', () => {
  const foreignTable = 'CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);';

  it.each([
    { what: 'a text file', content: 'Not a database. '.repeat(100), type: 'StoreUnreadable' },
    { what: 'a short text file', content: 'hello', type: 'StoreUnreadable' },
    { what: 'a file of one byte', content: 'x', type: 'StoreUnreadable' },
    { what: 'a file of zeros', content: '\0'.repeat(8192), type: 'StoreUnreadable' },
    {
      what: 'only the first bytes of one',
      content: `SQLite format 3\0${'x'.repeat(5000)}`,
      type: 'StoreUnreadable',
    },
  ])('$what: $type', async ({ content, type }) => {
    const path = newPath();
    writeFileSync(path, content);
    const before = fingerprint(dirname(path));

    expect(await refusal(path)).toMatchObject({ type });
    expect(await refusal(path, { readOnly: true })).toMatchObject({ type });
    expect(fingerprint(dirname(path))).toEqual(before);
  });

  it.each([
    {
      what: 'another program’s file',
      sql: `PRAGMA application_id = 7; ${foreignTable}`,
      type: 'StoreUnreadable',
    },
    { what: 'a file that names no program', sql: foreignTable, type: 'StoreUnreadable' },
    {
      what: 'one that keeps a log',
      sql: `PRAGMA journal_mode = WAL; ${foreignTable}`,
      type: 'StoreUnreadable',
    },
    {
      what: 'a file of kept views',
      sql: `PRAGMA application_id = 0x56494557; ${foreignTable}`,
      type: 'StoreUnreadable',
    },
    { what: 'one with only a version', sql: 'PRAGMA user_version = 3;', type: 'StoreUnreadable' },
    {
      what: 'a ledger of a newer release',
      sql: 'PRAGMA application_id = 0x53454154; PRAGMA user_version = 3;',
      type: 'StoreTooNew',
    },
    {
      what: 'a ledger of a layout before the first release',
      sql: 'PRAGMA application_id = 0x53454154; PRAGMA user_version = 1;',
      type: 'StoreUnreadable',
    },
  ])('$what: $type', async ({ sql, type }) => {
    const path = newPath();
    tamper(path, sql);
    const before = fingerprint(dirname(path));

    expect(await refusal(path)).toMatchObject({ type });
    expect(fingerprint(dirname(path))).toEqual(before);
  });

  it.each`
    what                      | sql                                      | said
    ${'another program’s'}    | ${''}                                    | ${'is a SQLite file of another program.'}
    ${'a file of kept views'} | ${'PRAGMA application_id = 0x56494557;'} | ${'holds kept views, and is not the ledger that they were made from.'}
  `('$what is called so, and only who writes is told of a new file', async ({ sql, said }) => {
    const path = newPath();
    tamper(path, `${String(sql)} ${foreignTable}`);

    expect(await refusal(path, { readOnly: true })).toMatchObject({
      message: expect.stringMatching(`${String(said)} Give the path of a ledger\\.$`),
    });
    expect(await refusal(path)).toMatchObject({
      message: expect.stringContaining(
        `${String(said)} Give the path of a ledger or of a new file.`,
      ),
    });
  });

  it('says which layout was found and which is known', async () => {
    const path = newPath();
    tamper(path, 'PRAGMA application_id = 0x53454154; PRAGMA user_version = 9;');

    expect(await refusal(path)).toMatchObject({ type: 'StoreTooNew', found: 9, supported: 2 });
  });

  it('not even folds in the log that a dead program left beside its file', async () => {
    const [alive, path] = [newPath(), newPath()];
    const database = new (driver().DatabaseSync)(alive, { readOnly: false });
    database.exec(`PRAGMA journal_mode = WAL; ${foreignTable}`);
    for (const end of ['', '-wal']) copyFileSync(alive + end, path + end);
    database.close();
    const before = fingerprint(dirname(path));

    expect(await refusal(path)).toMatchObject({ type: 'StoreUnreadable' });
    expect(fingerprint(dirname(path))).toEqual(expect.arrayContaining([...before]));
  });

  it('a damaged ledger is StoreUnreadable, and so is a damaged event', async () => {
    const [torn, edited] = [newPath(), newPath()];
    for (const path of [torn, edited]) {
      const store = await open(path);
      const events = Array.from({ length: 200 }, () => anEvent('x'.repeat(500)));
      right(await store.append([{ stream: 'a', expectedRevision: -1n, events }])());
      await store.close();
    }
    const file = openSync(torn, 'r+');
    for (let page = 3; page < 12; page += 1) writeSync(file, 'torn'.repeat(2048), page * 8192);
    tamper(edited, "UPDATE events SET data = '{oops' WHERE position = 7");

    const readAll = async (path: string) => left(await (await open(path)).readAll(-1n, 1_000)());
    expect(await readAll(torn)).toMatchObject({ type: 'StoreUnreadable' });
    expect(await readAll(edited)).toMatchObject({
      type: 'StoreUnreadable',
      message: expect.stringContaining('position 7'),
    });
  });

  it.each`
    what                                     | sql                                                     | missing
    ${'whose last event was taken'}          | ${'DELETE FROM events WHERE revision = 2'}              | ${2}
    ${'with an event taken from its middle'} | ${'DELETE FROM events WHERE revision = 1'}              | ${1}
    ${'whose first event was taken'}         | ${'DELETE FROM events WHERE revision = 0'}              | ${0}
    ${'that ends too early'}                 | ${'UPDATE heads SET revision = 3'}                      | ${3}
    ${'that leads past an event'}            | ${'UPDATE events SET previous = 0 WHERE revision = 2'}  | ${1}
    ${'that leads in a circle'}              | ${'UPDATE events SET previous = 2 WHERE revision = 1'}  | ${0}
    ${'that leads nowhere'}                  | ${'UPDATE events SET previous = 9 WHERE revision = 2'}  | ${1}
    ${'that leads into another stream'}      | ${'UPDATE events SET stream_id = 8 WHERE revision = 1'} | ${1}
  `('a stream $what is StoreUnreadable', async ({ sql, missing }) => {
    const path = newPath();
    const store = await open(path);
    const events = [anEvent(0), anEvent(1), anEvent(2)];
    right(await store.append([{ stream: 'a', expectedRevision: -1n, events }])());
    tamper(path, sql as string);

    expect(left(await store.readStream('a', 0n)())).toMatchObject({
      type: 'StoreUnreadable',
      message: expect.stringContaining(`revision ${String(missing)} of the stream a is missing`),
    });
    const { events: after } = right(await store.readStream('a', 4n)());
    expect(after).toEqual([]);
  });

  it('a stream of which nothing says where it ends is StoreUnreadable, and nobody begins it anew', async () => {
    const path = newPath();
    const store = await open(path);
    right(await appendOne(store, 'a'));
    tamper(path, 'DELETE FROM heads');

    const damaged = { type: 'StoreUnreadable', message: expect.stringContaining('stream a ends') };
    expect(left(await store.readStream('a', 0n)())).toMatchObject(damaged);
    expect(left(await appendOne(store, 'a'))).toMatchObject(damaged);
    const guard = { stream: 'a', expectedRevision: -1n, events: [] };
    const other = { stream: 'b', expectedRevision: -1n, events: [anEvent()] };
    expect(left(await store.append([other, guard])())).toMatchObject(damaged);
  });

  it('damaged metadata comes back as the text it is, and harms no replay', async () => {
    const path = newPath();
    const store = await open(path);
    right(await appendOne(store, 'a', 'kept'));
    tamper(path, "UPDATE events SET metadata = '{oops'");

    expect({ ...(await wholeLog(store))[0] }).toMatchObject({ data: 'kept', metadata: '{oops' });
  });
});

describe('a place that cannot hold a ledger', () => {
  it.each([
    {
      place: 'a folder',
      path: () => newFolder(),
      readOnly: false,
      code: 'EISDIR',
      advice: 'Give the path of a file',
    },
    {
      place: 'a missing folder',
      path: () => join(newFolder(), 'no', 'x.db'),
      readOnly: false,
      code: 'ENOENT',
      advice: 'Make it',
    },
    {
      place: 'a file as a folder',
      path: () => join(__filename, 'x.db'),
      readOnly: false,
      code: 'ENOTDIR',
      advice: 'Give a path',
    },
    {
      place: 'a missing file to read',
      path: () => newPath(),
      readOnly: true,
      code: 'ENOENT',
      advice: 'Open it for writing once',
    },
    {
      place: 'memory',
      path: () => ':memory:',
      readOnly: false,
      code: 'ERR_INVALID_ARG_VALUE',
      advice: 'memoryStore()',
    },
  ])('$place: $code, and what to do', async ({ path, readOnly, code, advice }) => {
    expect(await refusal(path(), { readOnly })).toEqual({
      type: 'StoreUnavailable',
      code,
      message: expect.stringContaining(advice),
    });
  });
});
