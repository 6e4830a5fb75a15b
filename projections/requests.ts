/**
 * Every request to add or delete a mailbox, and where it stands. Whether an open one still lacks a
 * permission (P24) depends on the seat that holds the address now, so that is found when it is asked for.
 * Whether an approval would pass is not told here: an approval checks everything again.
 */
import type { OrgId, RequestId, UserId } from '../src/values/ids';
import { defineProjection, type EventOfType } from './projection';
import type {
  ClosedRequestStatus,
  Request,
  RequestFilter,
  RequestKey,
  RequestRow,
  RequestsEntries,
  Standing,
} from './request-entries';
import { lacksPermission, otherHolding, settled, standing } from './request-permission';
import type { Tables } from './table';
import { hasWanted, seatGroup, type View } from './view';

export type {
  ClosedRequestStatus,
  OpenRequestStatus,
  RequestFilter,
  RequestKey,
  RequestRow,
  RequestsEntries,
} from './request-entries';

type To = Tables<RequestsEntries>;

const keyOf = ({ userId, requestId }: RequestKey): string => `${userId} ${requestId}`;

const isOpen = ({ closedAt }: Pick<Request, 'closedAt'>): boolean => closedAt === null;

const rowOf = (tables: To, orgId: OrgId, key: string, request: Request): RequestRow => {
  const [userId, requestId] = key.split(' ') as [UserId, RequestId];
  const holding = otherHolding(tables, orgId, userId, request)?.holding;
  const waits = request.status === 'submitted' && lacksPermission(tables, orgId, userId, request);
  return {
    orgId,
    userId,
    requestId,
    kind: request.kind,
    address: request.address,
    typed: request.typed,
    status: waits ? 'awaitingPermission' : request.status,
    requestedBy: request.requestedBy,
    requestedAt: request.requestedAt,
    caseId: request.caseId,
    addressClass: request.addressClass,
    inboxHint: request.inboxHint,
    declarationMismatch: request.declarationMismatch,
    heldBy: request.heldBy,
    deletePermission: request.deletePermission,
    permission: standing(request, holding),
    reason: request.reason,
    closedAt: request.closedAt,
  };
};

type Asked = EventOfType<'MailboxAddRequested' | 'MailboxDeleteRequested'>;

/** What a request to add and one to delete have in common. */
const asked = ({ data, metadata }: Asked) => ({
  address: data.address.canonical,
  typed: data.address.typed,
  status: 'submitted' as const,
  requestedBy: data.requestedBy,
  requestedAt: metadata.at,
  caseId: data.caseId ?? null,
  said: null,
  reason: null,
  closedAt: null,
});

const askedToAdd = (event: EventOfType<'MailboxAddRequested'>): Request => ({
  ...asked(event),
  kind: 'add',
  addressClass: event.data.addressClass,
  inboxHint: event.data.inboxHint ?? null,
  declarationMismatch: event.data.declarationMismatch ?? null,
  heldBy: event.data.heldBy ?? null,
  deletePermission: event.data.deletePermission,
  permittedHolding: event.data.permittedHolding ?? null,
});

const askedToDelete = (event: EventOfType<'MailboxDeleteRequested'>): Request => ({
  ...asked(event),
  kind: 'delete',
  addressClass: null,
  inboxHint: null,
  declarationMismatch: null,
  heldBy: null,
  deletePermission: false,
  permittedHolding: null,
});

const put = ({ requests, open }: To, orgId: OrgId, key: RequestKey, request: Request): void => {
  const id = keyOf(key);
  requests.set(orgId, id, request);
  if (isOpen(request)) open.set(orgId, id, true);
  else open.delete(orgId, id);
};

/** Replaces a request, if it is known. */
const amend = (
  tables: To,
  orgId: OrgId,
  key: RequestKey,
  amended: (request: Request) => Request,
): void => {
  const request = tables.requests.get(orgId, keyOf(key));
  if (request !== undefined) put(tables, orgId, key, amended(request));
};

const approve = (
  tables: To,
  { orgId, data }: EventOfType<'MailboxAddApproved' | 'MailboxDeleteApproved'>,
): void => {
  amend(tables, orgId, data, (request) => ({
    ...settled(tables, orgId, data.userId, request),
    status: 'approved',
    closedAt: null,
  }));
};

type Closing = EventOfType<
  | 'MailboxAdded'
  | 'MailboxAddRejected'
  | 'MailboxDeleteRejected'
  | 'MailboxAddAbandoned'
  | 'RequestWithdrawn'
>;

const noLongerToDelete = (
  { openDeletions }: To,
  seat: string,
  { address, requestId }: Closing['data'],
): void => {
  const left = openDeletions.get(seat, address.canonical)?.filter((open) => open !== requestId);
  if (left === undefined) return;
  if (left.length === 0) openDeletions.delete(seat, address.canonical);
  else openDeletions.set(seat, address.canonical, left);
};

const close =
  (status: ClosedRequestStatus) =>
  (tables: To, { orgId, data, metadata }: Closing): void => {
    const reason = 'reason' in data ? data.reason : null;
    amend(tables, orgId, data, (request) => ({
      ...settled(tables, orgId, data.userId, request),
      status,
      reason,
      closedAt: metadata.at,
    }));
    noLongerToDelete(tables, seatGroup(orgId, data.userId), data);
  };

