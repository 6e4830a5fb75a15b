/** What a report was made from, and how anybody can check it without this program. */
import type { Timestamp } from '../values/timestamp';
import { type Markup, markup } from './html';
import type { OrganizationTold } from './ledger-story';
import { grouped, time } from './wording';

export interface MadeFrom {
  /** The ledger as it was named on the command line. */
  readonly file: string;
  /** Position of the last event that was read. */
  readonly head: bigint;
  readonly events: number;
  /** See {@link LogFingerprint}. */
  readonly fingerprint: string;
  readonly generatedAt: Timestamp;
  /** Version of this package. */
  readonly release: string;
}

/** An organization is as good an example as another. */
const MOST_REPLAYS = 3;

const plainWord = /^[\w./@%+=:,-]+$/;

/** One word of a shell command, whatever is in it. */
const shellWord = (text: string): string =>
  plainWord.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`;

const command = (text: string): Markup => markup`<pre tabindex="0"><code>${text}</code></pre>`;

// Lines are broken with a backslash, as a shell takes them; the markup keeps them as they are.
const lines = (...parts: ReadonlyArray<string>): Markup =>
  markup`<pre
    tabindex="0"
  ><code>${parts.flatMap((part, index) => [index > 0 && NEW_LINE, part])}</code></pre>`;
const NEW_LINE = markup`${'\\'}<br />`;

const fingerprintCommand = (file: string, head: bigint): Markup =>
  lines(
    `sqlite3 -readonly ${shellWord(file)} `,
    '"SELECT position || char(9) || name || char(9) || events.revision || char(9) || id || char(9) ',
    '|| type || char(9) || data || char(9) || metadata ',
    `FROM events JOIN streams USING (stream_id) WHERE position <= ${head} ORDER BY position" | sha256sum`,
  );

export const verifySection = (
  { file, head, events, fingerprint, generatedAt, release }: MadeFrom,
  policyVersions: ReadonlyArray<string>,
  organizations: ReadonlyArray<OrganizationTold>,
): Markup => {
  const db = shellWord(file);
  const replays = organizations
    .slice(0, MOST_REPLAYS)
    .map(({ orgId }) => `seatledger replay --db ${db} --org ${orgId} --as-of ${head}`);
  const [first] = organizations;
  const org = organizations.length === 1 && first !== undefined ? ` --org ${first.orgId}` : '';
  return markup`
    <section aria-labelledby="verify">
      <h2 id="verify">How to verify this report</h2>
      <dl class="made">
        <div>
          <dt>Ledger</dt>
          <dd><code>${file}</code></dd>
        </div>
        <div>
          <dt>Events read</dt>
          <dd>${grouped(events)}, up to position <code>${String(head)}</code></dd>
        </div>
        <div>
          <dt>Fingerprint of the log</dt>
          <dd>SHA-256 <code class="hash">${fingerprint}</code></dd>
        </div>
        <div>
          <dt>Decided under policy</dt>
          <dd>${policyVersions.length === 0 ? 'none yet' : policyVersions.join(', ')}</dd>
        </div>
        <div>
          <dt>Generated</dt>
          <dd>${time(generatedAt)} UTC, by seatledger ${release}</dd>
        </div>
      </dl>
      <ol>
        <li>
          <p>Decide every command of the ledger again, and compare:</p>
          ${command(`seatledger verify --db ${db}`)}
        </li>
        <li>
          <p>See what was so at the last event that this report knows, and what happened to one seat:</p>
          ${[...replays, `seatledger timeline USER --db ${db}${org}`].map(command)}
        </li>
        <li>
          <p>
            Compute the fingerprint with programs that are not ours. Each event up to the position
            is one line, in the order of the log; later events do not change it:
          </p>
          ${fingerprintCommand(file, head)}
        </li>
        <li>
          <p>
            Make the report again. The same log gives the same report, but for when it was generated
            and the ages that are counted to then:
          </p>
          ${command(`seatledger report --db ${db}${org} -o again.html`)}
        </li>
      </ol>
    </section>
  `;
};
