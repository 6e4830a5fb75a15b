/**
 * Finishing an approval: claim the address, let it go at its old seat, add the mailbox. Or, when the
 * address has gone to somebody else, give the approval up, so that no late writer can add it.
 *
 * An approval holds a slot and stands in the seat's own stream, so whoever comes across one can finish it.
 */
import * as E from 'fp-ts/lib/Either.js';
import { impactOf, permissionKey, releaseGap, seat as seatDecider } from '../../seat';
import type { Claim } from '../../address';
import type { EventMetadata } from '../../stored-event';
import { settled } from '../outcome';
import { type Approved, claim, mailboxStanding } from './books';
import { append, type Known, read, type Sighting, type Step } from './step';
import type { Seat } from '../../seat';
import type { Approval } from './trace';

/** An approval under way, beside the seat that it is on. */
interface UnderWay extends Approved {
  readonly seen: Sighting<Seat>;
  readonly approval: Approval;
}

/** The next step of an approval; `undefined` when it is finished. */
export const finishApproval = (
  approved: Approved,
  known: Known,
  housekeeping: EventMetadata,
): Step | undefined => {
  const { userId, requestId } = approved;
  const seen = known.seat(userId);
  if (seen === undefined) return read({ on: 'seat', userId });
  const approval = seen.trace.approvals.get(requestId);
  const request = seen.state.requests.get(requestId);
  if (approval === undefined || request === undefined) return undefined;

  const { address } = request;
  const book = known.book('address', address);
  if (book === undefined) return read({ on: 'address', address });
  const underWay = { userId, requestId, seen, approval };
  const held = book.state.claim;
  if (held === undefined) return claim('address', { ...approved, address }, book, approval.by);
  if (held.userId === userId && held.requestId === requestId) return added(underWay, known);

  const standing = mailboxStanding(held, known);
  switch (standing.is) {
    case 'untold':
      return standing.step;
    case 'underWay':
      return isFor(standing.approval, approved)
        ? claim('address', { ...approved, address }, book, approval.by)
        : finishApproval(standing.approval, known, housekeeping);
    case 'dead':
      return claim('address', { ...approved, address }, book, approval.by);
    case 'live':
    case 'mine':
      return approval.by.movesFrom?.userId === held.userId
        ? surrendered(underWay, held, book.state.claims, known, housekeeping)
        : abandoned(underWay);
  }
};

const isFor = (one: Approved, other: Approved): boolean =>
  one.userId === other.userId && one.requestId === other.requestId;

/** The address is the seat's: the request becomes a mailbox. */
const added = ({ userId, requestId, seen, approval }: UnderWay, known: Known): Step => {
  const from = approval.by.movesFrom?.userId;
  const left = from === undefined ? undefined : known.seat(from);
  if (from !== undefined && left === undefined) return read({ on: 'seat', userId: from });

  const canonical = seen.state.requests.get(requestId)?.address.canonical ?? '';
  // It cannot be there while the address is claimed for this seat: it was read before it left.
  if (from !== undefined && left?.state.mailboxes.has(canonical) === true) {
    return read({ on: 'seat', userId: from });
  }
  const hasMoved = left?.trace.commands.has(approval.by.commandId) ?? false;
  const movedFrom = hasMoved ? from : undefined;
  const events = settled(
    seatDecider.decide({ type: 'CompleteMailboxAdd', userId, requestId, movedFrom }, seen.state),
  );
  return append({ on: 'seat', userId, events }, seen.revision, approval.by);
};

const abandoned = ({ userId, requestId, seen, approval }: UnderWay): Step => {
  const events = settled(
    seatDecider.decide({ type: 'AbandonMailboxAdd', userId, requestId }, seen.state),
  );
  return append({ on: 'seat', userId, events }, seen.revision, approval.by);
};

/**
 * P21, P32: the address leaves the seat that holds it, if that still may be and costs no more than was
 * acknowledged. If not, it is withheld for good before the approval is given up: a late writer, who
 * still believes in the approval, must find that it may not leave.
 */
const surrendered = (
  underWay: UnderWay,
  held: Claim,
  holding: number,
  known: Known,
  housekeeping: EventMetadata,
): Step => {
  const { userId: toUserId, requestId, seen, approval } = underWay;
  const { userId } = held;
  const request = seen.state.requests.get(requestId);
  const { movesFrom } = approval.by;
  if (request === undefined || movesFrom === undefined) return abandoned(underWay);
  const holder = known.seat(userId);
  if (holder === undefined) return read({ on: 'seat', userId });
  const acknowledgedAt = BigInt(movesFrom.revision);
  const then = known.seatAsOf(userId, acknowledgedAt);
  if (then === undefined) return read({ on: 'seatAsOf', userId, revision: acknowledgedAt });

  const { address } = request;
  const permission =
    holder.state.permissions.get(permissionKey(address, toUserId, requestId))?.standing ?? 'none';
  // What has been withheld once may not leave, whatever permission is given afterwards.
  const isWithheld = holder.trace.withheld.has(requestId);
  const gap = isWithheld
    ? 'permission'
    : releaseGap(
        request,
        { seatState: holder.state.locked ? 'locked' : 'active', holding, permission },
        approval.releaseVerification === undefined
          ? {}
          : { releaseVerification: approval.releaseVerification },
      );
  const departure = seatDecider.decide(
    {
      type: 'SurrenderMailbox',
      userId,
      requestId,
      address,
      toUserId,
      impact: impactOf(then, userId, address),
    },
    holder.state,
  );
  if (gap === undefined && E.isRight(departure) && !known.isTooLarge(userId)) {
    return append({ on: 'seat', userId, events: departure.right }, holder.revision, approval.by);
  }
  if (holder.trace.withheld.has(requestId)) return abandoned(underWay);
  const withheld = settled(
    seatDecider.decide(
      { type: 'WithholdMailbox', userId, requestId, address, toUserId },
      holder.state,
    ),
  );
  return append({ on: 'seat', userId, events: withheld }, holder.revision, housekeeping);
};
