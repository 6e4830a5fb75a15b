/** What a bench answers: our rate beside another's, measured in the same rounds. */
import { type Measured, median } from './rounds';

export interface Ratio {
  readonly work: string;
  /** What ours is measured against. */
  readonly against: string;
  /** Medians, in units a second. */
  readonly rates: { readonly against: number; readonly ours: number };
  /** The median of the rounds' own ratios: both had the same machine in each. */
  readonly ratio: number;
  /** `undefined` where nothing was promised. */
  readonly atLeast: number | undefined;
  readonly rounds: ReadonlyArray<Measured>;
}

/** Two contenders of one measurement, by name. */
export interface Comparison {
  readonly work: string;
  readonly against: string;
  readonly ours: string;
  readonly atLeast?: number;
}

const named = (measured: ReadonlyArray<Measured>, name: string): Measured => {
  const found = measured.find((one) => one.name === name);
  if (found === undefined) throw new Error(`Nothing called ${name} was measured.`);
  return found;
};

export const ratioOf = (
  { work, against, ours, atLeast }: Comparison,
  measured: ReadonlyArray<Measured>,
): Ratio => {
  const [other, own] = [named(measured, against), named(measured, ours)];
  const ratio = median(own.rates.map((rate, round) => rate / (other.rates[round] ?? NaN)));
  return {
    work,
    against,
    rates: { against: Math.round(other.median), ours: Math.round(own.median) },
    ratio: Math.round(ratio * 100) / 100,
    atLeast,
    rounds: [other, own],
  };
};

const verdict = (ratio: number, atLeast: number | undefined): string =>
  atLeast === undefined
    ? ''
    : ` of at least ${atLeast.toFixed(2)}, ${ratio >= atLeast ? 'reached' : 'missed'}`;

export const printed = ({ work, against, rates, ratio, atLeast }: Ratio): string =>
  `${work.padEnd(30)} ${String(rates.ours).padStart(8)}/s, ${against} ${String(rates.against).padStart(8)}/s: ` +
  `${ratio.toFixed(2)}${verdict(ratio, atLeast)}\n`;
