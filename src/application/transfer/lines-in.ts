/** Lines out of bytes, strictly: each as it stands, or why it is none. */
import * as E from 'fp-ts/lib/Either.js';
import type { LineFault } from './line';

/** A line without its line end. */
export interface GivenLine {
  /** From 1, as editors count. */
  readonly number: number;
  readonly text: E.Either<LineFault, string>;
  /** Bytes of the file up to the end of this line. */
  readonly bytes: number;
}

const LONGEST_LINE_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;

// The mark is kept, so that it can be told.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const textOf = (parts: ReadonlyArray<Uint8Array>, length: number): E.Either<LineFault, string> => {
  if (length > LONGEST_LINE_BYTES) {
    return E.left({ problem: 'TooLong', what: 'it is longer than 1 MiB (1,048,576 bytes)' });
  }
  try {
    return E.right(utf8.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts)));
  } catch {
    return E.left({ problem: 'InvalidUtf8', what: 'it is not UTF-8' });
  }
};

/** Every line of `chunks`, blank ones too. A line over 1 MiB is told of without being kept. */
export async function* linesIn(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<GivenLine, void, undefined> {
  let parts: Array<Uint8Array> = [];
  let length = 0;
  let number = 0;
  let before = 0;
  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length <= LONGEST_LINE_BYTES) parts.push(part);
    else parts = [];
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, end));
      number += 1;
      yield { number, text: textOf(parts, length), bytes: before + end + 1 };
      parts = [];
      length = 0;
      start = end + 1;
    }
    add(chunk.subarray(start));
    before += chunk.length;
  }
  if (length === 0) return;
  const what = 'it has no line end: the file may have been cut off';
  yield { number: number + 1, text: E.left({ problem: 'Truncated', what }), bytes: before };
}
