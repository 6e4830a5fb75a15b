/** Proves that the simulation can fail: every broken store is noticed within a few hundred seeds. */
import { expect, it } from '@jest/globals';
import { simulateMany } from './many';
import { plants } from './planted';

const MOST_SEEDS = 300;

it.each(Object.entries(plants))('notices a store that %s', async (name, plant) => {
  const { failed } = await simulateMany(1, MOST_SEEDS, 1, { plant });
  const [first] = failed;
  process.stdout.write(`${name}: seed ${first?.seed ?? 'none'}: ${first?.problems[0] ?? ''}\n`);
  expect(failed).toHaveLength(1);
});
