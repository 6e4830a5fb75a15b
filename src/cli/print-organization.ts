/** An organization's report as text: who holds what, what was lost, what stopped, what waits, what was refused. */
import type { SeatMailbox, SeatRow, SequenceStoppedRow } from '../../projections';
import {
  type DeletionStops,
  standingCounts,
  stopsByDeletion,
} from '../../projections/sequences-stopped';
import type { Timestamp } from '../values/timestamp';
import type { OrganizationReport } from './organization-report';
import { type Column, type Row, table } from './table';
import { amountOf, durationOf, grouped, type Paint, printable } from './terminal';

export interface Page {
  readonly width: number;
  readonly paint: Paint;
}

const INDENT = 2;
/** Rows that a section shows; beyond that, people read the JSON. */
const MOST_ROWS = 100;

const section = (
  { width, paint }: Page,
  title: string,
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<Row>,
): string => {
  const shown = rows.slice(0, MOST_ROWS).map((row) => ({
    ...row,
    cells: row.cells.map((cell) => cell.split('\n').map(printable).join('\n')),
  }));
  const untold = rows.length - shown.length;
  return [
    paint('cyan', title),
    table(columns, shown, { width, indent: INDENT, paint }),
    ...(untold > 0 ? [`  and ${grouped(untold)} more; --json has all of them`] : []),
  ].join('\n');
};

const none = ({ paint }: Page, title: string, sentence: string): string =>
  `${paint('cyan', title)}\n  ${sentence}`;

const day = (timestamp: string): string => timestamp.slice(0, 10);

const uses: Readonly<Record<NonNullable<SeatMailbox['use']>, string>> = {
  primary: 'primary',
  alias: 'alias',
  aliasWithGmail2Step: 'alias, Gmail 2-step',
};

export const mailboxText = ({ typed, use, movedFrom }: SeatMailbox): string => {
  const facts = [use === null ? 'not configured yet' : uses[use]];
  if (movedFrom !== null) facts.push(`from ${movedFrom}`);
  return `${typed} (${facts.join(', ')})`;
};

const seatRow = (seat: SeatRow): Row => {
  const held = `${grouped(seat.mailboxes.length)} of ${grouped(seat.mailboxLimit)}`;
  return {
    cells: [
      seat.userId,
      [
        seat.status === 'locked' ? 'LOCKED' : 'active',
        ...(seat.profile === 'admin' ? ['admin'] : []),
      ].join(', '),
      seat.overLimit ? `${held}, OVER` : held,
      seat.mailboxes.map(mailboxText).join('\n') || '-',
    ],
    ...(seat.overLimit && { emphasis: 'yellow' as const }),
    ...(seat.status === 'locked' && { emphasis: 'dim' as const }),
  };
};

const seats = (page: Page, { seats: rows }: OrganizationReport): string =>
  rows.length === 0
    ? none(page, 'Seats', 'None.')
    : section(
        page,
        'Seats',
        [
          { head: 'Seat', wraps: true },
          { head: 'State' },
          { head: 'Holds' },
          { head: 'Mailboxes', wraps: true },
        ],
        rows.map(seatRow),
      );

const sum = (amounts: ReadonlyArray<number>): number =>
  amounts.reduce((total, amount) => total + amount, 0);

const losses = (page: Page, { draftsLost: rows }: OrganizationReport): string => {
  const title = 'Drafts and scheduled emails lost with deleted mailboxes (P17)';
  if (rows.length === 0) return none(page, title, 'None: no mailbox was deleted.');
  const drafts = sum(rows.map((row) => row.drafts.length));
  const scheduled = sum(rows.map((row) => row.scheduled.length));
  return section(
    page,
    title,
    [
      { head: 'Deleted' },
      { head: 'Seat', wraps: true },
      { head: 'Mailbox', wraps: true },
      { head: 'Drafts', align: 'right' },
      { head: 'Scheduled', align: 'right' },
      { head: 'Address went', wraps: true },
    ],
    [
      ...rows.map(({ deletedAt, userId, address, movedTo, ...lost }) => ({
        cells: [
          day(deletedAt),
          userId,
          address,
          grouped(lost.drafts.length),
          grouped(lost.scheduled.length),
          movedTo === null ? 'free' : `to ${movedTo}`,
        ],
      })),
      { cells: ['Total', '', '', grouped(drafts), grouped(scheduled), ''], emphasis: 'bold' },
    ],
  );
};

