/** An import that is killed at any moment leaves no ledger, or all of it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSqlite, sqliteStore } from '../../src/adapters/sqlite';
import { chanceFrom } from '../crash/seeded';
import { type Child, runChild } from '../support/run-child';
import { enlarged, exported, inChunks } from './exported-files';

const seed = process.env['CRASH_SEED'] ?? '1';
const KILLS = process.env['CRASH'] === 'long' ? 200 : 20;
/** What the import is at when it is killed: finishing is writing the rest, syncing, giving the name. */
const MOMENTS = ['reading', 'finishing', 'finishing', 'finishing', 'ended'] as const;
const PIECE = 64 * 1024;
const TIMEOUT_MS = 600_000;

const whole = enlarged(8);
const pieces = Math.ceil(whole.length / PIECE);

let folder = '';
let source = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'transfer-kills-'));
  source = join(folder, 'whole.jsonl');
  writeFileSync(source, whole);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ALL_READ = pieces + 1;
const ENDED = pieces + 2;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const importing = (target: string): Child =>
  runChild(join(__dirname, 'importing-child.ts'), [source, target, String(PIECE)]);

/** Starts an import and kills it when it has said so many lines, and so many turns later. */
const killed = async (target: string, said: number, turns: number): Promise<void> => {
  const child = importing(target);
  await child.count(said);
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  child.kill('SIGKILL');
  await child.exit;
};

/** About how many turns of ours an import takes from its last line to its end: where to aim. */
const turnsToEnd = async (): Promise<number> => {
  const child = importing(join(mkdtempSync(join(folder, 'aim-')), 'ledger.db'));
  await child.count(ALL_READ);
  let turns = 0;
  while (child.lines.length < ENDED) {
    await nextTurn();
    turns += 1;
  }
  child.kill('SIGKILL');
  await child.exit;
  return turns;
};

/** Which of the two it is; anything else is what must not be. */
const leftBy = async (place: string): Promise<'nothing' | 'all of it' | 'a part'> => {
  if (!readdirSync(place).includes('ledger.db')) return 'nothing';
  const out = await exported(sqliteStore(join(place, 'ledger.db'), { readOnly: true }));
  return Buffer.from(out).equals(whole) ? 'all of it' : 'a part';
};

describe(`an import that is killed (CRASH_SEED=${seed})`, () => {
  it(
    `${KILLS} times at random leaves no ledger, or all of it, and can be done again`,
    async () => {
      const chance = chanceFrom(`${seed}/import`);
      const turns = await turnsToEnd();
      const found = { nothing: 0, 'all of it': 0, 'a part': 0 };
      for (let kill = 0; kill < KILLS; kill += 1) {
        const place = mkdtempSync(join(folder, 'kill-'));
        const target = join(place, 'ledger.db');
        const moment = MOMENTS[kill % MOMENTS.length] ?? 'reading';
        if (moment === 'reading') await killed(target, chance.between(1, pieces), chance.below(50));
        if (moment === 'finishing') await killed(target, ALL_READ, chance.below(turns));
        if (moment === 'ended') await killed(target, ENDED, 0);

        const left = await leftBy(place);
        found[left] += 1;
        if (moment !== 'finishing') expect(left).toBe(moment === 'ended' ? 'all of it' : 'nothing');
        if (left === 'all of it') continue;

        if (readdirSync(place).includes('ledger.db.importing')) {
          expect(await importSqlite(target, inChunks(whole))).toMatchObject({
            left: { problem: 'TargetExists', message: expect.stringContaining('delete it') },
          });
          rmSync(join(place, 'ledger.db.importing'));
        }
        expect(await importSqlite(target, inChunks(whole))).toMatchObject({ _tag: 'Right' });
        expect(await leftBy(place)).toBe('all of it');
        expect(readdirSync(place).filter((name) => name.includes('importing'))).toEqual([]);
      }
      expect(found['a part']).toBe(0);
    },
    TIMEOUT_MS,
  );

  it('would be seen to leave a part', async () => {
    const place = mkdtempSync(join(folder, 'part-'));
    await importSqlite(join(place, 'ledger.db'), inChunks(enlarged(1)));
    expect(await leftBy(place)).toBe('a part');
    expect(await leftBy(mkdtempSync(join(folder, 'none-')))).toBe('nothing');
  });
});
