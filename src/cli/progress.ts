/** How far a run is: a bar on a terminal, a plain line now and then elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import { grouped, type Output } from './terminal';

export interface Progress {
  /** So much of `size` is dealt with, and so many lines or events. */
  readonly passed: (done: number, count: number) => void;
  /** Shows a line of text without disturbing the bar. */
  readonly tell: (text: string) => void;
  readonly finish: () => void;
}

export interface ProgressOptions {
  readonly output: NodeJS.WriteStream;
  /** Of the whole, in bytes or in events; 0 when unknown. */
  readonly size: number;
  readonly now: () => number;
  /** What is counted: lines unless it says otherwise. */
  readonly unit?: 'lines' | 'events';
}

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 5_000;
const SECOND_MS = 1_000;

const rateOf = (count: number, elapsedMs: number): string =>
  grouped(Math.round((count * SECOND_MS) / Math.max(elapsedMs, 1)));

const tellOn = (output: Output, text: string): void => {
  output.write(`${text}\n`);
};

const barProgress = ({ output, size, now, unit = 'lines' }: ProgressOptions): Progress => {
  const bar = new SingleBar(
    {
      stream: output,
      format: `{bar} {percentage} %  {count} ${unit}  {rate} ${unit}/s  {eta_formatted} left`,
      barsize: 20,
      clearOnComplete: true,
      // A line that was told wipes the bar, which looks unchanged.
      forceRedraw: true,
      gracefulExit: false,
      // Otherwise it is off until the end, and for good when the process is stopped before.
      linewrap: true,
    },
    Presets.shades_classic,
  );
  const started = now();
  let drawn = started;
  bar.start(size, 0, { count: '0', rate: '0' });
  return {
    passed: (done, count) => {
      const time = now();
      if (time - drawn < REDRAW_MS) return;
      drawn = time;
      bar.update(done, { count: grouped(count), rate: rateOf(count, time - started) });
    },
    tell: (text) => {
      output.clearLine(0);
      output.cursorTo(0);
      tellOn(output, text);
    },
    finish: () => {
      bar.stop();
    },
  };
};

const plainProgress = ({ output, size, now, unit = 'lines' }: ProgressOptions): Progress => {
  const started = now();
  let told = started;
  return {
    passed: (done, count) => {
      const time = now();
      if (time - told < PLAIN_LINE_MS) return;
      told = time;
      const elapsed = time - started;
      const left = Math.ceil((elapsed * (size - done)) / done / SECOND_MS);
      const known = size === 0 ? '' : `, ${grouped(Math.floor((100 * done) / size))} %`;
      const until = size === 0 ? '' : `, about ${grouped(left)} s left`;
      tellOn(
        output,
        `${grouped(count)} ${unit}${known}, ${rateOf(count, elapsed)} ${unit}/s${until}`,
      );
    },
    tell: (text) => {
      tellOn(output, text);
    },
    finish: () => undefined,
  };
};

export const showProgress = (options: ProgressOptions): Progress =>
  options.output.isTTY && options.size > 0 ? barProgress(options) : plainProgress(options);
