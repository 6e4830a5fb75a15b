/** Answers about the past as text. */
import type { RequestRow, SeatRow, SequenceStoppedRow } from '../../projections';
import type { Extent, Point } from '../application/time/point';
import type { ViewDiff, ViewName } from '../application/time/diff';
import type { Timeline } from '../application/time/timeline';
import type { Impact } from '..';
import { systemClock, type Timestamp } from '../values/timestamp';
import { endText, extentText } from './past';
import { mailboxText, type Page } from './print-organization';
import { type Column, type Row, table } from './table';
import { amountOf, durationOf, grouped, printable } from './terminal';

const INDENT = 2;
/** Rows that a table shows; beyond that, people read the JSON. */
const MOST_ROWS = 100;

/** A table whose cells are safe to show. */
export const shownTable = (
  { width, paint }: Page,
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<Row>,
): string => {
  const shown = rows.slice(0, MOST_ROWS).map((row) => ({
    ...row,
    cells: row.cells.map((cell) => cell.split('\n').map(printable).join('\n')),
  }));
  const untold = rows.length - shown.length;
  return [
    table(columns, shown, { width, indent: INDENT, paint }),
    ...(untold > 0 ? [`  and ${grouped(untold)} more; --json has all of them`] : []),
  ].join('\n');
};

/** A row of whichever view. */
type AnyRow = Readonly<Record<string, unknown>>;
/** What a cell shows of a row; what has an age is as old as it was at `asOf`. */
type Cell = (row: AnyRow, asOf: Timestamp) => string;
type Shown = Column & { readonly cell: Cell };

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const field =
  (name: string): Cell =>
  (row) =>
    textOf(row[name]);

const minute =
  (name: string): Cell =>
  (row) =>
    textOf(row[name]).slice(0, 16).replace('T', ' ');

const count =
  (name: string): Cell =>
  (row) =>
    grouped((row[name] as ReadonlyArray<unknown>).length);

/** Of a request that is open: how long it has been waiting. */
const age: Cell = (row, asOf) => {
  // The column is of this view alone.
  const { requestedAt, closedAt } = row as unknown as RequestRow;
  return closedAt === null ? durationOf(requestedAt, asOf) : '-';
};

const column = (head: string, cell: Cell, wraps = false): Shown => ({ head, cell, wraps });
const amount = (head: string, cell: Cell): Shown => ({ head, cell, align: 'right' });

const mailboxes: Cell = ({ mailboxes: held }) =>
  (held as SeatRow['mailboxes']).map(mailboxText).join('\n') || '-';

const holds: Cell = ({ mailboxes: held, mailboxLimit, overLimit }) =>
  `${grouped((held as ReadonlyArray<unknown>).length)} of ${textOf(mailboxLimit)}` +
  (overLimit === true ? ', OVER' : '');

const standing: Cell = (row) => {
  // The column is of this view alone.
  const { standing: now, recovered, endedAs } = row as unknown as SequenceStoppedRow;
  if (now === 'ended') return `ended: ${textOf(endedAs)}`;
  return recovered === null ? 'waits' : `goes on from ${recovered.address} (${recovered.toUserId})`;
};

const shownColumns: Readonly<Record<ViewName, ReadonlyArray<Shown>>> = {
  seats: [
    column('Seat', field('userId'), true),
    column('State', field('status')),
    column('Profile', field('profile')),
    column('Holds', holds),
    column('Mailboxes', mailboxes, true),
    amount('Open requests', field('openRequests')),
  ],
  draftsLost: [
    column('Deleted', minute('deletedAt')),
    column('Seat', field('userId'), true),
    column('Mailbox', field('address'), true),
    amount('Drafts', count('drafts')),
    amount('Scheduled', count('scheduled')),
    column('Moved to', field('movedTo'), true),
  ],
  sequencesStopped: [
    column('Stopped', minute('stoppedAt')),
    column('Seat', field('userId'), true),
    column('Sequence state', field('sequenceStateId'), true),
    column('Mailbox', field('address'), true),
    column('Now', standing, true),
  ],
  requests: [
    column('Since', minute('requestedAt')),
    amount('Age', age),
    column('Seat', field('userId'), true),
    column('Request', field('requestId'), true),
    column('Asks to', ({ kind, typed }) => `${textOf(kind)} ${textOf(typed)}`, true),
    column('Status', field('status')),
  ],
  addresses: [
    column('Address', field('address'), true),
    column('Holder', field('holder'), true),
    column('Seat', field('seatState')),
    column('Mailbox', field('mailboxState')),
    column('Since', minute('since')),
  ],
  auditTrail: [
    amount('Position', field('position')),
    column('When', minute('at')),
    column('What', field('sentence'), true),
  ],
};

