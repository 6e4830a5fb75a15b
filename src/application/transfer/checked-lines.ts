/** The events of an exported file, each checked on its own, in its stream, and in its place. */
import * as E from 'fp-ts/lib/Either.js';
import { LEDGER_STREAM, streamIdentity } from '../../values/stream-name';
import type { ImportRefused } from '../failures';
import type { RecordedEvent } from '../ports';
import { eventOfLine, type LineFault } from './line';
import { linesIn } from './lines-in';

/** A line that is right, so far as the lines before it can tell. */
export interface CheckedLine {
  readonly line: number;
  /** Bytes of the file up to the end of this line. */
  readonly bytes: number;
  readonly event: RecordedEvent;
}

/** What each stream must go on with. */
export class StreamEnds {
  private readonly next = new Map<string, bigint>();

  /** Takes the event in, or answers the revision that should have come. */
  take({ stream, revision }: RecordedEvent): bigint | undefined {
    const expected = this.next.get(stream) ?? 0n;
    if (revision !== expected) return expected;
    this.next.set(stream, revision + 1n);
    return undefined;
  }
}

export const refused = (line: number, { problem, what }: LineFault): ImportRefused => ({
  type: 'ImportRefused',
  line,
  problem,
  message: `${what.replace(/\.$/, '')}. Nothing was imported.`,
});

/** Opened with any secret, a log without its settings would take that secret for its own. */
const settingsMissing: LineFault = {
  problem: 'SettingsMissing',
  what: 'The first line is not the settings of a ledger (stream "ledger", revision "0"): export again instead of cutting the file',
};

const misplaced = (
  event: RecordedEvent,
  ends: StreamEnds,
  orgId: string | undefined,
): LineFault | undefined => {
  const { stream, revision, position } = event;
  const expected = ends.take(event);
  if (expected !== undefined) {
    const what = `The stream ${stream} goes on with revision ${expected}, not ${revision}`;
    return { problem: 'GapOrDisorder', what };
  }
  if (position === 0n && stream !== LEDGER_STREAM) return settingsMissing;
  const found = streamIdentity(stream)?.orgId;
  return orgId === undefined || found === undefined || found === orgId
    ? undefined
    : { problem: 'ForeignOrganization', what: `The event belongs to ${found}, not to ${orgId}` };
};

/** Every line of `source` in its order, up to the first that is wrong. Ids are not compared. */
export async function* checkedLines(
  source: AsyncIterable<Uint8Array>,
  orgId: string | undefined,
): AsyncGenerator<E.Either<ImportRefused, CheckedLine>, void, undefined> {
  const ends = new StreamEnds();
  let position = 0n;
  for await (const { number: line, text, bytes } of linesIn(source)) {
    const event = E.isLeft(text) ? text : eventOfLine(text.right, position);
    if (E.isLeft(event)) return yield E.left(refused(line, event.left));
    const fault = misplaced(event.right, ends, orgId);
    if (fault !== undefined) return yield E.left(refused(line, fault));
    yield E.right({ line, bytes, event: event.right });
    position += 1n;
  }
}
