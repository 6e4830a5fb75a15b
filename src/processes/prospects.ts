/** Reassigning stopped prospects, also those that stopped on another seat (P20). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { candidates, type ReassignProspects, seat as seatDecider, type Seat } from '../seat';
import { type Outcome, type Process, settled } from './outcome';
import { onSeat } from './streams';

const planned = (command: ReassignProspects, target: Seat, source: Seat): Outcome => {
  const { userId, address, tag, prospectIds } = command;
  const fromUserId = command.fromUserId ?? userId;
  if (source.userId === undefined) return E.left([{ type: 'SeatNotFound', userId: fromUserId }]);

  const found = candidates(source, { tag, prospectIds }).map((candidate) =>
    // What the target seat knows under this id is another place in a sequence: it is not overwritten.
    fromUserId !== userId && target.sequenceStates.has(candidate.sequenceStateId)
      ? { ...candidate, resumesAs: undefined }
      : candidate,
  );
  const decision = seatDecider.decide(
    { ...command, facts: { fromUserId, candidates: found } },
    target,
  );
  const here = onSeat(userId, decision);
  if (E.isLeft(here) || here.right.length === 0 || fromUserId === userId) return here;

  const events = settled(
    seatDecider.decide(
      {
        type: 'HandOverProspects',
        userId: fromUserId,
        toUserId: userId,
        address,
        tag,
        candidates: found,
      },
      source,
    ),
  );
  return E.right([...here.right, { on: 'seat', userId: fromUserId, events }]);
};

export const reassign: Process<ReassignProspects> = (_, command, states) =>
  pipe(
    TE.Do,
    TE.bind('target', () => states.seat(command.userId)),
    TE.bind('source', () => states.seat(command.fromUserId ?? command.userId)),
    TE.map(({ target, source }) => planned(command, target, source)),
  );
