/** An organization in numbers, and the requests that wait. */
import type { RequestRow } from '../../projections';
import type { Timestamp } from '../values/timestamp';
import { type Glance, glanceOf } from './glance';
import { type Markup, markup, quoted } from './html';
import type { OrganizationTold } from './ledger-story';
import { actorName, amountOf, durationOf, grouped, time } from './wording';
import { wideTable } from './wide-table';

const MOST_REQUESTS = 200;

const tile = (name: string, amount: number, detail: string, isAlert = false): Markup => markup`
  <div class="tile${isAlert && ' alert'}">
    <dt>${name}</dt>
    <dd><strong>${grouped(amount)}</strong> <span>${detail}</span></dd>
  </div>
`;

const tiles = (glance: Glance, asOf: Timestamp): Markup => {
  const { openRequests, oldestOpenSince, deletions } = glance;
  const oldest =
    oldestOpenSince === null ? 'none waits' : `oldest ${durationOf(oldestOpenSince, asOf)}`;
  const inDeletions = `in ${amountOf(deletions, 'deletion')}`;
  return markup`
    <dl class="tiles">
      ${tile('Seats', glance.seats, `${grouped(glance.seats - glance.locked)} active, ${grouped(glance.locked)} locked`)}
      ${tile('Mailboxes held', glance.mailboxes, `the limits allow ${grouped(glance.allowed)}`)}
      ${tile('Seats over limit', glance.overLimit, glance.overLimit === 0 ? 'all within their limit' : '⚠ nothing can be added there', glance.overLimit > 0)}
      ${tile('Open requests', openRequests, oldest)}
      ${tile('Drafts lost', glance.draftsLost, inDeletions)}
      ${tile('Scheduled emails lost', glance.scheduledLost, inDeletions)}
      ${tile('Sequences stopped', glance.stopped, `${grouped(glance.recovered)} recovered, ${grouped(glance.waiting)} waiting, ${grouped(glance.ended)} ended`)}
      ${tile('Refusals', glance.refusals, 'commands that were told no')}
    </dl>
  `;
};

const statuses: Readonly<Record<RequestRow['status'], string>> = {
  submitted: 'waits for Support',
  awaitingPermission: 'waits for permission (P24)',
  approved: 'approved, about to be carried out',
  fulfilled: 'fulfilled',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  abandoned: 'abandoned',
};

const openRow = (request: RequestRow, asOf: Timestamp): Markup => markup`
  <tr>
    <td>${time(request.requestedAt)}</td>
    <td class="num">${durationOf(request.requestedAt, asOf)}</td>
    <th scope="row">${request.userId}</th>
    <td class="id">${request.requestId}</td>
    <td>${request.kind} ${quoted(request.typed)}</td>
    <td class="id">${actorName(request.requestedBy)}</td>
    <td>${statuses[request.status]}</td>
  </tr>
`;

const openTable = (requests: ReadonlyArray<RequestRow>, asOf: Timestamp): Markup => {
  if (requests.length === 0) return markup`<p class="none">No request is open.</p>`;
  return markup`
    ${wideTable(
      'Requests that are open, oldest first',
      [
        { head: 'Asked' },
        { head: 'Age', align: 'right' },
        { head: 'Seat' },
        { head: 'Request' },
        { head: 'Asks to' },
        { head: 'Asked by' },
        { head: 'Standing' },
      ],
      requests.slice(0, MOST_REQUESTS).map((request) => openRow(request, asOf)),
    )}
    ${requests.length > MOST_REQUESTS && markup`<p>And ${grouped(requests.length - MOST_REQUESTS)} more; see <code>seatledger timeline USER</code>.</p>`}
  `;
};

/** @param asOf when ages are counted to */
export const glanceSection = (
  told: OrganizationTold,
  prefix: string,
  asOf: Timestamp,
): Markup => markup`
  <section aria-labelledby="${prefix}glance">
    <h3 id="${prefix}glance">At a glance</h3>
    ${tiles(glanceOf(told), asOf)} ${openTable(told.openRequests, asOf)}
  </section>
`;
