/** What a newcomer gets wrong: it costs nothing, and the way on is told. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { demoFile, type Ended, reportIn, SECRET, seatledger, start, workingFolder } from './cli';

const { path, folder } = workingFolder();
const env = { SEATLEDGER_ADDRESS_SECRET: SECRET };

/** Runs `seatledger` in the folder of these tests, under a secret of its own. */
const own = (...args: ReadonlyArray<string>): Promise<Ended> =>
  seatledger(args, { cwd: folder(), env });
/** The same without any secret. */
const bare = (...args: ReadonlyArray<string>): Promise<Ended> =>
  seatledger(args, { cwd: folder() });

const commandLine = (orgId: string, commandId: string, command: object): string =>
  JSON.stringify({
    principal: { role: 'support', orgId, agentId: 'sam' },
    command: { commandId, ...command },
    at: '2026-03-02T09:00:00Z',
  });

const registers = (userId: string, commandId = `c-${userId}`, type = 'RegisterSeat'): string =>
  commandLine('acme', commandId, {
    type,
    userId,
    accountEmail: `${userId}@acme.example`,
    profile: 'user',
  });

/** Refused, since there is no such seat. */
const changes = (userId: string, commandId: string): string =>
  commandLine('acme', commandId, { type: 'ChangeProfile', userId, profile: 'admin' });

const put = (name: string, ...lines: ReadonlyArray<string>): string => {
  writeFileSync(path(name), `${lines.join('\n')}\n`);
  return name;
};

beforeAll(async () => {
  put('good.jsonl', registers('ann'));
  expect((await own('run', 'good.jsonl', '--db', 'good.db')).code).toBe(0);
  expect((await own('export', '--db', 'good.db', '-o', 'export.jsonl')).code).toBe(0);
  expect((await bare('run')).code).toBe(0);
});

