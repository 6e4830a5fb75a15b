/** What reading a whole log costs: into three views, every event decoded, beside bare parsing of its text. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isLeft } from 'fp-ts/lib/Either.js';
import { LiveProjection, projections } from '../../projections';
import { sqliteStore } from '../../src/adapters/sqlite';
import { readOn } from '../../src/application/following/log-tail';
import { BEFORE_ALL, type EventStore } from '../../src/application/ports';
import { openByHand } from './by-hand';
import { writePlausibleFile } from './plausible-file';
import { prepareQuery } from '../../src/adapters/sqlite/driver';
import { type Ratio, ratioOf } from './ratio';
import { compared } from './rounds';

const SEATS = Number(process.env['BENCH_SEATS'] ?? 100_000);
/** Of so many events, one is in the sample that is parsed: all of them would fill the memory. */
const ONE_OF = 10;
const MEGABYTE = 1_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const heldMegabytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / MEGABYTE;
};

const opened = async (path: string): Promise<EventStore> => {
  const store = await sqliteStore(path, { readOnly: true }).connect();
  if (isLeft(store)) throw new Error(store.left.message);
  return store.right;
};

const emptyViews = () => [
  new LiveProjection(projections.seats),
  new LiveProjection(projections.draftsLost),
  new LiveProjection(projections.sequencesStopped),
];

/** Reads everything into views. Answers them, and the most memory that was in use after a page. */
const replayed = async (store: EventStore, events: number) => {
  const views = emptyViews();
  let most = 0;
  const last = await readOn(
    store,
    BEFORE_ALL,
    ({ position }, event) => {
      for (const view of views) {
        if (event === undefined) view.pass(position);
        else view.apply(event);
      }
    },
    () => {
      most = Math.max(most, process.memoryUsage.rss() / MEGABYTE);
      return undefined;
    },
  );
  if (isLeft(last)) throw new Error(last.left.message);
  if (last.right !== BigInt(events - 1))
    throw new Error(`Only ${last.right} of ${events} were read.`);
  return { views, most };
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

export const measureReplay = async (rounds: number): Promise<ReadonlyArray<Ratio>> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const path = join(folder, 'replay.db');
    const events = await writePlausibleFile(path, SEATS);
    const lines = sampleOf(path);
    const store = await opened(path);
    // Before the rounds, while the process is as small as it will ever be.
    process.stdout.write(await memoryReport(store, events));
    const measured = await compared(
      [
        {
          name: 'JSON.parse',
          run: () => {
            for (let time = 0; time < ONE_OF; time += 1) {
              for (const line of lines) JSON.parse(line);
            }
            return Promise.resolve(lines.length * ONE_OF);
          },
        },
        {
          name: 'replay',
          run: async () => {
            await replayed(store, events);
            return events;
          },
        },
      ],
      rounds,
    );
    await store.close();
    return [
      ratioOf(
        {
          work: `replay of ${events} events`,
          against: 'JSON.parse',
          ours: 'replay',
          atLeast: 0.4,
        },
        measured,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const memoryReport = async (store: EventStore, events: number): Promise<string> => {
  const before = heldMegabytes();
  const base = process.memoryUsage.rss() / MEGABYTE;
  const { views, most } = await replayed(store, events);
  const held = heldMegabytes() - before;
  return (
    `memory: ${views.length} views of ${SEATS} seats hold ${held.toFixed(0)} MB; ` +
    `while reading, the process grew by at most ${(most - base).toFixed(0)} MB\n`
  );
};
