/** The commands that ask about the past, on the demonstration's ledger. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventsIn, seatledger, SECRET, workingFolder } from './cli';
import type { Impact } from '../../src';
import type { Timeline, ViewDiff, Why } from '../../src/application/time';
import type { PastOrganization } from '../../src/cli/print-past';

const { path } = workingFolder();
const db = 'seatledger-demo.db';
const northwind = ['--db', db, '--org', 'northwind'];

/** Runs `seatledger` beside the demonstration's ledger, without any secret of its own. */
const asked = (...args: ReadonlyArray<string>) => seatledger(args, { cwd: path('demo') });

const answered = async <Answer>(...args: ReadonlyArray<string>): Promise<Answer> => {
  const { code, stdout, stderr } = await asked(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Answer;
};

beforeAll(async () => {
  mkdirSync(path('demo'));
  const { code } = await seatledger(['run'], { cwd: path('demo') });
  expect(code).toBe(0);
});

describe('seatledger replay', () => {
  interface Replayed {
    readonly organizations: ReadonlyArray<PastOrganization>;
  }
  const seatsAsOf = async (point: string) => {
    const { organizations } = await answered<Replayed>(
      ...['replay', ...northwind, '--view', 'seats', '--as-of', point],
    );
    return organizations[0];
  };

  it('shows every view of every organization', async () => {
    const { organizations } = await answered<Replayed>('replay', '--db', db);
    expect(organizations.map(({ orgId }) => orgId)).toEqual(['northwind', 'harborlight']);
    expect(Object.keys(organizations[0]?.views ?? {})).toEqual(
      expect.arrayContaining(['seats', 'draftsLost', 'sequencesStopped', 'requests', 'addresses']),
    );
  });

  it('shows what was so at a time, and at the position that it stands for', async () => {
    const atTime = await seatsAsOf('2026-03-12T00:00:00Z');
    const last = atTime?.extent.last;
    expect(last?.at.slice(0, 10)).toBe('2026-03-11');
    const atPosition = await seatsAsOf(last?.position ?? '');
    expect(atPosition?.views).toEqual(atTime?.views);
    const now = await seatsAsOf('99999');
    expect(atTime?.views.seats).not.toEqual(now?.views.seats);
  });

  it('tells how long an open request has waited by then', async () => {
    const { stdout } = await asked(
      ...['replay', ...northwind, '--view', 'requests', '--as-of', '2026-03-25T10:00:00Z'],
    );
    expect(stdout).toMatch(/Since +Age +Seat/);
    expect(stdout).toMatch(/2026-03-13 09:08 +12 days +liam +add-liam-2/);
    expect(stdout).toMatch(/2026-03-20 09:01 +5 days +ines +add-ines-2/);
    expect(stdout).toMatch(/2026-03-03 09:0\d +- +carla +add-carla-1/);
  });

  it('prints tables in 120 columns', async () => {
    const { code, stdout } = await asked('replay', '--db', db, '--as-of', '2026-03-12T00:00:00Z');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Organization northwind, up to position 298 (2026-03-11T09:54:00.000Z)',
    );
    expect(stdout).toMatch(/dmitri +active +user +3 of 3/);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });
});

