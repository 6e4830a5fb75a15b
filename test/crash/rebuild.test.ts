/** Views whose making is killed again and again end byte-equal to views that were made in one go. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { openLedger, type StreamAppend } from '../../src';
import { sqliteStore } from '../../src/adapters/sqlite';
import { loadDriver, prepareQuery } from '../../src/adapters/sqlite/driver';
import type { UserId } from '../../src/values/ids';
import { acme, added, deleted, registered, sequence, stopped } from '../projections/facts';
import { address, LogBuilder } from '../support/recorded';
import { runChild } from '../support/run-child';
import { type Chance, chanceFrom } from './seeded';
import { isLong, seed, TIMEOUT_MS } from './runs';

const KILLS = isLong ? 1_000 : 200;
const LANES = 2;
const SEATS = 2_000;
const STATES = 6;
/** More than any child lives, in milliseconds. */
const ENDLESS = 3_600_000;
const SECRET = 'a secret for the tests only';

/** A history with something for every view: mailboxes that come and go, and sequences that stop with them. */
const history = (): LogBuilder => {
  const log = new LogBuilder();
  for (let seat = 0; seat < SEATS; seat += 1) {
    const user = `user-${seat}` as UserId;
    const held = address(`user-${seat}@acme.example`);
    const states = Array.from({ length: STATES }, (_, state) => `s${seat}-${state}`);
    log
      .seat(acme, user, registered(user), added(user, 'r1', held))
      .seat(acme, user, ...states.map((state) => sequence(user, state, held, 'active')));
    if (seat % 3 === 0) {
      log.seat(acme, user, deleted(user, 'r2', held), stopped(user, 'r2', held, states));
    }
  }
  return log;
};

let folder: string;
const log = (): string => join(folder, 'log.db');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rebuild-'));
  await (await openLedger({ store: sqliteStore(log()), addressSecret: SECRET })).close();
  const connected = await sqliteStore(log()).connect();
  if (isLeft(connected)) throw new Error(connected.left.message);
  const store = connected.right;
  const appends = new Array<StreamAppend>();
  for (const { stream, revision, type, data, metadata } of history().events) {
    const event = { id: `${stream}/${revision}`, type, data, metadata };
    const last = appends.at(-1);
    if (last?.stream === stream) (last.events as Array<typeof event>).push(event);
    else appends.push({ stream, expectedRevision: revision - 1n, events: [event] });
  }
  const answers = await Promise.all(appends.map((append) => store.append([append])()));
  expect(answers.filter(isLeft)).toEqual([]);
  await store.close();
}, TIMEOUT_MS);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Every byte that the views keep, and how far they have come. */
const contents = (path: string): ReadonlyArray<unknown> => {
  const driver = loadDriver();
  if (driver === undefined) throw new Error('There is no SQLite.');
  const database = new driver.DatabaseSync(path, { readOnly: true });
  const all = (sql: string) => prepareQuery(database, sql)();
  const projections = all(
    `SELECT name, version, is_live, position, event_id, stream, revision, next_place, generation, tables
     FROM projections ORDER BY name`,
  );
  const found = projections.map((row) => {
    const tables = JSON.parse(String(row[9])) as ReadonlyArray<string>;
    const rows = tables.map((table) =>
      all(`SELECT kin, id, place, entry FROM "${String(row[8])} ${table}" ORDER BY place, kin, id`),
    );
    return [row.slice(0, 8), rows];
  });
  database.close();
  return found;
};

/** One life of the process that makes the views; `true` when it was killed before it was done. */
const live = async (views: string, longest: number, chance?: Chance): Promise<boolean> => {
  const child = runChild(join(__dirname, 'rebuild-child.ts'), [log(), views, SECRET]);
  await child.line('begun');
  const isOver = child.exit.then(() => true);
  const life = chance?.between(1, longest) ?? longest;
  // Nobody waits for what is left of the time when the child is done.
  if (await Promise.race([isOver, sleep(life, false, { ref: false })])) {
    const { code, errors } = await child.exit;
    if (code !== 0) throw new Error(`It ended by itself with ${code}: ${errors}`);
    return false;
  }
  child.kill('SIGKILL');
  const { signal } = await child.exit;
  return signal === 'SIGKILL' && !child.lines.includes('done');
};

describe(`views that are killed while they are made (CRASH_SEED=${seed})`, () => {
  it(
    `are byte-equal to views made in one go, after ${KILLS} kills`,
    async () => {
      const whole = join(folder, 'whole.db');
      const begun = performance.now();
      expect(await live(whole, ENDLESS)).toBe(false);
      // Long enough to get somewhere now and then, mostly too short to finish.
      const longestLife = Math.ceil((performance.now() - begun) / 3);
      const expected = contents(whole);
      expect(expected.length).toBe(6);

      let kills = 0;
      let ends = 0;
      const lane = async (number: number): Promise<void> => {
        const chance = chanceFrom(`${seed}/rebuild/${number}`);
        for (let chain = 0; kills < KILLS; chain += 1) {
          const views = join(folder, `views-${number}-${chain}.db`);
          let isDone = false;
          while (!isDone && kills < KILLS) {
            isDone = !(await live(views, longestLife, chance));
            if (!isDone) kills += 1;
          }
          // The last one may live: how often it would be killed else depends on how busy the machine is.
          if (!isDone) expect(await live(views, ENDLESS)).toBe(false);
          const found = contents(views);
          // The matcher takes seconds to find that so much is equal: it is only to tell what is not.
          if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
          rmSync(views);
          ends += 1;
        }
      };
      await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
      process.stdout.write(`rebuilds killed ${kills} times, ended ${ends} times byte-equal\n`);
      expect(kills).toBeGreaterThanOrEqual(KILLS);
      expect(ends).toBeGreaterThanOrEqual(LANES);
    },
    TIMEOUT_MS,
  );
});
