/** What one thread answers, the other reads. */
import { expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import type { Answer } from '../../src/adapters/sqlite/ledger-writer';
import { packed, unpacked } from '../../src/adapters/sqlite/packed-answers';
import { revisionConflict } from '../../src/adapters/store-failures';

const written: Answer = E.right({ position: 9_007_199_254_740_991n });
const refused: Answer = E.left(revisionConflict('a', 0n, 1n));

it.each<readonly [string, ReadonlyArray<Answer>]>([
  ['nothing', []],
  ['what was written', [E.right({ position: 0n }), written]],
  ['what was refused', [refused]],
  ['both, in their order', [written, refused, written]],
])('%s comes back as it was answered', (_, answers) => {
  expect(unpacked(structuredClone(packed(answers)))).toEqual(answers);
});

it('what was written goes as positions alone', () => {
  expect(ArrayBuffer.isView(packed([written]))).toBe(true);
});
