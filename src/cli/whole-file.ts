/** A file that is there whole or not at all: written beside its place, and put there when it is done. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { exitCodes } from './exit-codes';
import { misuse, type Stop } from './stop';
import { printable } from './terminal';

/** Each function throws what the system says. */
export interface WholeFile {
  readonly write: (text: string) => Promise<void>;
  /** Puts what was written in its place, or says what has come there meanwhile. */
  readonly finish: () => Promise<Stop | undefined>;
  /** Removes what was written, if it is not in its place. */
  readonly discard: () => Promise<void>;
}

export const hasCode = (error: unknown, ...codes: ReadonlyArray<string>): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  codes.includes(String(error.code));

/** An error of the operating system; anything else is a defect. */
export const isSystemError = (error: unknown): error is Error =>
  typeof error === 'object' && error !== null && 'syscall' in error;

export const fileBroken = (file: string, { message }: Error): Stop => ({
  type: 'OutputBroken',
  message: `${printable(file)} could not be written: ${printable(message)}. Nothing was left behind; check the folder and its room.`,
  exitCode: exitCodes.failure,
});

const isThere = (file: string): Stop =>
  misuse(`${printable(file)} is there already. Name another file, or replace it with --force.`);

/** Whether a file may be put there; asked before any long work. */
export const mayWrite = (file: string, force: boolean): E.Either<Stop, void> =>
  !force && existsSync(file) ? E.left(isThere(file)) : E.right(undefined);

/**
 * Gives the finished file its name. Without `force` never over another one, except on file systems without
 * links: there only the look just before tells.
 */
const settle = async (made: string, file: string, force: boolean): Promise<Stop | undefined> => {
  if (!force) {
    try {
      await link(made, file);
      return undefined;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return isThere(file);
      if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
      if (existsSync(file)) return isThere(file);
    }
  }
  await rename(made, file);
  return undefined;
};

/** A name may be lost in a power cut until its folder is on the disk as well. */
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

const newFile = async (file: string, force: boolean): Promise<WholeFile> => {
  const folder = dirname(resolve(file));
  const made = join(folder, `.seatledger-${randomUUID()}.part`);
  const output = await open(made, 'wx');
  return {
    write: async (text) => {
      await output.writeFile(text);
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

/** Begins a file. One that is there already is an obstacle unless `force` says otherwise. */
export const beginWholeFile = async (
  file: string,
  force: boolean,
): Promise<E.Either<Stop, WholeFile>> => {
  const free = mayWrite(file, force);
  if (E.isLeft(free)) return free;
  try {
    return E.right(await newFile(file, force));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return E.left(fileBroken(file, error));
  }
};
