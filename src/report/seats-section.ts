/** Every seat in a table, and a timeline for each that has something to tell. */
import type { SeatRow } from '../../projections';
import type { UserId } from '../values/ids';
import type { Timestamp } from '../values/timestamp';
import { type Markup, markup, quoted } from './html';
import { lossWords } from './lane-notes';
import type { OrganizationTold } from './ledger-story';
import { legend } from './legend';
import { byWhom, type Point, pointsOf, type SeatName } from './seat-points';
import type { Losses, SeatStory } from './seat-story';
import { axisDrawing, type Paper, paperFor, timeline } from './timeline';
import { amountOf, grouped, minuteOf, time } from './wording';
import { type Column, wideTable } from './wide-table';

/** Most seats in the tables of one organization: those with the most to tell. */
const MOST_SEATS = 6000;
/** Most timelines in one file. */
export const MOST_TIMELINES = 400;
const MOST_POINTS = 60;
const SEATS_A_TABLE = 250;
/** Few enough to be read from top to bottom: these stand open. */
const MOST_OPEN = 30;

/** One seat, as the view has it now and as it came to be. */
export interface SeatTold {
  readonly row: SeatRow;
  readonly story: SeatStory;
  readonly losses: Losses & { readonly deletions: number };
  readonly refused: number;
  readonly waiting: number;
}

const sumOf = ({ holdings }: SeatStory): SeatTold['losses'] => {
  const total = { drafts: 0, scheduled: 0, stopped: 0, deletions: 0 };
  for (const { end } of holdings) {
    if (end === null) continue;
    total.drafts += end.drafts;
    total.scheduled += end.scheduled;
    total.stopped += end.stopped;
    total.deletions += 1;
  }
  return total;
};

export const seatsTold = ({ seats, story, stops }: OrganizationTold): ReadonlyArray<SeatTold> => {
  const waiting = new Map<UserId, number>();
  for (const { userId, standing } of stops) {
    if (standing === 'waiting') waiting.set(userId, (waiting.get(userId) ?? 0) + 1);
  }
  return seats.flatMap((row) => {
    const seat = story.seats.get(row.userId);
    if (seat === undefined) return [];
    return [
      {
        row,
        story: seat,
        losses: sumOf(seat),
        refused: story.refusalsOfSeat.get(row.userId) ?? 0,
        waiting: waiting.get(row.userId) ?? 0,
      },
    ];
  });
};

/** How much there is to see; 0 where a timeline would be empty. */
const weightOf = ({ row, story, losses, refused, waiting }: SeatTold): number => {
  const { requests, holdings, locks, recoveries } = story;
  if (requests.length + holdings.length + locks.length + recoveries.length === 0) return 0;
  const moves = holdings.filter(({ movedFrom, end }) => movedFrom !== null || end?.movedTo != null);
  const told = [
    losses.drafts + losses.scheduled + losses.stopped > 0 ? 8 : 0,
    moves.length > 0 ? 8 : 0,
    row.overLimit || waiting > 0 ? 6 : 0,
    losses.deletions > 0 || locks.length > 0 || row.openRequests > 0 ? 4 : 0,
    requests.some(({ outcome }) => outcome !== 'fulfilled' && outcome !== 'open') ? 3 : 0,
    refused > 0 ? 2 : 0,
  ];
  return told.reduce((sum, weight) => sum + weight, 1);
};

/** At most `most` of the seats, those with the most to tell, by user id. */
const mostTelling = (seats: ReadonlyArray<SeatTold>, most: number): ReadonlyArray<SeatTold> => {
  if (seats.length <= most) return seats;
  const weighed = seats.map((seat) => ({ seat, weight: weightOf(seat) }));
  weighed.sort((a, b) => b.weight - a.weight);
  const chosen = new Set(weighed.slice(0, most).map(({ seat }) => seat));
  return seats.filter((seat) => chosen.has(seat));
};

