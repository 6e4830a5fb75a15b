/** How far a run is: a bar on a terminal, a plain line now and then elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import { grouped, type Output } from './terminal';

export interface Progress {
  /** `bytes` of the input, and so many lines, are dealt with. */
  readonly passed: (bytes: number, line: number) => void;
  /** Shows a line of text without disturbing the bar. */
  readonly tell: (text: string) => void;
  readonly finish: () => void;
}

export interface ProgressOptions {
  readonly output: NodeJS.WriteStream;
  /** Bytes of the whole input; 0 when unknown. */
  readonly size: number;
  readonly now: () => number;
  /** What is counted: lines unless it says otherwise. */
  readonly unit?: 'lines' | 'events';
}

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 5_000;
const SECOND_MS = 1_000;

const rateOf = (line: number, elapsedMs: number): string =>
  grouped(Math.round((line * SECOND_MS) / Math.max(elapsedMs, 1)));

const tellOn = (output: Output, text: string): void => {
  output.write(`${text}\n`);
};

const barProgress = ({ output, size, now, unit = 'lines' }: ProgressOptions): Progress => {
  const bar = new SingleBar(
    {
      stream: output,
      format: `{bar} {percentage} %  {line} ${unit}  {rate} ${unit}/s  {eta_formatted} left`,
      barsize: 30,
      clearOnComplete: true,
      // A line that was told wipes the bar, which looks unchanged.
      forceRedraw: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const started = now();
  let drawn = started;
  bar.start(size, 0, { line: '0', rate: '0' });
  return {
    passed: (bytes, line) => {
      const time = now();
      if (time - drawn < REDRAW_MS) return;
      drawn = time;
      bar.update(bytes, { line: grouped(line), rate: rateOf(line, time - started) });
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
    passed: (bytes, line) => {
      const time = now();
      if (time - told < PLAIN_LINE_MS) return;
      told = time;
      const elapsed = time - started;
      const left = Math.ceil((elapsed * (size - bytes)) / bytes / SECOND_MS);
      const known = size === 0 ? '' : `, ${grouped(Math.floor((100 * bytes) / size))} %`;
      const until = size === 0 ? '' : `, about ${grouped(left)} s left`;
      tellOn(
        output,
        `${grouped(line)} ${unit}${known}, ${rateOf(line, elapsed)} ${unit}/s${until}`,
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
