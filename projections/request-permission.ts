/** What is permitted about a request (P24), which depends on the seat that holds the address now. */
import type { OrgId, UserId } from '../src/values/ids';
import type { Request, RequestRow, RequestsEntries } from './request-entries';
import type { Tables } from './table';

type To = Tables<RequestsEntries>;

/** The other seat that holds the address now. */
export const otherHolding = (
  { holdings }: To,
  orgId: OrgId,
  userId: UserId,
  { address }: Request,
): { readonly holder: UserId; readonly holding: number } | undefined => {
  const known = holdings.get(orgId, address);
  if (known === undefined || known.holder === null || known.holder === userId) return undefined;
  return { holder: known.holder, holding: known.holding };
};

/** What the holder of that address has said, if it was said by who holds it now. */
export const standing = (
  { said, status, closedAt }: Request,
  holding: number | undefined,
): RequestRow['permission'] => {
  if (said === null) return 'none';
  const isUsed = status === 'approved' || closedAt !== null;
  return isUsed || said.holding === holding ? said.standing : 'none';
};

/**
 * Whether an approval would be refused for lack of permission: on an active seat its holder or an admin
 * permits, on a locked one an admin or the requester. What was revoked does not stand (P24).
 */
export const lacksPermission = (
  tables: To,
  orgId: OrgId,
  userId: UserId,
  request: Request,
): boolean => {
  const other = otherHolding(tables, orgId, userId, request);
  if (request.kind === 'delete' || other === undefined) return false;
  const { deletePermission, permittedHolding, requestedBy } = request;
  const permission = standing(request, other.holding);
  if (permission !== 'none') return permission === 'revoked';
  // The permission was for the seat that held the address then, not for whoever holds it now.
  if (!deletePermission || permittedHolding !== other.holding) return true;
  return requestedBy.role !== 'admin' && tables.lockedSeats.get(orgId, other.holder) === undefined;
};

/** Leaves standing, for good, only what is in force now. */
export const settled = (tables: To, orgId: OrgId, userId: UserId, request: Request): Request => {
  const other = otherHolding(tables, orgId, userId, request);
  return standing(request, other?.holding) === 'none' ? { ...request, said: null } : request;
};
