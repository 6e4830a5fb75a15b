/**
 * Thousands of small worlds in which several ledgers share one unreliable store. `SIMULATION_SEEDS` says
 * how many and `SIMULATION_SEED` from which one on; a single one prints its whole trace.
 */
import { expect, it } from '@jest/globals';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../support/run-child';
import { described, replayOf, type Tally, together } from './many';
import { simulate } from './simulate';
import { faultKinds } from './world';

const FIRST = Number(process.env['SIMULATION_SEED'] ?? 1);
const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 5_000);
const MOST_FAILED = 20;
const MOST_MILLISECONDS = 3_600_000;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A plain process runs worlds faster than a test runner, which follows every promise; one for each core. */
const onAllCores = async (): Promise<Tally> => {
  const share = Math.ceil(SEEDS / availableParallelism());
  const parts: Array<Promise<Tally>> = [];
  for (let from = 0; from < SEEDS; from += share) {
    const numbers = [FIRST + from, Math.min(share, SEEDS - from), MOST_FAILED];
    const child = runChild(join(__dirname, 'child.ts'), numbers.map(String));
    parts.push(child.line('{').then((line) => JSON.parse(line) as Tally));
  }
  return together(await Promise.all(parts));
};

/** Worlds in which a fault was found once. In these, a slow copy claims a login that its seat has left. */
const FAILED_ONCE = [8528, 13631, 19039];

it.each(FAILED_ONCE)('finds no fault any more in world %d', async (seed) => {
  // The store never went down then: what a seed makes is the same world where it still does not.
  expect((await simulate(seed, { temper: { restarting: 0 } })).problems).toEqual([]);
});

it(
  `comes to rest in ${SEEDS} unreliable worlds, with nothing lost and nothing held twice`,
  async () => {
    const tally = await onAllCores();
    if (SEEDS === 1) say((await simulate(FIRST)).trace().join('\n'));
    say(described(tally));
    for (const { seed, problems } of tally.failed) {
      say([`seed ${seed}, replay with ${replayOf(seed)}`, ...problems.slice(0, 5)].join('\n  '));
    }
    expect(tally.failed.map(({ seed }) => seed)).toEqual([]);
    expect(tally.seeds).toBe(SEEDS);
    // A few worlds may be spared this or that; hundreds may not.
    if (SEEDS < 100) return;
    expect(faultKinds.filter((kind) => tally.faults[kind] < SEEDS / 10)).toEqual([]);
    expect(tally.kills).toBeGreaterThan(SEEDS / 10);
  },
  MOST_MILLISECONDS,
);

it('tells the same story for the same seed, in the same words', async () => {
  const told = async (seed: number): Promise<string> => (await simulate(seed)).trace().join('\n');
  for (const seed of [FIRST, FIRST + 1, FIRST + 2]) {
    const story = await told(seed);
    expect(story.length).toBeGreaterThan(1000);
    // Another world in between must leave no trace in the next.
    await simulate(seed + 1000);
    expect(await told(seed)).toBe(story);
  }
});

it('passes no real time and gives every global back', async () => {
  const { setTimeout, setImmediate } = globalThis;
  const { random } = Math;
  await simulate(FIRST);
  expect(globalThis.setTimeout).toBe(setTimeout);
  expect(globalThis.setImmediate).toBe(setImmediate);
  expect(Math.random).toBe(random);
});
