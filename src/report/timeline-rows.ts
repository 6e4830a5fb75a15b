/** The rows of a timeline, from the top down. Each gives its markup and says how high it is. */
import { type Markup, markup } from './html';
import type { HeldStep } from './held-steps';
import { drawnWidth, fitting, noNote, type Note, placedNotes } from './lane-notes';
import type { Holding, LockedSpell, Outcome, Recovery, RequestSpan } from './seat-story';
import type { TimeAxis } from './time-axis';
import { grouped } from './wording';

export interface Row {
  readonly height: number;
  readonly markup: Markup;
}

/** A row's maker: it is told where the row begins. */
export type RowAt = (top: number) => Row;

const GUTTER = 236;
const LEAST_WIDTH = 3;

const round = (units: number): number => Math.round(units * 10) / 10;

/** What a row is about, left of the axis; whole in a tooltip where it is cut. */
const label = (text: string, y: number): Markup => {
  const told = fitting(text, GUTTER);
  return markup`<text x="0" y="${y}">${told}${told !== text && markup`<title>${text}</title>`}</text>`;
};

const notesOf = (notes: ReadonlyArray<Note>, axis: TimeAxis, y: number): ReadonlyArray<Markup> =>
  placedNotes(notes, axis).map(
    ({ x, anchor, text }) =>
      markup`<text class="n" x="${round(x)}" y="${y}" ${anchor === 'end' && markup` text-anchor="end"`}
        >${text}</text
      >`,
  );

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Stretches of the axis, with those in one that hardly a line would part. */
const stretches = (given: ReadonlyArray<Stretch>): ReadonlyArray<Stretch> => {
  const told: Array<Stretch> = [];
  for (const { from, to } of [...given].sort((a, b) => a.from - b.from)) {
    const last = told.at(-1);
    const end = Math.max(to, from + LEAST_WIDTH);
    if (last === undefined || from > last.to + 1) told.push({ from, to: end });
    else told[told.length - 1] = { from: last.from, to: Math.max(last.to, end) };
  }
  return told;
};

const boxes = (given: ReadonlyArray<Stretch>, top: number, height: number): string =>
  stretches(given)
    .map(({ from, to }) => `M${round(from)} ${top}H${round(to)}v${height}H${round(from)}z`)
    .join('');

const LOCKED_HEIGHT = 20;

export const lockedStretches = (
  locks: ReadonlyArray<LockedSpell>,
  axis: TimeAxis,
): ReadonlyArray<Stretch> =>
  stretches(
    locks.map(({ from, to }) => ({
      from: axis.x(from),
      to: to === null ? axis.right : axis.x(to),
    })),
  );

/** A bar for each time the seat was locked. */
export const lockedRow =
  (locks: ReadonlyArray<LockedSpell>, axis: TimeAxis): RowAt =>
  (top) => ({
    height: LOCKED_HEIGHT,
    markup: markup`
      ${label('Seat locked', top + 12)}
      <path class="k" d="${boxes(lockedStretches(locks, axis), top + 3, 12)}"/>
    `,
  });

const STRIP_UNIT = 10;
const STRIP_MOST = 80;

/** The steps that last long enough to be drawn, and the last one. */
const visible = (steps: ReadonlyArray<HeldStep>, axis: TimeAxis): ReadonlyArray<HeldStep> =>
  steps.filter(({ from }, index) => {
    const next = steps[index + 1];
    return next === undefined || axis.x(next.from) >= axis.x(from) + 1;
  });

/**
 * The mailboxes held, as blocks from the ground up, against the line of the limit.
 *
 * @param now what the view of seats has of it
 */
export const heldRow =
  (given: ReadonlyArray<HeldStep>, now: Omit<HeldStep, 'from'>, axis: TimeAxis): RowAt =>
  (top) => {
    const steps = visible(given, axis);
    const highest = Math.max(1, ...steps.map(({ held, limit }) => Math.max(held, limit)));
    const unit = Math.min(STRIP_UNIT, STRIP_MOST / highest);
    const ground = top + 4 + unit * highest;
    const level = (amount: number): number => round(ground - unit * amount);
    const ends = steps.map((_, index) => {
      const next = steps[index + 1];
      return next === undefined ? axis.right : axis.x(next.from);
    });
    const block = (step: HeldStep, index: number, low: number, high: number): string => {
      const to = ends[index] ?? axis.right;
      return high <= low || to <= axis.x(step.from)
        ? ''
        : `M${axis.x(step.from)} ${level(low)}V${level(high)}H${to}V${level(low)}z`;
    };
    const within = steps.map((step, index) =>
      block(step, index, 0, Math.min(step.held, step.limit)),
    );
    const over = steps.map((step, index) => block(step, index, step.limit, step.held)).join('');
    const line = steps.map(
      ({ from, limit }, index) =>
        `${index === 0 ? 'M' : 'H'}${axis.x(from)}${index === 0 ? ' ' : 'V'}${level(limit)}`,
    );
    const state = now.held > now.limit ? ', over limit' : '';
    return {
      height: unit * highest + 14,
      markup: markup`
        ${label(`Held ${grouped(now.held)} of ${grouped(now.limit)}${state}`, ground - 1)}
        <path class="h" d="${within.join('')}" />
        ${over !== '' && markup`<path class="o" d="${over}" />`}
        <path class="l" d="${line.join('')}H${axis.right}" />
      `,
    };
  };

