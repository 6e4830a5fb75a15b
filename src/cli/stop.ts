/** Why a command ends early, in words for the person at the terminal. */
import type { Failure } from '../application/failures';
import { exitCodes } from './exit-codes';
import { printJson } from './terminal';

/** A reason to stop that is nobody's bug. */
export interface Stop {
  /** What the command line says itself, or the type of the ledger's failure. */
  readonly type:
    | 'Usage'
    | 'FaultyLines'
    | 'Interrupted'
    | 'InputBroken'
    | 'OutputBroken'
    | 'ImportRefused'
    | Failure['type'];
  readonly message: string;
  readonly exitCode: number;
  /** What else the one JSON document says. */
  readonly details?: object;
}

export const misuse = (message: string): Stop => ({
  type: 'Usage',
  message,
  exitCode: exitCodes.usage,
});

export const failed = ({ type, message }: Failure): Stop => ({
  type,
  // The option that the ledger names here is one of the library, which the command line does not have.
  message: type === 'StoreBusy' ? message.replace(', or raise busyTimeoutMs.', ' later.') : message,
  exitCode: exitCodes.failure,
});

/** Tells why, and answers the exit code. */
export const tellStop = ({ type, message, exitCode, details }: Stop, asJson: boolean): number => {
  if (asJson) printJson({ outcome: 'failed', exitCode, failure: { type, message }, ...details });
  process.stderr.write(`seatledger: ${message}\n`);
  return exitCode;
};
