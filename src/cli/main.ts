#!/usr/bin/env node
/** The command `seatledger`. */
import { Command, CommanderError } from 'commander';
import { SECRET_VARIABLE } from './address-secret';
import { exitCodes, exitCodesHelp } from './exit-codes';
import { packageVersion } from './package-files';
import { run, type RunOptions } from './run';

const DEBUG_VARIABLE = 'SEATLEDGER_DEBUG';

const runHelp = `
Input is JSONL: one command in JSON on each line, in UTF-8, at most 1 MiB long.
  {"principal": {...}, "command": {...}, "at": "2026-03-02T09:00:00Z"}
"at" is when the command was given; without it, now. Lines are taken one at a time, in order. Blank
lines, a byte order mark at the start and Windows line ends are passed over. A line that cannot be
read is told as FILE:LINE, and the run goes on with the next. A command is known by its commandId:
running a file again changes nothing, and a run that was stopped goes on where it was.

Without FILE, the bundled demonstration runs into seatledger-demo.db.
`;

const program = (finish: (exitCode: number) => void): Command => {
  const seatledger = new Command('seatledger')
    .description(
      'Who may hold which mailbox, what deleting one costs, and proof of every decision.',
    )
    .version(packageVersion())
    .addHelpText('after', exitCodesHelp)
    .exitOverride();

  seatledger
    .command('run')
    .description('Take a file of commands to a ledger, and report what is so afterwards.')
    .argument('[file]', 'a JSONL file of commands, or - for what is piped in')
    .option('--db <file>', 'the ledger; made on first use')
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .option(
      '--secret-env <name>',
      'the environment variable that holds the address secret',
      SECRET_VARIABLE,
    )
    .addHelpText('after', `${runHelp}${exitCodesHelp}`)
    .action(async (file: string | undefined, options: RunOptions) => {
      finish(await run(file, options));
    });

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

/** A reader such as `head` may leave early; what was to be done is done all the same. */
const readerGone = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
};

const main = async (): Promise<void> => {
  for (const output of [process.stdout, process.stderr]) output.on('error', readerGone);
  try {
    await program((exitCode) => {
      process.exitCode = exitCode;
    }).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
      return;
    }
    tellDefect(error);
    process.exitCode = exitCodes.defect;
  }
};

void main();
