/** One user's seat: its mailboxes, the requests about them, and what depends on them. */
import type { Decider } from '../decider';
import { decide } from './decide';
import type { SeatEvent } from './events';
import type { SeatCommand } from './issued';
import type { SeatRejection } from './rejections';
import { evolve, initialState, type Seat } from './state';

export const seat: Decider<SeatCommand, Seat, SeatEvent, SeatRejection> = {
  initialState,
  decide,
  evolve,
};

export * from './commands';
export { seatEvents, type SeatEvent } from './events';
export { candidates, impactOf } from './impact';
export type { AddFacts, OtherHolder, SeatCommand } from './issued';
export { seatRules } from './rule-lists';
export { releaseGap } from './rules';
export type { SeatRejection, Terms } from './rejections';
export { isOpen, permissionKey } from './state';
export type { Mailbox, Request, RequestKind, RequestStatus, Seat } from './state';
