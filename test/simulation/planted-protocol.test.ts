/**
 * Proves that the simulation judges the protocol and not only its stores: ledgers that take wrong steps on
 * a sound store are noticed, and for what they do wrong.
 */
import { beforeAll, expect, it, jest } from '@jest/globals';
import type * as Processes from '../../src/processes';
import type { Known, Step, Task } from '../../src/processes';
import { variants, type Wrong } from '../protocol/variants';
import { noticed } from './planted';
import type * as Simulating from './simulate';

let variant: Wrong | undefined;
let simulate: typeof Simulating.simulate;

beforeAll(async () => {
  const real = jest.requireActual<typeof Processes>('../../src/processes');
  const nextStep = async (task: Task, known: Known): Promise<Step> => {
    const seen = variant?.seen?.(known, task) ?? known;
    const right = await real.nextStep(task, seen);
    return variant?.step?.(task, seen, right) ?? right;
  };
  jest.doMock('../../src/processes', () => ({ ...real, nextStep }));
  ({ simulate } = jest.requireActual<typeof Simulating>('./simulate'));
  // What worlds begin with is written once, and has to be right.
  expect((await simulate(1)).problems).toEqual([]);
});

it.each`
  wrong                                                                      | problem
  ${'takes the address of an approval that seems late, without stopping it'} | ${/\w+ holds mara\.\d@acme\.example, claimed for \w+/}
  ${'decides on a seat while an approval is under way there'}                | ${/\w+ gets a mailbox while locked/}
  ${'does not look at the contract'}                                         | ${/\w+ has 2 slots taken, and 1 allowed/}
`(
  'notices a protocol that $wrong',
  async (row) => {
    const { wrong, problem } = row as { readonly wrong: string; readonly problem: RegExp };
    variant = variants.find(({ name }) => name === wrong);
    expect(variant).toBeDefined();
    expect(await noticed(simulate, problem)).toMatch(problem);
  },
  600_000,
);
