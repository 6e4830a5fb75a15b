/** `seatledger verify` and `seatledger what-if`: on the demonstration's ledger, and on copies that were changed. */
import { mkdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Difference, RecordedEvent, Verified, WhatIf } from '../../src';
import { sqliteStore } from '../../src/adapters/sqlite';
import { ann, holding, requestAdd, seated, Stage } from '../../src/testing';
import { first, second, third, yes } from '../policy/cast';
import { withRogues } from '../policy/rogues';
import { eventsIn, seatledger, workingFolder } from './cli';

type Log = ReadonlyArray<RecordedEvent>;

const { path } = workingFolder();
const db = 'seatledger-demo.db';
const northwind = ['--db', db, '--org', 'northwind'];

const asked = (...args: ReadonlyArray<string>) => seatledger(args, { cwd: path('demo') });

let demo: Log = [];
beforeAll(async () => {
  mkdirSync(path('demo'));
  const { code } = await seatledger(['run'], { cwd: path('demo') });
  expect(code).toBe(0);
  demo = await eventsIn(path(`demo/${db}`));
});

/** Makes a ledger of these events, as somebody could who has the file. */
const written = async (name: string, log: Log): Promise<string> => {
  const store = yes(await sqliteStore(path(`demo/${name}`)).connect());
  for (const { stream, revision, id, type, data, metadata } of log) {
    const events = [{ id, type, data, metadata }] as const;
    yes(await store.append([{ stream, expectedRevision: revision - 1n, events: [...events] }])());
  }
  await store.close();
  return name;
};

const proofIn = (stdout: string): Verified => JSON.parse(stdout) as Verified;

describe('seatledger verify', () => {
  it('finds nothing in the demonstration, and decides every command again', async () => {
    const { code, stdout } = await asked('verify', '--db', db, '--json');
    const proof = proofIn(stdout);
    expect(code).toBe(0);
    expect(proof).toMatchObject({ findings: [], unexplained: 0, notCompared: [] });
    expect(proof.events).toBe(demo.length);
    expect(proof.commands).toBeGreaterThan(300);
    const printed = await asked('verify', '--db', db);
    expect(printed.code).toBe(0);
    expect(printed.stdout).toContain('every invariant and decision holds.');
  });

  it('ends with 3 where a copy was changed, and names the position', async () => {
    const refusal = demo.find(({ type }) => type === 'CommandRefused')!;
    const rejections = [{ type: 'SeatIsLocked' }];
    const changed = demo.map((event) =>
      event === refusal ? { ...event, data: { rejections } } : event,
    );
    const copy = await written('changed.db', changed);
    const { code, stdout } = await asked('verify', '--db', copy, '--json');
    expect(code).toBe(3);
    expect(proofIn(stdout).findings).toMatchObject([
      { kind: 'decided', position: String(refusal.position) },
    ]);
    const printed = await asked('verify', '--db', copy);
    expect(printed.code).toBe(3);
    expect(printed.stdout).toMatch(new RegExp(`^ +${refusal.position} +decided `, 'm'));
  });

  it('names the exact position of a second holder, and of a mailbox beyond the limit', async () => {
    const { log, expected } = await withRogues();
    const copy = await written('rogues.db', log);
    const { code, stdout } = await asked('verify', '--db', copy, '--json');
    expect(code).toBe(3);
    const proof = proofIn(stdout);
    expect(proof.findings.map(({ kind, position }) => [kind, position])).toEqual(expected);
    const printed = await asked('verify', '--db', copy);
    for (const [kind, position] of expected) {
      expect(printed.stdout).toMatch(new RegExp(`^ +${position} +${kind} `, 'm'));
    }
    expect(printed.stdout).toContain('No command on record explains 2 events');
  });

  it('ends with 2 where there is no ledger', async () => {
    const { code, stderr } = await asked('verify', '--db', 'nowhere.db');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no ledger nowhere.db.');
  });
});

