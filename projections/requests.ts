/**
 * Every request to add or delete a mailbox, and where it stands. Whether an approval would pass today is
 * not told here: an approval checks everything again.
 */
import { absurd } from 'fp-ts/lib/function.js';
import type { MailboxAddRequested } from '../src/seat/events';
import type { EventFrom } from '../src/stored-event';
import type { CaseId, OrgId, RequestId, UserId } from '../src/values/ids';
import type { Actor } from '../src/values/principal';
import type { Timestamp } from '../src/values/timestamp';
import {
  type ByOrganization,
  type EventOfType,
  foldByOrganization,
  hasWanted,
  type View,
  type Wanted,
} from './view';

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
  /** What has been said since on the seat that holds the address (P24). */
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

export interface OrganizationRequests {
  /** By {@link keyOf}, oldest first. */
  readonly rows: Map<string, RequestRow>;
  /** Keys of the open ones by canonical address, which is what a deletion names. */
  readonly openByAddress: Map<string, Set<string>>;
}

export type RequestsState = ByOrganization<OrganizationRequests>;

const handles = [
  'MailboxAddRequested',
  'MailboxDeleteRequested',
  'DeletePermissionGranted',
  'DeletePermissionRevoked',
  'MailboxAddApproved',
  'MailboxDeleteApproved',
  'MailboxAdded',
  'MailboxAddRejected',
  'MailboxDeleteRejected',
  'MailboxAddAbandoned',
  'RequestWithdrawn',
  'MailboxDeleted',
] as const;
type Handled = EventOfType<(typeof handles)[number]>;

const keyOf = ({ userId, requestId }: RequestKey): string => `${userId} ${requestId}`;

const isOpen = ({ closedAt }: RequestRow): boolean => closedAt === null;

type Asked = EventOfType<'MailboxAddRequested' | 'MailboxDeleteRequested'>;

/** What a request to add and one to delete have in common. */
const asked = ({ orgId, data, metadata }: Asked) => ({
  orgId,
  userId: data.userId,
  requestId: data.requestId,
  address: data.address.canonical,
  typed: data.address.typed,
  requestedBy: data.requestedBy,
  requestedAt: metadata.at,
  caseId: data.caseId ?? null,
  permission: 'none' as const,
  reason: null,
  closedAt: null,
});

const askedToAdd = (event: EventOfType<'MailboxAddRequested'>): RequestRow => ({
  ...asked(event),
  kind: 'add',
  status: event.data.status,
  addressClass: event.data.addressClass,
  inboxHint: event.data.inboxHint ?? null,
  declarationMismatch: event.data.declarationMismatch ?? null,
  heldBy: event.data.heldBy ?? null,
  deletePermission: event.data.deletePermission,
});

const askedToDelete = (event: EventOfType<'MailboxDeleteRequested'>): RequestRow => ({
  ...asked(event),
  kind: 'delete',
  status: 'submitted',
  addressClass: null,
  inboxHint: null,
  declarationMismatch: null,
  heldBy: null,
  deletePermission: false,
});

const put = ({ rows, openByAddress }: OrganizationRequests, row: RequestRow): void => {
  const key = keyOf(row);
  rows.set(key, row);
  const open = openByAddress.get(row.address) ?? new Set();
  if (isOpen(row)) open.add(key);
  else open.delete(key);
  if (open.size > 0) openByAddress.set(row.address, open);
  else openByAddress.delete(row.address);
};

/** Replaces the row of a request, if it is known. */
const amend = (
  requests: OrganizationRequests,
  key: RequestKey,
  amended: (row: RequestRow) => RequestRow,
): void => {
  const row = requests.rows.get(keyOf(key));
  if (row !== undefined) put(requests, amended(row));
};

const closed =
  (status: ClosedRequestStatus, closedAt: Timestamp, reason: string | null = null) =>
  (row: RequestRow): RequestRow => ({ ...row, status, reason, closedAt });

const approved = (row: RequestRow): RequestRow => ({ ...row, status: 'approved', closedAt: null });

