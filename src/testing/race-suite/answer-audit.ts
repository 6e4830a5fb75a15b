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

const isAnswer = ({ stream }: RecordedEvent): boolean => stream.startsWith('answer-');

/** Of addresses and logins: what may be claimed and come to nothing. */
const isClaim = ({ stream }: RecordedEvent): boolean =>
  stream.startsWith('address-') || stream.startsWith('account-');

/**
 * What may stand there for a command that was refused, where a command is a row of appends: a claim that
 * came to nothing, and an approval with its being given up.
 */
const cameToNothing = (events: ReadonlyArray<RecordedEvent>): ReadonlySet<RecordedEvent> => {
  const isAbandoned = events.some(({ type }) => type === 'MailboxAddAbandoned');
  const ofApproval = ['MailboxAddApproved', 'MailboxAddAbandoned'];
  return new Set(
    events.filter((event) => isClaim(event) || (isAbandoned && ofApproval.includes(event.type))),
  );
};

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
  const stored = audit.eventsOf(command.commandId);
  // A slow copy may claim a login again that the seat has left, which comes to nothing and is not told.
  const isUntold = ({ stream, revision }: RecordedEvent): boolean =>
    !(atomicity === 'oneStream' && stream.startsWith('account-')) &&
    !events.some((event) => event.stream === stream && event.revision === String(revision));
  const untold = stored.filter((event) => !isAnswer(event) && isUntold(event));
  if (untold.length > 0) {
    const types = untold.map(({ type }) => type).join(', ');
    problems.push(told(`was answered with ${events.length} events, without ${types}`, sent));
  }
  if (events.length === 0 && !stored.some(({ type }) => type === 'CommandUnchanged')) {
    problems.push(told('was answered as already so, which is not stored', sent));
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
  const answers = stored.filter(isAnswer);
  const excused = atomicity === 'oneStream' ? cameToNothing(stored) : new Set();
  const problems = stored
    .filter((event) => !isAnswer(event) && !excused.has(event))
    .map(({ type }) => told(`was refused, and yet ${type} is stored for it`, sent));
  if (answers.length !== 1 || answers[0]?.type !== 'CommandRefused') {
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
