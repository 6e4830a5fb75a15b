/** `seatledger report`: one page for an auditor, made from the log alone. */
import { basename, extname } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore } from '../application/ports';
import { type Glance, glanceOf, type Report, reportPage } from '../report';
import { exitCodes, exitCodesHelp } from './exit-codes';
import { type Interruptions, listenForInterruptions, tellInterrupted } from './interruption';
import { besideLedger, connectToRead } from './ledger-file';
import { readLog, stopped } from './read-report';
import { showReading } from './reading-progress';
import type { Register } from './register';
import { writeWhole } from './report-file';
import { failed, misuse, type Stop, tellStop } from './stop';
import { amountOf, grouped, printable, printJson } from './terminal';
import { mayWrite } from './whole-file';

interface ReportOptions {
  readonly db: string;
  readonly org?: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** What was made: with `--json`, the document on standard output. */
interface ReportMade {
  readonly outcome: 'complete';
  readonly file: string;
  readonly bytes: number;
  readonly db: string;
  readonly head: string;
  readonly events: number;
  readonly fingerprint: string;
  readonly generatedAt: string;
  readonly organizations: ReadonlyArray<Glance & { readonly orgId: string }>;
}

type Answer<Value> = E.Either<Stop | typeof stopped, Value>;

const outputOf = ({ db, output }: ReportOptions): string =>
  output ?? `${basename(db, extname(db))}-report.html`;

/** Reads the log up to where it ends now; what is appended meanwhile is for the next report. */
const readWhole = async (
  store: EventStore,
  options: ReportOptions,
  stop: AbortSignal,
): Promise<Answer<Report>> => {
  const head = await store.head();
  if (E.isLeft(head)) return E.left(failed(head.left));
  const progress = showReading(head.right);
  const { db: file, org } = options;
  try {
    const read = await readLog({ store, head: head.right, file, org }, progress, stop);
    if (E.isRight(read)) return read;
    return E.left(read.left === stopped ? stopped : failed(read.left));
  } finally {
    progress.finish();
  }
};

const unknownOrganization = (org: string, { db }: ReportOptions): Stop =>
  misuse(
    `${printable(db)} holds nothing of an organization ${printable(org)}. ` +
      'Check its id, or leave --org out for all organizations.',
  );

const madeOf = ({ made, organizations }: Report, file: string, bytes: number): ReportMade => ({
  outcome: 'complete',
  file,
  bytes,
  db: made.file,
  head: String(made.head),
  events: made.events,
  fingerprint: made.fingerprint,
  generatedAt: made.generatedAt,
  organizations: organizations.map((told) => ({ orgId: told.orgId, ...glanceOf(told) })),
});

const work = async (
  options: ReportOptions,
  { stop }: Interruptions,
): Promise<Answer<ReportMade>> => {
  const file = outputOf(options);
  const { db, org, force = false } = options;
  const apart = besideLedger(db, file);
  if (E.isLeft(apart)) return apart;
  const free = mayWrite(file, force);
  if (E.isLeft(free)) return free;
  const connected = await connectToRead(db);
  if (E.isLeft(connected)) return connected;
  const store = connected.right;
  try {
    const report = await readWhole(store, options, stop);
    if (E.isLeft(report)) return report;
    if (org !== undefined && report.right.organizations.length === 0) {
      return E.left(unknownOrganization(org, options));
    }
    const written = await writeWhole(file, reportPage(report.right), force, stop);
    if (E.isLeft(written)) return written;
    const bytes = written.right;
    return bytes === undefined ? E.left(stopped) : E.right(madeOf(report.right, file, bytes));
  } finally {
    await store.close();
  }
};

const tellMade = (made: ReportMade, asJson: boolean): number => {
  if (asJson) {
    printJson({ ...made, exitCode: exitCodes.done });
    return exitCodes.done;
  }
  const { file, bytes, organizations, events, head, fingerprint } = made;
  const of = organizations.map(({ orgId }) => orgId).join(', ');
  process.stdout.write(
    `${printable(file)}: ${grouped(Math.ceil(bytes / 1024))} KiB, ${amountOf(organizations.length, 'organization')}` +
      `${of === '' ? '' : ` (${printable(of)})`}, from ${amountOf(events, 'event')} up to position ${head}.\n` +
      `Fingerprint of the log: ${fingerprint}\n`,
  );
  return exitCodes.done;
};

const makeReport = async (options: ReportOptions): Promise<number> => {
  const asJson = options.json === true;
  const interruptions = listenForInterruptions();
  const made = await work(options, interruptions);
  if (E.isRight(made)) return tellMade(made.right, asJson);
  if (made.left !== stopped) return tellStop(made.left, asJson);
  return tellInterrupted(interruptions.by(), 'Stopped. No report was written.', asJson);
};

const reportHelp = `
The page holds, for each organization: numbers at a glance, open requests, every seat, a timeline of each
seat that has something to tell, what deletions cost and what was recovered, refusals by clause, and how
to verify all of it. It loads nothing and runs no script: open it, print it, or keep it with your papers.

The ledger is only read, and needs no address secret. The page holds addresses in plain text.
Without -o it is written to the current folder, under the name of the ledger: mailboxes-report.html.
`;

export const registerReport: Register = (program, finish) => {
  program
    .command('report')
    .description('Write one HTML page for an auditor, made from the whole log.')
    .requiredOption('--db <file>', 'the ledger')
    .option('--org <id>', 'tell of this organization only')
    .option('-o, --output <file>', 'where to write the page')
    .option('--force', 'replace the file if it is there')
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .addHelpText('after', `${reportHelp}${exitCodesHelp}`)
    .action(async (options: ReportOptions) => {
      finish(await makeReport(options));
    });
};
