/** What the hook keeps of what it has compiled never stands between a process and its sources. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
let script: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ts-hook-'));
  script = join(folder, 'says.ts');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const says = (word: string): void => {
  writeFileSync(script, `const word: string = '${word}';\nprocess.stdout.write(word);\n`);
};

const said = (cache: string): string => {
  const env = { ...process.env, TS_HOOK_CACHE: cache };
  const hook = join(__dirname, 'ts-hook.cjs');
  return execFileSync(process.execPath, ['-r', hook, script], { encoding: 'utf8', env });
};

it('keeps what it compiled, and compiles anew what has changed', () => {
  const cache = join(folder, 'kept', 'here');
  says('first');
  expect([said(cache), said(cache)]).toEqual(['first', 'first']);
  expect(readdirSync(cache)).toHaveLength(1);
  says('second');
  expect(said(cache)).toBe('second');
  expect(readdirSync(cache)).toHaveLength(2);
});

it('runs what it has kept, without a compiler', () => {
  const cache = join(folder, 'run');
  says('compiled');
  said(cache);
  const [name = ''] = readdirSync(cache);
  writeFileSync(join(cache, name), "process.stdout.write('kept');\n// whole\n");
  expect(said(cache)).toBe('kept');
});

it('compiles anew what was cut off', () => {
  const cache = join(folder, 'cut');
  says('whole');
  said(cache);
  for (const length of [0, 20]) {
    for (const name of readdirSync(cache)) truncateSync(join(cache, name), length);
    expect(said(cache)).toBe('whole');
  }
});

it('runs where nothing can be kept', () => {
  const cache = join(folder, 'no-folder');
  writeFileSync(cache, '');
  says('unkept');
  expect(said(cache)).toBe('unkept');
  expect(said(join(cache, 'below'))).toBe('unkept');
});

it('runs where a name is taken by what is no file', () => {
  const cache = join(folder, 'taken');
  says('there');
  said(cache);
  for (const name of readdirSync(cache)) {
    rmSync(join(cache, name));
    mkdirSync(join(cache, name));
  }
  expect(said(cache)).toBe('there');
  expect(readdirSync(cache)).toHaveLength(1);
});