const askToDelete = (tables: To, event: EventOfType<'MailboxDeleteRequested'>): void => {
  const { orgId, data } = event;
  const { canonical } = data.address;
  const seat = seatGroup(orgId, data.userId);
  put(tables, orgId, data, askedToDelete(event));
  const open = tables.openDeletions.get(seat, canonical) ?? [];
  tables.openDeletions.set(seat, canonical, [...open, data.requestId]);
};

/** It stands in the holder's stream; the request is the other user's. */
const say =
  (said: Standing) =>
  (
    tables: To,
    { orgId, data }: EventOfType<'DeletePermissionGranted' | 'DeletePermissionRevoked'>,
  ): void => {
    const { toUserId: userId, requestId, address } = data;
    const { holding = 0 } = tables.holdings.get(orgId, address.canonical) ?? {};
    amend(tables, orgId, { userId, requestId }, (request) =>
      isOpen(request) ? { ...request, said: { standing: said, holding } } : request,
    );
  };

const leave = (tables: To, { orgId, data, metadata }: EventOfType<'MailboxDeleted'>): void => {
  const { userId, address } = data;
  const { canonical } = address;
  const holding = tables.holdings.get(orgId, canonical);
  if (holding?.holder === userId) {
    tables.holdings.set(orgId, canonical, { ...holding, holder: null });
  }
  const seat = seatGroup(orgId, userId);
  // Whoever else asked to delete it has got what they asked for.
  for (const requestId of tables.openDeletions.get(seat, canonical) ?? []) {
    const fulfilled = { status: 'fulfilled', closedAt: metadata.at } as const;
    amend(tables, orgId, { userId, requestId }, (request) => ({ ...request, ...fulfilled }));
  }
  tables.openDeletions.delete(seat, canonical);
};

/** Of an address that is held as a mailbox, not as a login. */
const isOfMailbox = ({ streamKind }: EventOfType<'AddressClaimed' | 'AddressReleased'>): boolean =>
  streamKind === 'address';

export const requestsProjection = defineProjection<RequestsEntries>({
  name: 'requests',
  version: 2,
  tables: ['requests', 'open', 'openDeletions', 'holdings', 'lockedSeats'],
  on: {
    MailboxAddRequested: (tables, event) => {
      put(tables, event.orgId, event.data, askedToAdd(event));
    },
    MailboxDeleteRequested: askToDelete,
    DeletePermissionGranted: say('granted'),
    DeletePermissionRevoked: say('revoked'),
    MailboxAddApproved: approve,
    MailboxDeleteApproved: approve,
    MailboxAdded: close('fulfilled'),
    MailboxAddRejected: close('rejected'),
    MailboxDeleteRejected: close('rejected'),
    MailboxAddAbandoned: close('abandoned'),
    RequestWithdrawn: close('withdrawn'),
    MailboxDeleted: leave,
    SeatLocked: ({ lockedSeats }, { orgId, data }) => {
      lockedSeats.set(orgId, data.userId, true);
    },
    SeatUnlocked: ({ lockedSeats }, { orgId, data }) => {
      lockedSeats.delete(orgId, data.userId);
    },
    AddressClaimed: ({ holdings }, event) => {
      if (!isOfMailbox(event)) return;
      const { canonical } = event.data.address;
      const { holding } = holdings.get(event.orgId, canonical) ?? { holding: 0 };
      holdings.set(event.orgId, canonical, { holder: event.data.userId, holding: holding + 1 });
    },
    AddressReleased: ({ holdings }, event) => {
      if (!isOfMailbox(event)) return;
      const { canonical } = event.data.address;
      const known = holdings.get(event.orgId, canonical);
      if (known !== undefined) holdings.set(event.orgId, canonical, { ...known, holder: null });
    },
  },
});

/** The ids of open requests, or of all, as they came. */
const found = (
  { requests, open }: To,
  orgId: OrgId,
  isOpenWanted: boolean | undefined,
): ReadonlyArray<readonly [string, Request]> => {
  if (isOpenWanted !== true) {
    return [...requests.entries(orgId)].filter(
      ([, request]) => isOpenWanted === undefined || !isOpen(request),
    );
  }
  return Array.from(open.entries(orgId), ([id]) => id).flatMap((id) => {
    const request = requests.get(orgId, id);
    return request === undefined ? [] : [[id, request] as const];
  });
};

const compare = (one: string, other: string): number => {
  if (one === other) return 0;
  return one < other ? -1 : 1;
};

/** By user and request; listed oldest first. */
export const requestsView: View<RequestsEntries, RequestRow, RequestKey, RequestFilter> = {
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
  owner: ({ userId }) => userId,

  get: (tables, orgId, key) => {
    const id = keyOf(key);
    const request = tables.requests.get(orgId, id);
    return request && rowOf(tables, orgId, id, request);
  },

  list: (tables, orgId, { open, ...wanted } = {}) =>
    found(tables, orgId, open)
      .map(([id, request]) => rowOf(tables, orgId, id, request))
      .filter((row) => hasWanted(row, wanted))
      // A host may record what was asked for earlier elsewhere; of one moment, the log's order stands.
      .sort((a, b) => compare(a.requestedAt, b.requestedAt)),
};
