/**
 * That no fault of the client's ends the process, and that every call is answered while the server comes
 * and goes. In processes of their own, where an unhandled rejection is fatal.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { EventStoreDbOptions } from '../../src/adapters/eventstoredb';
import { runChild } from '../support/run-child';
import { pause, until } from './adapter-fixture';
import { startTestServer, type TestServer } from './server';

const CHILD = join(__dirname, 'adapter-child.ts');
const run = (task: string, options: EventStoreDbOptions, ...rest: ReadonlyArray<string>) =>
  runChild(CHILD, [task, JSON.stringify(options), ...rest]);

let server: TestServer;
let other: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  other = await startTestServer();
});
afterEach(async () => {
  await Promise.all([server.stop(), other.stop()]);
});

describe.each([{ batchAppend: false }, { batchAppend: true }])('with %j', (path) => {
  it('a server that dies and returns under load costs no append, no call and no process', async () => {
    const options = { ...path, timeoutMs: 1_000, appendTimeoutMs: 4_000 };
    const child = run('load', options, server.connectionString, '3000');
    await child.line('ready');
    for (let round = 0; round < 5; round += 1) {
      await pause(250);
      await server.kill();
      await pause(150);
      await server.restart();
    }
    const { code, errors } = await child.exit;

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(child.lines.at(-1)).toBe('closed');
    const answers = child.lines.slice(1, -1).map((line) => line.split(' '));
    const types = new Set(answers.map(([type]) => type));
    const allowed = ['stored', 'OutcomeUnknown', 'StoreUnavailable', 'RevisionConflict'];
    expect([...types].filter((type = '') => !allowed.includes(type))).toEqual([]);
    expect(Math.max(...answers.map(([, , took]) => Number(took)))).toBeLessThan(5_000);

    const stored = server.log().map(({ id }) => id);
    const acknowledged = answers.filter(([type]) => type === 'stored').map(([, id]) => id);
    const undecided = answers.filter(([type]) => type === 'OutcomeUnknown').map(([, id]) => id);
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(new Set(stored).size).toBe(stored.length);
    expect(acknowledged.filter((id = '') => !stored.includes(id))).toEqual([]);
    const known = new Set([...acknowledged, ...undecided]);
    expect(stored.filter((id) => !known.has(id))).toEqual([]);
    await until(() => server.openCalls() === 0);
    expect(server.openCalls()).toBe(0);
  });

  it('a cluster that cannot be found again ends no process', async () => {
    const options = { ...path, timeoutMs: 1_000, appendTimeoutMs: 1_500 };
    const child = run('discover', options, server.discoveryConnectionString);
    await child.line('ready');
    await server.kill();
    const { code, errors } = await child.exit;
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(child.lines.at(-1)).toBe('closed');
  });
});

it('a client that cannot reconnect, and catches nothing, ends no process', async () => {
  server.faults.next('append', 'unavailable');
  const child = run('reconnect', {}, server.connectionString);
  const { code, errors } = await child.exit;
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(child.lines).toEqual(['Right', 'closed']);
});

describe("when another client's shared call dies", () => {
  const play = async (task: string) => {
    server.faults.next('append', undefined, { delayMs: 300 });
    other.faults.next('append', undefined, 'cutBeforeCommit');
    const options = { batchAppend: true, timeoutMs: 2_000 };
    const child = run(task, options, server.connectionString, other.connectionString);
    return { child, exit: await child.exit };
  };

  it('ours is stored once, and the answer that the client forgot harms nobody', async () => {
    const { child, exit } = await play('shared death');
    expect(exit).toEqual({ code: 0, signal: null, errors: '' });
    expect(child.lines).toEqual(['under way', 'stored stored', 'closed']);
    expect([server.log().length, other.log().length]).toEqual([2, 2]);
  });

  it('the bare client ends the process', async () => {
    const { child, exit } = await play('bare death');
    expect(exit.code).not.toBe(0);
    expect(exit.errors).toMatch(/is not iterable|undefined/);
    expect(child.lines).toEqual(['under way']);
  });
});

it('large appends that wait for a shared call when it dies are stored, and end no process', async () => {
  server.faults.next(
    'append',
    undefined,
    undefined,
    'cutAfterCommit',
    undefined,
    'cutBeforeCommit',
  );
  const child = run('drain', { batchAppend: true }, server.connectionString);
  const { code, errors } = await child.exit;
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(child.lines).toEqual(['under way', '60', 'closed']);
  expect(server.log()).toHaveLength(61);
});
