/** A file that is there whole or not at all: written beside its place, and put there when it is done. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { exitCodes } from './exit-codes';
import { misuse, type Stop } from './stop';
import { printable } from './terminal';

const PIECE = 256 * 1024;

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const isThere = (file: string): Stop =>
  misuse(`${printable(file)} is there already. Name another file, or replace it with --force.`);

/** Why there is no file. */
export type NotWritten = Stop | (Omit<Stop, 'type'> & { readonly type: 'OutputBroken' });

const notWritten = (file: string, error: unknown): NotWritten => ({
  type: 'OutputBroken',
  message: `${printable(file)} could not be written: ${printable(messageOf(error))}. Nothing was left behind; check the folder and its room.`,
  exitCode: exitCodes.failure,
});

/** Whether a file may be put there; asked before any long work. */
export const mayWrite = (file: string, force: boolean): E.Either<Stop, void> =>
  !force && existsSync(file) ? E.left(isThere(file)) : E.right(undefined);

const hasCode = (error: unknown, ...codes: ReadonlyArray<string>): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  codes.includes(String(error.code));

/** An error of the operating system; anything else is a defect. */
const isSystemError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'syscall' in error;

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

/** Writes the pieces in order, gathered into larger ones; answers how many bytes they made. */
const writePieces = async (
  made: string,
  pieces: Iterable<string>,
  stop: AbortSignal,
): Promise<number> => {
  const output = await open(made, 'wx');
  try {
    let bytes = 0;
    let gathered = '';
    const flush = async () => {
      const piece = Buffer.from(gathered);
      gathered = '';
      await output.writeFile(piece);
      bytes += piece.length;
    };
    for (const piece of pieces) {
      gathered += piece;
      if (gathered.length < PIECE) continue;
      await flush();
      if (stop.aborted) return bytes;
    }
    await flush();
    await output.sync();
    return bytes;
  } finally {
    await output.close();
  }
};

/**
 * Writes a whole file, or leaves none: not when it fails, nor when `stop` is aborted on the way.
 *
 * @returns how many bytes it has; `undefined` when it was stopped
 */
export const writeWhole = async (
  file: string,
  pieces: Iterable<string>,
  force: boolean,
  stop: AbortSignal,
): Promise<E.Either<NotWritten, number | undefined>> => {
  const made = join(dirname(resolve(file)), `.seatledger-${randomUUID()}.part`);
  try {
    const bytes = await writePieces(made, pieces, stop);
    if (stop.aborted) return E.right(undefined);
    const settled = await settle(made, file, force);
    return settled === undefined ? E.right(bytes) : E.left(settled);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return E.left(notWritten(file, error));
  } finally {
    await rm(made, { force: true });
  }
};