const permitted = (row: RequestRow): RequestRow => ({
  ...row,
  permission: 'granted',
  status: row.status === 'awaitingPermission' ? 'submitted' : row.status,
});

/** However it was given before, it does not stand (P24). */
const forbidden = (row: RequestRow): RequestRow => ({
  ...row,
  permission: 'revoked',
  status: row.status === 'submitted' ? 'awaitingPermission' : row.status,
});

/** The mailbox that it waited for is gone, and nobody has to permit anything. */
const unblocked = (row: RequestRow): RequestRow => ({
  ...row,
  status: row.status === 'awaitingPermission' ? 'submitted' : row.status,
});

/** Another seat holds the address now, and has said nothing: what the last holder said is void. */
const facingNewHolder = (row: RequestRow): RequestRow => ({
  ...row,
  permission: 'none',
  status:
    row.status === 'submitted' && row.permission === 'granted' ? 'awaitingPermission' : row.status,
});

/** What a deletion means to every open request for the address, on this seat and on others. */
const afterDeletion = (
  requests: OrganizationRequests,
  { data, metadata }: EventOfType<'MailboxDeleted'>,
): void => {
  const { userId, address, movedTo } = data;
  for (const key of [...(requests.openByAddress.get(address.canonical) ?? [])]) {
    const row = requests.rows.get(key);
    if (row === undefined) continue;
    if (row.kind === 'add') {
      if (movedTo === undefined) put(requests, unblocked(row));
      else if (movedTo !== row.userId) put(requests, facingNewHolder(row));
    } else if (row.userId === userId) {
      // Whoever else asked to delete it has got what they asked for.
      put(requests, closed('fulfilled', metadata.at)(row));
    }
  }
};

const evolvePart = (requests: OrganizationRequests, event: Handled): void => {
  switch (event.type) {
    case 'MailboxAddRequested':
      put(requests, askedToAdd(event));
      return;
    case 'MailboxDeleteRequested':
      put(requests, askedToDelete(event));
      return;
    case 'DeletePermissionGranted':
    case 'DeletePermissionRevoked': {
      // It stands in the holder's stream; the request is the other user's.
      const { toUserId: userId, requestId } = event.data;
      const said = event.type === 'DeletePermissionGranted' ? permitted : forbidden;
      amend(requests, { userId, requestId }, said);
      return;
    }
    case 'MailboxAddApproved':
    case 'MailboxDeleteApproved':
      amend(requests, event.data, approved);
      return;
    case 'MailboxAdded':
      amend(requests, event.data, closed('fulfilled', event.metadata.at));
      return;
    case 'MailboxAddRejected':
    case 'MailboxDeleteRejected':
      amend(requests, event.data, closed('rejected', event.metadata.at, event.data.reason));
      return;
    case 'MailboxAddAbandoned':
      amend(requests, event.data, closed('abandoned', event.metadata.at));
      return;
    case 'RequestWithdrawn':
      amend(requests, event.data, closed('withdrawn', event.metadata.at));
      return;
    case 'MailboxDeleted':
      afterDeletion(requests, event);
      return;
    default:
      absurd(event);
  }
};

export const requestsProjection = foldByOrganization({
  name: 'requests',
  version: 1,
  handles,
  initialPart: (): OrganizationRequests => ({ rows: new Map(), openByAddress: new Map() }),
  evolvePart,
});

/** By user and request; listed oldest first. */
export const requestsView: View<RequestsState, RequestRow, RequestKey, RequestFilter> = {
  projection: requestsProjection,
  keyFields: { userId: true, requestId: true },
  filterFields: {
    userId: true,
    kind: true,
    address: true,
    status: true,
    permission: true,
    addressClass: true,
    caseId: true,
    open: true,
  },

  get: (state, orgId, key) => state.get(orgId)?.rows.get(keyOf(key)),

  list: (state, orgId, { open, ...wanted } = {}) =>
    [...(state.get(orgId)?.rows.values() ?? [])]
      .filter((row) => open === undefined || isOpen(row) === open)
      .filter((row) => hasWanted(row, wanted)),
};
