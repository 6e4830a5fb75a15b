/**
 * Other libraries at the same work, as their own documentation does it: `npm run bench -- peers`. They do
 * less for a command (no rules, no refusals, no identity) and fold less for a view.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../../../src/adapters/memory';
import { sqliteStore } from '../../../src/adapters/sqlite';
import { type Ledger, openLedger } from '../../../src';
import { Activity, byLedger, setUpSeats } from '../activity';
import { SECRET, writePlausibleFile } from '../plausible-file';
import { type Comparison, type Ratio, ratioOf } from '../ratio';
import { openedForReading, rebuilt } from '../rebuilding';
import { compared, type Contender } from '../rounds';
import { actRebuild } from './act';
import { castoreInMemory } from './castore';
import { emmettInMemory, emmettRebuild, emmettSqlite, fillEmmett } from './emmett';

const SEATS = 200;
/** Commands a round: enough for a good part of a second each. */
const DURABLE = 1_000;
const DURABLE_PEER = 100;
const IN_MEMORY = 4_000;
/** Before it counts, where a round is so short that the compiler is not done after one. */
const WARM_UPS = 8;
/** Events to rebuild from, a round. */
const EMMETT_EVENTS = 5_000;
const ACT_EVENTS = 50_000;
const OUR_SEATS = 10_000;

const opened = async (store: Parameters<typeof openLedger>[0]['store']): Promise<Ledger> => {
  const ledger = await openLedger({ store, addressSecret: SECRET });
  await setUpSeats(ledger, SEATS);
  return ledger;
};

const activity = (name: string): Activity => new Activity(name, SEATS, 1);

/** Measures two or more, and answers how the first one compares with each of the others. */
const ratiosOf = async (
  rounds: number,
  contenders: ReadonlyArray<Contender>,
  targets: ReadonlyArray<Omit<Comparison, 'ours'>>,
  warmUps?: number,
): Promise<ReadonlyArray<Ratio>> => {
  const measured = await compared(contenders, rounds, warmUps);
  return targets.map((target) => ratioOf({ ...target, ours: 'seatledger' }, measured));
};

const commandsInMemory = async (rounds: number): Promise<ReadonlyArray<Ratio>> => {
  const ledger = await opened(memoryStore());
  const work = 'commands in memory, 1 caller';
  const ratios = await ratiosOf(
    rounds,
    [
      byLedger('seatledger', ledger, [activity('seatledger')], IN_MEMORY),
      emmettInMemory(activity('emmett'), IN_MEMORY),
      castoreInMemory(activity('castore'), IN_MEMORY),
    ],
    [
      { work, against: 'emmett in memory' },
      { work, against: 'castore in memory' },
    ],
  );
  await ledger.close();
  return ratios;
};

const durableCommands = async (rounds: number, folder: string): Promise<ReadonlyArray<Ratio>> => {
  const ledger = await opened(sqliteStore(join(folder, 'ours.db')));
  const ratios = await ratiosOf(
    rounds,
    [
      byLedger('seatledger', ledger, [activity('seatledger')], DURABLE),
      emmettSqlite(join(folder, 'emmett.db'), activity('emmett'), DURABLE_PEER),
    ],
    [{ work: 'durable commands, 1 caller', against: 'emmett-sqlite', atLeast: 10 }],
    WARM_UPS,
  );
  await ledger.close();
  return ratios;
};

const rebuilds = async (rounds: number, folder: string): Promise<ReadonlyArray<Ratio>> => {
  const path = join(folder, 'log.db');
  const events = await writePlausibleFile(path, OUR_SEATS);
  const store = await openedForReading(path);
  const filled = join(folder, 'emmett-log.db');
  await fillEmmett(filled, EMMETT_EVENTS);
  const ours: Contender = {
    name: 'seatledger',
    run: async () => {
      await rebuilt(store, events);
      return events;
    },
  };
  const work = 'rebuild of views';
  const ratios = await ratiosOf(
    rounds,
    [
      ours,
      emmettRebuild(filled, EMMETT_EVENTS),
      await actRebuild(join(folder, 'act.db'), ACT_EVENTS),
    ],
    [
      { work, against: 'emmett-sqlite', atLeast: 50 },
      { work, against: 'act-sqlite', atLeast: 3 },
    ],
    WARM_UPS,
  );
  await store.close();
  return ratios;
};

export const measurePeers = async (rounds: number): Promise<ReadonlyArray<Ratio>> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'));
  try {
    return [
      ...(await durableCommands(rounds, folder)),
      ...(await rebuilds(rounds, folder)),
      ...(await commandsInMemory(rounds)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
