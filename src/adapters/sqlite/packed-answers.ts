/** Answers on their way from one thread to another. */
import * as E from 'fp-ts/lib/Either.js';
import type { Appended } from '../../application/ports';
import type { Answer } from './ledger-writer';

/**
 * Mostly everything was written, and then the positions alone: to copy a list of objects from thread to thread
 * costs both of them more.
 */
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
  ArrayBuffer.isView(answers) ? Array.from(answers, writtenUpTo) : answers;

const writtenUpTo = (position: number): Answer =>
  E.right({ position: BigInt(position) } satisfies Required<Appended>);
