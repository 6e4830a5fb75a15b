/** Every clause of the policy, on every store. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inMemory, inMemoryStepwise, inSqlite } from './stores';
import { policySuite } from './suite';

describe.each([
  ['memory', inMemory],
  ['memory, one stream an append', inMemoryStepwise],
  ['sqlite', inSqlite],
])('the policy on %s', (_, fresh) => {
  policySuite(fresh);
});

const clausesIn = (text: string, pattern: RegExp): ReadonlySet<string> =>
  new Set([...text.matchAll(pattern)].map(([, clause = '']) => clause));

describe('the suite', () => {
  it('has scenarios for every clause that the reference names, and for no other', () => {
    const reference = readFileSync(join(__dirname, '../../docs/reference/policy.md'), 'utf8');
    const files = readdirSync(__dirname).filter((name) => name.startsWith('clauses-'));
    const suite = files.map((name) => readFileSync(join(__dirname, name), 'utf8')).join('\n');
    const tested = clausesIn(suite, /describe\(\s*["'](P\d+) /g);
    expect(tested.size).toBeGreaterThan(30);
    expect(tested).toEqual(clausesIn(reference, /\b(P\d+)\b/g));
  });
});
