/**
 * Ctrl-C and its relatives: the first asks a command to stop at a whole line, the second ends it at once.
 * It listens until Node itself does not any more: a signal that comes when all is done would otherwise end
 * the process before it has told so, with the exit code of one that was stopped.
 */
import { type Interruption, signalCodes } from './exit-codes';
import { printJson } from './terminal';

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

/**
 * Tells that a command was stopped, in a sentence, and answers the exit code.
 *
 * @param by what `Interruptions.by` answers
 */
export const tellInterrupted = (
  by: Interruption | null,
  sentence: string,
  asJson: boolean,
): number => {
  const interruptedBy = by ?? 'SIGINT';
  const exitCode = signalCodes[interruptedBy];
  if (asJson) printJson({ outcome: 'interrupted', exitCode, interruptedBy });
  process.stderr.write(`seatledger: ${sentence}\n`);
  return exitCode;
};
