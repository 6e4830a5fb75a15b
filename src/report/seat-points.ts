/** A seat's story in words, one line for each thing that the timeline draws. */
import type { UserId } from '../values/ids';
import type { Actor } from '../values/principal';
import type { Timestamp } from '../values/timestamp';
import { type Markup, markup, quoted } from './html';
import { lossWords } from './lane-notes';
import type { Holding, RequestSpan, SeatStory } from './seat-story';
import { actorName, amountOf } from './wording';

/** One thing that happened. `by` is missing where it followed from something else. */
export interface Point {
  readonly at: Timestamp;
  readonly what: Markup;
  readonly by: Actor | null;
}

/** How another seat is named: with a link where it has a timeline of its own. */
export type SeatName = (userId: UserId) => Markup;

const because = (reason: string): Markup | false => reason !== '' && markup`: “${quoted(reason)}”`;

const requestPoints = (request: RequestSpan): ReadonlyArray<Point> => {
  const { kind, address, requestId, askedAt, askedBy, approval, closing, outcome } = request;
  const about = markup`request ${requestId} to ${kind} ${quoted(address)}`;
  return [
    { at: askedAt, by: askedBy, what: markup`Asked: ${about}` },
    ...(approval === null
      ? []
      : [
          {
            at: approval.at,
            by: approval.by,
            what: markup`Approved: ${about}${because(approval.evidence)}`,
          },
        ]),
    // What fulfils a request is told as a mailbox that was added or deleted.
    ...(closing === null || outcome === 'fulfilled' || outcome === 'open'
      ? []
      : [
          {
            at: closing.at,
            by: closing.by,
            what: markup`${`${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}`}:
            ${about}${because(closing.reason)}`,
          },
        ]),
  ];
};

const holdingPoints = (holding: Holding, seat: SeatName): ReadonlyArray<Point> => {
  const { address, from, movedFrom, configured, end } = holding;
  const mailbox = markup`mailbox ${quoted(address)}`;
  const points: Array<Point> = [
    {
      at: from,
      by: null,
      what: markup`Added: ${mailbox}${movedFrom !== null && markup`, moved from ${seat(movedFrom)}`}`,
    },
  ];
  if (configured !== null) {
    const { at, use } = configured;
    points.push({ at, by: null, what: markup`Configured as ${use}: ${mailbox}` });
  }
  if (end !== null) {
    const losses = lossWords(end);
    points.push({
      at: end.at,
      by: end.by,
      what: markup`${end.movedTo === null ? 'Deleted' : markup`Moved to ${seat(end.movedTo)}`}:
      ${mailbox}; ${losses === '' ? 'nothing was lost' : losses}`,
    });
  }
  return points;
};

/** Everything that is drawn of the seat, in the order of time. */
export const pointsOf = (story: SeatStory, seat: SeatName): ReadonlyArray<Point> => {
  const { userId, requests, holdings, locks, permissions, recoveries } = story;
  return [
    ...requests.flatMap(requestPoints),
    ...permissions.map(({ at, by, standing, address, toUserId }) => ({
      at,
      by,
      what: markup`Permission ${standing === 'granted' ? 'given' : 'taken back'}: ${quoted(address)}
      may go to ${seat(toUserId)}`,
    })),
    ...holdings.flatMap((holding) => holdingPoints(holding, seat)),
    ...locks.flatMap(({ from, to }) => [
      { at: from, by: null, what: markup`Seat locked` },
      ...(to === null ? [] : [{ at: to, by: null, what: markup`Seat unlocked` }]),
    ]),
    ...recoveries.map(({ at, by, fromUserId, toUserId, address, prospects, skipped }) => ({
      at,
      by,
      what: markup`
        ${amountOf(prospects, 'stopped prospect')} went on from ${quoted(address)}
        ${toUserId !== userId && markup` of ${seat(toUserId)}`}
        ${fromUserId !== userId && markup`, taken over from ${seat(fromUserId)}`}
        ${skipped > 0 && `; ${skipped} passed over, having ended`}
      `,
    })),
  ].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
};

/** Who did it, as a cell. */
export const byWhom = ({ by }: Point): string => (by === null ? '' : actorName(by));
