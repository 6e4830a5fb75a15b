/**
 * What else of the client the store is safe from: a checkpoint that throws, a rival package in the same
 * process, an event loop that stands still. In processes of their own.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStoreDbOptions } from '../../src/adapters/eventstoredb';
import { type Child, runChild } from '../support/run-child';
import { pause, until } from './adapter-fixture';
import { startTestServer, type TestServer, type TestServerOptions } from './server';

const CHILD = join(__dirname, 'adapter-child.ts');

let server: TestServer;
let child: Child | undefined;
const start = async (options: TestServerOptions = {}): Promise<void> => {
  server = await startTestServer(options);
};
const run = (
  task: string,
  { options = {}, url = server.connectionString }: { options?: EventStoreDbOptions; url?: string },
  ...rest: ReadonlyArray<string>
): Child => {
  child = runChild(CHILD, [task, JSON.stringify(options), url, ...rest]);
  return child;
};
afterEach(async () => {
  child?.kill('SIGKILL');
  await child?.exit;
  child = undefined;
  await server.stop();
});

describe('a checkpoint that throws', () => {
  beforeEach(() => start());

  /** As many of others' events as the server looks through before it says how far it is. */
  const foreign = (): void => {
    for (let count = 0; count < 2_100; count += 1) server.putForeign('orders', 'Placed');
  };

  it('stalls a subscription of the bare client for good, without a word to it', async () => {
    const { line, lines } = run('bare checkpoint', {});
    server.putForeign('seat-acme.ann', 'First');
    await line('First');
    foreign();
    await line('unhandled Error: no checkpoint');
    server.putForeign('seat-acme.ann', 'Second');
    await pause(500);
    expect(lines).toEqual(['First', 'unhandled Error: no checkpoint']);
    expect(server.openCallsByMethod()).toMatchObject({ Read: 1 });
  });

  it('does not stall a subscription of the store', async () => {
    const { line, lines } = run('checkpoint', { options: { streams: 'ledger' } });
    server.putForeign('seat-acme.ann', 'First');
    await line('First');
    foreign();
    await line('asked');
    server.putForeign('seat-acme.ann', 'Second');
    await line('Second');
    foreign();
    server.putForeign('seat-acme.ann', 'Third');
    await line('Third');
    expect(lines.filter((one) => one !== 'asked')).toEqual(['First', 'Second', 'Third']);
    // By one call, which nothing had to begin again.
    expect(server.callsByMethod()).toEqual({ Read: 1 });
  });
});

describe('the rival package', () => {
  let folder: string;
  beforeEach(async () => {
    await start();
    folder = await mkdtemp(join(tmpdir(), 'seatledger-rival-'));
    const rival = join(folder, 'node_modules', '@kurrent', 'kurrentdb-client');
    await mkdir(rival, { recursive: true });
    await writeFile(join(rival, 'index.js'), 'module.exports = {};');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('that is loaded in the process keeps the store from opening, and says why', async () => {
    const { exit, lines } = run('rival', {}, folder);
    expect(await exit).toEqual({ code: 0, signal: null, errors: '' });
    expect(lines).toEqual([
      expect.stringMatching(
        /^StoreUnavailable conflicting-package .*@kurrent\/kurrentdb-client.*one of the two/,
      ),
    ]);
    expect(server.callsByMethod()).toEqual({});
  });

  it('that is not loaded hinders nobody', async () => {
    const { exit, lines } = run('rival', {});
    expect(await exit).toEqual({ code: 0, signal: null, errors: '' });
    expect(lines).toEqual(['Right']);
  });
});

describe.each([{ batchAppend: false }, { batchAppend: true }])(
  'an event loop that stands still for so long that the connection is given up, with %j',
  (options) => {
    it.each([
      ['the server asks', ''],
      ['both ask', '&keepAliveInterval=150&keepAliveTimeout=150'],
    ])('where %s: all goes on by itself, and nothing is lost', async (_, client) => {
      await start({ keepAliveMs: 150 });
      let subscribed = 0;
      server.faults.always('subscription', () => {
        subscribed += 1;
        return undefined;
      });
      server.faults.next('append', undefined, { delayMs: 200 });
      const url = `${server.connectionString}${client}`;
      const { exit, lines } = run('block', { options, url }, '1500');
      const { code, errors } = await exit;
      expect(errors.replaceAll(/^Specified KeepAliveInterval .*\n/gm, '')).toBe('');
      expect(code).toBe(0);
      expect(lines.slice(0, 3)).toEqual([
        'blocking',
        'append Right read Right next Right',
        'delivered 0 1 2',
      ]);
      // By another connection: the one before had been given up.
      expect(subscribed).toBeGreaterThan(1);
      expect(Number(lines[3]?.replace('took ', ''))).toBeLessThan(5_000);
      expect(server.log().map(({ revision }) => revision)).toEqual([0n, 1n, 2n]);
      await until(() => server.openCalls() === 0);
      expect(server.openCalls()).toBe(0);
    });
  },
);