/** One line for each mailbox that some of them go on from. */
const recoveredTo = (stops: ReadonlyArray<SequenceStoppedRow>): ReadonlyArray<string> => {
  const places = new Map<string, number>();
  for (const { recovered, userId } of stops) {
    if (recovered === null) continue;
    const whose = recovered.toUserId === userId ? '' : ` (${recovered.toUserId})`;
    const place = `${recovered.address}${whose}`;
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  return [...places].map(([place, amount]) => `${grouped(amount)} to ${place}`);
};

const stopsRow = ({ first, stops }: DeletionStops): Row => {
  const counts = standingCounts(stops);
  return {
    cells: [
      day(first.stoppedAt),
      first.userId,
      grouped(counts.stopped),
      grouped(counts.recovered),
      grouped(counts.ended),
      grouped(counts.waiting),
      [first.address, ...recoveredTo(stops)].join('\n'),
    ],
  };
};

const stopped = (page: Page, { sequencesStopped: rows }: OrganizationReport): string => {
  const title = 'Sequences stopped with deleted mailboxes (P18), and where they go on (P20)';
  if (rows.length === 0) return none(page, title, 'None.');
  return section(
    page,
    title,
    [
      { head: 'Stopped' },
      { head: 'Seat', wraps: true },
      { head: 'All', align: 'right' },
      { head: 'Recovered', align: 'right' },
      { head: 'Ended', align: 'right' },
      { head: 'Waiting', align: 'right' },
      { head: 'Mailbox', wraps: true },
    ],
    stopsByDeletion(rows).map(stopsRow),
  );
};

/** @param now when ages are counted to */
const waiting = (page: Page, { openRequests: rows }: OrganizationReport, now: Timestamp): string =>
  rows.length === 0
    ? none(page, 'Open requests', 'None.')
    : section(
        page,
        'Open requests',
        [
          { head: 'Since' },
          { head: 'Age', align: 'right' },
          { head: 'Seat', wraps: true },
          { head: 'Request', wraps: true },
          { head: 'Asks to', wraps: true },
          { head: 'Waits for', wraps: true },
        ],
        rows.map(({ requestedAt, userId, requestId, kind, typed, waitsFor }) => ({
          cells: [
            day(requestedAt),
            durationOf(requestedAt, now),
            userId,
            requestId,
            `${kind} ${typed}`,
            waitsFor,
          ],
        })),
      );

/** As in "lines 5, 6, 9 and 12 more". */
const linesText = (first: ReadonlyArray<number>, all: number): string => {
  const told = first.map(grouped);
  if (all > first.length) return `lines ${told.join(', ')} and ${grouped(all - first.length)} more`;
  return all === 1
    ? `line ${told.join('')}`
    : `lines ${told.slice(0, -1).join(', ')} and ${told.at(-1) ?? ''}`;
};

const refusals = (page: Page, report: OrganizationReport): string => {
  const title = `Refused: ${grouped(report.refused)} of ${amountOf(report.commands, 'command')}`;
  if (report.refused === 0) return none(page, title, 'None.');
  return section(
    page,
    `${title}, by clause; one may have several reasons`,
    [
      { head: 'Clause' },
      { head: 'Times', align: 'right' },
      { head: 'Reason' },
      { head: 'For example', wraps: true },
    ],
    report.refusals.map(({ clause, times, type, firstLines, lines, example }) => ({
      cells: [
        clause ?? '-',
        grouped(times),
        type,
        `${example.sentence} (${linesText(firstLines, lines)})`,
      ],
    })),
  );
};

const summary = ({ seats: rows }: OrganizationReport): string => {
  const locked = rows.filter(({ status }) => status === 'locked').length;
  const over = rows.filter(({ overLimit }) => overLimit).length;
  const mailboxes = sum(rows.map((seat) => seat.mailboxes.length));
  const facts = [
    amountOf(rows.length, 'seat'),
    `${grouped(locked)} locked`,
    amountOf(mailboxes, 'mailbox', 'mailboxes'),
    `${grouped(over)} over limit`,
  ];
  return facts.join(', ');
};

/** @param now when ages are counted to */
export const printOrganization = (
  page: Page,
  report: OrganizationReport,
  now: Timestamp,
): string => {
  const title = `Organization ${printable(report.orgId)}`;
  return [
    `${page.paint('bold', title)}: ${summary(report)}`,
    seats(page, report),
    losses(page, report),
    stopped(page, report),
    waiting(page, report, now),
    refusals(page, report),
  ].join('\n\n');
};
