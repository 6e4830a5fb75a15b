/** How many mailboxes a seat held, and how many it might, from one instant to the next. */
import type { Timestamp } from '../values/timestamp';
import type { Limits } from './organization-story';
import type { Holding } from './seat-story';

export interface HeldStep {
  readonly from: Timestamp;
  readonly held: number;
  readonly limit: number;
}

/**
 * One step for every instant at which either changed, and one for the beginning. What was entered late, under
 * an earlier time, stands where the log has it: no earlier than the step before it, which it does not undo.
 */
export const heldSteps = (
  holdings: ReadonlyArray<Holding>,
  { before, steps }: Limits,
  beginning: Timestamp,
): ReadonlyArray<HeldStep> => {
  const changes = [
    ...holdings.map(({ position, from }) => ({ position, at: from, by: 1, limit: undefined })),
    ...holdings.flatMap(({ end }) =>
      end === null ? [] : [{ position: end.position, at: end.at, by: -1, limit: undefined }],
    ),
    ...steps.map(({ position, at, limit }) => ({ position, at, by: 0, limit })),
  ].sort((a, b) => (a.position < b.position ? -1 : 1));

  const told: Array<HeldStep> = [{ from: beginning, held: 0, limit: before }];
  for (const { at, by, limit } of changes) {
    const last = told.at(-1) ?? { from: beginning, held: 0, limit: before };
    const next = {
      from: at > last.from ? at : last.from,
      held: last.held + by,
      limit: limit ?? last.limit,
    };
    // What happened at one instant is one step.
    if (next.from === last.from) told.pop();
    told.push(next);
  }
  return told;
};
