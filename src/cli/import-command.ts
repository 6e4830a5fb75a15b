/** `seatledger import`: a new ledger out of an exported file. */
import * as E from 'fp-ts/lib/Either.js';
import { importSqlite } from '../adapters/sqlite';
import type { Imported, ImportFailure } from '../application/transfer';
import { exitCodes, exitCodesHelp } from './exit-codes';
import { openInput } from './input-file';
import { listenForInterruptions, tellInterrupted } from './interruption';
import { showProgress } from './progress';
import type { Register } from './register';
import { tellStop } from './stop';
import { amountOf, printable, printJson } from './terminal';

interface ImportOptions {
  readonly db: string;
  readonly org?: string;
  readonly json?: boolean;
}

const exitCodeOf = (failure: ImportFailure): number => {
  if (failure.type !== 'ImportRefused') return exitCodes.failure;
  switch (failure.problem) {
    case 'TargetExists':
      return exitCodes.usage;
    case 'SourceBroken':
      return exitCodes.failure;
    default:
      return exitCodes.faultyLines;
  }
};

const tellFailure = (failure: ImportFailure, file: string, asJson: boolean): number => {
  const exitCode = exitCodeOf(failure);
  if (asJson) printJson({ outcome: 'failed', exitCode, file, failure });
  const message = printable(failure.message);
  const isInLine = failure.type === 'ImportRefused' && failure.line > 0;
  const where = isInLine ? `${printable(file)}:${failure.line}: ` : 'seatledger: ';
  process.stderr.write(`${where}${message}\n`);
  return exitCode;
};

const tellImported = ({ events }: Imported, file: string, db: string, asJson: boolean): number => {
  const exitCode = exitCodes.done;
  if (asJson) printJson({ outcome: 'complete', exitCode, file, db, events });
  else process.stdout.write(`${amountOf(events, 'event')} imported into ${printable(db)}.\n`);
  return exitCode;
};

const importLog = async (file: string, { db, org, json }: ImportOptions): Promise<number> => {
  const asJson = json === true;
  const input = await openInput(file, process.stdin, 'export');
  if (E.isLeft(input)) return tellStop(input.left, asJson);
  const { chunks, size } = input.right;
  const interruptions = listenForInterruptions();
  // An import that waits for input hears of the interruption as well.
  interruptions.stop.addEventListener('abort', () => chunks.destroy(), { once: true });
  const progress = showProgress({ output: process.stderr, size, now: () => performance.now() });
  try {
    const imported = await importSqlite(db, chunks, {
      ...(org !== undefined && { orgId: org }),
      signal: interruptions.stop,
      onProgress: (bytes, lines) => {
        progress.passed(bytes, lines);
      },
    });
    progress.finish();
    // Stopped too late, it is done all the same.
    if (E.isRight(imported)) return tellImported(imported.right, file, db, asJson);
    if (interruptions.stop.aborted) {
      return tellInterrupted(interruptions.by(), 'Stopped. Nothing was imported.', asJson);
    }
    return tellFailure(imported.left, file, asJson);
  } finally {
    progress.finish();
    chunks.destroy();
  }
};

const importHelp = `
All or nothing: the ledger is made beside its place, as FILE.importing, and put there when every line is
in and on the disk. A line that is wrong is told as FILE:LINE, and nothing is left. Open the ledger with
the address secret that the exported one had; the import itself does not need it.
`;

export const registerImport: Register = (program, finish) => {
  program
    .command('import')
    .description('Make a new ledger from an exported file.')
    .argument('<file>', 'what "seatledger export" wrote, or - for what is piped in')
    .requiredOption('--db <file>', 'the ledger to make; it must not exist')
    .option('--org <id>', 'refuse events of any other organization')
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .addHelpText('after', `${importHelp}${exitCodesHelp}`)
    .action(async (file: string, options: ImportOptions) => {
      finish(await importLog(file, options));
    });
};