const printView = (
  page: Page,
  name: ViewName,
  rows: ReadonlyArray<AnyRow>,
  asOf: Timestamp,
): string => {
  const columns = shownColumns[name];
  const title = page.paint('cyan', `${name}: ${amountOf(rows.length, 'row')}`);
  if (rows.length === 0) return title;
  const cells = rows.map((row) => ({ cells: columns.map(({ cell }) => cell(row, asOf)) }));
  return `${title}\n${shownTable(page, columns, cells)}`;
};

/** The views of one organization, as they were. */
export interface PastOrganization {
  readonly orgId: string;
  readonly extent: Extent;
  readonly views: Readonly<Partial<Record<ViewName, ReadonlyArray<AnyRow>>>>;
}

/** The time of a point; of a position, that of the last event up to it, and of the whole log, now. */
const timeOf = (point: Point | null, { last }: Extent): Timestamp => {
  if (point !== null && 'time' in point) return point.time as Timestamp;
  return point === null || last === null ? systemClock() : (last.at as Timestamp);
};

export const printReplay = (
  page: Page,
  {
    asOf,
    organizations,
  }: {
    readonly asOf: Point | null;
    readonly organizations: ReadonlyArray<PastOrganization>;
  },
): string =>
  organizations
    .flatMap(({ orgId, extent, views }) => [
      page.paint('bold', `Organization ${printable(orgId)}, ${extentText(extent)}`),
      ...Object.entries(views).map(([name, rows]) =>
        printView(page, name as ViewName, rows, timeOf(asOf, extent)),
      ),
    ])
    .join('\n\n') || 'The ledger holds no organization yet.';

const keyText = (key: ViewDiff['added'][number]['key']): string =>
  typeof key === 'string' ? key : Object.values(key).join(' ');

const LONGEST_VALUE = 200;