/** The seats that get a timeline, and how many more have something to draw. */
export const drawnSeats = (
  seats: ReadonlyArray<SeatTold>,
  most: number,
): { readonly drawn: ReadonlyArray<SeatTold>; readonly undrawn: number } => {
  const worth = seats.filter((seat) => weightOf(seat) > 0);
  const drawn = mostTelling(worth, most);
  return { drawn, undrawn: worth.length - drawn.length };
};

/** What can be seen of a seat, in one line. */
const inWords = ({ row, story, losses, refused }: SeatTold): string =>
  [
    row.status,
    `${grouped(row.mailboxes.length)} of ${amountOf(row.mailboxLimit, 'mailbox', 'mailboxes')}${row.overLimit ? ', over limit' : ''}`,
    amountOf(story.requests.length, 'request') +
      (row.openRequests > 0 ? ` (${grouped(row.openRequests)} open)` : ''),
    ...(losses.deletions > 0
      ? [
          `${amountOf(losses.deletions, 'mailbox', 'mailboxes')} gone: ${lossWords(losses) || 'nothing lost'}`,
        ]
      : []),
    ...(refused > 0 ? [amountOf(refused, 'refusal')] : []),
  ].join('; ');

const pointRow = (point: Point): Markup => markup`
  <tr>
    <td>${minuteOf(point.at)}</td>
    <td>${point.what}</td>
    <td>${byWhom(point)}</td>
  </tr>
`;

const pointsTable = (told: SeatTold, seat: SeatName): Markup => {
  const points = pointsOf(told.story, seat);
  const { userId } = told.row;
  const rest = points.length - MOST_POINTS;
  return markup`
    <details class="pts">
      <summary>The same in words: ${amountOf(points.length, 'line')}</summary>
      ${wideTable(
        `What happened on the seat ${userId}`,
        [{ head: 'When' }, { head: 'What' }, { head: 'By' }],
        points.slice(0, MOST_POINTS).map(pointRow),
      )}
      ${rest > 0 && markup`<p>And ${grouped(rest)} more; see <code>seatledger timeline ${userId}</code>.</p>`}
    </details>
  `;
};

interface Place {
  readonly id: string;
  readonly paper: Paper;
  readonly isOpen: boolean;
  readonly seat: SeatName;
}

const seatSection = (
  { story: organization }: OrganizationTold,
  told: SeatTold,
  { id, paper, isOpen, seat }: Place,
): Markup => {
  const { row } = told;
  const words = inWords(told);
  return markup`
    <details class="seat" id="${id}" ${isOpen && markup` open`}>
      <summary>
        <h4>${row.userId}</h4> <span class="sum">${words}</span>
      </summary>
      <div
        class="wide"
        tabindex="0"
        role="group"
        aria-label="Timeline of ${row.userId}, may scroll sideways"
      >
        ${timeline(told, organization.limitsOf(row.userId), paper, id, `${words}.`)}
      </div>
      ${pointsTable(told, seat)}
    </details>
  `;
};

const cell = (amount: number): Markup =>
  amount === 0
    ? markup`<td class="num no">0</td>`
    : markup`<td class="num">${grouped(amount)}</td>`;

const seatRow = (
  { row, story, losses, refused, waiting }: SeatTold,
  name: Markup,
): Markup => markup`
  <tr>
    <th scope="row">${name}</th>
    <td>${quoted(row.accountEmail)}</td>
    <td>${row.status === 'locked' ? markup`<b>locked</b>` : 'active'}</td>
    <td class="num">
      ${row.mailboxes.length} of ${row.mailboxLimit}${row.overLimit && markup` <b>over</b>`}
    </td>
    ${cell(story.requests.length)}${cell(losses.deletions)}${cell(losses.drafts)}
    ${cell(losses.scheduled)}${cell(losses.stopped)}${cell(waiting)}${cell(refused)}
  </tr>
`;

const seatColumns: ReadonlyArray<Column> = [
  { head: 'Seat' },
  { head: 'Login' },
  { head: 'State' },
  ...[
    'Mailboxes',
    'Requests',
    'Mailboxes gone',
    'Drafts lost',
    'Scheduled lost',
    'Sequences stopped',
    'Still waiting',
    'Refusals',
  ].map((head): Column => ({ head, align: 'right' })),
];

