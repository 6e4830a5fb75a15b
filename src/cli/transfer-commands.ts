/** `seatledger export` and `seatledger import`: a whole log as a file of lines. */
import { once } from 'node:events';
import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { importSqlite, sqliteStore } from '../adapters/sqlite';
import { exportEvents, type Exported, type ImportFailure } from '../application/transfer';
import { exitCodes, exitCodesHelp, signalCodes } from './exit-codes';
import { openInput, wasCutShort } from './input-file';
import { listenForInterruptions } from './interruption';
import { showProgress } from './progress';
import type { Register } from './register';
import { failed, misuse, type Stop } from './stop';
import { amountOf, printable } from './terminal';

interface ExportOptions {
  readonly db: string;
  readonly org?: string;
  readonly output: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

interface ImportOptions {
  readonly db: string;
  readonly org?: string;
  readonly json?: boolean;
}

const STANDARD_OUTPUT = '-';

const tell = (stop: Stop, json: boolean | undefined): number => {
  const { type, message, exitCode } = stop;
  const document = { outcome: 'failed', exitCode, failure: { type, message } };
  if (json === true) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  process.stderr.write(`seatledger: ${printable(message)}\n`);
  return exitCode;
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Somewhere to write lines to, which waits while it is full and says when it broke. */
interface Output {
  readonly write: (lines: string) => Promise<void>;
  /** Puts what was written in its place. */
  readonly finish: () => Promise<void>;
  readonly discard: () => void;
}

const streamOutput = (stream: NodeJS.WritableStream): Pick<Output, 'write'> => {
  let broken: unknown;
  stream.on('error', (error: unknown) => {
    broken ??= error;
  });
  return {
    write: async (lines) => {
      if (broken !== undefined) throw broken as Error;
      if (!stream.write(lines)) await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
    },
  };
};

/** Written beside its place, so that a file that was there stays whole until the new one is. */
const fileOutput = (path: string): Output => {
  const beside = `${path}.exporting`;
  const stream = createWriteStream(beside);
  const { write } = streamOutput(stream);
  return {
    write,
    finish: async () => {
      stream.end();
      await once(stream, 'close');
      renameSync(beside, path);
    },
    discard: () => {
      stream.destroy();
      rmSync(beside, { force: true });
    },
  };
};

const outputTo = (path: string): Output =>
  path === STANDARD_OUTPUT
    ? {
        ...streamOutput(process.stdout),
        finish: () => Promise.resolve(),
        discard: () => undefined,
      }
    : fileOutput(path);

const isReaderGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPIPE';

const outputFailed = (path: string, error: unknown): Stop => ({
  type: 'OutputBroken',
  message: `${printable(path)} could not be written: ${messageOf(error)}.`,
  exitCode: exitCodes.failure,
});

const exportLog = async (options: ExportOptions): Promise<number> => {
  const { db, org, output: path, force, json } = options;
  const toFile = path !== STANDARD_OUTPUT;
  if (toFile && existsSync(path) && force !== true) {
    return tell(
      misuse(`${path} exists already. Give another file, or replace it with --force.`),
      json,
    );
  }
  if (!toFile && json === true) {
    return tell(misuse('With --json, standard output is taken: name a file with --output.'), json);
  }
  const interruptions = listenForInterruptions();
  const progress = showProgress({ output: process.stderr, size: 0, now: () => performance.now() });
  const output = outputTo(path);
  try {
    const exported = await exportEvents(sqliteStore(db, { readOnly: true }), output.write, {
      ...(org !== undefined && { orgId: org }),
      signal: interruptions.stop,
      onProgress: (events) => {
        progress.passed(events, events);
      },
    });
    progress.finish();
    const by = interruptions.by();
    if (E.isLeft(exported) || by !== null) {
      output.discard();
      if (E.isLeft(exported)) return tell(failed(exported.left), json);
      process.stderr.write('seatledger: Stopped. No file was made.\n');
      return by === null ? exitCodes.done : signalCodes[by];
    }
    await output.finish();
    return tellExported(exported.right, path, json);
  } catch (error) {
    output.discard();
    // A reader such as `head` has had enough.
    return isReaderGone(error) ? exitCodes.done : tell(outputFailed(path, error), json);
  } finally {
    progress.finish();
    interruptions.release();
  }
};

const tellExported = ({ events, position }: Exported, file: string, json?: boolean): number => {
  const document = { outcome: 'complete', file, events, position };
  if (json === true) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else {
    const sentence = `${amountOf(events, 'event')} exported, up to position ${position}.\n`;
    process.stderr.write(sentence);
  }
  return exitCodes.done;
};

const stopOf = (file: string, failure: ImportFailure): Stop => {
  if (failure.type !== 'ImportRefused') {
    const { type, message } = failure;
    return { type: type as Stop['type'], message, exitCode: exitCodes.failure };
  }
  const { line, message, problem } = failure;
  if (problem === 'TargetExists') return misuse(message);
  const exitCode = problem === 'SourceBroken' ? exitCodes.failure : exitCodes.faultyLines;
  const where = line === 0 ? '' : `${file}:${line}: `;
  return { type: 'ImportRefused', message: `${where}${message}`, exitCode };
};

const importLog = async (file: string, { db, org, json }: ImportOptions): Promise<number> => {
  const input = await openInput(file, process.stdin);
  if (E.isLeft(input)) return tell(input.left, json);
  const { chunks, size } = input.right;
  const interruptions = listenForInterruptions();
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
    const by = interruptions.by();
    if (by !== null) {
      process.stderr.write('seatledger: Stopped. Nothing was imported.\n');
      return signalCodes[by];
    }
    if (E.isLeft(imported)) return tell(stopOf(file, imported.left), json);
    const { events } = imported.right;
    const document = { outcome: 'complete', file, db, events };
    process.stdout.write(
      json === true
        ? `${JSON.stringify(document, null, 2)}\n`
        : `${amountOf(events, 'event')} imported into ${printable(db)}.\n`,
    );
    return exitCodes.done;
  } catch (error) {
    if (!wasCutShort(error)) throw error;
    return exitCodes.failure;
  } finally {
    progress.finish();
    interruptions.release();
    chunks.destroy();
  }
};

const exportHelp = `
One event a line, oldest first, exactly as "seatledger import" takes it back: what is imported and
exported again is the same to the byte. The settings of the ledger go with every export, so a log opens
only with the address secret that it was made with.
`;

const importHelp = `
All or nothing: the ledger is made beside its place and put there when every line is in. A line that is
wrong is told as FILE:LINE, and nothing is left. FILE is - for what is piped in.
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
