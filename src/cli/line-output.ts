/** Where exported lines go: standard output, or a file that is there whole or not at all. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { exitCodes } from './exit-codes';
import { misuse, type Stop } from './stop';
import { printable } from './terminal';

/** The name that stands for standard output. */
export const STANDARD_OUTPUT = '-';

/** Each function throws what the system says. */
export interface LineOutput {
  /** Resolves when there is room for more. */
  readonly write: (lines: string) => Promise<void>;
  /** Puts what was written in its place, or says what has come there meanwhile. */
  readonly finish: () => Promise<Stop | undefined>;
  /** Removes what was written, if it is not in its place. */
  readonly discard: () => Promise<void>;
}

const hasCode = (error: unknown, ...codes: ReadonlyArray<string>): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  codes.includes(String(error.code));

/** A reader such as `head` has had enough. */
export const isReaderGone = (error: unknown): boolean =>
  hasCode(error, 'EPIPE', 'ERR_STREAM_DESTROYED');

/** An error of the operating system; anything else is a defect. */
export const isSystemError = (error: unknown): error is Error =>
  typeof error === 'object' && error !== null && 'syscall' in error;

export const outputBroken = (file: string, error: Error): Stop => {
  const why = printable(error.message);
  const message =
    file === STANDARD_OUTPUT
      ? `The output could not be written: ${why}.`
      : `${printable(file)} could not be written: ${why}. Nothing was left behind; check the folder and its room.`;
  return { type: 'OutputBroken', message, exitCode: exitCodes.failure };
};

const isThere = (file: string): Stop =>
  misuse(`${printable(file)} is there already. Name another file, or replace it with --force.`);

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

/** Gives the finished file its name; without `force` never over another one. */
const settle = async (made: string, file: string, force: boolean): Promise<Stop | undefined> => {
  if (!force) {
    try {
      await link(made, file);
      return undefined;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return isThere(file);
      // Some file systems have no links; the look before the work has to do there.
      if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
    }
  }
  await rename(made, file);
  return undefined;
};

const syncFolder = async (folder: string): Promise<void> => {
  // Windows opens no folder, and keeps names without being asked.
  if (process.platform === 'win32') return;
  const opened = await open(folder, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
};

const newFile = async (file: string, force: boolean): Promise<LineOutput> => {
  const folder = dirname(resolve(file));
  const made = join(folder, `.seatledger-${randomUUID()}.part`);
  const output = await open(made, 'wx');
  return {
    write: async (lines) => {
      await output.writeFile(lines);
    },
    finish: async () => {
      await output.sync();
      await output.close();
      const inTheWay = await settle(made, file, force);
      await rm(made, { force: true });
      if (inTheWay === undefined) await syncFolder(folder);
      return inTheWay;
    },
    discard: async () => {
      await output.close();
      await rm(made, { force: true });
    },
  };
};

/** Opens what `--output` names. A file that exists is an obstacle unless `force` says otherwise. */
export const openOutput = async (
  file: string,
  force: boolean,
): Promise<E.Either<Stop, LineOutput>> => {
  if (file === STANDARD_OUTPUT) return E.right(standardOutput);
  if (!force && existsSync(file)) return E.left(isThere(file));
  try {
    return E.right(await newFile(file, force));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return E.left(outputBroken(file, error));
  }
};
