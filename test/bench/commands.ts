/** What a durable command costs: the ledger on SQLite beside hand-written SQL on the same history. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from '../../src/adapters/sqlite';
import type { Ledger } from '../../src/application/ledger';
import { openLedger } from '../../src/application/open-ledger';
import { runChild } from '../support/run-child';
import { Activity, byLedger, MOST_CALLERS, type Sent } from './activity';
import {
  bareCommits,
  growLog,
  loadFoldAppend,
  openByHand,
  rewriteByHand,
  singleCommits,
} from './by-hand';
import { SECRET } from './plausible-file';
import { type Ratio, ratioOf } from './ratio';
import { compared, type Contender } from './rounds';

const SEATS = 2_000;
/** Commands a round: enough for a quarter of a second or more each. */
const ALONE = 2_000;
const TOGETHER = 16_000;

/**
 * By a process of its own: one that sets seats up is compiled for that, and what is measured is a ledger that
 * opens a file which is there, as one does that is started again.
 */
const setUp = async (path: string): Promise<void> => {
  const script = join(__dirname, 'set-up-seats.ts');
  const { code, errors } = await runChild(script, [path, String(SEATS)]).exit;
  if (code !== 0) throw new Error(errors);
};

const opened = (path: string): Promise<Ledger> =>
  openLedger({ store: sqliteStore(path), addressSecret: SECRET });

const byHand = (name: string, write: (sent: Sent) => void): Contender => {
  const activity = new Activity(name.replaceAll(' ', '-'), SEATS, 1);
  let list: ReadonlyArray<Sent> = [];
  return {
    name,
    prepare: () => {
      list = activity.nextOnes(ALONE);
    },
    run: () => {
      for (const sent of list) write(sent);
      return Promise.resolve(list.length);
    },
  };
};

const callersOf = (name: string, callers: number): ReadonlyArray<Activity> =>
  Array.from(
    { length: callers },
    (_, caller) => new Activity(`${name}-${caller}`, SEATS, caller + 1),
  );

export const measureCommands = async (rounds: number): Promise<ReadonlyArray<Ratio>> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const copy = (name: string): string => {
    const path = join(folder, `${name}.db`);
    copyFileSync(join(folder, 'seats.db'), path);
    return path;
  };
  try {
    await setUp(join(folder, 'seats.db'));
    const rewritten = (name: string) =>
      rewriteByHand(join(folder, 'seats.db'), join(folder, `${name}.db`));
    const files = {
      bare: openByHand(join(folder, 'bare.db')),
      single: rewritten('single'),
      hand: rewritten('hand'),
    };
    for (const [name, file] of Object.entries(files)) growLog(file, name);
    const [alone, together] = [await opened(copy('alone')), await opened(copy('together'))];
    const measured = await compared(
      [
        byHand('bare commits', bareCommits(files.bare)),
        byHand('single commits', singleCommits(files.single)),
        byHand('by hand', loadFoldAppend(files.hand)),
        byLedger('alone', alone, callersOf('alone', 1), ALONE),
        byLedger('together', together, callersOf('together', MOST_CALLERS), TOGETHER),
      ],
      rounds,
    );
    await Promise.all([alone.close(), together.close()]);
    for (const file of Object.values(files)) file.close();
    return [
      ratioOf(
        {
          work: 'commands, 64 callers',
          against: 'single commits',
          ours: 'together',
          atLeast: 3.5,
        },
        measured,
      ),
      ratioOf(
        { work: 'commands, 64 callers', against: 'bare commits', ours: 'together' },
        measured,
      ),
      ratioOf(
        { work: 'commands, 1 caller', against: 'by hand', ours: 'alone', atLeast: 0.6 },
        measured,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
