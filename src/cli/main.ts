#!/usr/bin/env node
/** The command `seatledger`. */
import { Command, CommanderError } from 'commander';
import { registerDiff } from './diff-command';
import { exitCodes, exitCodesHelp } from './exit-codes';
import { registerExport } from './export-command';
import { registerImpact } from './impact-command';
import { registerImport } from './import-command';
import { packageVersion } from './package-files';
import type { Register } from './register';
import { registerVerify } from './verify-command';
import { registerWhatIf } from './what-if-command';
import { registerReplay } from './replay-command';
import { registerReport } from './report-command';
import { registerRun } from './run-command';
import { printJson } from './terminal';
import { registerTimeline } from './timeline-command';
import { registerWhy } from './why-command';

const DEBUG_VARIABLE = 'SEATLEDGER_DEBUG';

/** Each adds a command of its own to the program. */
const registrars: ReadonlyArray<Register> = [
  registerRun,
  registerReport,
  registerReplay,
  registerDiff,
  registerTimeline,
  registerImpact,
  registerWhy,
  registerExport,
  registerImport,
  registerWhatIf,
  registerVerify,
];

const program = (finish: (exitCode: number) => void): Command => {
  const seatledger = new Command('seatledger')
    .description(
      'Who may hold which mailbox, what deleting one costs, and proof of every decision.',
    )
    .version(packageVersion())
    .addHelpText('after', exitCodesHelp)
    .exitOverride();

  for (const register of registrars) register(seatledger, finish);
  return seatledger;
};

/** A defect is told in a sentence; its details are for those who report it. */
const tellDefect = (error: unknown): void => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `seatledger: an error of seatledger itself: ${message}\n` +
      `Set ${DEBUG_VARIABLE}=1 and run again for the details to report.\n`,
  );
  if ((process.env[DEBUG_VARIABLE] ?? '') !== '' && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
};

/** Wrong use, of which the person has been told; a program that reads the output is told there. */
const tellMisuse = ({ message }: CommanderError): number => {
  if (process.argv.includes('--json')) {
    const failure = { type: 'Usage', message: message.replace(/^error: /, '') };
    printJson({ outcome: 'failed', exitCode: exitCodes.usage, failure });
  }
  return exitCodes.usage;
};

/** A reader such as `head` may leave early; what was to be done is done all the same. */
const readerGone = (error: NodeJS.ErrnoException): void => {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
  // A full disk behind a redirection, most likely: nothing that is said from here on would arrive.
  process.stderr.write(`seatledger: The output could not be written: ${error.message}.\n`);
  process.exit(exitCodes.failure);
};

const main = async (): Promise<void> => {
  for (const output of [process.stdout, process.stderr]) output.on('error', readerGone);
  try {
    await program((exitCode) => {
      process.exitCode = exitCode;
    }).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : tellMisuse(error);
      return;
    }
    tellDefect(error);
    process.exitCode = exitCodes.defect;
  }
};

void main();
