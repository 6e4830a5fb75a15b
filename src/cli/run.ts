/** `seatledger run`: takes a file of commands to a ledger, and reports. */
import { realpathSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { sqliteStore } from '../adapters/sqlite';
import { type Ledger } from '../application/ledger';
import { tryOpenLedger } from '../application/open-ledger';

import { DEMO_SECRET, secretFrom } from './address-secret';
import { exitCodes, signalCodes } from './exit-codes';
import { type Input, openInput, readingFailed, wasCutShort } from './input-file';
import { type Interruptions, listenForInterruptions } from './interruption';
import { type NumberedLine, readLines } from './json-lines';
import { reportOnAll } from './organization-report';
import { demoData } from './package-files';
import { type Progress, showProgress } from './progress';
import { type FaultyLine, howFar, printReport, type RunPlace, type RunReport } from './run-report';
import { failed, misuse, type Stop, tellStop } from './stop';
import { takeLines } from './take-lines';
import { Tally } from './tally';
import { paintFor, printable, printJson, widthOf } from './terminal';

/** What the command line says. */
export interface RunOptions {
  readonly db?: string;
  readonly json?: boolean;
  readonly secretEnv: string;
}

/** What a run is made of once the command line has been understood. */
interface Job extends RunPlace {
  readonly secret: string;
  readonly input: Input;
}

const DEMO_DB = 'seatledger-demo.db';
const MOST_FAULTY_LINES_KEPT = 1000;

const isDemoData = (file: string): boolean => {
  try {
    return realpathSync(file) === realpathSync(demoData);
  } catch {
    // No such file: opening it says so.
    return false;
  }
};

const prepare = async (
  given: string | undefined,
  { db, secretEnv }: RunOptions,
): Promise<E.Either<Stop, Job>> => {
  const file = given ?? demoData;
  const isDemo = isDemoData(file);
  const place = db ?? (isDemo ? DEMO_DB : undefined);
  if (place === undefined) {
    return E.left(
      misuse('Say which ledger the commands go to: --db FILE. It is made on first use.'),
    );
  }
  const secret = isDemo ? E.right(DEMO_SECRET) : secretFrom(process.env, secretEnv);
  if (E.isLeft(secret)) return secret;
  const input = await openInput(file, process.stdin);
  if (E.isLeft(input)) return input;
  return E.right({ file, db: place, isDemo, secret: secret.right, input: input.right });
};

/** What came of the lines, before it is reported. */
interface Taken {
  readonly tally: Tally;
  readonly lastLine: number;
  readonly faultyLines: ReadonlyArray<FaultyLine>;
  readonly stop: Stop | undefined;
}

const takeAll = async (
  ledger: Ledger,
  { file, input }: Job,
  tally: Tally,
  progress: Progress,
  { stop }: Interruptions,
): Promise<Taken> => {
  const faultyLines: Array<FaultyLine> = [];
  let lastLine = 0;
  const watcher = {
    passed: ({ bytes, number }: NumberedLine) => {
      lastLine = number;
      progress.passed(bytes, number);
    },
    faulty: (line: number, why: string) => {
      const told = printable(why);
      if (faultyLines.length < MOST_FAULTY_LINES_KEPT) faultyLines.push({ line, why: told });
      progress.tell(`${printable(file)}:${line}: ${told}`);
    },
  };
  // A run that waits for input hears of the interruption as well.
  stop.addEventListener('abort', () => input.chunks.destroy(), { once: true });
  try {
    const { failure } = await takeLines(ledger, readLines(input.chunks), tally, watcher, stop);
    return { tally, lastLine, faultyLines, stop: failure && failed(failure) };
  } catch (error) {
    if (stop.aborted && wasCutShort(error))
      return { tally, lastLine, faultyLines, stop: undefined };
    if (!isReadingError(error)) throw error;
    return { tally, lastLine, faultyLines, stop: readingFailed(file, error) };
  } finally {
    input.chunks.destroy();
  }
};

/** An error of the operating system; anything else is a defect. */
const isReadingError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'syscall' in error;

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
    interruptedBy,
    failure: stop === undefined ? null : { type: stop.type, message: stop.message },
    organizations: E.isLeft(organizations) ? [] : organizations.right,
  };
};

const work = async (job: Job): Promise<E.Either<Stop, RunReport>> => {
  const opened = await tryOpenLedger({ store: sqliteStore(job.db), addressSecret: job.secret });
  if (E.isLeft(opened)) return E.left(failed(opened.left));
  const ledger = opened.right;
  const interruptions = listenForInterruptions();
  const progress = showProgress({
    output: process.stderr,
    size: job.input.size,
    now: () => performance.now(),
  });
  try {
    const before = await ledger.head();
    if (E.isLeft(before)) return E.left(failed(before.left));
    const tally = new Tally(before.right);
    const taken = await takeAll(ledger, job, tally, progress, interruptions);
    progress.finish();
    return E.right(await reportOn(ledger, job, before.right, taken, interruptions.by()));
  } finally {
    progress.finish();
    interruptions.release();
    await ledger.close();
  }
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
      `the demonstration only. Your own commands go with: seatledger run FILE.jsonl --db FILE\n\n`,
  );
};

/** Runs, tells, and answers the exit code. */
export const run = async (file: string | undefined, options: RunOptions): Promise<number> => {
  const asJson = options.json === true;
  const job = await prepare(file, options);
  if (E.isLeft(job)) return tellStop(job.left, asJson);
  if (job.right.isDemo && !asJson) announceDemo(job.right);
  const report = await work(job.right);
  return E.isLeft(report) ? tellStop(report.left, asJson) : tellReport(report.right, asJson);
};
