/** Where exported lines go: standard output, or a file that is there whole or not at all. */
import * as E from 'fp-ts/lib/Either.js';
import { exitCodes } from './exit-codes';
import type { Stop } from './stop';
import { printable } from './terminal';
import { beginWholeFile, fileBroken, hasCode, type WholeFile } from './whole-file';

/** The name that stands for standard output. */
export const STANDARD_OUTPUT = '-';

/** `write` resolves when there is room for more. */
export type LineOutput = WholeFile;

/** A reader such as `head` has had enough. */
export const isReaderGone = (error: unknown): boolean =>
  hasCode(error, 'EPIPE', 'ERR_STREAM_DESTROYED');

export const outputBroken = (file: string, error: Error): Stop =>
  file === STANDARD_OUTPUT
    ? {
        type: 'OutputBroken',
        message: `The output could not be written: ${printable(error.message)}.`,
        exitCode: exitCodes.failure,
      }
    : fileBroken(file, error);

const standardOutput: LineOutput = {
  write: (lines) =>
    new Promise((resolved, rejected) => {
      process.stdout.write(lines, (error) => {
        if (error instanceof Error) rejected(error);
        else resolved();
      });
    }),
  finish: () => Promise.resolve(undefined),
  discard: () => Promise.resolve(),
};

/** Opens what `--output` names. */
export const openOutput = async (
  file: string,
  force: boolean,
): Promise<E.Either<Stop, LineOutput>> =>
  file === STANDARD_OUTPUT ? E.right(standardOutput) : beginWholeFile(file, force);
