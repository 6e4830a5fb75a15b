/** Files that a command writes: there whole or not at all, whatever comes in between. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { left, right } from 'fp-ts/lib/Either.js';
import { writeWhole } from '../../src/cli/report-file';
import { beginWholeFile } from '../../src/cli/whole-file';
import { itWhere, succeeds } from '../crash/runs';
import { enlarged } from '../transfer/exported-files';
import { root, seatledger, start, until, workingFolder } from './cli';

const { path, folder } = workingFolder();
const main = join(root, 'dist/src/cli/main.js');

const parts = (): ReadonlyArray<string> =>
  readdirSync(folder()).filter((name) => name.endsWith('.part'));

const never = new AbortController().signal;

describe('a page in pieces', () => {
  it('is written whole, and its bytes are counted', async () => {
    const pieces = Array.from({ length: 2000 }, (_, line) => `${line} ${'ä'.repeat(400)}\n`);
    const whole = pieces.join('');
    expect(await writeWhole(path('whole.html'), pieces, false, never)).toEqual(
      right(Buffer.byteLength(whole)),
    );
    expect(readFileSync(path('whole.html'), 'utf8')).toBe(whole);
    expect(parts()).toEqual([]);
  });

  it.each([1, 1000, 1999])('is not there when it is stopped at piece %d', async (last) => {
    const controller = new AbortController();
    function* pieces() {
      for (let piece = 0; piece < 2000; piece += 1) {
        if (piece === last) controller.abort();
        yield 'x'.repeat(1000);
      }
    }
    const file = path(`stopped-${last}.html`);
    expect(await writeWhole(file, pieces(), false, controller.signal)).toEqual(right(undefined));
    expect(existsSync(file)).toBe(false);
    expect(parts()).toEqual([]);
  });

  it('is not there when its making fails, nor is anything beside it', async () => {
    function* pieces() {
      yield 'x';
      throw new Error('a defect');
    }
    await expect(writeWhole(path('broken.html'), pieces(), false, never)).rejects.toThrow(
      'a defect',
    );
    expect(existsSync(path('broken.html'))).toBe(false);
    expect(parts()).toEqual([]);
  });
});

describe('a file that has come into the way meanwhile', () => {
  it.each`
    force    | kept
    ${false} | ${'theirs'}
    ${true}  | ${'ours'}
  `('with force: $force, is $kept in the end', async ({ force, kept }: Record<string, unknown>) => {
    const file = path(`race-${String(force)}.txt`);
    const begun = await beginWholeFile(file, force === true);
    if (begun._tag === 'Left') throw new Error(begun.left.message);
    await begun.right.write('ours');
    writeFileSync(file, 'theirs');
    const inTheWay = await begun.right.finish();
    expect(inTheWay?.type).toBe(force === true ? undefined : 'Usage');
    expect(readFileSync(file, 'utf8')).toBe(kept);
    expect(parts()).toEqual([]);
    expect(await beginWholeFile(file, false)).toMatchObject(left({ type: 'Usage' }));
  });
});

describe('a ledger written out', () => {
  beforeAll(async () => {
    writeFileSync(path('large.jsonl'), enlarged(60));
    const ended = await seatledger(['import', 'large.jsonl', '--db', 'large.db'], {
      cwd: folder(),
    });
    expect(ended.code).toBe(0);
  });

  it.each`
    command     | says
    ${'export'} | ${'Stopped. The export is not whole, and no file was made.'}
    ${'report'} | ${'Stopped. No report was written.'}
  `('is whole or not there when Ctrl-C comes to $command', async (row: Record<string, unknown>) => {
    const command = String(row['command']);
    const write = (file: string) =>
      start([command, '--db', 'large.db', '-o', file], { cwd: folder() });
    const [whole, cut] = [`whole.${command}`, `cut.${command}`];
    expect((await write(whole).ended).code).toBe(0);
    const running = write(cut);
    await until(() => Promise.resolve(parts().length > 0 || existsSync(path(cut))));
    running.kill('SIGINT');
    const { code, signal, stderr } = await running.ended;
    // Node gives the signals back at its very end, when the file is there.
    if (code === 0 || signal === 'SIGINT') {
      // It was done before the signal came. A report tells when it was made, always as long.
      const [first, second] = [whole, cut].map((file) => readFileSync(path(file), 'utf8'));
      expect(second?.length).toBe(first?.length);
      if (command === 'export') expect(second).toBe(first);
    } else {
      expect(code).toBe(130);
      expect(stderr).toContain(row['says']);
      expect(existsSync(path(cut))).toBe(false);
    }
    expect(parts()).toEqual([]);
  });

  const whereTraced = itWhere(
    succeeds('strace', ['-f', '-o', '/dev/null', 'true']),
    'strace is not installed or may not trace, so it is not seen that a name is on the disk',
  );

  whereTraced.each`
    command
    ${'export'}
    ${'report'}
  `(
    'has its name on the disk when $command says that it is done (skipped where strace is missing)',
    ({ command }: Record<string, unknown>) => {
      const [file, trace] = [`synced-${String(command)}`, path(`${String(command)}.trace`)];
      const calls = 'trace=link,linkat,fsync,write';
      const args = [main, String(command), '--db', 'large.db', '-o', file];
      const under = ['-f', '-y', '-s', '200', '-e', calls, '-o', trace];
      execFileSync('strace', [...under, process.execPath, ...args], {
        cwd: folder(),
        stdio: 'pipe',
      });
      const lines = readFileSync(trace, 'utf8').split('\n');
      const named = lines.findIndex((line) => / link(at)?\(/.test(line) && line.includes(file));
      const synced = lines.findIndex(
        (line, at) => at > named && line.includes('fsync(') && line.includes(`<${folder()}>`),
      );
      const told = lines.findIndex(
        (line) => /write\([12]</.test(line) && /events exported|synced-report: /.test(line),
      );
      expect(named).toBeGreaterThan(0);
      expect(synced).toBeGreaterThan(named);
      expect(told).toBeGreaterThan(synced);
    },
  );
});
