/** The report for an auditor: one page that needs no network, no script and no other file. */
import type { Timestamp } from '../values/timestamp';
import { glanceSection } from './glance-section';
import { Markup, markup } from './html';
import type { OrganizationTold } from './ledger-story';
import { lossesSection } from './losses-section';
import { pageStyle } from './page-style';
import { refusalsSection } from './refusals-section';
import { MOST_TIMELINES, seatsSection } from './seats-section';
import { type MadeFrom, verifySection } from './verify-section';
import { amountOf, grouped, minuteOf, time } from './wording';

export { type Glance, glanceOf } from './glance';
export { LedgerStory, type OrganizationTold } from './ledger-story';
export { LogFingerprint } from './log-fingerprint';
export type { MadeFrom } from './verify-section';

export interface Report {
  readonly made: MadeFrom;
  readonly organizations: ReadonlyArray<OrganizationTold>;
}

// Nothing but the styles on the page itself: no script, no picture, no request.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const patterns = markup`
  <svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">
    <defs>
      <pattern
        id="hatch"
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path class="hl" d="M1 0V6" />
      </pattern>
      <pattern
        id="over"
        width="5"
        height="5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(-45)"
      >
        <path class="ol" d="M1 0V5" />
      </pattern>
    </defs>
  </svg>
`;

const prefixOf = (index: number): string => `o${index}-`;

const parts = [
  ['glance', 'At a glance'],
  ['seats', 'Seats'],
  ['lines', 'Timelines'],
  ['drafts', 'Drafts lost'],
  ['stops', 'Sequences stopped'],
  ['no', 'Refusals'],
] as const;

const contents = (organizations: ReadonlyArray<OrganizationTold>): Markup => markup`
  <nav aria-label="Contents">
    <ul>
      ${organizations.map(
        ({ orgId }, index) => markup`
          <li>
            <a href="#${prefixOf(index)}org">${orgId}</a>
            <ul>
              ${parts.map(([id, name]) => markup`<li><a href="#${prefixOf(index)}${id}">${name}</a></li>`)}
            </ul>
          </li>
        `,
      )}
      <li><a href="#verify">How to verify this report</a></li>
    </ul>
  </nav>
`;

const pageHead = ({ made, organizations }: Report): Markup => {
  const names = organizations.map(({ orgId }) => orgId);
  const of = names.length === 1 ? names[0] : amountOf(names.length, 'organization');
  return markup`
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <title>Mailbox ledger of ${of}, ${minuteOf(made.generatedAt)} UTC</title>
      <style>
        ${new Markup(pageStyle)}
      </style>
    </head>
  `;
};

const opening = ({ made, organizations }: Report): Markup => markup`
  <a class="skip" href="#main">Skip to the report</a>
  ${patterns}
  <header>
    <h1>Mailbox ledger</h1>
    <p class="lead">
      Who held which mailbox, what deleting one cost, and what was refused. Read from
      ${grouped(made.events)} events of <code>${made.file}</code> on ${time(made.generatedAt)} UTC.
      All times are UTC.
    </p>
  </header>
  ${contents(organizations)}
`;

/** Ages are counted to the making of the report, but never to before what it tells. */
const asOf = ({ story }: OrganizationTold, { generatedAt }: MadeFrom): Timestamp => {
  const last = story.span?.to;
  return last !== undefined && last > generatedAt ? last : generatedAt;
};

function* organization(
  told: OrganizationTold,
  index: number,
  made: MadeFrom,
  mostTimelines: number,
): Iterable<Markup> {
  const prefix = prefixOf(index);
  yield markup`
    <section aria-labelledby="${prefix}org">
      <h2 id="${prefix}org">Organization ${told.orgId}</h2>
      ${glanceSection(told, prefix, asOf(told, made))}
  `;
  yield* seatsSection(told, prefix, mostTimelines);
  yield* lossesSection(told, prefix);
  yield refusalsSection(told, prefix);
  yield markup`</section>`;
}

function* page(report: Report): Iterable<Markup> {
  const { made, organizations } = report;
  yield markup`
    <!DOCTYPE html>
    <html lang="en">
    ${pageHead(report)}
    <body>
    ${opening(report)}
    <main id="main">
  `;
  if (organizations.length === 0) {
    yield markup`<p class="none">Nothing has happened in this ledger yet.</p>`;
  }
  const most = Math.ceil(MOST_TIMELINES / Math.max(1, organizations.length));
  for (const [index, told] of organizations.entries()) yield* organization(told, index, made, most);

  const versions = new Set(organizations.flatMap(({ story }) => [...story.policyVersions]));
  yield verifySection(made, [...versions].sort(), organizations);
  yield markup`
    </main>
    <footer>
      <p>Made by seatledger ${made.release}. This file loads nothing from anywhere.</p>
    </footer>
    </body>
    </html>
  `;
}

/** The page in pieces, in order: a file of any size is written without being held in memory. */
export function* reportPage(report: Report): Iterable<string> {
  for (const { text } of page(report)) yield text;
  yield '\n';
}
