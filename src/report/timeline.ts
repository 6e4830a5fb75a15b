/** The timeline of one seat as a drawing, with time from left to right. */
import type { SeatRow } from '../../projections';
import type { UserId } from '../values/ids';
import { heldSteps } from './held-steps';
import { type Markup, markup } from './html';
import type { Limits } from './organization-story';
import type { Holding, RequestSpan, SeatStory } from './seat-story';
import { timeAxis, type TimeAxis } from './time-axis';
import {
  heldRow,
  lockedRow,
  lockedStretches,
  mailboxRow,
  recoveryRow,
  requestRow,
  type Row,
  type RowAt,
  wordsRow,
} from './timeline-rows';
import { grouped } from './wording';
import type { Timestamp } from '../values/timestamp';

const WIDTH = 1000;
const LEFT = 250;
/** Room for half of the last tick's words. */
const RIGHT = 960;
const AXIS_HEIGHT = 22;
const MOST_MAILBOXES = 12;
const MOST_REQUESTS = 16;

/** What all timelines of an organization share. */
export interface Paper {
  readonly axis: TimeAxis;
  /** Id of the drawing of the axis, made once by {@link axisDrawing}. */
  readonly axisId: string;
  readonly from: Timestamp;
}

export const paperFor = (
  span: { readonly from: Timestamp; readonly to: Timestamp },
  axisId: string,
): Paper => ({ axis: timeAxis(span, LEFT, RIGHT), axisId, from: span.from });

/** The words of the axis and the pattern of locked time, which every timeline points to. */
export const axisDrawing = ({ axis, axisId }: Paper): Markup => markup`
  <svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">
    <defs>
      <g id="${axisId}">
        ${axis.ticks.map(
          ({ x, label }) =>
            markup`<text class="a" x="${x}" y="12" text-anchor="middle">${label}</text>`,
        )}
      </g>
    </defs>
  </svg>
`;

const byAddress = (holdings: ReadonlyArray<Holding>): ReadonlyArray<ReadonlyArray<Holding>> => {
  const lanes = new Map<string, Array<Holding>>();
  for (const holding of holdings) {
    const lane = lanes.get(holding.canonical);
    if (lane === undefined) lanes.set(holding.canonical, [holding]);
    else lane.push(holding);
  }
  return [...lanes.values()];
};

/** The open ones and the latest of the others, in the order in which they were asked. */
const toldRequests = (requests: ReadonlyArray<RequestSpan>): ReadonlyArray<RequestSpan> => {
  if (requests.length <= MOST_REQUESTS) return requests;
  const latestFirst = [...requests].reverse();
  const open = latestFirst.filter(({ outcome }) => outcome === 'open');
  const closed = latestFirst.filter(({ outcome }) => outcome !== 'open');
  const told = new Set([...open, ...closed].slice(0, MOST_REQUESTS));
  return requests.filter((request) => told.has(request));
};

const more = (untold: number, what: string, userId: UserId): ReadonlyArray<RowAt> =>
  untold <= 0
    ? []
    : [wordsRow(`and ${grouped(untold)} more ${what}; see seatledger timeline ${userId}`)];

/** A seat as it came to be, and as the view has it now. */
interface Drawn {
  readonly story: SeatStory;
  readonly row: SeatRow;
}

const rowsOf = (
  { story, row }: Drawn,
  limits: Limits,
  { axis, from }: Paper,
): ReadonlyArray<RowAt> => {
  const { userId, registeredAt, requests, holdings, locks, recoveries } = story;
  const beginning = registeredAt > from ? registeredAt : from;
  const lanes = byAddress(holdings);
  const told = toldRequests(requests);
  const now = { held: row.mailboxes.length, limit: row.mailboxLimit };
  return [
    ...(locks.length > 0 ? [lockedRow(locks, axis)] : []),
    heldRow(heldSteps(holdings, limits, beginning), now, axis),
    ...lanes.slice(0, MOST_MAILBOXES).map((lane) => mailboxRow(lane, axis)),
    ...more(lanes.length - MOST_MAILBOXES, 'mailboxes', userId),
    ...told.map((request) => requestRow(request, axis)),
    ...more(requests.length - told.length, 'requests', userId),
    ...(recoveries.length > 0 ? [recoveryRow(recoveries, axis)] : []),
  ];
};

/**
 * Draws the story. What it shows is said again in words by the table beside it.
 *
 * @param id unique on the page
 * @param inWords one sentence of what can be seen
 */
export const timeline = (
  drawn: Drawn,
  limits: Limits,
  paper: Paper,
  id: string,
  inWords: string,
): Markup => {
  const { axis, axisId } = paper;
  const { userId, locks } = drawn.story;
  let height = AXIS_HEIGHT;
  const rows: Array<Row> = [];
  for (const rowAt of rowsOf(drawn, limits, paper)) {
    const row = rowAt(height);
    rows.push(row);
    height += row.height;
  }
  const lines = axis.ticks.map(({ x }) => `M${x} 18V${height}`).join('');
  const shade = lockedStretches(locks, axis)
    .map(({ from, to }) => `M${from} ${AXIS_HEIGHT}H${to}V${height}H${from}z`)
    .join('');
  return markup`
    <svg class="tl" viewBox="0 0 ${WIDTH} ${height + 2}" role="img" aria-labelledby="${id}t ${id}d">
      <title id="${id}t">Timeline of ${userId}</title>
      <desc id="${id}d">${inWords}</desc>
      ${shade !== '' && markup`<path class="s" d="${shade}" />`}
      <path class="g" d="${lines}" />
      <use href="#${axisId}" />
      ${rows.map(({ markup }) => markup)}
    </svg>
  `;
};
