/** Deciding without recording: how a person sees what a deletion costs before it happens. */
import * as E from 'fp-ts/lib/Either.js';
import type { Outcome } from '../processes';
import { type Impact, impactOf } from '../seat';
import type { Engine, Issue } from './engine';
import { decided, untilUndisturbed } from './execute';
import type { Failure } from './failures';
import type { DryAnswer } from './outcome';
import { type StreamChange, UnitOfWork } from './unit-of-work';

/** What the rejections ask to be acknowledged first, if they do. */
const unacknowledged = (outcome: Outcome): Impact | undefined => {
  if (E.isRight(outcome)) return undefined;
  for (const rejection of outcome.left) {
    if (rejection.type === 'ImpactNotAcknowledged') return rejection.now;
  }
  return undefined;
};

/** The cost of the mailbox that the changes delete, or ask to delete. */
const impactIn = async (
  unit: UnitOfWork,
  changes: ReadonlyArray<StreamChange>,
): Promise<E.Either<Failure, Impact | null>> => {
  for (const event of changes.flatMap(({ events }) => events)) {
    if (event.type !== 'MailboxDeleted' && event.type !== 'MailboxDeleteRequested') continue;
    const { userId, address } = event.data;
    const holder = await unit.states.seat(userId)();
    return E.isLeft(holder) ? holder : E.right(impactOf(holder.right, userId, address));
  }
  return E.right(null);
};

/** One look; `undefined` when other writers changed what it looked at. */
const attempt = async (
  engine: Engine,
  { principal, command }: Issue,
): Promise<DryAnswer | undefined> => {
  const { commandId } = command;
  const unit = new UnitOfWork(engine, principal.orgId, true);
  const first = await decided(unit, principal, command);
  if (E.isLeft(first)) return first;
  if (first.right === undefined) return undefined;

  // Looking is not acknowledging: an approval is previewed as if what would be lost now were known.
  const impact = unacknowledged(first.right);
  const asked = impact === undefined ? command : { ...command, impact };
  const second = await decided(unit, principal, asked);
  if (E.isLeft(second)) return second;
  const decision = second.right;
  const moved = await unit.hasMoved();
  if (E.isLeft(moved)) return moved;
  if (decision === undefined || moved.right) return undefined;
  if (E.isLeft(decision)) {
    return E.left({ type: 'Refused', commandId, rejections: decision.left, position: null });
  }

  const changes = decision.right.length === 0 ? [] : unit.changes(decision.right);
  const cost = await impactIn(unit, changes);
  if (E.isLeft(cost)) return cost;
  return E.right({
    type: 'Preview',
    commandId,
    events: changes.flatMap(({ stream, events }) =>
      events.map(({ type, data }) => ({ type, data, stream })),
    ),
    impact: cost.right,
  });
};

/** Decides a command on states that belong together, and records nothing. */
export const dryRun = (engine: Engine, issue: Issue): Promise<DryAnswer> =>
  untilUndisturbed(() => attempt(engine, issue));
