/**
 * Read, decide, append; again on fresh state when somebody else was faster.
 */
import { isNonEmpty } from 'fp-ts/lib/Array.js';
import * as E from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import type { Command } from '../commands';
import { decideCommand, type Outcome, Unsettled } from '../processes';
import type { Principal } from '../values/principal';
import { answerStream } from '../values/stream-name';
import { CommandRefused, CommandUnchanged } from './answers';
import { eventId } from './command-identity';
import { type AnyEvent, storedTypeOf } from './decode-event';
import {
  contended,
  type Engine,
  homeStream,
  type Issue,
  metadataOf,
  MOST_ATTEMPTS,
  pause,
} from './engine';
import { type Failure, naming } from './failures';
import { withIssued } from './issued';
import { type Answer, type PlacedEvent, recorded, refused } from './outcome';
import { NO_STREAM, type StreamAppend } from './ports';
import { recall } from './recall';
import { executeStepwise } from './stepwise';
import { type StreamChange, UnitOfWork } from './unit-of-work';

/** Appends with ids that are the same whenever the same command is decided the same way. */
const toAppends = (
  issue: Issue,
  changes: ReadonlyArray<StreamChange>,
): NonEmptyArray<StreamAppend> => {
  const metadata = metadataOf(issue);
  let index = 0;
  const appends = changes.map(({ stream, expectedRevision, events }) => ({
    stream,
    expectedRevision,
    events: events.map((event) => ({
      metadata: index === 0 ? withIssued(metadata, issue, event) : metadata,
      id: eventId(issue.principal.orgId, issue.command.commandId, index++),
      type: storedTypeOf(event.type),
      data: event.data,
    })),
  }));
  if (!isNonEmpty(appends)) throw new Error('Defect: a command read no stream.');
  return appends;
};

/** An answer that adds nothing elsewhere is an event too, in a stream of its own. */
const answerChange = ({ principal, command }: Issue, event: AnyEvent): StreamChange => ({
  stream: answerStream(principal.orgId, command.commandId),
  expectedRevision: NO_STREAM,
  events: [event],
});

/** The events of changes that have been appended, each with its revision. */
const placed = (changes: ReadonlyArray<StreamChange>): ReadonlyArray<PlacedEvent> => {
  const events: Array<PlacedEvent> = [];
  for (const { stream, expectedRevision, events: added } of changes) {
    let revision = expectedRevision;
    for (const { type, data } of added) events.push({ type, data, stream, revision: ++revision });
  }
  return events;
};

/**
 * Decides on the states that `unit` reads; `undefined` when they do not fit together, because a stream
 * has moved between one read and the next.
 */
export const decided = async (
  unit: UnitOfWork,
  principal: Principal,
  command: Command,
): Promise<E.Either<Failure, Outcome | undefined>> => {
  try {
    return await decideCommand(principal, command, unit.states)();
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    const moved = await unit.hasMoved();
    if (E.isLeft(moved)) return moved;
    if (moved.right) return E.right(undefined);
    throw error;
  }
};

/** One attempt; `undefined` when a stream that was read has moved. */
const attempt = async (
  engine: Engine,
  issue: Issue,
  fresh: boolean,
): Promise<Answer | undefined> => {
  const unit = new UnitOfWork(engine, issue.principal.orgId, fresh);
  const outcome = await decided(unit, issue.principal, issue.command);
  if (E.isLeft(outcome)) return outcome;
  const decision = outcome.right;
  if (decision === undefined) return undefined;

  const plan = E.isRight(decision) ? decision.right : [];
  const changes = unit.changes(plan);
  const adds = plan.length > 0;
  const answer = E.isLeft(decision)
    ? CommandRefused({ rejections: decision.left })
    : CommandUnchanged({});
  const whole = adds ? changes : [answerChange(issue, answer), ...changes];

  const appended = await engine.store.append(toAppends(issue, whole))();
  if (E.isLeft(appended)) {
    const failure = appended.left;
    if (failure.type === 'EventIdTaken') return recall(engine.store, issue, homeStream(issue));
    if (failure.type !== 'RevisionConflict') return E.left(naming(failure, issue.command));
    // An answer that added nothing is known by its stream; any other stream has moved.
    const { principal, command } = issue;
    return failure.stream === answerStream(principal.orgId, command.commandId)
      ? recall(engine.store, issue, homeStream(issue))
      : undefined;
  }
  unit.remember(changes);
  const { position } = appended.right;
  return E.isLeft(decision)
    ? refused(issue.command, decision.left, position)
    : recorded(issue.command, adds ? placed(changes) : [], position);
};

/**
 * Decides a command and records what follows. The answer to a command that was sent before is read
 * back, not decided again.
 */
export const execute = (engine: Engine, issue: Issue): Promise<Answer> =>
  engine.store.atomicity === 'oneStream'
    ? executeStepwise(engine, issue)
    : untilUndisturbed((attempts) => attempt(engine, issue, attempts > 1));

/** Tries until an attempt was not disturbed by other writers, a bounded number of times. */
export const untilUndisturbed = async <Left, Right>(
  attempted: (attempts: number) => Promise<E.Either<Left, Right> | undefined>,
): Promise<E.Either<Left | Failure, Right>> => {
  for (let attempts = 1; attempts <= MOST_ATTEMPTS; attempts += 1) {
    const answer = await attempted(attempts);
    if (answer !== undefined) return answer;
    await pause(attempts);
  }
  return E.left(contended(MOST_ATTEMPTS));
};
