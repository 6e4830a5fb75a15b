/** Wrong use that is found before a command begins: what was meant, and the same for a program. */
import { describe, expect, it } from '@jest/globals';
import { seatledger, workingFolder } from './cli';

const { folder } = workingFolder();
const used = (...args: ReadonlyArray<string>) => seatledger(args, { cwd: folder() });

describe('a word that is misspelt', () => {
  it.each`
    what           | args                                              | told
    ${'a command'} | ${['reprot', '--db', 'x.db']}                     | ${"error: unknown command 'reprot'\n(Did you mean report?)\n"}
    ${'an option'} | ${['export', '--db', 'x.db', '--outptu', 'file']} | ${"error: unknown option '--outptu'\n(Did you mean --output?)\n"}
  `('as $what is answered with what was meant', async ({ args, told }: Record<string, unknown>) => {
    expect(await used(...(args as ReadonlyArray<string>))).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: told,
    });
  });
});

describe('wrong use with --json', () => {
  it.each`
    what                    | args                                    | message
    ${'an unknown option'}  | ${['run', '--json', '--dbb', 'x.db']}   | ${/^unknown option '--dbb'\n\(Did you mean --db\?\)$/}
    ${'a missing option'}   | ${['verify', '--json']}                 | ${/^required option '--db <file>' not specified$/}
    ${'a missing argument'} | ${['why', '--db', 'x.db', '--json']}    | ${/^missing required argument 'commandId'$/}
    ${'an unknown command'} | ${['reprot', '--db', 'x.db', '--json']} | ${/^unknown command 'reprot'/}
  `('is one JSON document: $what', async ({ args, message }: Record<string, unknown>) => {
    const { code, stdout, stderr } = await used(...(args as ReadonlyArray<string>));
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      outcome: 'failed',
      exitCode: 2,
      failure: { type: 'Usage', message: expect.stringMatching(message as RegExp) },
    });
    expect(stderr).toMatch(/^error: /);
  });

  it('leaves what is asked for alone', async () => {
    const { code, stdout } = await used('export', '--json', '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: seatledger export/);
  });
});
