import { describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { parseAddress } from '../../src/values/email-address';

describe('work is bounded', () => {
  const million = 1_000_000;

  it.each(['a', '\u0301', '\ud800', '😀', 'xn--', '@', '. ', '"\\', '=?', '\u200c'])(
    'a million times %j is refused by its length alone',
    (piece) => {
      const input = piece.repeat(million);
      expect(parseAddress(input)).toEqual(
        E.left({ type: 'InputTooLong', units: input.length, limit: 1024 }),
      );
    },
  );

  // Backtracking would make each of these take for ever; a second is a hundred times what they need.
  it.each([
    ['blanks inside', `a${' '.repeat(1022)}a`],
    ['dots', `${'a.'.repeat(500)}@`],
    ['atoms before a wrong character', `${'a.'.repeat(500)}a(@b.test`],
    ['quotes', `${'"a'.repeat(500)}@b.test`],
    ['escapes', `"${'\\"'.repeat(500)}@b.test`],
    ['encoded words', `${'=?a?q?'.repeat(160)}@b.test`],
    ['open encoded words', `${'=?'.repeat(500)}@b.test`],
    ['marks before another script', `x@${'e\u0301\u0302'.repeat(300)}а.test`],
    ['joiners', `x@xn--${'9'.repeat(990)}.test`],
    ['labels', `x@${'xn--9.'.repeat(160)}test`],
    ['wrong labels', `x@${'ü'.repeat(900)}!.test`],
    ['right to left', `x@${'ب\u064e'.repeat(400)}.test`],
    ['compositions', `${'a\u0323\u0302'.repeat(300)}@b.test`],
    ['reordered marks', `a${'\u0302\u0323'.repeat(500)}@b.test`],
  ])('%s in 1,024 units take less than a second', (_, input) => {
    expect(input.length).toBeLessThanOrEqual(1024);
    const start = process.hrtime.bigint();
    parseAddress(input);
    expect(Number(process.hrtime.bigint() - start)).toBeLessThan(1e9);
  });
});
