/** What was refused, by the clause of the policy that was broken. */
import { joined, type Markup, markup, quoted } from './html';
import type { OrganizationTold } from './ledger-story';
import type { CommandTold, Reason, RefusalExample } from './refusals';
import { actorName, amountOf, grouped, time } from './wording';
import { wideTable } from './wide-table';

const toldCommand = ({ type, fields }: CommandTold): Markup => markup`
  <code>${type}</code> ${joined(fields.map(([field, value]) => markup`${field} ${quoted(value)}`))}
`;

const exampleRow = ({ at, by, command, sentence, commandId }: RefusalExample): Markup => markup`
  <tr>
    <td>${time(at)}</td>
    <td>${actorName(by)}</td>
    <td>${toldCommand(command)}</td>
    <td class="say">${sentence}</td>
    <td class="id">${commandId}</td>
  </tr>
`;

const examplesTable = ({ clause, type, times, examples }: Reason): Markup => {
  const reason = clause === null ? type : `${clause} ${type}`;
  const amount =
    examples.length < times
      ? `the latest ${examples.length} of ${grouped(times)}`
      : amountOf(times, 'refusal');
  return markup`
    <details class="block few">
      <summary>${reason}: ${amount}</summary>
      ${wideTable(
        `Refused by ${reason}: ${amount}, newest first`,
        [
          { head: 'When' },
          { head: 'Who' },
          { head: 'What' },
          { head: 'Told' },
          { head: 'Command' },
        ],
        examples.map(exampleRow),
      )}
    </details>
  `;
};

/** A name of several words in one, which may go on in the next line where the next word begins. */
const breakable = (name: string): Markup =>
  joined(
    name.split(/(?<=[a-z])(?=[A-Z])/).map((word) => markup`${word}`),
    markup`<wbr />`,
  );

const reasonRow = ({ clause, type, times, sentence, remedy }: Reason): Markup => markup`
  <tr>
    <th scope="row">${clause ?? '–'}</th>
    <td>${breakable(type)}</td>
    <td class="num">${grouped(times)}</td>
    <td class="say">${sentence}</td>
    <td class="say">${remedy}</td>
  </tr>
`;

const reasonsTable = (reasons: ReadonlyArray<Reason>): Markup =>
  wideTable(
    'Reasons for refusing, by clause; the words are those of the latest refusal',
    [
      { head: 'Clause' },
      { head: 'Reason' },
      { head: 'Times', align: 'right' },
      { head: 'What is wrong' },
      { head: 'What to do about it' },
    ],
    reasons.map(reasonRow),
  );

export const refusalsSection = ({ story }: OrganizationTold, prefix: string): Markup => {
  const { refusals } = story;
  const reasons = refusals.byClause;
  return markup`
    <section aria-labelledby="${prefix}no">
      <h3 id="${prefix}no">Refusals</h3>
      ${
        reasons.length === 0
          ? markup`<p class="none">No command has been refused.</p>`
          : markup`<p>
                ${amountOf(refusals.commands, 'command')} refused; one may have several reasons. Each can be
              asked about: <code>seatledger why COMMAND</code>.
              </p>
              ${reasonsTable(reasons)}${reasons.map(examplesTable)}`
      }
    </section>
  `;
};
