/**
 * A point in the history of one organization, and the part of the log that stands for it.
 *
 * A position is inclusive. A time stands for the longest beginning of the organization's log in which no
 * event bears a later time. Times need not rise along the log: a command may be recorded with the time at
 * which it was given earlier, and clocks differ. Taking every event with an early enough time instead would
 * fold a choice of events that never stood alone, a state that nobody ever saw: a mailbox that was added
 * without the request before it, or an address on two seats. Going on until the last such event would let
 * one command that was entered late bring everything that happened meanwhile into the past. So what was
 * entered late is not in the past that it speaks of: an answer tells what the ledger said then.
 */
import * as E from 'fp-ts/lib/Either.js';
import { closed, Revision, sketch, stringWhere } from '../../values/codec';
import type { OrgId } from '../../values/ids';
import { streamIdentity } from '../../values/stream-name';
import { Timestamp } from '../../values/timestamp';
import { decodeWhole } from '../decode-event';
import { type Failure, type InvalidInput, invalidInput } from '../failures';
import { read } from '../input';
import { wholePages } from '../log-pages';
import type { EventStore, RecordedEvent } from '../ports';

/** A position in the log, or a time in UTC such as `2026-03-01T00:00:00Z`; both inclusive. */
export type Point = { readonly position: string } | { readonly time: string };

/** A point that has been read. */
export type Moment = { readonly position: bigint } | { readonly time: Timestamp };

/** Where an event stands, and the time that it bears. */
export interface Place {
  /** Decimal. */
  readonly position: string;
  readonly at: string;
}

/** The part of an organization's log that a point stands for. */
export interface Extent {
  /** The last event that belongs to it; `null` when there is none. */
  readonly last: Place | null;
  /** The first event that does not; `null` when all do that there were when it was read. */
  readonly next: Place | null;
}

const AtPosition = closed({
  position: stringWhere("a position as text, such as '3'", Revision.is),
});
const AtTime = closed({ time: Timestamp });

const isTime = (given: string): boolean => E.isRight(Timestamp.decode(given));

/** The point that was meant by its time or its position alone. */
const meantPoint = (given: unknown): string | undefined => {
  if (typeof given === 'string' && isTime(given)) return `{ time: '${given}' }`;
  const position = typeof given === 'number' || typeof given === 'bigint' ? String(given) : given;
  return Revision.is(position) ? `{ position: '${position}' }` : undefined;
};

const noPoint = (given: unknown): InvalidInput => {
  const meant = meantPoint(given);
  return invalidInput('query', [
    {
      path: '',
      expected: "a point: { position: '3' } or { time: '2026-03-01T00:00:00Z' }",
      // It may be one that lets nobody look at it.
      got: typeof given === 'object' && given !== null ? 'an object with neither' : sketch(given),
      ...(meant === undefined ? {} : { meant }),
    },
  ]);
};

/** Whether it has the field; an object that does not tell has none. */
const has = (given: object, field: string): boolean => {
  try {
    return field in given;
  } catch {
    return false;
  }
};

export const readMoment = (point: unknown): E.Either<InvalidInput, Moment> => {
  if (typeof point !== 'object' || point === null) return E.left(noPoint(point));
  if (has(point, 'time')) return read('query', AtTime, point);
  if (!has(point, 'position')) return E.left(noPoint(point));
  return E.map(({ position }: { readonly position: string }) => ({ position: BigInt(position) }))(
    read('query', AtPosition, point),
  );
};

const timeOf = (event: RecordedEvent): E.Either<Failure, string> => {
  const at = (event.metadata as { readonly at?: unknown } | null)?.at;
  if (Timestamp.is(at)) return E.right(at);
  const decoded = decodeWhole(event);
  return E.isLeft(decoded) ? decoded : E.right(decoded.right.metadata.at);
};

const placeOf = (event: RecordedEvent | undefined): E.Either<Failure, Place | null> =>
  event === undefined
    ? E.right(null)
    : E.map((at: string) => ({ position: String(event.position), at }))(timeOf(event));

const isWithin = (moment: Moment, event: RecordedEvent): E.Either<Failure, boolean> =>
  'position' in moment
    ? E.right(event.position <= moment.position)
    : E.map((at: string) => at <= moment.time)(timeOf(event));

const extentOf = (
  last: RecordedEvent | undefined,
  next: RecordedEvent | undefined,
): E.Either<Failure, Extent> => {
  const lastPlace = placeOf(last);
  if (E.isLeft(lastPlace)) return lastPlace;
  const nextPlace = placeOf(next);
  if (E.isLeft(nextPlace)) return nextPlace;
  return E.right({ last: lastPlace.right, next: nextPlace.right });
};

/**
 * Reads the organization's part of the log up to a moment. Events of others are passed over unread: what
 * their clocks show changes nothing here.
 *
 * @param take takes each event in; a failure stops the reading
 */
export const readUntil = async (
  store: EventStore,
  orgId: OrgId,
  moment: Moment,
  take: (event: RecordedEvent) => E.Either<Failure, void>,
): Promise<E.Either<Failure, Extent>> => {
  let last: RecordedEvent | undefined;
  for await (const page of wholePages(store)) {
    if (E.isLeft(page)) return page;
    for (const event of page.right) {
      if (streamIdentity(event.stream)?.orgId !== orgId) continue;
      const within = isWithin(moment, event);
      if (E.isLeft(within)) return within;
      if (!within.right) return extentOf(last, event);
      const taken = take(event);
      if (E.isLeft(taken)) return taken;
      last = event;
    }
  }
  return extentOf(last, undefined);
};
