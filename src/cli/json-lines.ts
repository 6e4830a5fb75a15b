/** JSONL as it comes: one line at a time, in bounded memory, each with its number. */
import * as E from 'fp-ts/lib/Either.js';

/** A line, or why it is none. Blank lines are counted and passed over. */
export interface NumberedLine {
  /** From 1, as editors count. */
  readonly number: number;
  readonly text: E.Either<string, string>;
  /** Bytes of the file up to the end of this line. */
  readonly bytes: number;
  /** Whether a line end followed. A last line without one may have been cut off. */
  readonly complete: boolean;
}

export const LONGEST_LINE_BYTES = 1024 * 1024;

const LINE_FEED = 0x0a;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const tooLong = 'The line is longer than 1 MiB; expected one command in at most 1,048,576 bytes.';
const notUtf8 = 'The line is not UTF-8; expected the file to be saved as UTF-8.';

const textOf = (bytes: Uint8Array): E.Either<string, string> => {
  try {
    // Goes with it: CR before the line end, and a byte order mark, also where files were joined.
    return E.right(utf8.decode(bytes).trim());
  } catch {
    return E.left(notUtf8);
  }
};

/** What has come of the current line. Of one that is too long, only the length is kept. */
class Pending {
  private parts: Array<Uint8Array> = [];
  private length = 0;

  add(part: Uint8Array): void {
    this.length += part.length;
    if (this.length <= LONGEST_LINE_BYTES) this.parts.push(part);
    else this.parts = [];
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  take(): E.Either<string, string> {
    const { parts, length } = this;
    this.parts = [];
    this.length = 0;
    return length > LONGEST_LINE_BYTES ? E.left(tooLong) : textOf(Buffer.concat(parts));
  }
}

const isBlank = (text: E.Either<string, string>): boolean => E.isRight(text) && text.right === '';

/**
 * Reads lines out of `chunks`. Byte order marks and blanks around a line are passed over; a line over
 * 1 MiB is refused without being kept.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<NumberedLine, void, undefined> {
  const pending = new Pending();
  let number = 0;
  let bytes = 0;

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      pending.add(chunk.subarray(start, end));
      number += 1;
      const text = pending.take();
      const read = bytes + end + 1;
      if (!isBlank(text)) yield { number, text, bytes: read, complete: true };
      start = end + 1;
    }
    pending.add(chunk.subarray(start));
    bytes += chunk.length;
  }

  if (pending.isEmpty) return;
  const text = pending.take();
  if (!isBlank(text)) yield { number: number + 1, text, bytes, complete: false };
}
