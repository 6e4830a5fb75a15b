/** `seatledger run` on the command line. */
import { SECRET_VARIABLE } from './address-secret';
import { exitCodesHelp } from './exit-codes';
import type { Register } from './register';
import { run } from './run';
import type { RunOptions } from './run-job';

const runHelp = `
Input is JSONL: one command in JSON on each line, in UTF-8, at most 1 MiB long.
  {"principal": {...}, "command": {...}, "at": "2026-03-02T09:00:00Z"}
"at" is when the command was given; without it, now. Lines are taken one at a time, in order. Blank
lines, a byte order mark at the start and Windows line ends are passed over. A line that cannot be
read is told as FILE:LINE. A file is read to its end first: with such a line in it, nothing is decided.
With --keep-going, and of what is piped in, every other line is decided, and what is refused for want of
a line stays refused. A command is known by its commandId: running a file again changes nothing, and a
run that was stopped goes on where it was.

Without FILE and --db, the bundled demonstration runs into seatledger-demo.db.
`;

export const registerRun: Register = (program, finish) => {
  program
    .command('run')
    .description('Take a file of commands to a ledger, and report what is so afterwards.')
    .argument('[file]', 'a JSONL file of commands, or - for what is piped in')
    .option('--db <file>', 'the ledger; made on first use')
    .option('--keep-going', 'decide every other line where some cannot be taken')
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
};
