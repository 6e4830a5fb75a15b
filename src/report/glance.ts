/** An organization in numbers. */
import { type StandingCounts, standingCounts } from '../../projections/sequences-stopped';
import type { Timestamp } from '../values/timestamp';
import type { OrganizationTold } from './ledger-story';

export interface Glance extends StandingCounts {
  readonly events: number;
  readonly seats: number;
  readonly locked: number;
  readonly mailboxes: number;
  /** What all limits together allow. */
  readonly allowed: number;
  readonly overLimit: number;
  readonly openRequests: number;
  readonly oldestOpenSince: Timestamp | null;
  readonly deletions: number;
  readonly draftsLost: number;
  readonly scheduledLost: number;
  readonly refusals: number;
}

const sum = (amounts: ReadonlyArray<number>): number =>
  amounts.reduce((total, amount) => total + amount, 0);

export const glanceOf = ({
  story,
  seats,
  openRequests,
  deletions,
  stops,
}: OrganizationTold): Glance => {
  const oldest = openRequests.reduce<Timestamp | null>(
    (known, { requestedAt }) => (known === null || requestedAt < known ? requestedAt : known),
    null,
  );
  return {
    events: story.events,
    seats: seats.length,
    locked: seats.filter(({ status }) => status === 'locked').length,
    mailboxes: sum(seats.map(({ mailboxes }) => mailboxes.length)),
    allowed: sum(seats.map(({ mailboxLimit }) => mailboxLimit)),
    overLimit: seats.filter(({ overLimit }) => overLimit).length,
    openRequests: openRequests.length,
    oldestOpenSince: oldest,
    deletions: deletions.length,
    draftsLost: sum(deletions.map(({ drafts }) => drafts.length)),
    scheduledLost: sum(deletions.map(({ scheduled }) => scheduled.length)),
    ...standingCounts(stops),
    refusals: story.refusals.commands,
  };
};
