/** Writers killed at any moment: what was acknowledged lasts, and everything else is whole or absent. */
import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { sqliteStore } from '../../src/adapters/sqlite';
import { openLedger } from '../../src/application/open-ledger';
import { startWriter, type Writer } from './children';
import { inFile, inParallel, isLong, newPath, seed, Tally, TIMEOUT_MS } from './runs';
import { type Chance, chanceFrom } from './seeded';
import { addressSecret } from './sending';
import { transcriptOf } from './transcript';

const tally = new Tally('kills');

const CHAINS = isLong ? 320 : 40;
const KILLS_IN_A_CHAIN = 5;
const CROWDS = isLong ? 80 : 8;
const PAIRS = isLong ? 120 : 12;

/** Of this file alone, whatever the machine lacks for the other crash tests. */
const FEWEST_KILLS = 200;

/** More than anybody gets to finish before the kill. */
const ENDLESS = { sittings: 10_000, steps: 10 };

const numbered = (count: number): ReadonlyArray<number> => [...Array(count).keys()];

/** In events: so many of them go into the index of ids together. */
const INDEXED_TOGETHER = 8_192;

/**
 * A new ledger that fills the index of ids once it has so many events, which is at the position where that many
 * would stand if others had come before: a writer that is killed has seldom written as many.
 */
const indexingAt = async (events: number): Promise<string> => {
  const path = newPath();
  const ledger = await openLedger({ store: sqliteStore(path), addressSecret });
  await ledger.close();
  const end = String(events - 1 - INDEXED_TOGETHER);
  inFile(path, (database) => {
    database.exec(`UPDATE event_ids_end SET position = ${end}`);
  });
  return path;
};

const noteIndexed = (path: string): void => {
  const sql = 'SELECT position FROM event_ids_end WHERE position >= 0';
  const rows = inFile(path, (database) => database.prepare(sql).all());
  if (rows.length > 0) tally.add('indexes filled');
};

/** Kills while the ledger is opened, or after some lines and then at any moment. */
const killSomewhere = async (writer: Writer, chance: Chance): Promise<void> => {
  const isOpening = chance.onceIn(6);
  await writer.said(isOpening ? 1 : chance.between(2, isLong ? 160 : 60));
  await sleep(chance.between(0, isOpening ? 12 : 3));
  writer.kill();
  expect(await writer.exit).toEqual({ code: null, signal: 'SIGKILL', errors: '' });
  tally.add('kills');
};

describe(`writers that are killed (CRASH_SEED=${seed})`, () => {
  it(
    'one after the other on one file, each on what the dead one left',
    async () => {
      await inParallel(numbered(CHAINS), async (chain) => {
        const chance = chanceFrom(`${seed}/chain/${chain}`);
        const path = chain % 2 === 0 ? newPath() : await indexingAt(chance.between(5, 120));
        const writers: Array<Writer> = [];
        for (const kill of numbered(KILLS_IN_A_CHAIN)) {
          const plan = { path, seed: `${seed}/${chain}`, writer: `w${kill}`, ...ENDLESS };
          const writer = startWriter({ ...plan, lanes: chance.between(1, 4) });
          writers.push(writer);
          await killSomewhere(writer, chance);
        }
        noteIndexed(path);
        await tally.judge(path, transcriptOf(writers.map(({ lines }) => lines())), { chain });
      });
      expect(tally.of('indexes filled')).toBeGreaterThan(CHAINS / 8);
      expect(tally.of('kills')).toBe(CHAINS * KILLS_IN_A_CHAIN);
      expect(tally.of('kills')).toBeGreaterThanOrEqual(FEWEST_KILLS);
    },
    TIMEOUT_MS,
  );

  it(
    'while a thread commits for a crowd of callers',
    async () => {
      const before = tally.of('kills');
      await inParallel(numbered(CROWDS), async (crowd) => {
        const chance = chanceFrom(`${seed}/crowd/${crowd}`);
        const path = crowd % 2 === 0 ? newPath() : await indexingAt(chance.between(200, 1_500));
        const plan = { path, seed: `${seed}/crowd/${crowd}`, writer: 'w', lanes: 64 };
        const writer = startWriter({ ...plan, ...ENDLESS, steps: 1_000 });
        await writer.says('["beside"]');
        await sleep(chance.between(0, 60));
        writer.kill();
        expect(await writer.exit).toEqual({ code: null, signal: 'SIGKILL', errors: '' });
        tally.add('kills');
        noteIndexed(path);
        await tally.judge(path, transcriptOf([writer.lines()]), { crowd });
      });
      expect(tally.of('kills') - before).toBe(CROWDS);
    },
    TIMEOUT_MS,
  );

  it(
    'while another one writes to the same file: it goes on undisturbed, or dies too',
    async () => {
      const before = tally.of('kills');
      await inParallel(numbered(PAIRS), async (pair) => {
        const chance = chanceFrom(`${seed}/pair/${pair}`);
        const path = newPath();
        const plan = { path, seed: `${seed}/pair/${pair}`, lanes: 2 };
        const survives = pair % 2 === 0;
        const victim = startWriter({ ...plan, writer: 'a', ...ENDLESS });
        const other = startWriter({
          ...plan,
          writer: 'b',
          ...(survives ? { sittings: 3, steps: 15 } : ENDLESS),
        });
        await Promise.all([
          killSomewhere(victim, chance),
          survives ? finish(other) : killSomewhere(other, chance),
        ]);
        await tally.judge(path, transcriptOf([victim.lines(), other.lines()]), { pair });
      });
      // In every second pair both of them die.
      expect(tally.of('kills') - before).toBe(PAIRS * 1.5);
      expect(tally.of('survivors')).toBe(PAIRS / 2);
    },
    TIMEOUT_MS,
  );
});

/** The survivor has to end by itself, and with an answer to everything. */
const finish = async (writer: Writer): Promise<void> => {
  expect(await writer.exit).toEqual({ code: 0, signal: null, errors: '' });
  const lines = writer.lines();
  const told = lines.filter((line) => /^\["(sent|answered)"/.test(line));
  expect({ lines: told.length, last: lines.at(-1) }).toEqual({
    lines: 2 * 2 * 45,
    last: '["done"]',
  });
  const failed = [...transcriptOf([lines]).values()].filter(
    ({ answer }) => answer?._tag === 'Left' && answer.left.type !== 'Refused',
  );
  expect(failed).toEqual([]);
  tally.add('survivors');
};