/** Just behind the bar: a cross for a mailbox that was deleted, an arrow for one that moved. */
const endMark = ({ end }: Holding, axis: TimeAxis, middle: number): string => {
  if (end === null) return '';
  const x = axis.x(end.at);
  return end.movedTo === null
    ? `M${round(x + 4)} ${middle - 4}l8 8m0-8l-8 8`
    : `M${round(x + 3)} ${middle}h10m-4-4l4 4l-4 4`;
};

const noteOf = (holding: Holding, axis: TimeAxis): ReadonlyArray<Note> => [
  ...(holding.movedFrom === null
    ? []
    : [{ ...noNote, x: axis.x(holding.from), from: [holding.movedFrom] }]),
  ...(holding.end === null
    ? []
    : [
        {
          ...noNote,
          ...{ drafts: holding.end.drafts, scheduled: holding.end.scheduled },
          stopped: holding.end.stopped,
          x: axis.x(holding.end.at),
          ended: 1,
          to: holding.end.movedTo === null ? [] : [holding.end.movedTo],
        },
      ]),
];

/** One address on the seat: a bar while it was held, and words on how it came and went. */
export const mailboxRow =
  (holdings: ReadonlyArray<Holding>, axis: TimeAxis): RowAt =>
  (top) => {
    const notes = holdings.flatMap((holding) => noteOf(holding, axis));
    const bars = holdings.map(({ from, end }) => ({
      from: axis.x(from),
      to: end === null ? axis.right : axis.x(end.at),
    }));
    const marks = holdings.map((holding) => endMark(holding, axis, top + 9)).join('');
    return {
      height: notes.length > 0 ? 36 : 20,
      markup: markup`
        ${label(holdings[0]?.address ?? '', top + 13)}
        <path class="b" d="${boxes(bars, top + 3, 12)}" />
        ${marks !== '' && markup`<path class="x" d="${marks}" />`} ${notesOf(notes, axis, top + 29)}
      `,
    };
  };

const outcomeWords: Readonly<Record<Outcome, string>> = {
  open: '… open',
  fulfilled: '✓ fulfilled',
  rejected: '✕ rejected',
  withdrawn: '↩ withdrawn',
  abandoned: '⊘ abandoned',
};

const REQUEST_HEIGHT = 20;
const MARK_WIDTH = 9;
/** A request that took less is a dot. */
const SHORTEST_LINE = 7;

/** One request: a line from asked to closed, and its outcome. */
export const requestRow =
  (request: RequestSpan, axis: TimeAxis): RowAt =>
  (top) => {
    const { kind, address, askedAt, closing, outcome } = request;
    const from = axis.x(askedAt);
    const to = Math.max(from, closing === null ? axis.right : axis.x(closing.at));
    const isLine = to - from >= SHORTEST_LINE;
    const words = outcomeWords[outcome];
    const width = drawnWidth(words) + MARK_WIDTH;
    const y = top + 9;
    const isRight = to + width <= axis.right;
    const x = isRight ? to + MARK_WIDTH : Math.max(from - MARK_WIDTH, axis.left + width);
    return {
      height: REQUEST_HEIGHT,
      markup: markup`
        ${label(`${kind} ${address}`, top + 13)}
        ${isLine && markup`<path class="r${outcome === 'open' && ' p'}" d="M${from} ${y}H${round(to)}"/>`}
        ${isLine && closing !== null && markup`<path class="e" d="M${to} ${y - 6}v12"/>`}
        <circle class="q${!isLine && closing !== null && ' f'}" cx="${from}" cy="${y}" r="3.5"/>
        <text class="n" x="${round(x)}" y="${y + 4}"${!isRight && markup` text-anchor="end"`}>${words}</text>
      `,
    };
  };

/** When stopped prospects went on, and how many. */
export const recoveryRow =
  (recoveries: ReadonlyArray<Recovery>, axis: TimeAxis): RowAt =>
  (top) => {
    const notes = recoveries.map(({ at, prospects }) => ({
      ...noNote,
      x: axis.x(at),
      recovered: prospects,
    }));
    const marks = [...new Set(notes.map(({ x }) => x))].map(
      (x) => `M${round(x - 5)} ${top + 9}l5-5l5 5l-5 5z`,
    );
    const offset = notes.map((note) => ({ ...note, x: Math.min(note.x + 9, axis.right) }));
    return {
      height: 20,
      markup: markup`
        ${label('Prospects that went on', top + 13)}
        <path class="w" d="${marks.join('')}" />
        ${notesOf(offset, axis, top + 13)}
      `,
    };
  };

/** A line of words across the row. */
export const wordsRow =
  (words: string): RowAt =>
  (top) => ({ height: 20, markup: markup`<text class="n" x="0" y="${top + 13}">${words}</text>` });
