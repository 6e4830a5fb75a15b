/** Taking one's own file of commands to a ledger: whatever is in it, and whatever happens on the way. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from '@jest/globals';
import {
  demoFile,
  type Ended,
  eventsIn,
  reportIn,
  SECRET,
  seatledger,
  start,
  until,
  workingFolder,
} from './cli';

const { path, folder } = workingFolder();
const env = { SEATLEDGER_ADDRESS_SECRET: SECRET };

const support = { role: 'support', orgId: 'acme', agentId: 'sam' };
const registers = (userId: string, more: object = {}): string =>
  JSON.stringify({
    principal: support,
    command: {
      type: 'RegisterSeat',
      commandId: `c-${userId}`,
      userId,
      accountEmail: `${userId}@acme.example`,
      profile: 'user',
    },
    at: '2026-03-02T09:00:00Z',
    ...more,
  });

let files = 0;

/** Runs a new file with this content on a new ledger. */
const runOn = async (content: string | Uint8Array, ...args: ReadonlyArray<string>) => {
  files += 1;
  const file = `in-${files}.jsonl`;
  writeFileSync(path(file), content);
  const db = `out-${files}.db`;
  const ended = await seatledger(['run', file, '--db', db, ...args], { cwd: folder(), env });
  return { ...ended, file, db };
};

const seatIds = (ended: Ended): ReadonlyArray<string> =>
  reportIn(ended).organizations.flatMap(({ seats }) => seats.map(({ userId }) => userId));

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('a line that cannot be taken', () => {
  const toBytes = (part: string | Uint8Array): Uint8Array => Buffer.from(part as string);

  /** The line with its command changed. */
  const command = (change: object): string => {
    const line = JSON.parse(registers('x')) as { readonly command: object };
    return JSON.stringify({ ...line, command: { ...line.command, ...change } });
  };

  it.each`
    what                    | line                                               | told
    ${'no JSON'}            | ${'{"principal": }'}                               | ${/Not JSON .*; expected one object/}
    ${'a list'}             | ${'[]'}                                            | ${/The line: expected an object with principal, command, at, got a list of 0/}
    ${'no principal'}       | ${'{"command": {}}'}                               | ${/principal: expected an object, got nothing/}
    ${'an unknown field'}   | ${registers('x', { when: 'now' })}                 | ${/when: expected no such field \(fields here: principal, command, at\), got "now"/}
    ${'no such time'}       | ${registers('x', { at: '2026-02-30T00:00Z' })}     | ${/at: expected a UTC time/}
    ${'an unknown command'} | ${command({ type: 'DeleteSeat' })}                 | ${/command\.type: expected one of .*SetContract/}
    ${'a misspelt field'}   | ${command({ profil: 'admin' })}                    | ${/command\.profil: expected no such field/}
    ${'no such role'}       | ${registers('x', { principal: { role: 'root' } })} | ${/principal\.role: expected one of/}
    ${'not UTF-8'}          | ${latin1(registers('x', { note: 'é' }))}           | ${/The line is not UTF-8/}
    ${'2 MiB'}              | ${registers('x', { note: 'x'.repeat(2 ** 21) })}   | ${/The line is longer than 1 MiB/}
  `('is told by file and number: $what', async ({ line, told }: Record<string, unknown>) => {
    const ended = await runOn(
      Buffer.concat(
        [`${registers('ann')}\n`, line as string, `\n${registers('bob')}\n`].map(toBytes),
      ),
      '--keep-going',
      '--json',
    );
    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(told as RegExp);
    expect(ended.stderr.startsWith(`${ended.file}:2: `)).toBe(true);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(seatIds(ended)).toEqual(['ann', 'bob']);
    expect(reportIn(ended)).toMatchObject({
      lines: { recorded: 2, unreadable: 1 },
      faultyLines: [{ line: 2 }],
    });
  });

  it('may be the last one, cut off', async () => {
    const content = `${registers('ann')}\n${registers('bob').slice(0, -20)}`;
    const ended = await runOn(content, '--keep-going');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(
      /:2: Not JSON .* The file ends within this line: it may have been cut off\./,
    );
    expect(ended.stdout).toContain(
      '1 command: 1 recorded, 0 already so, 0 refused. Unreadable lines: 1.',
    );
  });

  it('may bear the id of another command', async () => {
    const another = registers('bob').replace('c-bob', 'c-ann');
    const ended = await runOn(`${registers('ann')}\n${another}\n`);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain(':2: The command id c-ann has been used for another command');
    expect(ended.stderr).toContain('See: seatledger why c-ann\n');
    expect(ended.stdout).toContain('Lines under the id of another command: 1.');
  });

  it('cannot steer the terminal', async () => {
    const sender = 'ann\u001B[2J@acme.example';
    const asks = { type: 'RequestMailboxAdd', requestId: 'r', address: 'ann@acme.example', sender };
    const line = { principal: { role: 'user', orgId: 'acme', userId: 'ann' } };
    const ended = await runOn(
      [
        registers('ann'),
        JSON.stringify({ ...line, command: { ...asks, commandId: 'c-2', userId: 'ann' } }),
        '{"\u001B[2J',
      ].join('\n'),
      '--keep-going',
    );
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('SenderAddressMismatch');
    expect(`${ended.stdout}${ended.stderr}`).not.toContain('\u001B');
  });
});

