/** Sends the commands of a file to the ledger, one after the other: their order is their meaning. */
import * as E from 'fp-ts/lib/Either.js';
import type { Failure } from '../application/failures';
import type { Ledger } from '../application/ledger';
import { describeInvalid, faultIn, type LineCommand, readCommand } from './command-line';
import type { NumberedLine } from './json-lines';
import type { Tally } from './tally';

/** What a person may want to watch. */
export interface Watcher {
  /** A line was dealt with. */
  readonly passed: (line: NumberedLine) => void;
  /** A line could not be taken, and why. */
  readonly faulty: (line: number, why: string) => void;
}

/** How far it got: to the end of the lines, to an interruption, or to a failure of the ledger. */
export interface Progressed {
  readonly failure: Failure | undefined;
}

/** Failures that are the line's own: the ledger is well, and the next line may be taken. */
const faultOf = (
  failure: Failure,
): { what: 'unreadable' | 'idReused'; why: string } | undefined => {
  if (failure.type === 'InvalidInput') return { what: 'unreadable', why: describeInvalid(failure) };
  return failure.type === 'CommandIdReused'
    ? { what: 'idReused', why: `${failure.message} See: seatledger why ${failure.commandId}` }
    : undefined;
};

const take = async (
  ledger: Ledger,
  given: LineCommand,
  line: number,
  tally: Tally,
  watcher: Watcher,
): Promise<Failure | undefined> => {
  const { principal, command, at } = given;
  const answer = await ledger.execute(principal, command, at === undefined ? {} : { at });
  if (E.isRight(answer)) {
    tally.answer(principal.orgId, answer, line);
    return undefined;
  }
  const { left } = answer;
  if (left.type === 'Refused') {
    tally.answer(principal.orgId, E.left(left), line);
    return undefined;
  }
  const fault = faultOf(left);
  if (fault === undefined) return left;
  tally.faulty(fault.what);
  watcher.faulty(line, fault.why);
  return undefined;
};

/**
 * Reads every line until the end or `stop`, and tells those that cannot be taken: before anything is
 * decided, since later lines would be refused for want of them, and would stay refused.
 */
export const checkLines = async (
  lines: AsyncIterable<NumberedLine>,
  watcher: Watcher,
  stop: AbortSignal,
): Promise<void> => {
  for await (const line of lines) {
    if (stop.aborted) break;
    const why = faultIn(line);
    if (why !== undefined) watcher.faulty(line.number, why);
    watcher.passed(line);
  }
};

/** Takes every line until the end, a failure of the ledger, or `stop`. Lines at fault are told and passed over. */
export const takeLines = async (
  ledger: Ledger,
  lines: AsyncIterable<NumberedLine>,
  tally: Tally,
  watcher: Watcher,
  stop: AbortSignal,
): Promise<Progressed> => {
  for await (const line of lines) {
    if (stop.aborted) break;
    const command = readCommand(line);
    if (E.isLeft(command)) {
      tally.faulty('unreadable');
      watcher.faulty(line.number, command.left);
    } else {
      const failure = await take(ledger, command.right, line.number, tally, watcher);
      if (failure !== undefined) return { failure };
    }
    watcher.passed(line);
  }
  return { failure: undefined };
};
