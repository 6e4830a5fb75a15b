/** What deletions cost: emails that are gone, and prospects that stopped, with what became of them. */
import type { DraftsLostRow, SequenceStoppedRow } from '../../projections';
import {
  type DeletionStops,
  standingCounts,
  stopsByDeletion,
} from '../../projections/sequences-stopped';
import { joined, type Markup, markup, quoted } from './html';
import type { OrganizationTold } from './ledger-story';
import { sample } from './legend';
import { actorName, amountOf, grouped, time } from './wording';
import { none, wideTable } from './wide-table';

const MOST_ROWS = 500;
const MOST_IDS = 8;
const MOST_PLACES = 5;

const untold = (rows: ReadonlyArray<unknown>, what: string): Markup | false =>
  rows.length > MOST_ROWS &&
  markup`<p>
    These are the latest ${grouped(MOST_ROWS)}, and ${grouped(rows.length - MOST_ROWS)} more
    ${what}; see <code>seatledger timeline USER</code>
  </p>`;

/** How many, and the first of their ids. */
const idList = (ids: ReadonlyArray<string>): Markup => {
  if (ids.length === 0) return none;
  const told = ids.slice(0, MOST_IDS).map((id) => markup`<span>${id}</span>`);
  const rest = ids.length - told.length;
  return markup`<b>${grouped(ids.length)}</b> ${joined(told)}${rest > 0 && ` and ${grouped(rest)} more`}`;
};

const draftsRow = (row: DraftsLostRow): Markup => markup`
  <tr>
    <td>${time(row.deletedAt)}</td>
    <th scope="row">${row.userId}</th>
    <td>${quoted(row.address)}</td>
    <td class="id">${row.requestId}</td>
    <td class="ids">${idList(row.drafts)}</td>
    <td class="ids">${idList(row.scheduled)}</td>
    <td>${row.movedTo === null ? 'deleted' : markup`moved to ${row.movedTo}`}</td>
    <td class="id">${actorName(row.deletedBy)}</td>
  </tr>
`;

const draftsTable = (deletions: ReadonlyArray<DraftsLostRow>): Markup => {
  if (deletions.length === 0) {
    return markup`<p class="none">No mailbox has been deleted or moved.</p>`;
  }
  const costly = deletions
    .filter(({ drafts, scheduled }) => drafts.length + scheduled.length > 0)
    .reverse();
  const free = deletions.length - costly.length;
  const columns = ['When', 'Seat', 'Mailbox', 'Request', 'Drafts', 'Scheduled emails', 'Was', 'By'];
  return markup`
    ${
      costly.length > 0 &&
      wideTable(
        'Deletions that cost unsent emails, newest first',
        columns.map((head) => ({ head })),
        costly.slice(0, MOST_ROWS).map(draftsRow),
      )
    }
    ${untold(costly, 'deletions')}
    ${free > 0 && markup`<p>${amountOf(free, 'deletion')} cost no unsent email.</p>`}
  `;
};

/** `5 to ann@acme.example (bob)`. */
const recoveredWhere = (stops: ReadonlyArray<SequenceStoppedRow>): Markup => {
  const places = new Map<string, { address: string; userId: string; times: number }>();
  for (const { recovered } of stops) {
    if (recovered === null) continue;
    const { address, toUserId } = recovered;
    const key = `${toUserId} ${address}`;
    const place = places.get(key) ?? { address, userId: toUserId, times: 0 };
    places.set(key, { ...place, times: place.times + 1 });
  }
  const told = [...places.values()];
  const rest = told.length - MOST_PLACES;
  return markup`
    ${joined(
      told
        .slice(0, MOST_PLACES)
        .map(
          ({ address, userId, times }) =>
            markup`${grouped(times)} to ${quoted(address)} (${userId})`,
        ),
    )}
    ${rest > 0 && ` and ${amountOf(rest, 'more mailbox', 'more mailboxes')}`}
  `;
};

