import * as t from 'io-ts';

export interface TimestampBrand {
  readonly Timestamp: unique symbol;
}

/** An instant in UTC, RFC 3339 with milliseconds, so that text order is time order. */
export type Timestamp = t.Branded<string, TimestampBrand>;

const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;

/** The instant in its one stored form; `undefined` for a date that no calendar has. */
const normalized = (given: string): string | undefined => {
  if (!form.test(given)) return undefined;
  const withMilliseconds = given.includes('.') ? given : given.replace('Z', '.000Z');
  const milliseconds = Date.parse(withMilliseconds);
  if (Number.isNaN(milliseconds)) return undefined;
  // JavaScript reads February 30 as March 2: only what prints back unchanged was a date.
  return new Date(milliseconds).toISOString() === withMilliseconds ? withMilliseconds : undefined;
};

const is = (input: unknown): input is Timestamp =>
  typeof input === 'string' && input.length === 24 && normalized(input) === input;

/** Reads RFC 3339 in UTC, with or without milliseconds; keeps it with milliseconds. */
export const Timestamp = new t.Type<Timestamp, string>(
  'a UTC time such as 2026-03-01T09:30:00Z',
  is,
  (input, context) => {
    const instant = typeof input === 'string' ? normalized(input) : undefined;
    return instant === undefined ? t.failure(input, context) : t.success(instant as Timestamp);
  },
  String,
);

/** The host's clock, read once for each command. */
export const systemClock = (): Timestamp => new Date().toISOString() as Timestamp;
