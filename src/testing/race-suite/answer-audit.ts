/** Whether what callers were told is what the log holds. */
import type { Either } from 'fp-ts/lib/Either.js';
import { isDeepStrictEqual } from 'node:util';
import type { RecordedCommand, Refused } from '../../application/outcome';
import type { Atomicity, RecordedEvent } from '../../application/ports';
import type { CommandInput } from '../../commands';
import type { LogAudit } from './log-audit';

/** An answer that is final: a yes or a no, not a failure. */
export type Settled = Either<Refused, RecordedCommand>;

/** A command with the answer that its sender got in the end. */
export interface Sent {
  readonly command: CommandInput;
  readonly answer: Settled;
}

/** What must not have happened for a command that was refused. */
const effects: ReadonlySet<string> = new Set([
  'SeatRegistered',
  'AccountEmailChanged',
  'MailboxAdded',
  'MailboxDeleted',
  'DraftsLost',
  'SequencesStopped',
  'ProspectsReassigned',
  'ContractSet',
  'SeatLocked',
  'SeatUnlocked',
  'RequestWithdrawn',
]);

const isAnswer = ({ stream }: RecordedEvent): boolean => stream.startsWith('answer-');

const requestOf = (command: CommandInput): string | undefined =>
  'requestId' in command ? command.requestId : undefined;

const told = (problem: string, { command }: Sent): string =>
  `${command.type} ${command.commandId} ${problem}`;

const yesProblems = (
  sent: Sent,
  { events }: RecordedCommand,
  audit: LogAudit,
  atomicity: Atomicity,
): ReadonlyArray<string> => {
  const { command } = sent;
  const unstored = events.filter(({ stream, revision, type, data }) => {
    const stored = audit.at(stream, revision);
    return stored?.type !== type || !isDeepStrictEqual(stored.data, data);
  });
  const problems = unstored.map(({ type, stream, revision }) =>
    told(`was answered with ${type} at ${revision} of ${stream}, which does not stand there`, sent),
  );
  if (atomicity === 'anyStreams') {
    const stored = audit.eventsOf(command.commandId).filter((event) => !isAnswer(event));
    if (stored.length !== events.length) {
      const types = stored.map(({ type }) => type).join(', ');
      problems.push(told(`was answered with ${events.length} events; stored: ${types}`, sent));
    }
  }
  if (command.type === 'ApproveMailboxAdd') {
    const added = events.filter(({ type }) => type === 'MailboxAdded');
    const forRequest = added.filter(({ data }) => {
      const { userId, requestId } = data as { readonly userId: string; readonly requestId: string };
      return userId === command.userId && requestId === requestOf(command);
    });
    if (added.length !== 1 || forRequest.length !== 1) {
      problems.push(told('was a yes, but not one that added the mailbox asked for', sent));
    }
  }
  return problems;
};

const noProblems = (sent: Sent, audit: LogAudit, atomicity: Atomicity): ReadonlyArray<string> => {
  const stored = audit.eventsOf(sent.command.commandId);
  const problems = stored
    .filter(({ type }) => effects.has(type))
    .map(({ type }) => told(`was refused, and yet ${type} is stored for it`, sent));
  if (atomicity === 'anyStreams' && stored.length !== 1) {
    const types = stored.map(({ type }) => type).join(', ');
    problems.push(told(`was refused, and stored for it is: ${types || 'nothing'}`, sent));
  }
  return problems;
};

export const answerProblems = (
  sent: Sent,
  audit: LogAudit,
  atomicity: Atomicity,
): ReadonlyArray<string> =>
  sent.answer._tag === 'Right'
    ? yesProblems(sent, sent.answer.right, audit, atomicity)
    : noProblems(sent, audit, atomicity);