describe('what is not counted against a file', () => {
  it('byte order marks, Windows line ends, blank lines, no line end at the end', async () => {
    const content = `\uFEFF${registers('ann')}\r\n\r\n  \r\n\uFEFF${registers('bob')}`;
    const ended = await runOn(content, '--json');
    expect(ended.code).toBe(0);
    expect(seatIds(ended)).toEqual(['ann', 'bob']);
    expect(reportIn(ended).lastLine).toBe(4);
  });

  it('nothing in it', async () => {
    const ended = await runOn('');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('Nothing changed: there was no command to take to');
  });
});

describe('a run that cannot begin', () => {
  const good = (): string => {
    writeFileSync(path('good.jsonl'), `${registers('ann')}\n`);
    return 'good.jsonl';
  };

  const textFile = (): string => {
    writeFileSync(path('notes.txt'), 'Not a ledger.\n'.repeat(100));
    return 'notes.txt';
  };

  const newerLedger = async (): Promise<string> => {
    await seatledger(['run', good(), '--db', 'newer.db'], { cwd: folder(), env });
    const database = new DatabaseSync(path('newer.db'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    return 'newer.db';
  };

  const othersLedger = async (): Promise<string> => {
    const secret = { SEATLEDGER_ADDRESS_SECRET: 'quite another secret' };
    await seatledger(['run', good(), '--db', 'others.db'], { cwd: folder(), env: secret });
    return 'others.db';
  };

  const aFolder = (): string => {
    mkdirSync(path('folder'), { recursive: true });
    return 'folder';
  };

  it.each`
    why                     | args                                                              | code | told
    ${'an unknown option'}  | ${() => ['run', '--dbb', 'x.db']}                                 | ${2} | ${/unknown option '--dbb'/}
    ${'too many files'}     | ${() => ['run', 'a', 'b']}                                        | ${2} | ${/too many arguments/}
    ${'no such command'}    | ${() => ['walk']}                                                 | ${2} | ${/unknown command 'walk'/}
    ${'no ledger named'}    | ${() => ['run', good()]}                                          | ${2} | ${/--db FILE/}
    ${'no secret'}          | ${() => ['run', good(), '--db', 'x.db', '--secret-env', 'NONE']}  | ${2} | ${/variable NONE is not set[^]*export NONE=/}
    ${'a short secret'}     | ${() => ['run', good(), '--db', 'x.db', '--secret-env', 'SHORT']} | ${2} | ${/secret in SHORT is too short/}
    ${'no such file'}       | ${() => ['run', 'none.jsonl', '--db', 'x.db']}                    | ${2} | ${/There is no file none\.jsonl/}
    ${'a folder as a file'} | ${() => ['run', aFolder(), '--db', 'x.db']}                       | ${2} | ${/folder is a folder/}
    ${'another secret'}     | ${async () => ['run', good(), '--db', await othersLedger()]}      | ${4} | ${/made with another secret than the one in SEATLEDGER_ADDRESS_SECRET/}
    ${'a newer ledger'}     | ${async () => ['run', good(), '--db', await newerLedger()]}       | ${4} | ${/Upgrade seatledger/}
    ${'a text file'}        | ${() => ['run', good(), '--db', textFile()]}                      | ${4} | ${/notes\.txt is not a ledger/}
    ${'a folder as ledger'} | ${() => ['run', good(), '--db', aFolder()]}                       | ${4} | ${/is a folder/}
    ${'the demo elsewhere'} | ${async () => ['run', demoFile, '--db', await othersLedger()]}    | ${4} | ${/was made with a secret of your own/}
  `('says why: $why', async ({ args, code, told }: Record<string, unknown>) => {
    const given = await (args as () => Promise<ReadonlyArray<string>>)();
    const ended = await seatledger(given, { cwd: folder(), env: { ...env, SHORT: 'too-short' } });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(told as RegExp);
    expect(`${ended.stderr}${ended.stdout}`).not.toMatch(/too-short|a secret of the tests/);
  });

  it('says it in JSON when asked to', async () => {
    const args = ['run', good(), '--db', textFile(), '--json'];
    const { stdout, code } = await seatledger(args, { cwd: folder(), env });
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'failed',
      exitCode: 4,
      failure: { type: 'StoreUnreadable' },
    });
    expect(readFileSync(path('notes.txt'), 'utf8')).toMatch(/^Not a ledger\.\n/);
  });

  it('lists the exit codes in its help', async () => {
    const { code, stdout } = await seatledger(['run', '--help'], { cwd: folder() });
    expect(code).toBe(0);
    for (const listed of ['0 ', '1 ', '2 ', '3 ', '4 ', '130']) {
      expect(stdout).toMatch(new RegExp(`^  ${listed}`, 'm'));
    }
  });
});

