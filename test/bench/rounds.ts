/** Rounds that interleave what is compared, so that whatever slows the machine slows all of it. */

export interface Contender {
  readonly name: string;
  /** Makes what the next run works on, unmeasured. */
  readonly prepare?: () => void;
  /** Does the work once; answers how many units were done. */
  readonly run: () => Promise<number>;
}

export interface Measured {
  readonly name: string;
  /** Units a second, of each round. */
  readonly rates: ReadonlyArray<number>;
  readonly median: number;
}

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [
    sorted[sorted.length % 2 === 0 ? middle - 1 : middle],
    sorted[middle],
  ];
  return (low + high) / 2;
};

const rateOf = async ({ prepare, run }: Contender): Promise<number> => {
  prepare?.();
  const start = performance.now();
  const units = await run();
  return units / ((performance.now() - start) / 1000);
};

/**
 * Lets all contenders run unmeasured, then `rounds` times each, in turns.
 *
 * @param warmUps times before it counts: more where a run is too short for the compiler to be done with it
 */
export const compared = async (
  contenders: ReadonlyArray<Contender>,
  rounds: number,
  warmUps = 1,
): Promise<ReadonlyArray<Measured>> => {
  const rates = new Map<string, Array<number>>(contenders.map(({ name }) => [name, []]));
  for (let time = 0; time < warmUps; time += 1) {
    for (const contender of contenders) await rateOf(contender);
  }
  for (let round = 0; round < rounds; round += 1) {
    // Who goes first changes, so that nobody always follows the same one.
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const contender of order) rates.get(contender.name)?.push(await rateOf(contender));
  }
  return contenders.map(({ name }) => {
    const all = rates.get(name) ?? [];
    return { name, rates: all, median: median(all) };
  });
};
