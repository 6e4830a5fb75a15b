/** What a host gets wrong when it names a store is told before anything is opened, and tells no password. */
import { expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../../src';
import { eventStoreDb } from '../../src/adapters/eventstoredb';
import { sqliteStore } from '../../src/adapters/sqlite';

it.each`
  connection
  ${'esdb://ledger:p@ssw0rd@localhost:2113?tls=true'}
  ${'esdb+discover://ledger:p@ssw0rd@localhost:2113'}
  ${'esdb://ledgerssw0rd@localhost:2113'}
  ${'esdb://user:ssw0rd/x@localhost:2113?tls=false'}
  ${'esdb://localhost:21x13?tls=false'}
  ${'esdb://localhost:99999?tls=false'}
  ${'esdb://'}
`('$connection is refused at once, without its password', async ({ connection }) => {
  const opened = await eventStoreDb(String(connection)).connect();
  const told = isLeft(opened) ? opened.left : undefined;
  expect(told).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  expect(told?.message).toContain('Percent-encode');
  expect(told?.message).not.toContain('ssw0rd');
});

it.each([[undefined], [null], [7]])('%s is no place for events, and is told so', async (given) => {
  const opened = await eventStoreDb(given as never).connect();
  expect(opened).toMatchObject({ left: { message: expect.stringContaining('connection string') } });
  const file = await sqliteStore(given as never).connect();
  expect(file).toMatchObject({ left: { message: expect.stringContaining('names no file') } });
});

it('refuses an option that is misspelt, and makes no file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'options-'));
  const path = join(folder, 'ledger.db');
  const opened = await sqliteStore(path, { readonly: true } as never).connect();
  expect(opened).toMatchObject({ left: { message: expect.stringContaining('readOnly') } });
  expect(existsSync(path)).toBe(false);
  rmSync(folder, { recursive: true });
  expect(() => memoryStore({ atomcity: 'oneStream' } as never)).toThrow('atomicity');
});