describe('seatledger what-if', () => {
  const answered = async (...args: ReadonlyArray<string>): Promise<WhatIf> => {
    const { code, stdout, stderr } = await asked('what-if', ...northwind, ...args, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as WhatIf;
  };
  const told = ({ commandType, decided, wouldBe, because }: Difference): string =>
    `${commandType} ${decided.type} ${wouldBe.type} ${because}`;

  it('lists nothing under the policy in force', async () => {
    const answer = await answered();
    expect(answer).toMatchObject({ differences: [], unexplained: [], notCompared: [] });
    expect(answer.commands).toBeGreaterThan(300);
    const { code, stdout } = await asked('what-if', ...northwind);
    expect(code).toBe(0);
    expect(stdout).toContain('0 would be others.');
  });

  it('lists what another limit would have let in where there is no contract', async () => {
    const stage = await Stage.open();
    await stage.play(...seated(ann), ...holding(ann, first, second));
    await stage.send(ann, { ...requestAdd(ann, third), commandId: 'c-third' });
    const file = await written('uncontracted.db', await stage.log());
    await stage.close();
    const env = { SEATLEDGER_ADDRESS_SECRET: 'a secret for tests only' };
    const ask = (...args: ReadonlyArray<string>) =>
      seatledger(['what-if', '--db', file, ...args], { cwd: path('demo'), env });
    const { code, stdout } = await ask('--limit', '3', '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as WhatIf).differences.map(told)).toEqual([
      'RequestMailboxAdd refused accepted policy',
    ]);
    const printed = await ask('--limit', '3');
    expect(printed.code).toBe(0);
    expect(printed.stdout).toContain('1 would be another one.');
    expect(printed.stdout).not.toContain('--override-contracts');
    expect(printed.stdout).toMatch(/^ +13 .* no: MailboxLimitReached .*yes +policy/m);
  });

  it('lets a contract stand, unless it is overridden', async () => {
    expect((await answered('--limit', '9')).differences).toEqual([]);
    const { differences } = await answered('--limit', '9', '--override-contracts');
    expect(differences[0]).toMatchObject({
      commandId: 'cmd-0122',
      position: '190',
      decided: { reasons: [{ type: 'MailboxLimitReached', clause: 'P1' }] },
      wouldBe: { type: 'accepted' },
      because: 'policy',
    });
    expect(differences.map(told)).toContain('RejectMailboxAdd accepted refused consequence');
  });

  it('says which policy it was asked about, and that a contract kept the limit from applying', async () => {
    expect(await answered('--limit', '9')).toMatchObject({
      policy: { mailboxLimit: 9 },
      contract: { mailboxLimit: 2, since: '37' },
    });
    const { stdout } = await asked('what-if', ...northwind, '--limit', '9');
    expect(stdout).toContain('asked about: a limit of 9 where no contract says otherwise.');
    expect(stdout).toContain('since position 37, which allows 2 now');
    expect(stdout).toContain('add --override-contracts.');
    const overriding = ['--limit', '9', '--override-contracts', '--permit', 'it@acme.example'];
    const overridden = await asked('what-if', ...northwind, ...overriding);
    expect(overridden.stdout).toContain(
      'a limit of 9 whatever contracts and grants say; shared addresses permitted besides: it@acme.example.',
    );
    expect(overridden.stdout).not.toContain('--override-contracts');
  });

  it('permits a shared address', async () => {
    const { differences } = await answered('--permit', 'sales@northwind.example');
    expect(differences[0]).toMatchObject({
      commandId: 'cmd-0065',
      decided: { reasons: [{ type: 'SharedAddressNotPermitted', clause: 'P5' }] },
      wouldBe: { type: 'accepted' },
      because: 'policy',
    });
  });

  it.each([
    [['--override-contracts'], '--override-contracts needs --limit'],
    [['--limit', 'three'], 'Give a whole number of mailboxes.'],
    [['--permit', 'nobody'], 'permittedSharedAddresses'],
  ])('%j is told as wrong use', async (args, message) => {
    const { code, stdout, stderr } = await asked('what-if', ...northwind, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
