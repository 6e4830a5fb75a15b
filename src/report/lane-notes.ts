/** Words beside the bars of a lane: what was lost, where a mailbox went. Those that would overlap become one. */
import stringWidth from 'string-width';
import type { Losses } from './seat-story';
import type { TimeAxis } from './time-axis';
import { amountOf, grouped } from './wording';

/** Something that is told at one place of a lane; several of them add up. */
export interface Note extends Losses {
  readonly x: number;
  /** Mailboxes that ended here. */
  readonly ended: number;
  /** Seats that the mailbox moved to, and that it came from. */
  readonly to: ReadonlyArray<string>;
  readonly from: ReadonlyArray<string>;
  /** Prospects that went on. */
  readonly recovered: number;
}

export const noNote: Omit<Note, 'x'> = {
  ended: 0,
  to: [],
  from: [],
  drafts: 0,
  scheduled: 0,
  stopped: 0,
  recovered: 0,
};

export interface PlacedNote {
  readonly x: number;
  readonly anchor: 'start' | 'end';
  readonly text: string;
}

const UNITS_A_COLUMN = 6.3;
const GAP = 8;
const MOST_NAMES = 2;

/** About as wide as the text will be drawn. */
export const drawnWidth = (text: string): number => stringWidth(text) * UNITS_A_COLUMN;

/** As much of a text as has room, and dots where more was. */
export const fitting = (text: string, room: number): string => {
  if (drawnWidth(text) <= room) return text;
  let kept = '';
  for (const character of text) {
    if (drawnWidth(`${kept}${character}…`) > room) break;
    kept += character;
  }
  return `${kept}…`;
};

/** `3 drafts and 4 scheduled emails lost, 5 sequences stopped`. */
export const lossWords = ({ drafts, scheduled, stopped }: Losses): string => {
  const unsent = [
    ...(drafts > 0 ? [amountOf(drafts, 'draft')] : []),
    ...(scheduled > 0 ? [amountOf(scheduled, 'scheduled email')] : []),
  ].join(' and ');
  return [
    ...(unsent === '' ? [] : [`${unsent} lost`]),
    ...(stopped > 0 ? [`${amountOf(stopped, 'sequence')} stopped`] : []),
  ].join(', ');
};

const names = (userIds: ReadonlyArray<string>): string => {
  const different = [...new Set(userIds)];
  return different.length <= MOST_NAMES
    ? different.join(', ')
    : `${different.slice(0, MOST_NAMES).join(', ')} and ${different.length - MOST_NAMES} more`;
};

export const noteWords = (note: Note): string => {
  const { ended, to, from, recovered } = note;
  const deleted = ended - to.length;
  const losses = lossWords(note);
  const what = [
    ...(from.length > 0 ? [`← from ${names(from)}`] : []),
    ...(deleted > 0 ? [`✕ ${deleted === 1 ? 'deleted' : `${grouped(deleted)} deleted`}`] : []),
    ...(to.length > 0 ? [`→ to ${names(to)}`] : []),
    ...(recovered > 0 ? [`↻ ${grouped(recovered)} went on`] : []),
  ].join('; ');
  if (ended === 0) return what;
  return `${what}: ${losses === '' ? 'nothing lost' : losses}`;
};

const together = (a: Note, b: Note): Note => ({
  x: b.x,
  ended: a.ended + b.ended,
  to: [...a.to, ...b.to],
  from: [...a.from, ...b.from],
  drafts: a.drafts + b.drafts,
  scheduled: a.scheduled + b.scheduled,
  stopped: a.stopped + b.stopped,
  recovered: a.recovered + b.recovered,
});

/** Right of its mark, or left of it where there is no room; within the axis in any case. */
const place = (note: Note, { left, right }: TimeAxis): PlacedNote => {
  const text = fitting(noteWords(note), right - left);
  const width = drawnWidth(text);
  if (note.x + width <= right) return { x: note.x, anchor: 'start', text };
  return note.x - width >= left
    ? { x: note.x, anchor: 'end', text }
    : { x: right, anchor: 'end', text };
};

const startOf = ({ x, anchor, text }: PlacedNote): number =>
  anchor === 'start' ? x : x - drawnWidth(text);
const endOf = ({ x, anchor, text }: PlacedNote): number =>
  anchor === 'start' ? x + drawnWidth(text) : x;

/** Every note of a lane in its place, from left to right, none over another. */
export const placedNotes = (
  notes: ReadonlyArray<Note>,
  axis: TimeAxis,
): ReadonlyArray<PlacedNote> => {
  const placed: Array<{ note: Note; at: PlacedNote }> = [];
  for (const given of [...notes].sort((a, b) => a.x - b.x)) {
    let note = given;
    let at = place(note, axis);
    let last = placed.at(-1);
    while (last !== undefined && endOf(last.at) + GAP > startOf(at)) {
      placed.pop();
      note = together(last.note, note);
      at = place(note, axis);
      last = placed.at(-1);
    }
    placed.push({ note, at });
  }
  return placed.map(({ at }) => at);
};