describe('a run that is stopped halfway', () => {
  const lines = readFileSync(demoFile, 'utf8').trimEnd().split('\n');
  const half = `${lines.slice(0, lines.length / 2).join('\n')}\n`;

  /** A copy is one's own file: it gets one's own secret. */
  const own = (): string => {
    copyFileSync(demoFile, path('own.jsonl'));
    return 'own.jsonl';
  };

  /** Feeds half of the lines, and sends the signal once some are in the ledger and more are under way. */
  const stoppedBy = async (signal: NodeJS.Signals, db: string): Promise<Ended> => {
    const running = start(['run', '-', '--db', db], { cwd: folder(), env });
    running.feed(half);
    await until(() =>
      eventsIn(path(db)).then(
        (events) => events.length > 20,
        () => false,
      ),
    );
    running.kill(signal);
    return running.ended;
  };

  const wholeRun = async (db: string) =>
    reportIn(await seatledger(['run', own(), '--db', db, '--json'], { cwd: folder(), env }));

  it.each`
    signal       | code    | killed
    ${'SIGKILL'} | ${null} | ${'SIGKILL'}
    ${'SIGINT'}  | ${130}  | ${null}
    ${'SIGTERM'} | ${143}  | ${null}
  `('by $signal goes on to where an unbroken run ends', async ({ signal, code, killed }) => {
    const db = `${String(signal)}.db`;
    const stopped = await stoppedBy(signal as NodeJS.Signals, db);
    expect([stopped.code, stopped.signal]).toEqual([code, killed]);

    const resumed = await wholeRun(db);
    const unbroken = await wholeRun(`${db}.unbroken`);
    expect(resumed.answeredNow).toBeLessThan(unbroken.answeredNow);
    expect(resumed.answeredNow).toBeGreaterThan(0);
    expect(resumed.organizations).toEqual(unbroken.organizations);
    const bare = (events: Awaited<ReturnType<typeof eventsIn>>) =>
      // The first event binds the secret, at the time of the first opening and under an id of its own.
      events.slice(1).map(({ id, stream, type, data }) => ({ id, stream, type, data }));
    expect(bare(await eventsIn(path(db)))).toEqual(bare(await eventsIn(path(`${db}.unbroken`))));
  });

  it('by Ctrl-C says how far it got', async () => {
    const { stdout, stderr } = await stoppedBy('SIGINT', 'told.db');
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^seatledger: Stopped\.\nIt got to line \d+ of -: \d+ commands answered, all kept in told\.db\. Run/,
    );
  });
});