describe('a ledger without a file', () => {
  it('is not filled with the demonstration', async () => {
    const ended = await own('run', '--db', 'fresh.db');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('To read what is piped in, give - as the file.');
    expect(existsSync(path('fresh.db'))).toBe(false);
  });

  it('takes the demonstration when its file is named', async () => {
    expect(await bare('run', demoFile, '--db', 'named.db')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a file with a line that cannot be taken', () => {
  const broken = (): string =>
    put('broken.jsonl', registers('ann', 'b-1', 'RegisterSeet'), changes('ann', 'b-2'));

  it('is told at once, before anything is decided, opened or made', async () => {
    const ended = await own('run', broken(), '--db', 'broken.db');
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toMatch(
      /^broken\.jsonl:1: command\.type: .* Did you mean RegisterSeat\?$/m,
    );
    expect(ended.stderr).toContain(
      '1 line of broken.jsonl cannot be taken. Nothing was decided, and no ledger was opened or made.',
    );
    expect(existsSync(path('broken.db'))).toBe(false);
  });

  it('is told to machines in one document', async () => {
    const ended = await own('run', broken(), '--db', 'broken.db', '--json');
    expect(JSON.parse(ended.stdout)).toMatchObject({
      outcome: 'failed',
      exitCode: 3,
      failure: { type: 'FaultyLines' },
      lines: { unreadable: 1 },
      faultyLines: [{ line: 1 }],
    });
  });

  it('is decided as it should be, once it is corrected', async () => {
    await own('run', broken(), '--db', 'mended.db');
    put('broken.jsonl', registers('ann', 'b-1'), changes('ann', 'b-2'));
    const ended = await own('run', 'broken.jsonl', '--db', 'mended.db', '--json');
    expect(reportIn(ended)).toMatchObject({ lines: { recorded: 2, refused: 0 }, refusedBefore: 0 });
  });

  it('has every other line decided with --keep-going, and old refusals are told as such later', async () => {
    const kept = await own('run', broken(), '--db', 'kept.db', '--keep-going');
    expect(kept.code).toBe(3);
    expect(kept.stdout).toContain('0 already so, 1 refused. Unreadable lines: 1.');
    expect(kept.stdout).not.toContain('given before');
    put('broken.jsonl', registers('ann', 'b-1'), changes('ann', 'b-2'));
    const again = await own('run', 'broken.jsonl', '--db', 'kept.db');
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(
      /\n1 of these refusals is an answer given before; to ask again, give the line a new commandId\.\n$/,
    );
  });

  it('is decided line by line when it is piped in', async () => {
    const running = start(['run', '-', '--db', 'piped.db', '--json'], { cwd: folder(), env });
    running.feed(`{"principal": }\n${registers('ann')}\n`);
    running.endInput();
    const ended = await running.ended;
    expect(ended.code).toBe(3);
    expect(reportIn(ended)).toMatchObject({ lines: { recorded: 1, unreadable: 1 } });
  });
});

describe('refused lines', () => {
  const many = (amount: number): string =>
    put(
      `refused-${amount}.jsonl`,
      ...Array.from({ length: amount }, (_, at) => changes('nobody', `r-${at}`)),
    );

  it('are named one by one to machines', async () => {
    const ended = await own('run', many(3), '--db', 'refused-3.db', '--json');
    const reasons = [{ clause: 'P31', type: 'SeatNotFound' }];
    expect(reportIn(ended).refused).toEqual([
      { line: 1, commandId: 'r-0', reasons },
      { line: 2, commandId: 'r-1', reasons },
      { line: 3, commandId: 'r-2', reasons },
    ]);
  });

  it.each`
    amount | told
    ${1}   | ${'(line 1)'}
    ${3}   | ${'(lines 1, 2 and 3)'}
    ${12}  | ${'(lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more)'}
  `('are listed by reason: $told', async ({ amount, told }: Record<string, unknown>) => {
    const { stdout } = await own(
      'run',
      many(amount as number),
      '--db',
      `list-${String(amount)}.db`,
    );
    expect(stdout.replace(/\s+/g, ' ')).toContain(told);
  });

  it('are kept in bounds', async () => {
    const ended = await own('run', many(1005), '--db', 'bounds.db', '--json');
    const { refused, lines } = reportIn(ended);
    expect([refused.length, lines.refused]).toEqual([1000, 1005]);
  });
});

describe('a ledger that is not there', () => {
  it.each`
    command       | args
    ${'replay'}   | ${[]}
    ${'verify'}   | ${[]}
    ${'report'}   | ${[]}
    ${'export'}   | ${[]}
    ${'timeline'} | ${['ann']}
  `('is wrong use of $command', async ({ command, args }: Record<string, unknown>) => {
    const more = args as ReadonlyArray<string>;
    expect(await own(command as string, ...more, '--db', 't3.db')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'seatledger: There is no ledger t3.db. Check the path.\n',
    });
  });
});

describe('the secret', () => {
  it('is asked for, not made, where the ledger is there', async () => {
    for (const args of [['run', 'good.jsonl'], ['replay']]) {
      const ended = await bare(...args, '--db', 'good.db');
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain(
        'good.db opens only with the secret that it was made with: set SEATLEDGER_ADDRESS_SECRET',
      );
      expect(ended.stderr).not.toContain('randomBytes');
    }
  });

  it('is made once for a new ledger, in a file for this user alone', async () => {
    const { code, stderr } = await bare('run', 'good.jsonl', '--db', 'secret.db');
    expect(code).toBe(2);
    const lines = stderr.split('\n').filter((line) => line.startsWith('  '));
    const home = path('home');
    mkdirSync(home);
    const made = (): string =>
      execFileSync('sh', ['-c', [...lines, 'echo "$SEATLEDGER_ADDRESS_SECRET"'].join('\n')], {
        env: { PATH: process.env['PATH'], HOME: home },
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      });
    const first = made();
    expect(first).toMatch(/^[\w-]{43}\n$/);
    expect(made()).toBe(first);
    expect(statSync(join(home, '.seatledger-secret')).mode & 0o777).toBe(0o600);
  });

  it('is named by its variable where another one is set', async () => {
    const other = { OTHER: 'quite another secret' };
    for (const args of [['run', 'good.jsonl'], ['replay']]) {
      const asked = [...args, '--db', 'good.db', '--secret-env', 'OTHER'];
      const ended = await seatledger(asked, { cwd: folder(), env: other });
      expect(ended.code).toBe(4);
      expect(ended.stderr).toContain(
        'made with another secret than the one in OTHER. Set OTHER to',
      );
    }
  });

  it("is none of one's own for the demonstration's ledger", async () => {
    const ended = await own('replay', '--db', 'seatledger-demo.db');
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain(
      'it opens only while SEATLEDGER_ADDRESS_SECRET is unset. Your own commands go to another ledger.',
    );
  });
});

describe('a file of another kind', () => {
  it.each`
    args                        | told
    ${['run', 'export.jsonl']}  | ${'export.jsonl is an export: use seatledger import export.jsonl --db FILE.'}
    ${['run', 'good.db']}       | ${'good.db is a ledger, not a file of commands. It is shown by seatledger replay --db good.db.'}
    ${['import', 'good.jsonl']} | ${'These are commands: use seatledger run good.jsonl --db FILE.'}
    ${['import', 'good.db']}    | ${'good.db is a ledger, not an export. It is exported by seatledger export --db good.db --output FILE.'}
    ${['import', 'nope.jsonl']} | ${'There is no file nope.jsonl. Give the path of a file that "seatledger export" wrote.'}
  `('is called by its name: $args', async ({ args, told }: Record<string, unknown>) => {
    expect(await own(...(args as ReadonlyArray<string>), '--db', 'kind.db')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `seatledger: ${String(told)}\n`,
    });
    expect(existsSync(path('kind.db'))).toBe(false);
  });

  it('is left to the reading where its first line tells nothing', async () => {
    put('odd.jsonl', '', '[]', registers('ann'));
    const ended = await own('run', 'odd.jsonl', '--db', 'kind.db');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('odd.jsonl:2: The line: expected an object');
  });

  it('is what it is by its content, not its name', async () => {
    copyFileSync(path('export.jsonl'), path('commands.jsonl'));
    expect(readFileSync(path('commands.jsonl'), 'utf8')).toContain('"revision"');
    expect((await own('run', 'commands.jsonl', '--db', 'kind.db')).code).toBe(2);
  });
});

describe('an argument that cannot be read', () => {
  it('is told in full', async () => {
    const ended = await own('impact', 'ann', 'nonsense', '--db', 'good.db');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^seatledger: address: expected .*, got "nonsense"\.\n$/);
  });
});

describe('the demonstration', () => {
  it('says how to go on as it can be typed', async () => {
    const { stdout } = await bare('run');
    expect(stdout).toContain(
      'Your own commands go with: npx seatledger run FILE.jsonl --db FILE\n',
    );
  });
});
