/** Amounts and durations in words, the same on a page and in a terminal. */
import type { Timestamp } from './timestamp';

const digits = new Intl.NumberFormat('en');

/** A number as people read it: 12,345. */
export const grouped = (amount: number): string => digits.format(amount);

/** An amount with its noun: `1 seat`, `2 seats`. */
export const amountOf = (amount: number, one: string, more = `${one}s`): string =>
  `${grouped(amount)} ${amount === 1 ? one : more}`;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long it is from one instant to a later one, in its largest unit. */
export const durationOf = (from: Timestamp, to: Timestamp): string => {
  const elapsed = Math.max(0, Date.parse(to) - Date.parse(from));
  if (elapsed >= DAY_MS) return amountOf(Math.floor(elapsed / DAY_MS), 'day');
  if (elapsed >= HOUR_MS) return amountOf(Math.floor(elapsed / HOUR_MS), 'hour');
  return amountOf(Math.floor(elapsed / MINUTE_MS), 'minute');
};
