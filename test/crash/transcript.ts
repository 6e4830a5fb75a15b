/** What a writer says while it works, a line of JSON each, and what is known once it is gone. */
import type { Failure } from '../../src/application/failures';
import type { Answer } from '../../src/application/outcome';
import type { CommandInput } from '../../src/commands';
import type { PrincipalInput } from '../../src/values/principal';

/**
 * - `opening`, `open`, `closed`: the ledger, which a writer opens several times.
 * - `sent`: before the ledger is asked. A command without it has never left the writer.
 * - `answered`: after the ledger answered. From here on the answer must last.
 * - `beside`: a thread has committed its first group.
 */
export type Line =
  | readonly ['opening' | 'open' | 'closed' | 'done' | 'beside']
  | readonly ['not opened', Failure]
  | readonly ['sent', PrincipalInput, CommandInput]
  | readonly ['answered', string, Answer];

export interface Sent {
  readonly by: PrincipalInput;
  readonly command: CommandInput;
  /** `undefined` when the writer was killed before it was told. */
  readonly answer: Answer | undefined;
}

/** Every command that was sent to one file, by its id. */
export type Transcript = ReadonlyMap<string, Sent>;

const parsed = (lines: ReadonlyArray<string>): ReadonlyArray<Line> =>
  lines.flatMap((line, index) => {
    try {
      return [JSON.parse(line) as Line];
    } catch (error) {
      // A kill may cut the last line short: that answer reached nobody.
      if (index === lines.length - 1) return [];
      throw error;
    }
  });

/** Puts together what the writers of one file said. */
export const transcriptOf = (writers: ReadonlyArray<ReadonlyArray<string>>): Transcript => {
  const all = new Map<string, Sent>();
  for (const line of writers.flatMap(parsed)) {
    if (line[0] === 'sent') {
      const [, by, command] = line;
      all.set(command.commandId, { by, command, answer: undefined });
    }
    if (line[0] === 'answered') {
      const [, commandId, answer] = line;
      const sent = all.get(commandId);
      if (sent === undefined) throw new Error(`${commandId} was answered without being sent.`);
      all.set(commandId, { ...sent, answer });
    }
  }
  return all;
};

/** Every opening that failed. */
export const failedOpenings = (lines: ReadonlyArray<string>): ReadonlyArray<Failure> =>
  parsed(lines).flatMap((line) => (line[0] === 'not opened' ? [line[1]] : []));

/** Every answer, in the order in which they were given. */
export const answersOf = (lines: ReadonlyArray<string>): ReadonlyArray<Answer> =>
  parsed(lines).flatMap((line) => (line[0] === 'answered' ? [line[2]] : []));

/** Whether the ledger gave its word: a yes or a refusal, and not a failure. */
export const isAcknowledged = (answer: Answer | undefined): answer is Answer =>
  answer !== undefined && (answer._tag === 'Right' || answer.left.type === 'Refused');

/** The failure of a command that did not get an answer. */
export const failureOf = (answer: Answer | undefined): Failure | undefined =>
  answer?._tag === 'Left' && answer.left.type !== 'Refused' ? answer.left : undefined;

/** Whether a failure leaves open what became of the events. Every other one says that nothing was kept. */
export const leavesOpen = ({ type, message }: Failure): boolean =>
  type === 'OutcomeUnknown' || message.includes('not known');
