/** `seatledger verify`: proves a ledger, or says where it does not hold. */
import * as E from 'fp-ts/lib/Either.js';
import { BEFORE_ALL } from '../application/ports';
import { type Verified, verify } from '../application/redeciding';
import { exitCodes, exitCodesHelp } from './exit-codes';
import { connectToRead } from './ledger-file';
import { tell } from './past';
import { shownTable } from './print-past';
import type { Page } from './print-organization';
import { showReading } from './reading-progress';
import type { Register } from './register';
import { failed, type Stop } from './stop';
import { amountOf, printable } from './terminal';

interface VerifyOptions {
  readonly db: string;
  readonly json?: boolean;
}

const verified = async ({ db }: VerifyOptions): Promise<E.Either<Stop, Verified>> => {
  const connected = await connectToRead(db);
  if (E.isLeft(connected)) return connected;
  const store = connected.right;
  const head = await store.head();
  const progress = showReading(E.isRight(head) ? head.right : BEFORE_ALL);
  try {
    const proof = await verify(store, (position) => {
      progress.passed(position);
    });
    return E.isLeft(proof) ? E.left(failed(proof.left)) : proof;
  } finally {
    progress.finish();
    await store.close();
  }
};

const columns = [
  { head: 'Position', align: 'right' as const },
  { head: 'Broken' },
  { head: 'What is wrong', wraps: true },
];

const printVerified =
  (db: string) =>
  (page: Page, proof: Verified): string => {
    const { events, commands, organizations, position, findings, endedEarly, notCompared } = proof;
    const { unexplained } = proof;
    const read =
      `${printable(db)}: ${amountOf(events, 'event')} of ${amountOf(organizations.length, 'organization')}, ` +
      `${amountOf(commands, 'decision')} made again, up to position ${position}.`;
    const lines = [read];
    if (findings.length === 0) {
      lines.push('Everything can be read, nothing is missing, every invariant and decision holds.');
    } else {
      const rows = findings.map(({ position: at, kind, detail }) => ({
        cells: [at, kind, detail],
      }));
      lines.push('', shownTable(page, columns, rows));
    }
    if (unexplained > 0) {
      lines.push(
        `No command on record explains ${amountOf(unexplained, 'event')}: who asked for that is not known.`,
      );
    }
    if (notCompared.length > 0) {
      lines.push(
        `${amountOf(notCompared.length, 'command')} could not be decided again alone: several processes had a part in them.`,
      );
    }
    if (endedEarly)
      lines.push('The last of these events cannot be read: nothing after it was looked at.');
    return lines.join('\n');
  };

const verifyHelp = `
Reads every event, folds every stream, checks the invariants at every position, makes every decision
again from what stood before it, and compares what the file keeps beside its events with them. Needs no
address secret, and writes nothing. Ends with 3 when something is wrong; the first line of the table is
where it shows first.
`;

export const registerVerify: Register = (program, finish) => {
  program
    .command('verify')
    .description('Prove that a ledger is whole and that every decision in it is right.')
    .requiredOption('--db <file>', 'the ledger, which is only read')
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .addHelpText('after', `${verifyHelp}${exitCodesHelp}`)
    .action(async (options: VerifyOptions) => {
      const proof = await verified(options);
      const exitCode = tell(proof, options, printVerified(options.db));
      const isSound = E.isLeft(proof) || proof.right.findings.length === 0;
      finish(isSound ? exitCode : exitCodes.faultyLines);
    });
};