const seatsTable = (
  seats: ReadonlyArray<SeatTold>,
  seat: SeatName,
  caption: string | Markup,
): Markup =>
  wideTable(
    caption,
    seatColumns,
    seats.map((told) => seatRow(told, seat(told.row.userId))),
  );

/** All seats in one table, or in several that fold where they are many. */
function* allSeats(seats: ReadonlyArray<SeatTold>, seat: SeatName): Iterable<Markup> {
  if (seats.length <= SEATS_A_TABLE) {
    yield seatsTable(seats, seat, 'Seats, by user id');
    return;
  }
  for (let from = 0; from < seats.length; from += SEATS_A_TABLE) {
    const some = seats.slice(from, from + SEATS_A_TABLE);
    const first = some[0]?.row.userId ?? '';
    const last = some.at(-1)?.row.userId ?? '';
    const range = markup`${grouped(from + 1)} to ${grouped(from + some.length)}: ${first} to ${last}`;
    yield markup`
      <details class="block">
        <summary>Seats ${range}</summary>
        ${seatsTable(some, seat, markup`Seats ${range}`)}
      </details>
    `;
  }
}

/** Where the axis begins and ends: to the minute, of which a short story has but one. */
const axisWords = ({ from, to }: { readonly from: Timestamp; readonly to: Timestamp }): Markup =>
  minuteOf(from) === minuteOf(to)
    ? markup`${time(from)} UTC, the minute of the first and the last event`
    : markup`${time(from)} to ${time(to)} UTC, the first and the last event`;

/**
 * The seats of an organization.
 *
 * @param prefix begins every id that is made here
 * @param most how many timelines there is room for
 */
export function* seatsSection(
  told: OrganizationTold,
  prefix: string,
  most: number,
): Iterable<Markup> {
  const seats = seatsTold(told);
  const { drawn, undrawn } = drawnSeats(seats, most);
  const ids = new Map(drawn.map(({ row }, index) => [row.userId, `${prefix}s${index}`]));
  const seat: SeatName = (userId) => {
    const id = ids.get(userId);
    return id === undefined ? markup`${userId}` : markup`<a href="#${id}">${userId}</a>`;
  };
  yield markup`<section aria-labelledby="${prefix}seats"><h3 id="${prefix}seats">Seats</h3>`;
  if (seats.length === 0) yield markup`<p class="none">No seat has been registered.</p>`;
  else yield* allSeats(mostTelling(seats, MOST_SEATS), seat);
  if (seats.length > MOST_SEATS) {
    yield markup`<p>These have the most to tell, and ${grouped(seats.length - MOST_SEATS)} more are not listed; see <code>seatledger timeline USER</code>.</p>`;
  }
  yield markup`</section>`;

  const { span } = told.story;
  yield markup`<section aria-labelledby="${prefix}lines"><h3 id="${prefix}lines">Timelines</h3>`;
  if (drawn.length === 0 || span === undefined) {
    yield markup`<p class="none">No seat has a request, a mailbox or a lock to draw.</p></section>`;
    return;
  }
  const paper = paperFor(span, `${prefix}axis`);
  yield markup`
    <p>
      All timelines share one axis: ${axisWords(span)} of the organization.
      ${
        undrawn > 0
          ? markup`Drawn are the ${amountOf(drawn.length, 'seat')} with the most to tell, and
              ${grouped(undrawn)} more stand only in the tables; see
              <code>seatledger timeline USER</code>.`
          : markup`Drawn are the ${amountOf(drawn.length, 'seat')} that ever had a request, a mailbox
            or a lock.`
      }
    </p>
    ${legend}
    ${axisDrawing(paper)}
  `;
  const isOpen = drawn.length <= MOST_OPEN;
  for (const one of drawn) {
    const id = ids.get(one.row.userId) ?? '';
    yield seatSection(told, one, { id, paper, isOpen, seat });
  }
  yield markup`</section>`;
}
