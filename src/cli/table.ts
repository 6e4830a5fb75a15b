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

/** Where a word is broken first: an address before its domain, a name as `MailboxAdded` before a capital. */
const partsOf = (word: string): ReadonlyArray<string> => word.split(/(?=@)|(?<=[a-z])(?=[A-Z])/);

/** What is kept together: a part, else a character as people see it, unless it alone is wider than the column. */
const indivisible = (word: string, width: number): ReadonlyArray<string> =>
  partsOf(word).flatMap((part) =>
    stringWidth(part) <= width
      ? [part]
      : Array.from(graphemes.segment(part)).flatMap(({ segment }) =>
          stringWidth(segment) <= width ? [segment] : Array.from(segment),
        ),
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

/** Breaks at blanks; within a word only where it is wider than the column, and then between its parts first. */
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

/** How narrow the columns may become so that all fit: by whole words, then by parts of them, then by any character. */
const floors: ReadonlyArray<(cell: string) => ReadonlyArray<string>> = [
  (cell) => cell.split(/[ \n]/),
  (cell) => cell.split(/[ \n]/).flatMap(partsOf),
  () => [],
];

/** Natural widths, taken from the columns that wrap, widest first, until all fit. */
const fitted = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<Row>,
  width: number,
): ReadonlyArray<number> => {
  const cells = columns.map(({ head }, place) => [
    head,
    ...rows.map((row) => row.cells[place] ?? ''),
  ]);
  const widths = cells.map(naturalWidth);
  const room = width - GAP * (columns.length - 1);
  let excess = widths.reduce((sum, one) => sum + one, -room);
  for (const unbroken of floors) {
    const narrowest = cells.map((of) =>
      Math.max(NARROWEST_COLUMN, ...of.flatMap(unbroken).map((text) => stringWidth(text))),
    );
    for (; excess > 0; excess -= 1) {
      const widest = widths.reduce(
        (found, one, place) =>
          columns[place]?.wraps === true &&
          one > (narrowest[place] ?? one) &&
          one > (widths[found] ?? 0)
            ? place
            : found,
        -1,
      );
      if (widest < 0) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
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
    head: columns.map(({ head }, place) => paint('bold', wrapped(head, widths[place] ?? width))),
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
