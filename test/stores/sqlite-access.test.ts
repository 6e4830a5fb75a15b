/**
 * Who may use the SQLite store and how: rights to the file, reading only, and the driver.
 */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sqliteStore } from '../../src/adapters/sqlite';
import { type Driver, loadDriver } from '../../src/adapters/sqlite/driver';
import { runChild } from '../support/run-child';
import {
  appendOne,
  CHILD,
  connect,
  driver,
  isRoot,
  left,
  newFolder,
  newPath,
  open,
  refusal,
  right,
  streamsOf,
} from './sqlite-fixture';

describe('reading only', () => {
  it('reads, follows, refuses appends and makes nothing', async () => {
    const path = newPath();
    const writer = await open(path);
    right(await appendOne(writer, 'a'));
    const reader = await open(path, { readOnly: true, pollIntervalMs: 5 });
    const told = new Promise<void>((resolve) => reader.onAppend(resolve));
    right(await appendOne(writer, 'b'));
    await told;

    expect(await streamsOf(reader)).toEqual(['a', 'b']);
    expect(left(await appendOne(reader, 'c'))).toMatchObject({ type: 'StoreReadOnly' });
    writeFileSync(join(dirname(path), 'empty'), '');
    expect(await refusal(join(dirname(path), 'empty'), { readOnly: true })).toMatchObject({
      type: 'StoreUnreadable',
    });
  });

  /** Tries the ledger as a user who owns nothing; without root, as ourselves with rights taken away. */
  const tryAsStranger = async (path: string, ...rest: ReadonlyArray<string>) => {
    const child = runChild(CHILD, ['try', path, ...rest], isRoot ? { uid: 65534 } : {});
    expect((await child.exit).errors).toBe('');
    return child.lines;
  };

  it('a file without the right to write can be read, and an append is StoreReadOnly', async () => {
    const path = newPath();
    const store = await open(path);
    right(await appendOne(store, 'a'));
    await store.close();
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o777);

    expect(await tryAsStranger(path)).toEqual(['read 1', 'append StoreReadOnly']);
    expect(await tryAsStranger(path, 'readOnly')).toEqual(['read 1', 'append StoreReadOnly']);
  });

  it('a folder without the right to write can be read while a writer is there', async () => {
    const path = newPath();
    right(await appendOne(await open(path), 'a'));
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o555);

    expect(await tryAsStranger(path)).toEqual(['read 1', 'append StoreReadOnly']);
    chmodSync(dirname(path), 0o755);
  });

  it('a folder without the right to write says what to do when SQLite cannot read there', async () => {
    const folder = newFolder();
    const path = join(folder, 'ledger.db');
    const source = newPath();
    await (await open(source)).close();
    copyFileSync(source, path);
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);

    expect(await tryAsStranger(path)).toEqual([
      expect.stringMatching(/^failed StoreUnavailable .* Copy the file to a writable folder/),
    ]);
    expect(await tryAsStranger(join(folder, 'new.db'))).toEqual([
      expect.stringMatching(/^failed StoreUnavailable .* is not writable/),
    ]);
    chmodSync(folder, 0o755);
  });
});

describe('the driver', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    jest.dontMock('@photostructure/sqlite');
  });

  const inNode: Driver = { ...driver() };

  it.each([
    { node: '24.4.0', sqlite: '3.53.0', why: 'sound, nothing to install', isInNode: true },
    { node: '22.13.0', sqlite: '3.47.2', why: 'older than the repair of the log', isInNode: false },
    { node: '22.12.0', sqlite: '3.53.0', why: 'behind a flag', isInNode: false },
    { node: '20.20.0', sqlite: undefined, why: 'not there', isInNode: false },
  ])('in Node $node is $why', ({ node, sqlite, isInNode }) => {
    jest.spyOn(process, 'getBuiltinModule').mockReturnValue(inNode);

    expect(loadDriver({ ...process.versions, node, sqlite }) === inNode).toBe(isInNode);
  });

  it('is loaded at connect, and its absence is DriverMissing', async () => {
    jest.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    let asked = 0;
    jest.doMock('@photostructure/sqlite', () => {
      asked += 1;
      throw new Error('Cannot find module');
    });
    jest.resetModules();

    const connector = sqliteStore(newPath());
    expect(asked).toBe(0);
    expect(left(await connector.connect())).toMatchObject({
      type: 'DriverMissing',
      install: 'npm install @photostructure/sqlite',
    });
    expect(asked).toBe(1);
  });

  it('also serves a folder that is reached by a relative path', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'inner'));
    const connector = sqliteStore(join(folder, 'inner', '..', 'ledger.db'));
    right(await appendOne(await connect(connector), 'a'));

    expect(await streamsOf(await open(join(folder, 'ledger.db')))).toEqual(['a']);
  });
});
