/** How a run ended: one plain JSON value, and the same in words. */
import { systemClock } from '../values/timestamp';
import type { OrganizationReport } from './organization-report';
import { printOrganization, type Page } from './print-organization';
import type { LineCounts, RefusedLine } from './tally';
import { amountOf, grouped, printable } from './terminal';
import type { Interruption } from './exit-codes';
import type { Stop } from './stop';

/** A line that could not be taken. */
export interface FaultyLine {
  readonly line: number;
  readonly why: string;
}

/** What a run reads and writes. */
export interface RunPlace {
  readonly file: string;
  readonly db: string;
  readonly isDemo: boolean;
}

export interface RunReport extends RunPlace {
  readonly outcome: 'complete' | 'interrupted' | 'failed';
  readonly exitCode: number;
  /** Lines that were answered as commands. */
  readonly commands: number;
  readonly lines: LineCounts;
  /** Commands that had not been answered before; 0 when the run changed nothing. */
  readonly answeredNow: number;
  readonly lastLine: number;
  /** Positions of the log's last event; `null` when it could not be asked. */
  readonly head: { readonly before: string; readonly after: string | null };
  /** The first 1,000; `lines` counts all. */
  readonly faultyLines: ReadonlyArray<FaultyLine>;
  /** The first 1,000; `lines` counts all. */
  readonly refused: ReadonlyArray<RefusedLine>;
  /** Refusals that are answers given before this run, or earlier in it. */
  readonly refusedBefore: number;
  readonly interruptedBy: Interruption | null;
  readonly failure: Pick<Stop, 'type' | 'message'> | null;
  readonly organizations: ReadonlyArray<OrganizationReport>;
}

const counted = ({ lines, commands }: RunReport): string => {
  const { recorded, alreadySo, refused, unreadable, idReused } = lines;
  return [
    `${amountOf(commands, 'command')}: ${grouped(recorded)} recorded, ${grouped(alreadySo)} already so,`,
    `${grouped(refused)} refused. Unreadable lines: ${grouped(unreadable)}.`,
    ...(idReused > 0 ? [`Lines under the id of another command: ${grouped(idReused)}.`] : []),
  ].join(' ');
};

const novelty = ({ commands, answeredNow, db }: RunReport): string => {
  const file = printable(db);
  if (commands === 0) return `Nothing changed: there was no command to take to ${file}.`;
  if (answeredNow === 0) {
    const all = commands === 1 ? 'the command was' : `all ${amountOf(commands, 'command')} were`;
    return `Nothing changed: ${all} already recorded in ${file}.`;
  }
  const before = commands - answeredNow;
  return (
    `New in ${file}: the answers to ${amountOf(answeredNow, 'command')}.` +
    (before > 0 ? ` ${grouped(before)} had been answered before, by an earlier run or line.` : '')
  );
};

const MANY =
  'of these refusals are answers given before; to ask again, give the lines new commandIds.';
const ONE =
  'of these refusals is an answer given before; to ask again, give the line a new commandId.';

/** A corrected file may get old refusals: the same commandId has the same answer for good. */
const oldRefusals = ({ refusedBefore }: RunReport): ReadonlyArray<string> =>
  refusedBefore === 0 ? [] : [`${grouped(refusedBefore)} ${refusedBefore === 1 ? ONE : MANY}`];

/** The report of a run that reached the end of its lines. */
export const printReport = (page: Page, report: RunReport): string => {
  const { organizations, answeredNow } = report;
  const last = novelty(report);
  const now = systemClock();
  return [
    ...organizations.map((organization) => `${printOrganization(page, organization, now)}\n`),
    counted(report),
    answeredNow === 0 ? page.paint('green', last) : last,
    ...oldRefusals(report),
  ].join('\n');
};

/** How far a run got that did not reach the end. */
export const howFar = ({ lastLine, file, db, commands }: RunReport): string =>
  lastLine === 0
    ? 'No line had been taken yet. Run the same command again.'
    : `It got to line ${grouped(lastLine)} of ${printable(file)}: ${amountOf(commands, 'command')} answered, ` +
      `all kept in ${printable(db)}. Run the same command again to go on.`;
