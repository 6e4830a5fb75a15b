/**
 * What reading a whole log costs: into three views, every event decoded, beside bare parsing of its text.
 * And what keeping the views saves: opening a ledger beside that rebuild.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { prepareQuery } from '../../src/adapters/sqlite/driver';
import type { EventStore } from '../../src/application/ports';
import { openByHand } from './by-hand';
import { keepViews, opening } from './opening';
import { nameOf, writePlausibleFile } from './plausible-file';
import { type Ratio, ratioOf } from './ratio';
import { openedForReading, rebuilt } from './rebuilding';
import { compared, type Contender } from './rounds';

const SEATS = Number(process.env['BENCH_SEATS'] ?? 100_000);
/**
 * Of so many events, one is in the sample that is parsed: all of them would fill the memory. The file tells
 * its histories in turns of ten; a sample in step with them would be of some steps only.
 */
const ONE_OF = 11;
/** Of one that keeps its mailbox. */
const EVENTS_OF_A_SEAT = 10;
const MEGABYTE = 1_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const heldMegabytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / MEGABYTE;
};

/** Type and data of a sample of events, one line each. */
const sampleOf = (path: string): ReadonlyArray<string> => {
  const database = openByHand(path);
  const rows = prepareQuery(
    database,
    'SELECT type, data FROM events WHERE position % ? = 1',
  )(ONE_OF);
  const lines = rows.map(
    ([type, data]) => `{"type":${JSON.stringify(type)},"data":${String(data)}}`,
  );
  database.close();
  return lines;
};

const parsing = (lines: ReadonlyArray<string>): Contender => ({
  name: 'JSON.parse',
  run: () => {
    for (let time = 0; time < ONE_OF; time += 1) {
      for (const line of lines) JSON.parse(line);
    }
    return Promise.resolve(lines.length * ONE_OF);
  },
});

const replaying = (store: EventStore, events: number): Contender => ({
  name: 'replay',
  run: async () => {
    await rebuilt(store, events);
    return events;
  },
});

export const measureReplay = async (rounds: number): Promise<ReadonlyArray<Ratio>> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    // First, while the process is as small as it will ever be.
    process.stdout.write(await memoryReport(folder));
    const path = join(folder, 'replay.db');
    const events = await writePlausibleFile(path, SEATS);
    const lines = sampleOf(path);
    const store = await openedForReading(path);
    const somebody = nameOf(0);
    const seconds = await keepViews(path, somebody);
    process.stdout.write(`all views of ${events} events were kept in ${seconds.toFixed(1)} s\n`);
    const measured = await compared(
      [parsing(lines), replaying(store, events), opening(path, somebody, events)],
      rounds,
    );
    await store.close();
    const replay = {
      work: `replay of ${events} events`,
      against: 'JSON.parse',
      ours: 'replay',
      atLeast: 0.4,
    };
    // Under 0.02 of the time of a rebuild, and of the shorter one: three views in memory, not all in a file.
    const open = { work: 'opening, views kept', against: 'replay', ours: 'opening', atLeast: 50 };
    return [ratioOf(replay, measured), ratioOf(open, measured)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Logs of as many seats, and of several times as many events, which say no more about them: the views are as
 * large, and what a replay takes beside them should grow no further.
 */
const memoryReport = async (folder: string): Promise<string> => {
  const lines: Array<string> = [];
  for (const times of [1, 5, 12]) {
    const mailings = 1 + (times - 1) * EVENTS_OF_A_SEAT;
    const path = join(folder, `memory-${mailings}.db`);
    const events = await writePlausibleFile(path, SEATS / 10, mailings);
    const store = await openedForReading(path);
    lines.push(`memory: ${await memoryOf(store, events)}\n`);
    await store.close();
  }
  return lines.join('');
};

const memoryOf = async (store: EventStore, events: number): Promise<string> => {
  const before = heldMegabytes();
  const base = process.memoryUsage.rss() / MEGABYTE;
  let most = 0;
  const views = await rebuilt(store, events, () => {
    most = Math.max(most, process.memoryUsage.rss() / MEGABYTE);
  });
  const held = heldMegabytes() - before;
  return (
    `${events} events of ${SEATS / 10} seats in ${views.length} views hold ${held.toFixed(1)} MB; ` +
    `while reading, the process grew by at most ${(most - base).toFixed(0)} MB`
  );
};
