/** Where an instant stands on paper: one axis for all timelines of an organization. */
import type { Timestamp } from '../values/timestamp';
import { dayOf } from './wording';

export interface Tick {
  readonly x: number;
  readonly label: string;
}

export interface TimeAxis {
  readonly left: number;
  readonly right: number;
  /** Instants outside the axis stand at its ends. */
  readonly x: (at: Timestamp) => number;
  readonly ticks: ReadonlyArray<Tick>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MOST_TICKS = 8;

const secondSteps = [1, 2, 5, 10, 30].map((seconds) => seconds * SECOND);
const clockSteps = [
  ...[1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR),
];
const daySteps = [1, 2, 7, 14].map((days) => days * DAY);
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000];
const MONTH = 30.4 * DAY;

const stamp = (ms: number): Timestamp => new Date(ms).toISOString() as Timestamp;

const evenly = (from: number, to: number, step: number): ReadonlyArray<number> => {
  const instants: Array<number> = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) instants.push(at);
  return instants;
};

/** The first of every `step`th month. */
const monthly = (from: number, to: number, step: number): ReadonlyArray<number> => {
  const start = new Date(from);
  const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const instants: Array<number> = [];
  for (let month = Math.ceil(first / step) * step; ; month += step) {
    const at = new Date(0);
    at.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    if (at.getTime() > to) return instants;
    if (at.getTime() >= from) instants.push(at.getTime());
  }
};

const secondLabel = (ms: number): string => stamp(ms).slice(-13, -5);
const clockLabel = (ms: number): string => {
  const at = stamp(ms);
  return `${dayOf(at).slice(0, -5)}, ${at.slice(11, 16)}`;
};
const dayLabel = (ms: number): string => dayOf(stamp(ms));
const monthLabel = (ms: number): string => dayLabel(ms).split(' ').slice(1).join(' ');

const marks = (
  from: number,
  to: number,
): { readonly at: ReadonlyArray<number>; readonly label: (ms: number) => string } => {
  const span = to - from;
  const fits = (step: number): boolean => span / step <= MOST_TICKS;
  const seconds = secondSteps.find(fits);
  if (seconds !== undefined) return { at: evenly(from, to, seconds), label: secondLabel };
  const clock = clockSteps.find(fits);
  if (clock !== undefined) return { at: evenly(from, to, clock), label: clockLabel };
  const days = daySteps.find(fits);
  if (days !== undefined) return { at: evenly(from, to, days), label: dayLabel };
  const months = monthSteps.find((step) => fits(step * MONTH)) ?? 12_000;
  return { at: monthly(from, to, months), label: monthLabel };
};

/** An axis from `left` to `right`, which begins and ends with the two instants. */
export const timeAxis = (
  span: { readonly from: Timestamp; readonly to: Timestamp },
  left: number,
  right: number,
): TimeAxis => {
  const from = Date.parse(span.from);
  // A story of one moment has no length: it stands at the left end, drawn as if it had taken a millisecond.
  const to = Math.max(Date.parse(span.to), from + 1);
  const place = (ms: number): number => {
    const within = Math.min(1, Math.max(0, (ms - from) / (to - from)));
    return Math.round((left + within * (right - left)) * 10) / 10;
  };
  const { at, label } = marks(from, to);
  return {
    left,
    right,
    x: (instant) => place(Date.parse(instant)),
    ticks: at.map((ms) => ({ x: place(ms), label: label(ms) })),
  };
};
