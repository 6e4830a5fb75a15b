/** How many mailboxes a seat held, and how many it might, from one instant to the next. */
import type { Timestamp } from '../values/timestamp';
import type { LimitStep } from './organization-story';
import type { Holding } from './seat-story';

export interface HeldStep {
  readonly from: Timestamp;
  readonly held: number;
  readonly limit: number;
}

/** One step for every instant at which either changed, and one for the beginning. */
export const heldSteps = (
  holdings: ReadonlyArray<Holding>,
  { before, steps }: { readonly before: number; readonly steps: ReadonlyArray<LimitStep> },
  beginning: Timestamp,
): ReadonlyArray<HeldStep> => {
  const changes = [
    ...holdings.map(({ from }) => ({ at: from, by: 1, limit: undefined })),
    ...holdings.flatMap(({ end }) =>
      end === null ? [] : [{ at: end.at, by: -1, limit: undefined }],
    ),
    ...steps.map(({ at, limit }) => ({ at, by: 0, limit })),
  ].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));

  const told: Array<HeldStep> = [{ from: beginning, held: 0, limit: before }];
  for (const { at, by, limit } of changes) {
    const last = told.at(-1) ?? { from: beginning, held: 0, limit: before };
    const next = {
      from: at > beginning ? at : beginning,
      held: last.held + by,
      limit: limit ?? last.limit,
    };
    // What happened at one instant is one step.
    if (next.from === last.from) told.pop();
    told.push(next);
  }
  return told;
};
