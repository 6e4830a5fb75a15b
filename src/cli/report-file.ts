/** Writes a page that comes in many small pieces. */
import * as E from 'fp-ts/lib/Either.js';
import type { Stop } from './stop';
import { beginWholeFile, fileBroken, isSystemError, type WholeFile } from './whole-file';

/** Pieces are gathered into ones of about this many characters. */
const PIECE = 256 * 1024;

/** Answers how many bytes the pieces made; `undefined` when it was stopped. */
const writePieces = async (
  { write }: WholeFile,
  pieces: Iterable<string>,
  stop: AbortSignal,
): Promise<number | undefined> => {
  let bytes = 0;
  let gathered = '';
  const flush = async () => {
    await write(gathered);
    bytes += Buffer.byteLength(gathered);
    gathered = '';
  };
  for (const piece of pieces) {
    gathered += piece;
    if (gathered.length >= PIECE) await flush();
    if (stop.aborted) return undefined;
  }
  await flush();
  return stop.aborted ? undefined : bytes;
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
): Promise<E.Either<Stop, number | undefined>> => {
  const output = await beginWholeFile(file, force);
  if (E.isLeft(output)) return output;
  let isInPlace = false;
  try {
    const bytes = await writePieces(output.right, pieces, stop);
    if (bytes === undefined) return E.right(undefined);
    const inTheWay = await output.right.finish();
    if (inTheWay !== undefined) return E.left(inTheWay);
    isInPlace = true;
    return E.right(bytes);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return E.left(fileBroken(file, error));
  } finally {
    if (!isInPlace) await output.right.discard();
  }
};
