/** Whoever reads a long log gives others a turn between its pages: a process is not held up, and heeds Ctrl-C. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  exportEvents,
  type Ledger,
  openLedger,
  type RecordedEvent,
  type StoreConnector,
} from '../../src';
import { sqliteReadModel } from '../../src/adapters/sqlite';
import { readLog } from '../../src/cli/read-report';
import {
  admin,
  ann,
  holding,
  lockSeat,
  scenario,
  seated,
  unlockSeat,
  violationsIn,
} from '../../src/testing';
import { storeOf } from '../support/edited-store';
import { first, yes } from './cast';

const PAGES = 5;
const EVENTS = PAGES * 1000;

/** A log of that many events, the last of which are one and the same, at ever higher places. */
const longLog = async (): Promise<ReadonlyArray<RecordedEvent>> => {
  const log: Array<RecordedEvent> = [];
  const locking = [lockSeat(ann), unlockSeat(ann)].map((command) => [admin, command] as const);
  await scenario(...seated(ann, admin), ...holding(ann, first), ...locking).onStage(
    async (stage) => {
      log.push(...(await stage.log()));
    },
  );
  const last = log.at(-1);
  if (last === undefined) throw new Error('Nothing was logged.');
  for (let further = 1n; log.length < EVENTS; further += 1n) {
    log.push({
      ...last,
      id: `00000000-0000-5000-8000-${String(further).padStart(12, '0')}`,
      revision: last.revision + further,
      position: last.position + further,
    });
  }
  return log;
};

let folder: string;
let store: StoreConnector;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'long-logs-'));
  store = storeOf(await longLog(), { positions: 'consecutive' });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** How often the event loop came round before the work was done. */
const turnsDuring = async (work: () => Promise<unknown>): Promise<number> => {
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  try {
    await work();
    return turns;
  } finally {
    isDone = true;
  }
};

const onLedger =
  (ask: (ledger: Ledger) => Promise<unknown>, isKept = false) =>
  async () => {
    const ledger = await openLedger({
      store,
      addressSecret: 'a secret for tests only',
      recoverAtOpen: false,
      ...(isKept && { readModel: sqliteReadModel(join(folder, 'views.db')) }),
    });
    yes((await ask(ledger)) as Parameters<typeof yes>[0]);
    await ledger.close();
  };

const reported = async (): Promise<void> => {
  const connected = yes(await store.connect());
  const read = { store: connected, head: yes(await connected.head()), file: 'long.db' };
  yes(await readLog(read, { passed: () => undefined }, new AbortController().signal));
};

describe('a log of several pages leaves the event loop free', () => {
  it.each<[reader: string, work: () => Promise<unknown>]>([
    ['a view', onLedger(({ views }) => views.seats.list(admin))],
    ['a view that is kept', onLedger(({ views }) => views.seats.list(admin), true)],
    ['a view as of a point', onLedger(({ asOf }) => asOf({ position: '99999' }).seats.list(admin))],
    ['a timeline', onLedger(({ timeline }) => timeline(admin, 'dee'))],
    ['the search for a command', onLedger(({ why }) => why(admin, 'unknown'))],
    ['a proof', onLedger(({ verify }) => verify())],
    ['another policy', onLedger(({ whatIf }) => whatIf(admin, {}))],
    ['an audit', async () => violationsIn(yes(await store.connect()))],
    ['an export', async () => yes(await exportEvents(store, () => undefined))],
    ['a report', reported],
  ])('to others while it is read by %s', async (_, work) => {
    expect(await turnsDuring(work)).toBeGreaterThanOrEqual(PAGES - 1);
  });

  it('and stops between two pages when a report is not wanted any more', async () => {
    const connected = yes(await store.connect());
    const read = { store: connected, head: BigInt(EVENTS - 1), file: 'long.db' };
    const stop = new AbortController();
    let position = 0;
    const passed = (reached: bigint | string): void => {
      position = Number(reached);
    };
    setImmediate(() => {
      stop.abort();
    });
    expect(await readLog(read, { passed }, stop.signal)).toMatchObject({ left: 'stopped' });
    expect(position).toBeLessThan(EVENTS - 1);
  });
});
