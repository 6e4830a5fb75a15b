/** `seatledger export`: a whole log, or one organization's, as a file of lines. */
import * as E from 'fp-ts/lib/Either.js';
import { exportedPages, type ExportedPage } from '../application/transfer';
import { exitCodes, exitCodesHelp, type Interruption } from './exit-codes';
import { type Interruptions, listenForInterruptions, tellInterrupted } from './interruption';
import {
  isReaderGone,
  type LineOutput,
  openOutput,
  outputBroken,
  STANDARD_OUTPUT,
} from './line-output';
import { besideLedger, connectToRead } from './ledger-file';
import { didYouMean } from '../values/nearest';
import { type ReadingProgress, showReading } from './reading-progress';
import type { Register } from './register';
import { failed, misuse, type Stop, tellStop } from './stop';
import { amountOf, printable, printJson } from './terminal';
import { isSystemError } from './whole-file';

interface ExportOptions {
  readonly db: string;
  readonly org?: string;
  readonly output: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** How an export ended that nothing stopped but a person. */
type Ended =
  | {
      readonly outcome: 'complete';
      readonly file: string;
      readonly events: number;
      readonly position: string;
    }
  | { readonly outcome: 'interrupted'; readonly by: Interruption };

type Store = Parameters<typeof exportedPages>[0];

const unknownOrganization = (db: string, org: string, found: ReadonlySet<string>): Stop =>
  misuse(
    `${printable(db)} has no organization ${printable(org)}. ${didYouMean(org, [...found].sort())}`,
  );

const nothingYet: Pick<ExportedPage, 'events' | 'position' | 'organizations'> = {
  events: 0,
  position: -1n,
  organizations: new Set(),
};

const writeAll = async (
  store: Store,
  output: LineOutput,
  { db, org, output: file }: ExportOptions,
  interruptions: Interruptions,
): Promise<E.Either<Stop, Ended>> => {
  let progress: ReadingProgress | undefined;
  let last = nothingYet;
  // The settings, until something of the organization is there to go with them.
  let held = '';
  try {
    for await (const page of exportedPages(store, org === undefined ? {} : { orgId: org })) {
      if (E.isLeft(page)) return E.left(failed(page.left));
      const { lines, events, position, end, organizations } = (last = page.right);
      held += lines;
      if (held !== '' && (org === undefined || organizations.has(org))) {
        await output.write(held);
        held = '';
      }
      progress ??= showReading(end);
      progress.passed(position, events);
      const by = interruptions.by();
      if (by !== null) return E.right({ outcome: 'interrupted', by });
    }
  } finally {
    progress?.finish();
  }
  const { events, position, organizations } = last;
  if (org !== undefined && !organizations.has(org)) {
    return E.left(unknownOrganization(db, org, organizations));
  }
  const inTheWay = await output.finish();
  return inTheWay === undefined
    ? E.right({ outcome: 'complete', file, events, position: String(position) })
    : E.left(inTheWay);
};

const written = async (
  store: Store,
  options: ExportOptions,
): Promise<E.Either<Stop, Ended> | 'readerGone'> => {
  const { output: file, force = false } = options;
  const interruptions = listenForInterruptions();
  const output = await openOutput(file, force);
  if (E.isLeft(output)) return output;
  let isInPlace = false;
  try {
    const ended = await writeAll(store, output.right, options, interruptions);
    isInPlace = E.isRight(ended) && ended.right.outcome === 'complete';
    return ended;
  } catch (error) {
    if (isReaderGone(error)) return 'readerGone';
    if (!isSystemError(error)) throw error;
    return E.left(outputBroken(file, error));
  } finally {
    if (!isInPlace) await output.right.discard();
  }
};

const exported = async (options: ExportOptions): Promise<E.Either<Stop, Ended> | 'readerGone'> => {
  if (options.output === STANDARD_OUTPUT && options.json === true) {
    return E.left(
      misuse('With --json, standard output is taken: name a file for the events with --output.'),
    );
  }
  if (options.output !== STANDARD_OUTPUT) {
    const apart = besideLedger(options.db, options.output);
    if (E.isLeft(apart)) return apart;
  }
  const connected = await connectToRead(options.db);
  if (E.isLeft(connected)) return connected;
  try {
    return await written(connected.right, options);
  } finally {
    await connected.right.close();
  }
};

const exportLog = async (options: ExportOptions): Promise<number> => {
  const asJson = options.json === true;
  const told = await exported(options);
  if (told === 'readerGone') return exitCodes.done;
  if (E.isLeft(told)) {
    return tellStop(told.left, asJson);
  }
  const ended = told.right;
  if (ended.outcome === 'interrupted') {
    return tellInterrupted(
      ended.by,
      'Stopped. The export is not whole, and no file was made.',
      asJson,
    );
  }
  const { events, position } = ended;
  if (asJson) printJson({ ...ended, exitCode: exitCodes.done });
  else {
    const what = `${amountOf(events, 'event')} exported, up to position ${position}.`;
    process.stderr.write(`seatledger: ${what}\n`);
  }
  return exitCodes.done;
};

const exportHelp = `
One event a line, oldest first, exactly as "seatledger import" takes it back: what is imported and
exported again is the same to the byte. What is added to the ledger meanwhile is left out. The settings
of the ledger go with every export, so it opens only with the address secret that it was made with.
How many events went out, and the position of the last one read, is told on standard error.
`;

export const registerExport: Register = (program, finish) => {
  program
    .command('export')
    .description('Write a ledger out as JSONL, one event a line.')
    .requiredOption('--db <file>', 'the ledger, which is only read')
    .option('--org <id>', 'only this organization')
    .option('-o, --output <file>', 'where to write; - for standard output', STANDARD_OUTPUT)
    .option('--force', 'replace a file that exists')
    .option('--json', 'print one JSON document on standard output; needs --output')
    .addHelpText('after', `${exportHelp}${exitCodesHelp}`)
    .action(async (options: ExportOptions) => {
      finish(await exportLog(options));
    });
};
