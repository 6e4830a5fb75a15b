/** What happened on one seat, as far as it is drawn. */
import type { SeatEvent } from '../seat/events';
import type { Recorded } from '../stored-event';
import type { RequestId, UserId } from '../values/ids';
import type { Actor } from '../values/principal';
import type { Timestamp } from '../values/timestamp';

export type Outcome = 'open' | 'fulfilled' | 'rejected' | 'withdrawn' | 'abandoned';

/** A request from the moment it was asked to its answer. */
export interface RequestSpan {
  readonly requestId: RequestId;
  readonly kind: 'add' | 'delete';
  readonly address: string;
  readonly canonical: string;
  readonly askedAt: Timestamp;
  readonly askedBy: Actor;
  readonly approval: {
    readonly at: Timestamp;
    readonly by: Actor;
    readonly evidence: string;
  } | null;
  readonly outcome: Outcome;
  readonly closing: { readonly at: Timestamp; readonly by: Actor; readonly reason: string } | null;
}

/** What left with a mailbox. */
export interface Losses {
  readonly drafts: number;
  readonly scheduled: number;
  readonly stopped: number;
}

/** A mailbox from the moment it was added to its end. */
export interface Holding {
  /** Of its adding, in the log. */
  readonly position: bigint;
  readonly address: string;
  readonly canonical: string;
  readonly from: Timestamp;
  readonly movedFrom: UserId | null;
  readonly configured: { readonly at: Timestamp; readonly use: string } | null;
  readonly end:
    | (Losses & {
        readonly position: bigint;
        readonly at: Timestamp;
        readonly by: Actor;
        readonly movedTo: UserId | null;
      })
    | null;
}

/** A time during which the seat was locked. */
export interface LockedSpell {
  readonly from: Timestamp;
  readonly to: Timestamp | null;
}

/** A holder's word on letting an address go (P24). */
export interface Permission {
  readonly at: Timestamp;
  readonly by: Actor;
  readonly standing: 'granted' | 'revoked';
  readonly address: string;
  readonly toUserId: UserId;
}

/** Prospects that had stopped went on: from this seat's mailbox, or from another seat's. */
export interface Recovery {
  readonly at: Timestamp;
  readonly by: Actor;
  readonly fromUserId: UserId;
  readonly toUserId: UserId;
  readonly address: string;
  readonly prospects: number;
  readonly skipped: number;
}

export interface SeatStory {
  readonly userId: UserId;
  readonly registeredAt: Timestamp;
  readonly requests: Array<RequestSpan>;
  readonly holdings: Array<Holding>;
  readonly locks: Array<LockedSpell>;
  readonly permissions: Array<Permission>;
  readonly recoveries: Array<Recovery>;
}

export type SeatFact = Recorded<SeatEvent>;

export const newStory = (userId: UserId, registeredAt: Timestamp): SeatStory => ({
  userId,
  registeredAt,
  requests: [],
  holdings: [],
  locks: [],
  permissions: [],
  recoveries: [],
});
