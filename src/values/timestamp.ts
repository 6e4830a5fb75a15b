import * as t from 'io-ts';

export interface TimestampBrand {
  readonly Timestamp: unique symbol;
}

/** An instant in UTC, RFC 3339 with milliseconds, so that text order is time order. */
export type Timestamp = t.Branded<string, TimestampBrand>;

const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;

const twoDigits = (text: string, at: number): number =>
  (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
const ZERO = 48;

const LONG_MONTHS: ReadonlyArray<number> = [1, 3, 5, 7, 8, 10, 12];

const daysIn = (month: number, year: number): number => {
  if (LONG_MONTHS.includes(month)) return 31;
  if (month !== 2) return 30;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return isLeap ? 29 : 28;
};

/** Whether a calendar and a clock have what the digits say. No `Date`: every event that is read asks this. */
const isInstant = (digits: string): boolean => {
  const year = twoDigits(digits, 0) * 100 + twoDigits(digits, 2);
  const month = twoDigits(digits, 5);
  const day = twoDigits(digits, 8);
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(month, year) &&
    twoDigits(digits, 11) <= 23 &&
    twoDigits(digits, 14) <= 59 &&
    twoDigits(digits, 17) <= 59
  );
};

/** The instant in its one stored form; `undefined` for a date that no calendar has. */
const normalized = (given: string): string | undefined => {
  if (!form.test(given) || !isInstant(given)) return undefined;
  return given.length === STORED_LENGTH ? given : given.replace('Z', '.000Z');
};

const STORED_LENGTH = '2026-03-01T09:30:00.000Z'.length;

const is = (input: unknown): input is Timestamp =>
  typeof input === 'string' && input.length === STORED_LENGTH && normalized(input) === input;

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

/** The host's clock, read once for each command. Many come in one millisecond, and writing it out takes long. */
export const systemClock = (): Timestamp => {
  const now = Date.now();
  if (now !== lastRead.at) lastRead = { at: now, text: new Date(now).toISOString() as Timestamp };
  return lastRead.text;
};

let lastRead = { at: NaN, text: '' as Timestamp };