describe('seatledger diff', () => {
  it('shows what changed between two points', async () => {
    const points = ['--from', '2026-03-16T00:00:00Z', '--to', '2026-03-17T00:00:00Z'];
    const diff = await answered<ViewDiff>('diff', ...northwind, '--view', 'addresses', ...points);
    expect(diff.changed.map(({ key, fields }) => [key, fields])).toEqual([
      ['k.tanaka@northwind.example', expect.arrayContaining(['holder'])],
    ]);
    const { code, stdout } = await asked('diff', ...northwind, '--view', 'seats', ...points);
    expect(stdout).toMatch(/^seats from position \d+ \(2026-.*\)\n {6}to position \d+ \(2026-/);
    expect(code).toBe(0);
    expect(stdout).toContain('mailboxes: + k.tanaka@northwind.example');
    expect(stdout).toContain('mailboxes: - k.tanaka@northwind.example');
  });
});

describe('seatledger timeline', () => {
  it('tells what happened to a seat, also elsewhere, and what was refused', async () => {
    const { entries, next } = await answered<Timeline>('timeline', 'marcus', ...northwind);
    expect(next).toBeNull();
    expect(entries.map(({ answer }) => answer)).toContain('refused');
    const { stdout } = await asked('timeline', 'marcus', ...northwind);
    expect(stdout).toMatch(/379 +2026-03-20 09:04 +Admin marcus asked to add/);
    expect(stdout).toContain('cmd-0285');
  });

  it('is told in parts', async () => {
    const { stdout } = await asked('timeline', 'keiko', ...northwind, '--limit', '2');
    expect(stdout).toContain('There is more: go on with --after 24');
    const rest = await asked('timeline', 'keiko', ...northwind, '--after', '24', '--limit', '1');
    expect(rest.stdout).toContain('cmd-0050');
  });
});

describe('seatledger impact', () => {
  it('shows what deleting a mailbox would cost now', async () => {
    const mailbox = ['impact', 'keiko', 'K.Tanaka@northwind.example', ...northwind];
    const impact = await answered<Impact>(...mailbox);
    expect(impact.sequences).toEqual(['seq-grace-1', 'seq-grace-4']);
    const { stdout } = await asked(...mailbox);
    expect(stdout).toMatch(/Sequence states that stop \(P18\) +2 +seq-grace-1, seq-grace-4/);
  });
});

describe('seatledger why', () => {
  it('shows the rule that was broken and the events that it rests on', async () => {
    const why = await answered<Why>('why', 'cmd-0285', ...northwind);
    const broken = why.rules.filter(({ verdict }) => verdict === 'broken');
    expect(broken.map(({ name }) => name)).toEqual(['freeOrReleased']);
    const events = await eventsIn(path(`demo/${db}`));
    for (const { position, type } of broken[0]?.evidence.events ?? []) {
      expect(events.find((event) => String(event.position) === position)?.type).toBe(type);
    }
    const { code, stdout } = await asked('why', 'cmd-0285', ...northwind);
    expect(code).toBe(0);
    expect(stdout).toContain('ApproveMailboxAdd cmd-0285, sent by support agent-noor');
    expect(stdout).toMatch(/P21 P22 P24 .*BROKEN +MailboxAdded at 182:/);
    expect(stdout).toContain('SeatLocked at 300:');
  });
});

describe('a question that cannot be answered', () => {
  it.each([
    [['replay', '--db', db, '--view', 'seat'], 'There is no view seat. Did you mean seats?'],
    [['replay', '--db', db, '--org', 'nortwind'], 'Did you mean northwind?'],
    [['replay', '--db', db, '--as-of', 'yesterday'], 'yesterday is no point in the log'],
    [['timeline', 'kieko', ...northwind], 'There is no seat for kieko. Did you mean keiko?'],
    [['timeline', 'keiko', ...northwind, '--limit', '0'], '--limit takes a whole number'],
    [
      ['impact', 'grace', 'grace.kin@northwind.example', ...northwind],
      'Did you mean grace.kim@northwind.example?',
    ],
    [
      ['impact', 'dmitri', 'anybody@northwind.example', ...northwind],
      'holds no mailbox anybody@northwind.example. There are: dmitri.volkov@northwind.example,',
    ],
    [
      ['impact', 'dmitri', 'D.Volkov@northwind.example', ...northwind],
      'D.Volkov@northwind.example. It was deleted from it on 2026-03-24 09:03 UTC.\n',
    ],
    [
      ['impact', 'grace', 'k.tanaka@northwind.example', ...northwind],
      'It was moved to the seat of keiko on 2026-03-16 09:11 UTC.\n',
    ],
    [['why', 'cmd-9999', ...northwind], 'Nothing is recorded of a command cmd-9999 in northwind.'],
    [['why', 'cmd-0285', '--db', db], 'Say which organization with --org: northwind, harborlight.'],
  ])('%j is told as wrong use, with what may have been meant', async (args, told) => {
    const { code, stdout, stderr } = await asked(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(told);
  });

  it('is one JSON document on request', async () => {
    const { code, stdout } = await asked('why', 'cmd-9999', ...northwind, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', failure: { type: 'Usage' } });
  });

  it('is wrong use where there is no ledger', async () => {
    expect((await asked('replay', '--db', 'none.db')).code).toBe(2);
  });

  it('is wrong use where the secret is missing or another one', async () => {
    const env = { SEATLEDGER_ADDRESS_SECRET: SECRET };
    const cwd = path('demo');
    const line = JSON.stringify({
      principal: { role: 'system', orgId: 'acme', systemId: 'platform' },
      command: {
        type: 'RegisterSeat',
        commandId: 'c1',
        userId: 'ann',
        accountEmail: 'ann@acme.example',
        profile: 'user',
      },
    });
    writeFileSync(path('demo/own.jsonl'), `${line}\n`);
    await seatledger(['run', 'own.jsonl', '--db', 'own.db'], { cwd, env });
    const without = await asked('timeline', 'ann', '--db', 'own.db');
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('SEATLEDGER_ADDRESS_SECRET is not set');
    const withIt = await seatledger(['timeline', 'ann', '--db', 'own.db'], { cwd, env });
    expect(withIt.code).toBe(0);
    expect(withIt.stdout).toContain('registered the seat of ann');
  });
});
