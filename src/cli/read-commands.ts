/** Goes through the lines of a file of commands, whatever is done with them, and tells those at fault. */
import type { Failure } from '../application/failures';
import { exitCodes, signalCodes } from './exit-codes';
import { type Input, readingFailed, wasCutShort } from './input-file';
import type { Interruptions } from './interruption';
import { type NumberedLine, readLines } from './json-lines';
import { type Progress, showProgress } from './progress';
import type { FaultyLine } from './run-report';
import type { Job } from './run-job';
import { failed, type Stop } from './stop';
import { checkLines, type Watcher } from './take-lines';
import { amountOf, printable } from './terminal';

/** What came of the lines. */
export interface ReadThrough {
  readonly lastLine: number;
  /** The first of them; `faults` counts all. */
  readonly faultyLines: ReadonlyArray<FaultyLine>;
  readonly faults: number;
  readonly stop: Stop | undefined;
}

type Go = (lines: AsyncIterable<NumberedLine>, watcher: Watcher) => Promise<Failure | undefined>;

const MOST_FAULTY_LINES_KEPT = 1000;

export const progressOn = ({ size }: Input): Progress =>
  showProgress({ output: process.stderr, size, now: () => performance.now() });

/** An error of the operating system; anything else is a defect. */
const isReadingError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'syscall' in error;

export const readThrough = async (
  { file, input }: Pick<Job, 'file' | 'input'>,
  progress: Progress,
  { stop }: Interruptions,
  go: Go,
): Promise<ReadThrough> => {
  const faultyLines: Array<FaultyLine> = [];
  let faults = 0;
  let lastLine = 0;
  const watcher = {
    passed: ({ bytes, number }: NumberedLine) => {
      lastLine = number;
      progress.passed(bytes, number);
    },
    faulty: (line: number, why: string) => {
      const told = printable(why);
      faults += 1;
      if (faultyLines.length < MOST_FAULTY_LINES_KEPT) faultyLines.push({ line, why: told });
      progress.tell(`${printable(file)}:${line}: ${told}`);
    },
  };
  const ended = (why: Stop | undefined) => ({ lastLine, faultyLines, faults, stop: why });
  const cut = (): void => {
    input.chunks.destroy();
  };
  // A run that waits for input hears of the interruption as well.
  stop.addEventListener('abort', cut, { once: true });
  try {
    const failure = await go(readLines(input.chunks), watcher);
    return ended(failure && failed(failure));
  } catch (error) {
    if (stop.aborted && wasCutShort(error)) return ended(undefined);
    if (!isReadingError(error)) throw error;
    return ended(readingFailed(file, error));
  } finally {
    stop.removeEventListener('abort', cut);
    cut();
  }
};

const interrupted = (by: keyof typeof signalCodes): Stop => ({
  type: 'Interrupted',
  message: 'Stopped.\nNo line had been taken yet. Run the same command again.',
  exitCode: signalCodes[by],
  details: { outcome: 'interrupted', interruptedBy: by },
});

const atFault = ({ file, db }: Job, { faults, faultyLines }: ReadThrough): Stop => ({
  type: 'FaultyLines',
  message:
    `${amountOf(faults, 'line')} of ${printable(file)} cannot be taken. Nothing was decided, and no ledger ` +
    'was opened or made.\nCorrect what is told above and run the same command again; with --keep-going, ' +
    'every other line is decided,\nand what is refused for want of these lines stays refused.',
  exitCode: exitCodes.faultyLines,
  details: { file, db, lines: { unreadable: faults }, faultyLines },
});

/** Reads the whole file before anything is opened: why the run does not begin, if it does not. */
export const checkFirst = async (
  job: Job,
  interruptions: Interruptions,
): Promise<Stop | undefined> => {
  const progress = progressOn(job.input);
  try {
    const read = await readThrough(job, progress, interruptions, async (lines, watcher) => {
      await checkLines(lines, watcher, interruptions.stop);
      return undefined;
    });
    const by = interruptions.by();
    if (by !== null) return interrupted(by);
    if (read.stop !== undefined) return read.stop;
    return read.faults > 0 ? atFault(job, read) : undefined;
  } finally {
    progress.finish();
  }
};
