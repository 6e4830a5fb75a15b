/** Hosts may bundle the package and shorten every name in it: nothing may rest on what a function is called. */
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runChild } from '../support/run-child';

const script = join(__dirname, 'minified-child.ts');

const linesOf = async (under: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const child = runChild(script, [], { under });
  const { code, errors } = await child.exit;
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  return child.lines;
};

const isName = (line: string): boolean => line.startsWith('openLedger is called ');

describe('a minified bundle', () => {
  it('loads, and tells every rule by the name that it has in the code', async () => {
    const plain = await linesOf([]);
    const minified = await linesOf(['env', 'SHORTEN_NAMES=yes']);
    expect(plain.find(isName)).toBe('openLedger is called openLedger');
    expect(minified.find(isName)).not.toBe('openLedger is called openLedger');
    expect(minified.filter((line) => !isName(line))).toEqual(plain.filter((line) => !isName(line)));
    expect(plain).toContain('1 mayIssue kept');
    expect(plain).toContain('2 seatExists broken');
  });
});
