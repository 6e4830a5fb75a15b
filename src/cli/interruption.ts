/**
 * Ctrl-C and its relatives: the first asks a command to stop at a whole line, the second ends it at once.
 * The signals are not given back: one that comes when all is done would end the process before it has told
 * so, with the exit code of one that was stopped.
 */
import { type Interruption, signalCodes } from './exit-codes';

export interface Interruptions {
  /** Aborted by the first signal. */
  readonly stop: AbortSignal;
  readonly by: () => Interruption | null;
}

const signals = Object.keys(signalCodes) as ReadonlyArray<Interruption>;

export const listenForInterruptions = (): Interruptions => {
  const controller = new AbortController();
  let first: Interruption | null = null;
  const onSignal = (signal: Interruption): void => {
    // Whatever was acknowledged is safe on disk, and a command is kept whole or not at all.
    if (first !== null) process.exit(signalCodes[signal]);
    first = signal;
    controller.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return { stop: controller.signal, by: () => first };
};
