/** Lines out of bytes, strictly: each as it stands, or why it is none. */
import * as E from 'fp-ts/lib/Either.js';
import { type LineFault, LONGEST_LINE_BYTES, tooLong } from './line';

/** A line without its line end. */
export interface GivenLine {
  /** From 1, as editors count. */
  readonly number: number;
  readonly text: E.Either<LineFault, string>;
  /** Bytes of the file up to the end of this line. */
  readonly bytes: number;
}

const LINE_FEED = 0x0a;

const truncated: LineFault = {
  problem: 'Truncated',
  what: 'The last line has no line end: the file may have been cut off',
};
const sourceBroken = (error: unknown): LineFault => ({
  problem: 'SourceBroken',
  what: `Reading broke off here: ${error instanceof Error ? error.message : String(error)}`,
});

// The mark is kept, so that it can be told.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const textOf = (parts: ReadonlyArray<Uint8Array>): E.Either<LineFault, string> => {
  try {
    return E.right(utf8.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts)));
  } catch {
    return E.left({ problem: 'InvalidUtf8', what: 'The line is not UTF-8' });
  }
};

/** Every line of `chunks`, blank ones too, up to the first that cannot be read. */
export async function* linesIn(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<GivenLine, void, undefined> {
  let parts: Array<Uint8Array> = [];
  let length = 0;
  let number = 1;
  let before = 0;
  const faulty = (fault: LineFault): GivenLine => ({ number, text: E.left(fault), bytes: before });
  try {
    for await (const chunk of chunks) {
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        if (length + end - start > LONGEST_LINE_BYTES) return yield faulty(tooLong);
        parts.push(chunk.subarray(start, end));
        yield { number, text: textOf(parts), bytes: before + end + 1 };
        parts = [];
        length = 0;
        number += 1;
        start = end + 1;
      }
      before += chunk.length;
      length += chunk.length - start;
      // Told as soon as it is known: an endless line is not read to its end.
      if (length > LONGEST_LINE_BYTES) return yield faulty(tooLong);
      parts.push(chunk.subarray(start));
    }
  } catch (error) {
    // What the source throws; whoever takes the lines throws elsewhere.
    return yield faulty(sourceBroken(error));
  }
  if (length > 0) yield faulty(truncated);
}
