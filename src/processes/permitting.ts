/** Permissions to delete: given on the holder's seat, for an open request on another (P24). */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  type GrantDeletePermission,
  type RevokeDeletePermission,
  seat as seatDecider,
} from '../seat';
import type { RequestStatus, Seat } from '../seat';
import type { Process } from './outcome';
import { onSeat } from './streams';

type Permission = GrantDeletePermission | RevokeDeletePermission;

const requestStatus = (
  { requestId, address }: Permission,
  asking: Seat,
): RequestStatus | undefined => {
  const request = asking.requests.get(requestId);
  return request?.kind === 'add' && request.address.canonical === address.canonical
    ? request.status
    : undefined;
};

export const permit: Process<Permission> = (principal, command, states) =>
  pipe(
    TE.Do,
    TE.bind('holder', () => states.seat(command.userId)),
    TE.bind('asking', () => states.seat(command.toUserId)),
    TE.map(({ holder, asking }) => {
      const facts = { requestStatus: requestStatus(command, asking) };
      const decision = seatDecider.decide({ ...command, by: principal, facts }, holder);
      return onSeat(command.userId, decision);
    }),
  );