const endedHow = (stops: ReadonlyArray<SequenceStoppedRow>): string => {
  const amounts = new Map<string, number>();
  for (const { standing, endedAs } of stops) {
    if (standing !== 'ended' || endedAs === null) continue;
    amounts.set(endedAs, (amounts.get(endedAs) ?? 0) + 1);
  }
  return [...amounts].map(([how, amount]) => `${grouped(amount)} ${how}`).join(', ');
};

const stopsRow = ({ first, stops }: DeletionStops): Markup => {
  const { stopped, recovered, ended } = standingCounts(stops);
  const waiting = stops.filter(({ standing }) => standing === 'waiting');
  return markup`
    <tr>
      <td>${time(first.stoppedAt)}</td>
      <th scope="row">${first.userId}</th>
      <td>${quoted(first.address)}</td>
      <td class="id">${first.requestId}</td>
      <td class="num">${grouped(stopped)}</td>
      <td>${recovered === 0 ? none : recoveredWhere(stops)}</td>
      <td class="ids">${idList(waiting.map(({ sequenceStateId }) => sequenceStateId))}</td>
      <td>${ended === 0 ? none : endedHow(stops)}</td>
    </tr>
  `;
};

const BAR = 640;

/** What became of them all, as one bar and its words. */
const standingBar = (stops: ReadonlyArray<SequenceStoppedRow>): Markup => {
  const { stopped, recovered, waiting, ended } = standingCounts(stops);
  const first = Math.round((BAR * recovered) / stopped);
  const second = Math.round((BAR * (recovered + waiting)) / stopped);
  const words = `${grouped(recovered)} recovered, ${grouped(waiting)} waiting, ${grouped(ended)} ended`;
  return markup`
    <svg class="bar" viewBox="-1 -1 ${BAR + 2} 18" role="img" aria-label="${words}">
      <path class="w" d="M0 0H${first}V16H0z"/>
      <path class="o" d="M${first} 0H${second}V16H${first}z"/>
      <path class="z" d="M${second} 0H${BAR}V16H${second}z"/>
    </svg>
    <ul class="legend" aria-label="Of ${amountOf(stopped, 'stop')}">
      ${sample(markup`<path class="w" d="M0 1H28V13H0z"/>`, `${grouped(recovered)} recovered`)}
      ${sample(markup`<path class="o" d="M0 1H28V13H0z"/>`, `${grouped(waiting)} waiting`)}
      ${sample(markup`<path class="z" d="M0 1H28V13H0z"/>`, `${grouped(ended)} ended`)}
    </ul>
  `;
};

const stopsTable = (stops: ReadonlyArray<SequenceStoppedRow>): Markup => {
  if (stops.length === 0) {
    return markup`<p class="none">No prospect has stopped with a mailbox.</p>`;
  }
  const groups = [...stopsByDeletion(stops)].reverse();
  return markup`
    ${standingBar(stops)}
    ${wideTable(
      'Deletions that stopped prospects in sequences, newest first',
      [
        { head: 'When' },
        { head: 'Seat' },
        { head: 'Mailbox' },
        { head: 'Request' },
        { head: 'Stopped', align: 'right' },
        { head: 'Recovered, and where to' },
        { head: 'Waiting' },
        { head: 'Ended' },
      ],
      groups.slice(0, MOST_ROWS).map(stopsRow),
    )}
    ${untold(groups, 'deletions')}
  `;
};

export function* lossesSection(
  { deletions, stops }: OrganizationTold,
  prefix: string,
): Iterable<Markup> {
  yield markup`
    <section aria-labelledby="${prefix}drafts">
      <h3 id="${prefix}drafts">Drafts and scheduled emails lost</h3>
      <p>They went with the mailbox (P17), and cannot be brought back.</p>
      ${draftsTable(deletions)}
    </section>
  `;
  yield markup`
    <section aria-labelledby="${prefix}stops">
      <h3 id="${prefix}stops">Sequences stopped</h3>
      <p>
        Prospects stopped with the mailbox (P18). They are recovered by assigning them to another
        one (P20).
      </p>
      ${stopsTable(stops)}
    </section>
  `;
}
