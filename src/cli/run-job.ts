/** What a run is to do, once the command line has been understood. */
import { realpathSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { DEMO_SECRET, secretFrom } from './address-secret';
import { type Input, openInput } from './input-file';
import { isThere } from './ledger-file';
import { demoData } from './package-files';
import type { RunPlace } from './run-report';
import { misuse, type Stop } from './stop';

/** What the command line says. */
export interface RunOptions {
  readonly db?: string;
  readonly keepGoing?: boolean;
  readonly json?: boolean;
  readonly secretEnv: string;
}

export interface Job extends RunPlace {
  readonly secret: string;
  readonly secretEnv: string;
  readonly input: Input;
  /** Whether the file is read to its end before anything is decided. */
  readonly checksFirst: boolean;
}

const DEMO_DB = 'seatledger-demo.db';

const isDemoData = (file: string): boolean => {
  try {
    return realpathSync(file) === realpathSync(demoData);
  } catch {
    // No such file: opening it says so.
    return false;
  }
};

export const openCommands = (file: string): Promise<E.Either<Stop, Input>> =>
  openInput(file, process.stdin, 'commands');

export const prepare = async (
  given: string | undefined,
  { db, keepGoing = false, secretEnv }: RunOptions,
): Promise<E.Either<Stop, Job>> => {
  if (given === undefined && db !== undefined) {
    return E.left(
      misuse(
        `Say which commands go there: seatledger run FILE.jsonl --db FILE. To read what is piped in, ` +
          `give - as the file. The demonstration goes only into ${DEMO_DB}: seatledger run, and nothing else.`,
      ),
    );
  }
  const file = given ?? demoData;
  const isDemo = isDemoData(file);
  const place = db ?? (isDemo ? DEMO_DB : undefined);
  if (place === undefined) {
    return E.left(
      misuse('Say which ledger the commands go to: --db FILE. It is made on first use.'),
    );
  }
  const ledger = isThere(place) ? place : undefined;
  const secret = isDemo ? E.right(DEMO_SECRET) : secretFrom(process.env, secretEnv, ledger);
  if (E.isLeft(secret)) return secret;
  const input = await openCommands(file);
  if (E.isLeft(input)) return input;
  const checksFirst = input.right.isRegular && !keepGoing;

  return E.right({
    file,
    db: place,
    isDemo,
    secret: secret.right,
    secretEnv,
    input: input.right,
    checksFirst,
  });
};
