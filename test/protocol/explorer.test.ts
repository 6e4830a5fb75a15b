/** The claim protocol in every interleaving of two or three actors, any of which may crash before any step. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explore, type Scenario } from './explorer';
import { scenarios } from './scenarios';
import { variants } from './variants';

let all: ReadonlyArray<Scenario> = [];
beforeAll(async () => {
  all = await scenarios();
});

describe('the protocol', () => {
  const counted: Array<string> = [];
  let worlds = 0;

  it('never breaks, and always comes to rest', async () => {
    for (const scenario of all) {
      const explored = await explore(scenario, { name: 'right' });
      expect({ [scenario.name]: explored.fault }).toEqual({ [scenario.name]: undefined });
      worlds += explored.worlds;
      counted.push(`${String(explored.worlds).padStart(7)}  ${scenario.name}`);
    }
    expect(all.length).toBeGreaterThan(15);
    // A scenario in which nobody gets into anybody's way would show nothing.
    expect(worlds).toBeGreaterThan(100_000);
  }, 300_000);

  afterAll(() => {
    const lines = [...counted, `${String(worlds).padStart(7)}  worlds in all, no fault`];
    process.stdout.write(`\nThe explorer visited:\n${lines.join('\n')}\n`);
  });
});

describe('the explorer catches a protocol that', () => {
  it.each(variants)(
    '$name',
    async (variant) => {
      for (const scenario of all) {
        const { fault } = await explore(scenario, variant);
        if (fault === undefined) continue;
        expect(fault.what).toMatch(variant.found);
        expect(fault.trace.length).toBeGreaterThan(0);
        return;
      }
      throw new Error('No scenario shows the fault.');
    },
    300_000,
  );
});
