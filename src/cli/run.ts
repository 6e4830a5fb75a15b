/** `seatledger run`: takes a file of commands to a ledger, and reports. */
import * as E from 'fp-ts/lib/Either.js';
import { sqliteStore } from '../adapters/sqlite';
import type { Failure } from '../application/failures';
import type { Ledger } from '../application/ledger';
import { tryOpenLedger } from '../application/open-ledger';
import { exitCodes, signalCodes } from './exit-codes';
import { type Interruptions, listenForInterruptions } from './interruption';
import { openingFailed } from './ledger-file';
import { reportOnAll } from './organization-report';
import { checkFirst, progressOn, type ReadThrough, readThrough } from './read-commands';
import { type Job, openCommands, prepare, type RunOptions } from './run-job';
import { howFar, printReport, type RunReport } from './run-report';
import { failed, type Stop, tellStop } from './stop';
import { takeLines } from './take-lines';
import { Tally } from './tally';
import { paintFor, printable, printJson, widthOf } from './terminal';

/** What came of the lines, before it is reported. */
interface Taken extends ReadThrough {
  readonly tally: Tally;
}

const exitCodeOf = ({ tally, stop }: Taken, by: RunReport['interruptedBy']): number => {
  if (stop !== undefined) return stop.exitCode;
  if (by !== null) return signalCodes[by];
  const { unreadable, idReused } = tally.lines;
  return unreadable + idReused > 0 ? exitCodes.faultyLines : exitCodes.done;
};

const outcomeOf = (
  stop: Stop | undefined,
  by: RunReport['interruptedBy'],
): RunReport['outcome'] => {
  if (stop !== undefined) return 'failed';
  return by === null ? 'complete' : 'interrupted';
};

const reportOn = async (
  ledger: Ledger,
  { file, db, isDemo }: Job,
  before: string,
  taken: Taken,
  interruptedBy: RunReport['interruptedBy'],
): Promise<RunReport> => {
  const after = await ledger.head();
  const isWhole = taken.stop === undefined && interruptedBy === null;
  const organizations = isWhole
    ? await reportOnAll(ledger, taken.tally.byOrganization)
    : E.right([]);
  const stop = E.isLeft(organizations) ? failed(organizations.left) : taken.stop;
  const { tally, lastLine, faultyLines } = taken;
  return {
    outcome: outcomeOf(stop, interruptedBy),
    exitCode: exitCodeOf({ ...taken, stop }, interruptedBy),
    file,
    db,
    isDemo,
    commands: tally.commands,
    lines: tally.lines,
    answeredNow: tally.answeredNow,
    lastLine,
    head: { before, after: E.isLeft(after) ? null : after.right },
    faultyLines,
    refused: tally.refused,
    refusedBefore: tally.refusedBefore,
    interruptedBy,
    failure: stop === undefined ? null : { type: stop.type, message: stop.message },
    organizations: E.isLeft(organizations) ? [] : organizations.right,
  };
};

/** A run on the demonstration's lines has a secret that nobody sets. */
const notOpened = async (failure: Failure, { db, isDemo, secretEnv }: Job): Promise<Stop> =>
  isDemo && failure.type === 'AddressSecretMismatch'
    ? {
        ...failed(failure),
        message:
          `${printable(db)} was made with a secret of your own. The demonstration has another one, ` +
          'and goes only into a ledger of its own: name a new file with --db.',
      }
    : openingFailed(failure, db, secretEnv);

const takeAll = async (
  job: Job,
  interruptions: Interruptions,
): Promise<E.Either<Stop, RunReport>> => {
  const store = sqliteStore(job.db);
  const opened = await tryOpenLedger({ store, addressSecret: job.secret });
  if (E.isLeft(opened)) return E.left(await notOpened(opened.left, job));
  const ledger = opened.right;
  const progress = progressOn(job.input);
  try {
    const before = await ledger.head();
    if (E.isLeft(before)) return E.left(failed(before.left));
    const tally = new Tally(before.right);
    const { stop } = interruptions;
    const read = await readThrough(job, progress, interruptions, async (lines, watcher) => {
      const { failure } = await takeLines(ledger, lines, tally, watcher, stop);
      return failure;
    });
    progress.finish();
    const taken = { ...read, tally };
    return E.right(await reportOn(ledger, job, before.right, taken, interruptions.by()));
  } finally {
    progress.finish();
    await ledger.close();
  }
};

const work = async (job: Job): Promise<E.Either<Stop, RunReport>> => {
  const interruptions = listenForInterruptions();
  if (!job.checksFirst) return takeAll(job, interruptions);
  const unfit = await checkFirst(job, interruptions);
  if (unfit !== undefined) return E.left(unfit);
  const again = await openCommands(job.file);
  return E.isLeft(again) ? again : takeAll({ ...job, input: again.right }, interruptions);
};

const tellReport = (report: RunReport, asJson: boolean): number => {
  const { outcome, failure, exitCode } = report;
  if (asJson) printJson(report);
  else if (outcome === 'complete') {
    const page = { width: widthOf(process.stdout), paint: paintFor(process.stdout, process.env) };
    process.stdout.write(`${printReport(page, report)}\n`);
  }
  if (outcome !== 'complete') {
    const why = failure?.message ?? 'Stopped.';
    process.stderr.write(`seatledger: ${printable(why)}\n${howFar(report)}\n`);
  }
  return exitCode;
};

const announceDemo = ({ db }: Job): void => {
  process.stdout.write(
    `Demonstration with made-up organizations, kept in ${printable(db)} under a secret that is for\n` +
      `the demonstration only. Your own commands go with: npx seatledger run FILE.jsonl --db FILE\n\n`,
  );
};

const suggestNext = ({ db }: Job): void => {
  process.stdout.write(`\nNext: npx seatledger report --db ${printable(db)}\n`);
};

/** Runs, tells, and answers the exit code. */
export const run = async (file: string | undefined, options: RunOptions): Promise<number> => {
  const asJson = options.json === true;
  const job = await prepare(file, options);
  if (E.isLeft(job)) return tellStop(job.left, asJson);
  if (job.right.isDemo && !asJson) announceDemo(job.right);
  const report = await work(job.right);
  if (E.isLeft(report)) return tellStop(report.left, asJson);
  const exitCode = tellReport(report.right, asJson);
  if (job.right.isDemo && !asJson && report.right.outcome === 'complete') suggestNext(job.right);
  return exitCode;
};
