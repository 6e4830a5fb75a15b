/** `seatledger export` and `seatledger import`: a whole ledger as a file of lines, out and in. */
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { golden } from '../transfer/exported-files';
import { demoFile, type Ended, root, seatledger, start, workingFolder } from './cli';

const { path } = workingFolder();
const main = join(root, 'dist/src/cli/main.js');
const text = golden.toString('utf8');
const events = text.trimEnd().split('\n').length;
const last = String(events - 1);

let folders = 0;
/** A new folder with the golden export in it, and a ledger made of it. */
const workshop = async (): Promise<string> => {
  folders += 1;
  const cwd = path(`workshop-${folders}`);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'whole.jsonl'), golden);
  const ended = await seatledger(['import', 'whole.jsonl', '--db', 'whole.db'], { cwd });
  expect(ended).toMatchObject({ code: 0, stdout: `${events} events imported into whole.db.\n` });
  return cwd;
};

const documentIn = ({ stdout }: Ended): unknown => JSON.parse(stdout);
const parts = (cwd: string): ReadonlyArray<string> =>
  readdirSync(cwd).filter((name) => /\.part$|\.importing/.test(name));

let cwd = '';
beforeAll(async () => {
  cwd = await workshop();
});

describe('export', () => {
  it('writes to standard output what was imported, to the byte, and says how much it was', async () => {
    const ended = await seatledger(['export', '--db', 'whole.db'], { cwd });
    expect(ended).toMatchObject({
      code: 0,
      stdout: text,
      stderr: `seatledger: ${events} events exported, up to position ${last}.\n`,
    });
  });

  it('writes a file, and tells a machine how much it was', async () => {
    const args = ['export', '--db', 'whole.db', '-o', 'again.jsonl', '--json'];
    const ended = await seatledger(args, { cwd });
    expect(documentIn(ended)).toEqual({
      outcome: 'complete',
      exitCode: 0,
      file: 'again.jsonl',
      events,
      position: last,
    });
    expect(readFileSync(join(cwd, 'again.jsonl'), 'utf8')).toBe(text);
    expect(parts(cwd)).toEqual([]);
  });

  it('writes one organization, which makes a ledger of its own', async () => {
    const out = ['-o', 'one.jsonl', '--org', 'harborlight'];
    expect(await seatledger(['export', '--db', 'whole.db', ...out], { cwd })).toMatchObject({
      code: 0,
    });
    const one = readFileSync(join(cwd, 'one.jsonl'), 'utf8');
    expect(one).not.toContain('northwind');
    const into = ['--db', 'one.db', '--org', 'harborlight', '--json'];
    const ended = await seatledger(['import', 'one.jsonl', ...into], { cwd });
    expect(documentIn(ended)).toMatchObject({ outcome: 'complete', db: 'one.db' });
    expect(await seatledger(['export', '--db', 'one.db'], { cwd })).toMatchObject({ stdout: one });
  });

  it('leaves nothing for an organization that there is not, and asks which was meant', async () => {
    const args = ['export', '--db', 'whole.db', '--org', 'nortwind'];
    const ended = await seatledger(args, { cwd });
    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'seatledger: whole.db has no organization nortwind. Did you mean northwind?\n',
    });
    await seatledger([...args, '-o', 'none.jsonl'], { cwd });
    expect(existsSync(join(cwd, 'none.jsonl'))).toBe(false);
    expect(parts(cwd)).toEqual([]);
  });

  it('replaces a file only with --force', async () => {
    writeFileSync(join(cwd, 'mine.txt'), 'mine');
    const args = ['export', '--db', 'whole.db', '-o', 'mine.txt'];
    const refused = await seatledger(args, { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('mine.txt is there already. Name another file');
    expect(readFileSync(join(cwd, 'mine.txt'), 'utf8')).toBe('mine');
    expect(await seatledger([...args, '--force'], { cwd })).toMatchObject({ code: 0 });
    expect(readFileSync(join(cwd, 'mine.txt'), 'utf8')).toBe(text);
  });

  it.each`
    wrong                           | args                                        | code | told
    ${'a ledger that there is not'} | ${['--db', 'none.db']}                      | ${2} | ${/There is no ledger none\.db/}
    ${'a file that is no ledger'}   | ${['--db', 'whole.jsonl']}                  | ${4} | ${/is not a ledger\. Give the path of a ledger\.$/m}
    ${'a folder that there is not'} | ${['--db', 'whole.db', '-o', 'no/x.jsonl']} | ${4} | ${/no\/x\.jsonl could not be written/}
  `('says what to do about $wrong', async ({ args, code, told }: Record<string, unknown>) => {
    const ended = await seatledger(['export', ...(args as ReadonlyArray<string>)], { cwd });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(told as RegExp);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('puts no two documents on one output', async () => {
    const ended = await seatledger(['export', '--db', 'whole.db', '--json'], { cwd });
    expect(ended.code).toBe(2);
    expect(documentIn(ended)).toMatchObject({ outcome: 'failed', failure: { type: 'Usage' } });
  });

  it('ends well when its reader has had enough', async () => {
    const running = start(['export', '--db', 'whole.db'], { cwd });
    running.closeOutput();
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('import', () => {
  it('takes what is piped in', async () => {
    const args = [main, 'import', '-', '--db', 'piped.db', '--json'];
    const { stdout } = spawnSync(process.execPath, args, { cwd, input: text, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual({
      outcome: 'complete',
      exitCode: 0,
      file: '-',
      db: 'piped.db',
      events,
    });
    const out = await seatledger(['export', '--db', 'piped.db'], { cwd });
    expect(out.stdout).toBe(text);
  });

  it('tells a faulty line by file and number, and makes no ledger', async () => {
    const faulty = text.replace('"revision":"0"', '"revision":"7"');
    writeFileSync(join(cwd, 'faulty.jsonl'), faulty);
    const args = ['import', 'faulty.jsonl', '--db', 'faulty.db'];
    const message = 'The stream ledger goes on with revision 0, not 7. Nothing was imported.';
    expect(await seatledger(args, { cwd })).toEqual({
      code: 3,
      signal: null,
      stdout: '',
      stderr: `faulty.jsonl:1: ${message}\n`,
    });
    expect(documentIn(await seatledger([...args, '--json'], { cwd }))).toEqual({
      outcome: 'failed',
      exitCode: 3,
      file: 'faulty.jsonl',
      failure: { type: 'ImportRefused', line: 1, problem: 'GapOrDisorder', message },
    });
    expect(readdirSync(cwd).filter((name) => name.startsWith('faulty.db'))).toEqual([]);
  });

  it.each`
    wrong                               | args                                                 | code | told
    ${'a ledger that is there'}         | ${['whole.jsonl', '--db', 'whole.db']}               | ${2} | ${/whole\.db exists already/}
    ${'a file that there is not'}       | ${['none.jsonl', '--db', 'new.db']}                  | ${2} | ${/There is no file none\.jsonl/}
    ${'a folder that there is not'}     | ${['whole.jsonl', '--db', 'no/new.db']}              | ${4} | ${/no\/new\.db\.importing could not be made/}
    ${'events of another organization'} | ${['whole.jsonl', '--db', 'new.db', '--org', 'hal']} | ${3} | ${/^whole\.jsonl:2: The event belongs to northwind, not to hal\./}
  `('says what to do about $wrong', async ({ args, code, told }: Record<string, unknown>) => {
    const ended = await seatledger(['import', ...(args as ReadonlyArray<string>)], { cwd });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(told as RegExp);
    expect(existsSync(join(cwd, 'new.db'))).toBe(false);
    expect(parts(cwd)).toEqual([]);
  });

  it.each([[], ['--json']])(
    'leaves nothing when Ctrl-C comes while it waits %s',
    async (...json) => {
      const running = start(['import', '-', '--db', 'stopped.db', ...json], { cwd });
      running.feed(text.slice(0, 10_000));
      while (!existsSync(join(cwd, 'stopped.db.importing'))) {
        await new Promise((resolved) => setTimeout(resolved, 20));
      }
      running.kill('SIGINT');
      expect(await running.ended).toMatchObject({
        code: 130,
        stderr: 'seatledger: Stopped. Nothing was imported.\n',
        stdout:
          json.length === 0
            ? ''
            : `${JSON.stringify({ outcome: 'interrupted', exitCode: 130, interruptedBy: 'SIGINT' }, null, 2)}\n`,
      });
      expect(readdirSync(cwd).filter((name) => name.startsWith('stopped.db'))).toEqual([]);
    },
  );

  it('is opened only with the secret that the exported ledger had', async () => {
    const env = { SEATLEDGER_ADDRESS_SECRET: 'another secret of 16+' };
    const ended = await seatledger(['replay', '--db', 'whole.db'], { cwd, env });
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain('it opens only while SEATLEDGER_ADDRESS_SECRET is unset');
  });
});

const hasFullDevice = existsSync('/dev/full');

describe('an output device that is full', () => {
  (hasFullDevice ? it : it.skip).each`
    command     | args
    ${'export'} | ${['export', '--db', 'whole.db']}
    ${'import'} | ${['import', 'whole.jsonl', '--db', 'full.db']}
    ${'run'}    | ${['run', demoFile, '--db', 'full-run.db', '--json']}
  `(
    'is told in one sentence by $command (skipped where there is no such device)',
    async ({ args }: Record<string, unknown>) => {
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [main, ...(args as ReadonlyArray<string>)], {
        cwd,
        stdio: ['ignore', full, 'pipe'],
      });
      closeSync(full);
      let stderr = '';
      child.stderr?.setEncoding('utf8').on('data', (more: string) => (stderr += more));
      const code = await new Promise((resolved) => child.on('close', resolved));
      const lines = stderr
        .trimEnd()
        .split('\n')
        .filter((line) => !/ (lines|events)\/s/.test(line));
      expect([code, lines]).toEqual([
        4,
        [expect.stringMatching(/^seatledger: The output could not be written: .*ENOSPC/)],
      ]);
    },
  );
});

describe('what is made from a ledger', () => {
  it.each([
    ['export', 'kept.db'],
    ['export', './kept.db'],
    ['export', 'kept.db-wal'],
    ['export', 'kept.db-shm'],
    ['report', 'kept.db'],
    ['report', 'link.db'],
    ['report', 'kept.db-journal'],
  ])('never takes its place: %s -o %s --force', async (command, file) => {
    writeFileSync(join(cwd, 'kept.db'), readFileSync(join(cwd, 'whole.db')));
    if (!existsSync(join(cwd, 'link.db'))) symlinkSync('kept.db', join(cwd, 'link.db'));
    const ended = await seatledger([command, '--db', 'kept.db', '-o', file, '--force'], { cwd });
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a file of the ledger itself'),
    });
    expect(readFileSync(join(cwd, 'kept.db'))).toEqual(readFileSync(join(cwd, 'whole.db')));
  });
});
