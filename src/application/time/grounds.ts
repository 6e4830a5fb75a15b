/** What a rule was judged on: events that stood, events that were missing, or the command's own words. */
import type { SeatEvent } from '../../seat';
import type { LedgerEvent } from '../decode-event';
import type { PastSeat, PastStream } from './past';

/** The event types of some stream, of which none was there that would make another answer. */
export interface Absence {
  readonly stream: string;
  readonly types: ReadonlyArray<LedgerEvent['type']>;
}

/** Everything that one answer of one rule rests on. */
export interface Grounds {
  readonly events: ReadonlyArray<LedgerEvent>;
  readonly absences: ReadonlyArray<Absence>;
  /** Fields of the command, or `principal`. */
  readonly said: ReadonlyArray<string>;
}

export const none: Grounds = { events: [], absences: [], said: [] };

export const said = (...fields: ReadonlyArray<string>): Grounds => ({ ...none, said: fields });

export const absent = (
  { stream }: Pick<PastStream<unknown>, 'stream'>,
  ...types: ReadonlyArray<LedgerEvent['type']>
): Grounds => ({ ...none, absences: [{ stream, types }] });

/** Those that there are. */
export const found = (...events: ReadonlyArray<LedgerEvent | undefined>): Grounds => ({
  ...none,
  events: events.filter((event) => event !== undefined),
});

const byPosition = (left: LedgerEvent, right: LedgerEvent): number =>
  left.position < right.position ? -1 : 1;

/** All of them, each event once, oldest first. */
export const together = (...all: ReadonlyArray<Grounds>): Grounds => {
  const events = new Map(all.flatMap((one) => one.events).map((event) => [event.id, event]));
  const absences = new Map(
    all.flatMap((one) => one.absences).map((one) => [`${one.stream} ${one.types.join()}`, one]),
  );
  return {
    events: [...events.values()].sort(byPosition),
    absences: [...absences.values()],
    said: [...new Set(all.flatMap((one) => one.said))],
  };
};

/** The grounds, or others where these hold no event. */
export const orElse = (grounds: Grounds, others: Grounds): Grounds =>
  grounds.events.length > 0 ? grounds : others;

type DataOf<Type extends SeatEvent['type']> = Extract<SeatEvent, { type: Type }>['data'];

/** The last event of these types that is `about` what is meant. */
export const last = <Type extends SeatEvent['type']>(
  { events }: PastSeat,
  types: ReadonlyArray<Type>,
  about: (data: DataOf<Type>) => boolean = () => true,
): LedgerEvent | undefined =>
  events.findLast(
    ({ type, data }) =>
      (types as ReadonlyArray<string>).includes(type) && about(data as DataOf<Type>),
  );
