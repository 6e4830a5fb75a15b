/** Why a command was answered as it was, as text. */
import type { Evidence, JudgedRule, Why } from '../application/time/why';
import type { Page } from './print-organization';
import { shownTable } from './print-past';
import { type Row, wrapped } from './table';
import { amountOf, grouped } from './terminal';

const verdicts: Readonly<Record<JudgedRule['verdict'], string>> = {
  kept: 'kept',
  broken: 'BROKEN',
  notReached: 'not asked',
  unknown: 'unknown',
};

const groundsText = ({ events, absences, said, more, withheld }: Evidence): string =>
  [
    ...events.map(
      ({ type, stream, revision, position }) =>
        `${type} at ${position}: ${stream} rev. ${revision}`,
    ),
    ...(more > 0 ? [`and ${grouped(more)} earlier events`] : []),
    ...absences.map(({ stream, types }) => `no ${types.join(' or ')} that counts: ${stream}`),
    ...(said.length > 0 ? [`what the command says: ${said.join(', ')}`] : []),
    ...(withheld > 0 ? [`and ${amountOf(withheld, 'event')} of another seat`] : []),
  ].join('\n') || '-';

const ruleRow = ({ clauses, demands, verdict, evidence }: JudgedRule): Row => ({
  cells: [clauses.join(' ') || '-', demands, verdicts[verdict], groundsText(evidence)],
  ...(verdict === 'broken' && { emphasis: 'yellow' as const }),
  ...((verdict === 'notReached' || verdict === 'unknown') && { emphasis: 'dim' as const }),
});

const answerText = (page: Page, { answer }: Why): string => {
  switch (answer.type) {
    case 'AlreadySo':
      return 'Yes, and nothing was added: it was already so.';
    case 'Recorded':
      return wrapped(
        `Yes. Recorded: ${answer.events.map(({ type }) => type).join(', ')}.`,
        page.width,
      );
    case 'Refused': {
      const columns = [{ head: 'Clause' }, { head: 'Reason' }, { head: 'Why', wraps: true }];
      const rows = answer.reasons.map(({ clause, type, sentence, remedy }) => ({
        cells: [clause ?? '-', type, `${sentence}\n${remedy}`],
      }));
      return `No.\n${shownTable(page, columns, rows)}`;
    }
  }
};

/** What was asked, one field a line, without what names the command itself. */
const commandText = (page: Page, { command }: Why): string => {
  if (command === null) return 'This release cannot read the command.';
  const rows = Object.entries(command)
    .filter(([name]) => name !== 'type' && name !== 'commandId')
    .map(([name, value]) => ({ cells: [name, shortText(value)] }));
  return shownTable(page, [{ head: 'Field' }, { head: 'As given', wraps: true }], rows);
};

const LONGEST = 300;

const shortText = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}...` : text;
};

export const printWhy = (page: Page, why: Why): string => {
  const { commandType, commandId, actor, at, policyVersion, position, rules } = why;
  return [
    `${page.paint('bold', `${commandType} ${commandId}`)}, sent by ${actor.role} ${actor.id}\nat ${at}, under policy ${policyVersion}\n${commandText(page, why)}`,
    `${answerText(page, why)}\nAnswered at position ${position}; it rests on what stands before.`,
    shownTable(
      page,
      [
        { head: 'Clauses' },
        { head: 'Rule, in order of precedence', wraps: true },
        { head: 'Verdict' },
        { head: 'Rests on', wraps: true },
      ],
      rules.map(ruleRow),
    ),
  ].join('\n\n');
};
