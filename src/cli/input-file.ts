/** The file of commands, opened before anything else is touched. */
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import * as E from 'fp-ts/lib/Either.js';
import { exitCodes } from './exit-codes';
import { misuse, type Stop } from './stop';
import { printable } from './terminal';

export interface Input {
  readonly chunks: Readable;
  /** In bytes; 0 when nobody knows, as with a pipe. */
  readonly size: number;
}

/** The name that stands for what is piped in. */
const STANDARD_INPUT = '-';

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;

const whyNot = (path: string, error: unknown): Stop => {
  const file = printable(path);
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return misuse(
        `There is no file ${file}. Give the path of a JSONL file, or none for the demonstration.`,
      );
    case 'EACCES':
    case 'EPERM':
      return misuse(`The file ${file} may not be read. Give this user permission to read it.`);
    default:
      return misuse(`The file ${file} cannot be read (${codeOf(error) ?? 'unknown error'}).`);
  }
};

/** Opens the file at `path`, or takes `standardInput` for `-`. */
export const openInput = async (
  path: string,
  standardInput: Readable,
): Promise<E.Either<Stop, Input>> => {
  if (path === STANDARD_INPUT) return E.right({ chunks: standardInput, size: 0 });
  try {
    const file = await open(path);
    const { size, isFolder } = await file
      .stat()
      .then((stats) => ({ size: stats.size, isFolder: stats.isDirectory() }));
    if (!isFolder) return E.right({ chunks: file.createReadStream(), size });
    await file.close();
    return E.left(misuse(`${printable(path)} is a folder. Give the path of a JSONL file in it.`));
  } catch (error) {
    return E.left(whyNot(path, error));
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
