/** Tables without rules between cells, that never lose a word to fit. */
import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Emphasis, Paint } from './terminal';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** Gives way first when the table is too wide. */
  readonly wraps?: boolean;
}

export interface Row {
  /** In the order of the columns. A cell may have several lines. */
  readonly cells: ReadonlyArray<string>;
  readonly emphasis?: Emphasis;
}

const GAP = 2;
const NARROWEST_COLUMN = 8;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What is kept together: a character as people see it, unless it alone is wider than the column. */
const indivisible = (word: string, width: number): ReadonlyArray<string> =>
  Array.from(graphemes.segment(word)).flatMap(({ segment }) =>
    stringWidth(segment) <= width ? [segment] : Array.from(segment),
  );

/** Widths are columns of the terminal, measured as the printer of tables does, which cuts what is wider. */
const pieces = (word: string, width: number): ReadonlyArray<string> => {
  const found: Array<string> = [];
  let current = '';
  for (const part of indivisible(word, width)) {
    if (current !== '' && stringWidth(current + part) > width) {
      found.push(current);
      current = '';
    }
    current += part;
  }
  return current === '' ? found : [...found, current];
};

/** Breaks at blanks; within a word only where it is wider than the column. */
export const wrapped = (text: string, width: number): string =>
  text
    .split('\n')
    .map((line) => wrappedLine(line, width))
    .join('\n');

const wrappedLine = (line: string, width: number): string => {
  const lines: Array<string> = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (stringWidth(longer) <= width) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(current);
    const parts = pieces(word, width);
    lines.push(...parts.slice(0, -1));
    current = parts.at(-1) ?? '';
  }
  return [...lines, current].join('\n');
};

const naturalWidth = (cells: ReadonlyArray<string>): number =>
  Math.max(...cells.flatMap((cell) => cell.split('\n').map((line) => stringWidth(line))));

/** Natural widths, taken from the columns that wrap, widest first, until all fit. */
const fitted = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<Row>,
  width: number,
): ReadonlyArray<number> => {
  const widths = columns.map(({ head }, place) =>
    naturalWidth([head, ...rows.map(({ cells }) => cells[place] ?? '')]),
  );
  const room = width - GAP * (columns.length - 1);
  for (let excess = widths.reduce((sum, one) => sum + one, -room); excess > 0; excess -= 1) {
    const widest = widths.reduce(
      (found, one, place) =>
        columns[place]?.wraps === true && one > Math.max(widths[found] ?? 0, NARROWEST_COLUMN)
          ? place
          : found,
      -1,
    );
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
};

const none = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
} as const;

/** The table as text, each line at most `width` wide and indented by `indent` of it. */
export const table = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<Row>,
  {
    width,
    indent,
    paint,
  }: { readonly width: number; readonly indent: number; readonly paint: Paint },
): string => {
  const widths = fitted(columns, rows, width - indent);
  const printed = new Table({
    head: columns.map(({ head }) => paint('bold', head)),
    colWidths: [...widths],
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: { ...none, mid: '-', 'mid-mid': ' '.repeat(GAP), middle: ' '.repeat(GAP) },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  for (const { cells, emphasis } of rows) {
    const lines = cells.map((cell, place) => wrapped(cell, widths[place] ?? width));
    printed.push(emphasis === undefined ? lines : lines.map((cell) => paint(emphasis, cell)));
  }
  return printed
    .toString()
    .split('\n')
    .map((line) => `${' '.repeat(indent)}${line}`.trimEnd())
    .join('\n');
};
