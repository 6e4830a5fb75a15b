/**
 * The failures that every store words alike.
 */
import type { EventIdTaken, RevisionConflict, StoreClosed } from '../application/failures';

/** `stream` is at revision `actual`, not `expected`. */
export const revisionConflict = (
  stream: string,
  expected: bigint,
  actual: bigint,
): RevisionConflict => ({
  type: 'RevisionConflict',
  message: `Stream ${stream} is at revision ${String(actual)}, not ${String(expected)}. Read it again and decide anew.`,
  stream,
  expected: String(expected),
  actual: String(actual),
});

/** An event with the id `eventId` is already stored, or comes twice in one append. */
export const eventIdTaken = (eventId: string): EventIdTaken => ({
  type: 'EventIdTaken',
  message: `An event with id ${eventId} is already stored. If this is a retry, the first try succeeded: read the stream.`,
  eventId,
});

/** The store called `name` was closed before the call. */
export const storeClosed = (name: string): StoreClosed => ({
  type: 'StoreClosed',
  message: `The store ${name} was closed. Connect to it again.`,
});