const valueText = (value: unknown): string => {
  const text = textOf(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE).toWellFormed()}...` : text;
};

const changeText = (name: string, before: unknown, after: unknown): ReadonlyArray<string> =>
  Array.isArray(before) && Array.isArray(after)
    ? listChanges(name, before, after)
    : [`${name}: ${valueText(before)} -> ${valueText(after)}`];

/** What names an item of a list: the address of a mailbox, or else the item itself. */
const itemName = (item: unknown): string =>
  typeof item === 'object' && item !== null && 'address' in item
    ? textOf(item.address)
    : valueText(item);

const itemChanges = (before: unknown, after: unknown): ReadonlyArray<string> => {
  const [old, young] = [before, after] as ReadonlyArray<AnyRow>;
  return Object.keys(young ?? {})
    .filter((name) => textOf(old?.[name]) !== textOf(young?.[name]))
    .map((name) => `${name} ${valueText(old?.[name])} -> ${valueText(young?.[name])}`);
};

/** Of lists, only the items that came, went or changed. */
const listChanges = (
  name: string,
  before: ReadonlyArray<unknown>,
  after: ReadonlyArray<unknown>,
): ReadonlyArray<string> => {
  const old = new Map(before.map((item) => [itemName(item), item]));
  const young = new Map(after.map((item) => [itemName(item), item]));
  return [
    ...[...young.keys()].filter((one) => !old.has(one)).map((one) => `${name}: + ${one}`),
    ...[...old.keys()].filter((one) => !young.has(one)).map((one) => `${name}: - ${one}`),
    ...[...young].flatMap(([one, item]) =>
      old.has(one)
        ? itemChanges(old.get(one), item).map((change) => `${name}: ${one}: ${change}`)
        : [],
    ),
  ];
};

/** What a row shows in the table of its view. */
const rowText = (name: ViewName, row: AnyRow, { last }: Extent): string =>
  shownColumns[name]
    .map(
      ({ head, cell }) =>
        `${head}: ${cell(row, (last?.at ?? '') as Timestamp).replaceAll('\n', ', ')}`,
    )
    .join('; ');

export const printDiff = (page: Page, diff: ViewDiff): string => {
  const { view, from, to, added, removed, changed } = diff;
  const head =
    `${page.paint('bold', view)} from ${endText(from)}\n` +
    `${' '.repeat(view.length)} to ${endText(to)}`;
  const rows = [
    ...added.map(({ key, row }) => ['+', keyText(key), rowText(view, row, to)]),
    ...removed.map(({ key, row }) => ['-', keyText(key), rowText(view, row, from)]),
    ...changed.map(({ key, fields, before, after }) => [
      '~',
      keyText(key),
      fields.flatMap((name) => changeText(name, before[name], after[name])).join('\n'),
    ]),
  ];
  const sum = `${grouped(added.length)} added, ${grouped(removed.length)} removed, ${grouped(changed.length)} changed`;
  if (rows.length === 0) return `${head}\n\nNothing changed.`;
  const columns = [{ head: '' }, { head: 'Row', wraps: true }, { head: 'What', wraps: true }];
  const cells = rows.map((row) => ({ cells: row }));
  return `${head}\n\n${shownTable(page, columns, cells)}\n\n${sum}`;
};

export const printTimeline = (page: Page, userId: string, { entries, next }: Timeline): string => {
  const title = page.paint('bold', `What happened to ${printable(userId)}`);
  const columns: ReadonlyArray<Column> = [
    { head: 'Position', align: 'right' },
    { head: 'When' },
    { head: 'What', wraps: true },
    { head: 'Clauses', wraps: true },
    { head: 'Command', wraps: true },
  ];
  const rows = entries.map((entry): Row => ({
    cells: [
      entry.position,
      entry.at.slice(0, 16).replace('T', ' '),
      entry.sentence,
      [...new Set(entry.clauses)].join(' ') || '-',
      entry.commandId,
    ],
    ...(entry.answer !== 'recorded' && { emphasis: 'yellow' as const }),
  }));
  const more = next === null ? [] : [`There is more: go on with --after ${next}`];
  if (rows.length === 0) return `${title}\n  Nothing${more.length === 0 ? '' : ' here'}.`;
  return [title, shownTable(page, columns, rows), ...more].join('\n');
};

export const printImpact = (page: Page, impact: Impact): string => {
  const named = (title: string, ids: ReadonlyArray<string>): readonly [string, number, string] => [
    title,
    ids.length,
    ids.join(', '),
  ];
  const rows = [
    named('Drafts that are deleted (P17)', impact.drafts),
    named('Scheduled emails that are deleted (P17)', impact.scheduled),
    named('In flight, neither lost nor safe', impact.inFlight),
    named('Sequence states that stop (P18)', impact.sequences),
    named('Their prospects without a tag (P19)', impact.untaggedProspects),
  ];
  const title = `Deleting ${printable(impact.address)} from the seat of ${printable(impact.userId)} now, at revision ${impact.revision}`;
  return [
    page.paint('bold', title),
    shownTable(
      page,
      [{ head: 'What' }, { head: 'How many', align: 'right' }, { head: 'Which', wraps: true }],
      rows.map(([what, many, which]) => ({ cells: [what, grouped(many), which || '-'] })),
    ),
    `  The history of ${amountOf(impact.history, 'email')} goes with it (P29).`,
  ].join('\n');
};
