/** Proves that the simulation can fail: every broken store is noticed within a few hundred seeds. */
import { expect, it } from '@jest/globals';
import { noticed, plants } from './planted';
import { simulate } from './simulate';

it.each(plants)(
  'notices a store that $fault',
  async ({ plant, problem }) => {
    expect(await noticed((seed) => simulate(seed, { plant }), problem)).toMatch(problem);
  },
  600_000,
);
