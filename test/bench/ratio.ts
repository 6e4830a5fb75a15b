/** What a bench answers: our rate beside another's, measured in the same rounds. */
import type { Measured } from './rounds';

export interface Ratio {
  readonly work: string;
  /** What ours is measured against. */
  readonly against: string;
  /** Medians, in units a second. */
  readonly rates: { readonly against: number; readonly ours: number };
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

const rateOf = (measured: ReadonlyArray<Measured>, name: string): number => {
  const found = measured.find((one) => one.name === name);
  if (found === undefined) throw new Error(`Nothing called ${name} was measured.`);
  return found.median;
};

export const ratioOf = (
  { work, against, ours, atLeast }: Comparison,
  measured: ReadonlyArray<Measured>,
): Ratio => {
  const rates = { against: rateOf(measured, against), ours: rateOf(measured, ours) };
  return {
    work,
    against,
    rates: { against: Math.round(rates.against), ours: Math.round(rates.ours) },
    ratio: Math.round((rates.ours / rates.against) * 100) / 100,
    atLeast,
    rounds: measured.filter(({ name }) => name === against || name === ours),
  };
};

const verdict = (ratio: number, atLeast: number | undefined): string =>
  atLeast === undefined
    ? ''
    : ` of at least ${atLeast.toFixed(2)}, ${ratio >= atLeast ? 'reached' : 'missed'}`;

export const printed = ({ work, against, rates, ratio, atLeast }: Ratio): string =>
  `${work.padEnd(30)} ${String(rates.ours).padStart(8)}/s, ${against} ${String(rates.against).padStart(8)}/s: ` +
  `${ratio.toFixed(2)}${verdict(ratio, atLeast)}\n`;
