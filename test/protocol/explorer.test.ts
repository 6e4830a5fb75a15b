/** The claim protocol in every interleaving of two or three actors, any of which may crash before any step. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explore, type Explored } from './explorer';
import type { Scenario } from './scenario';
import { scenarios } from './scenarios';
import { variants } from './variants';

/** Far beyond what a slow or busy machine takes. */
const MOST_MILLISECONDS = 1_200_000;

let all: ReadonlyArray<Scenario> = [];
beforeAll(async () => {
  all = await scenarios();
});

describe('the protocol', () => {
  const counted: Array<string> = [];
  const sums = { worlds: 0, transitions: 0 };

  const count = (name: string, { worlds, transitions }: Omit<Explored, 'fault'>): void => {
    const numbers = [worlds, transitions].map((number) => String(number).padStart(9));
    counted.push(`${numbers.join('')}  ${name}`);
  };

  it(
    'never breaks, always comes to rest, and to whatever it may come to',
    async () => {
      for (const scenario of all) {
        const explored = await explore(scenario, { name: 'right' });
        expect({ [scenario.name]: explored.fault }).toEqual({ [scenario.name]: undefined });
        expect(explored.cameTo).toEqual([...scenario.comesTo].sort());
        sums.worlds += explored.worlds;
        sums.transitions += explored.transitions;
        count(scenario.name, explored);
      }
      expect(all.length).toBeGreaterThan(20);
      // A scenario in which nobody gets into anybody's way would show nothing.
      expect(sums.worlds).toBeGreaterThan(250_000);
    },
    MOST_MILLISECONDS,
  );

  afterAll(() => {
    count('in all, no fault', { ...sums, stores: 0, cameTo: [] });
    process.stdout.write(`\nThe explorer visited, by worlds and steps:\n${counted.join('\n')}\n`);
  });
});

describe('the explorer catches a protocol that', () => {
  it.each(variants)(
    '$name',
    async (variant) => {
      const scenario = all.find(({ name }) => name === variant.shownBy);
      if (scenario === undefined) throw new Error(`There is no scenario: ${variant.shownBy}`);
      const { fault } = await explore(scenario, variant);
      expect(fault?.what).toMatch(variant.found);
    },
    MOST_MILLISECONDS,
  );

  it('never comes to what it may come to', async () => {
    const [scenario] = all;
    if (scenario === undefined) throw new Error('There is no scenario.');
    const hoped = { ...scenario, comesTo: [...scenario.comesTo, 'both hold it'] };
    const { fault } = await explore(hoped, { name: 'right' });
    expect(fault?.what).toBe('never comes to both hold it');
  });
});
