/** What a request is as a row, and as its own events and those about its address leave it. */
import type { MailboxAddRequested } from '../src/seat/events';
import type { EventFrom } from '../src/stored-event';
import type { CaseId, OrgId, RequestId, UserId } from '../src/values/ids';
import type { Actor } from '../src/values/principal';
import type { Timestamp } from '../src/values/timestamp';
import type { Wanted } from './view';

type AskedToAdd = EventFrom<typeof MailboxAddRequested>['data'];

/** Not closed yet. `approved`: holds a slot, and is about to be fulfilled or abandoned. */
export type OpenRequestStatus = 'submitted' | 'awaitingPermission' | 'approved';
export type ClosedRequestStatus = 'fulfilled' | 'rejected' | 'withdrawn' | 'abandoned';

export interface RequestRow {
  readonly orgId: OrgId;
  /** The seat concerned. */
  readonly userId: UserId;
  readonly requestId: RequestId;
  readonly kind: 'add' | 'delete';
  /** Canonical. */
  readonly address: string;
  readonly typed: string;
  readonly status: OpenRequestStatus | ClosedRequestStatus;
  readonly requestedBy: Actor;
  readonly requestedAt: Timestamp;
  readonly caseId: CaseId | null;
  /** As judged when it was asked for; `null` for a request to delete. */
  readonly addressClass: AskedToAdd['addressClass'] | null;
  readonly inboxHint: string | null;
  readonly declarationMismatch: NonNullable<AskedToAdd['declarationMismatch']> | null;
  /** State of the other seat that held the address when it was asked for. */
  readonly heldBy: NonNullable<AskedToAdd['heldBy']> | null;
  /** Whether the requester permitted Support to delete it there (P24). */
  readonly deletePermission: boolean;
  /**
   * What has been said about it on the seat that holds the address (P24): now, or when it was approved or
   * closed.
   */
  readonly permission: 'none' | 'granted' | 'revoked';
  /** Why it was rejected. */
  readonly reason: string | null;
  readonly closedAt: Timestamp | null;
}

export type RequestKey = Pick<RequestRow, 'userId' | 'requestId'>;
export interface RequestFilter extends Wanted<
  RequestRow,
  'userId' | 'kind' | 'address' | 'status' | 'permission' | 'addressClass' | 'caseId'
> {
  readonly open?: boolean | undefined;
}

export type Standing = 'granted' | 'revoked';

/** A request as its own events leave it. */
export interface Request extends Omit<RequestRow, 'orgId' | 'userId' | 'requestId' | 'permission'> {
  /** Which holding of the address the requester's own permission was about. */
  readonly permittedHolding: number | null;
  /** The last word of a holder: it stands as long as that holding lasts, and once it was used. */
  readonly said: { readonly standing: Standing; readonly holding: number } | null;
}

export interface Holding {
  /** `null` once the mailbox has gone, or while the address is free. */
  readonly holder: UserId | null;
  /** Which holding of the address it is, from 1. */
  readonly holding: number;
}

export interface RequestsEntries {
  /** By organization and own key. */
  readonly requests: Request;
  /** Which of these are open. */
  readonly open: true;
  /** Open requests to delete, by seat and canonical address. There is hardly ever a second for one address. */
  readonly openDeletions: ReadonlyArray<RequestId>;
  /** By organization and canonical address. */
  readonly holdings: Holding;
  /** By organization and user id. */
  readonly lockedSeats: true;
}
