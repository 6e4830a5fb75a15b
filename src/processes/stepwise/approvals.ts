/**
 * Finishing an approval: claim the address, let it go at its old seat, add the mailbox. Or, when the
 * address has gone to somebody else, give the approval up, so that no late writer can add it.
 *
 * An approval holds a slot and stands in the seat's own stream, so whoever comes across one can finish it.
 */
import * as E from 'fp-ts/lib/Either.js';
import {
  type Impact,
  impactOf,
  permissionKey,
  releaseGap,
  type Request,
  type Seat,
  seat as seatDecider,
} from '../../seat';
import type { Claim } from '../../address';
import type { EventMetadata } from '../../stored-event';
import { settled } from '../outcome';
import { claim, mailboxStanding } from './books';
import { append, type Approved, type Known, read, type Sighting, type Step } from './step';
import type { Approval } from './trace';

/** An approval under way, beside the seat that it is on. */
interface UnderWay extends Approved {
  readonly seen: Sighting<Seat>;
  readonly approval: Approval;
  readonly request: Request;
}

/** One that moves the mailbox from the seat that holds it. */
interface Moving extends UnderWay {
  readonly movesFrom: NonNullable<EventMetadata['movesFrom']>;
}

/** The next step of an approval; `undefined` when none is under way. */
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
  const underWay = { userId, requestId, seen, approval, request };
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
        : finishOrRead(standing.approval, known, housekeeping);
    case 'dead':
      return claim('address', { ...approved, address }, book, approval.by);
    case 'live': {
      const { movesFrom } = approval.by;
      return movesFrom?.userId === held.userId
        ? surrendered({ ...underWay, movesFrom }, held, book.state.claims, known, housekeeping)
        : abandoned(underWay);
    }
  }
};

/**
 * The next step of an approval that somebody else has met under way. Where its own seat shows none, the
 * two were read at different times, and it is read again.
 */
export const finishOrRead = (approved: Approved, known: Known, housekeeping: EventMetadata): Step =>
  finishApproval(approved, known, housekeeping) ?? read({ on: 'seat', userId: approved.userId });

const isFor = (one: Approved, other: Approved): boolean =>
  one.userId === other.userId && one.requestId === other.requestId;

/** The address is the seat's: the request becomes a mailbox. */
const added = (underWay: UnderWay, known: Known): Step => {
  const { userId, requestId, seen, approval, request } = underWay;
  const from = approval.by.movesFrom?.userId;
  const left = from === undefined ? undefined : known.seat(from);
  if (from !== undefined && left === undefined) return read({ on: 'seat', userId: from });

  const { canonical } = request.address;
  // It cannot be there while the address is claimed for this seat: it was read before it left.
  if (from !== undefined && left?.state.mailboxes.has(canonical) === true) {
    return read({ on: 'seat', userId: from });
  }
  // Its owner may have deleted it before it left.
  const to = left?.trace.surrendered.get(canonical);
  const hasMoved = to?.toUserId === userId && to.requestId === requestId;
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
 * What was acknowledged, or the step that has to come before it is known: an approval of an older release
 * says only at which revision the loss was shown.
 */
const acknowledgedBy = (
  { approval, movesFrom, request }: Moving,
  known: Known,
): E.Either<Step, Impact | undefined> => {
  if (approval.acknowledged !== undefined) return E.right(approval.acknowledged.impact);
  const { userId } = movesFrom;
  const revision = BigInt(movesFrom.revision);
  const then = known.seatAsOf(userId, revision);
  return then === undefined
    ? E.left(read({ on: 'seatAsOf', userId, revision }))
    : E.right(impactOf(then, userId, request.address));
};

/**
 * P21, P32: the address leaves the seat that holds it, if that still may be and costs no more than was
 * acknowledged. If not, it is withheld for good before the approval is given up: a late writer, who
 * still believes in the approval, must find that it may not leave.
 */
const surrendered = (
  underWay: Moving,
  held: Claim,
  holding: number,
  known: Known,
  housekeeping: EventMetadata,
): Step => {
  const { userId: toUserId, requestId, approval, request } = underWay;
  const { userId } = held;
  const holder = known.seat(userId);
  if (holder === undefined) return read({ on: 'seat', userId });
  const acknowledged = acknowledgedBy(underWay, known);
  if (E.isLeft(acknowledged)) return acknowledged.left;

  const { address } = request;
  const key = permissionKey(address, toUserId, requestId);
  const permission = holder.state.permissions.get(key)?.standing ?? 'none';
  // What has been withheld once may not leave, whatever permission is given afterwards.
  const isWithheld = holder.trace.withheld.has(key);
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
      impact: acknowledged.right,
    },
    holder.state,
  );
  if (gap === undefined && E.isRight(departure) && !known.isTooLarge(underWay)) {
    return append({ on: 'seat', userId, events: departure.right }, holder.revision, approval.by);
  }
  if (isWithheld) return abandoned(underWay);
  const withheld = settled(
    seatDecider.decide(
      { type: 'WithholdMailbox', userId, requestId, address, toUserId },
      holder.state,
    ),
  );
  return append({ on: 'seat', userId, events: withheld }, holder.revision, housekeeping);
};
