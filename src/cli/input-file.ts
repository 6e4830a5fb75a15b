/** The file to read, opened before anything else is touched. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import * as E from 'fp-ts/lib/Either.js';
import { exitCodes } from './exit-codes';
import { anotherKind, type InputKind, LONGEST_START_BYTES, nameOfKind } from './kind-of-input';
import { misuse, type Stop } from './stop';
import { printable } from './terminal';

export interface Input {
  readonly chunks: Readable;
  /** In bytes; 0 when nobody knows, as with a pipe. */
  readonly size: number;
  /** Whether it can be read a second time, from the beginning. */
  readonly isRegular: boolean;
}

/** The name that stands for what is piped in. */
const STANDARD_INPUT = '-';

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;

const whyNot = (path: string, wanted: InputKind, error: unknown): Stop => {
  const file = printable(path);
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return misuse(`There is no file ${file}. Give the path of ${nameOfKind[wanted]}.`);
    case 'EACCES':
    case 'EPERM':
      return misuse(`The file ${file} may not be read. Give this user permission to read it.`);
    default:
      return misuse(`The file ${file} cannot be read (${codeOf(error) ?? 'unknown error'}).`);
  }
};

/** Reads how the file begins, and leaves it to be read from there again. */
const startOf = async (file: FileHandle): Promise<Uint8Array> => {
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(LONGEST_START_BYTES),
    0,
    LONGEST_START_BYTES,
    0,
  );
  return buffer.subarray(0, bytesRead);
};

/** Why a file that is there will not do. */
const unfit = async (
  file: FileHandle,
  path: string,
  wanted: InputKind,
): Promise<string | undefined> => {
  const stats = await file.stat();
  if (stats.isDirectory()) {
    return `${printable(path)} is a folder. Give the path of ${nameOfKind[wanted]}.`;
  }
  return stats.isFile() ? anotherKind(wanted, path, await startOf(file)) : undefined;
};

/** Opens the file at `path`, or takes `standardInput` for `-`. */
export const openInput = async (
  path: string,
  standardInput: Readable,
  wanted: InputKind,
): Promise<E.Either<Stop, Input>> => {
  if (path === STANDARD_INPUT) {
    return E.right({ chunks: standardInput, size: 0, isRegular: false });
  }
  try {
    const file = await open(path);
    const why = await unfit(file, path, wanted);
    if (why !== undefined) {
      await file.close();
      return E.left(misuse(why));
    }
    const stats = await file.stat();
    const chunks = file.createReadStream();
    return E.right({ chunks, size: stats.size, isRegular: stats.isFile() });
  } catch (error) {
    return E.left(whyNot(path, wanted, error));
  }
};

/** Whether reading broke off because somebody destroyed the stream on purpose. */
export const wasCutShort = (error: unknown): boolean =>
  codeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE' || codeOf(error) === 'ABORT_ERR';

/** Reading failed in the middle, as when a disk is unplugged. */
export const readingFailed = (path: string, error: unknown): Stop => ({
  type: 'InputBroken',
  message: `Reading ${printable(path)} broke off (${codeOf(error) ?? 'unknown error'}).`,
  exitCode: exitCodes.failure,
});
