/** Answers on their way from one thread to another. */
import * as E from 'fp-ts/lib/Either.js';
import type { Answer } from './ledger-writer';

/** Where all was written, which is nearly always, the positions alone: handing those over costs a fraction. */
export type PackedAnswers = Float64Array | ReadonlyArray<Answer>;

export const packed = (answers: ReadonlyArray<Answer>): PackedAnswers => {
  const positions = new Float64Array(answers.length);
  for (const [at, answer] of answers.entries()) {
    if (E.isLeft(answer)) return answers;
    positions[at] = Number(answer.right.position);
  }
  return positions;
};

export const unpacked = (answers: PackedAnswers): ReadonlyArray<Answer> =>
  Array.isArray(answers)
    ? (answers as ReadonlyArray<Answer>)
    : Array.from(answers as Float64Array, (position) => E.right({ position: BigInt(position) }));
