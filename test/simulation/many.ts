/** Many simulated worlds, one after the other, and what came of them. */
import { simulate, type SimulationOptions } from './simulate';
import { type FaultKind, faultKinds } from './world';

/** A world in which something was wrong. */
export interface Failed {
  readonly seed: number;
  readonly problems: ReadonlyArray<string>;
}

export interface Tally {
  readonly seeds: number;
  readonly failed: ReadonlyArray<Failed>;
  readonly commands: number;
  readonly sendings: number;
  readonly calls: number;
  readonly kills: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
}

/** Runs `seeds` worlds from `first` on; stops once `mostFailed` of them were wrong. */
export const simulateMany = async (
  first: number,
  seeds: number,
  mostFailed: number,
  options: SimulationOptions = {},
): Promise<Tally> => {
  const failed: Array<Failed> = [];
  const sums = { seeds: 0, commands: 0, sendings: 0, calls: 0, kills: 0 };
  const faults = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<
    FaultKind,
    number
  >;
  for (let seed = first; seed < first + seeds && failed.length < mostFailed; seed += 1) {
    const simulated = await simulate(seed, options);
    sums.seeds += 1;
    sums.commands += simulated.commands;
    sums.sendings += simulated.sendings;
    sums.calls += simulated.calls;
    sums.kills += simulated.kills;
    for (const kind of faultKinds) faults[kind] += simulated.faults[kind];
    if (simulated.problems.length > 0) failed.push({ seed, problems: simulated.problems });
    // The test runner may want to say something between two worlds.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { ...sums, failed, faults };
};

/** The one line that shows the whole story of a seed. */
export const replayOf = (seed: number): string =>
  `SIMULATION_SEED=${seed} SIMULATION_SEEDS=1 npx jest test/simulation/simulation.test.ts`;

/** What is printed in the end. */
export const described = ({ seeds, commands, sendings, calls, kills, faults }: Tally): string =>
  [
    `${seeds} worlds: ${commands} commands, sent ${sendings} times, in ${calls} store calls; ` +
      `${kills} processes killed`,
    ...faultKinds.map((kind) => `  ${String(faults[kind]).padStart(7)} ${kind}`),
  ].join('\n');

const sum = (tallies: ReadonlyArray<Tally>, of: (tally: Tally) => number): number =>
  tallies.reduce((total, tally) => total + of(tally), 0);

/** What several parts of one run came to. */
export const together = (tallies: ReadonlyArray<Tally>): Tally => ({
  seeds: sum(tallies, ({ seeds }) => seeds),
  failed: tallies.flatMap(({ failed }) => failed),
  commands: sum(tallies, ({ commands }) => commands),
  sendings: sum(tallies, ({ sendings }) => sendings),
  calls: sum(tallies, ({ calls }) => calls),
  kills: sum(tallies, ({ kills }) => kills),
  faults: Object.fromEntries(
    faultKinds.map((kind) => [kind, sum(tallies, ({ faults }) => faults[kind])]),
  ) as Record<FaultKind, number>,
});
