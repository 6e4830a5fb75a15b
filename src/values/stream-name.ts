/** Names of streams. Ids hold neither `.` nor a raw address, so no two things share a name. */
import type { AddressKey } from './address-key';
import type { CommandId, OrgId, UserId } from './ids';

export const seatStream = (orgId: OrgId, userId: UserId): string => `seat-${orgId}.${userId}`;

export const organizationStream = (orgId: OrgId): string => `organization-${orgId}`;

/** Who holds an address as a mailbox. */
export const addressStream = (orgId: OrgId, key: AddressKey): string => `address-${orgId}.${key}`;

/** Who holds an address as the login of their account (P36). */
export const accountStream = (orgId: OrgId, key: AddressKey): string => `account-${orgId}.${key}`;

/** The answer to a command that added nothing to any other stream. */
export const answerStream = (orgId: OrgId, commandId: CommandId): string =>
  `answer-${orgId}.${commandId}`;

/** Settings that the whole store was made with. */
export const LEDGER_STREAM = 'ledger';

export type StreamKind = 'seat' | 'organization' | 'address' | 'account' | 'answer' | 'ledger';

const kinds: ReadonlySet<string> = new Set<StreamKind>([
  'seat',
  'organization',
  'address',
  'account',
  'answer',
]);

/** What a stream's name says: its kind, the organization that it belongs to, and whose seat it is. */
export type StreamIdentity =
  | { readonly kind: 'seat'; readonly orgId: OrgId; readonly userId: UserId }
  | { readonly kind: Exclude<StreamKind, 'seat' | 'ledger'>; readonly orgId: OrgId }
  | { readonly kind: 'ledger'; readonly orgId: undefined };

/** The user in the name of a seat's stream, behind its only dot. */
export const userOfSeat = (stream: string): UserId =>
  stream.slice(stream.indexOf('.') + 1) as UserId;

/** Reads a stream's name back; `undefined` when it is none of ours. */
export const streamIdentity = (stream: string): StreamIdentity | undefined => {
  if (stream === LEDGER_STREAM) return { kind: 'ledger', orgId: undefined };
  const dash = stream.indexOf('-');
  const kind = stream.slice(0, dash);
  if (dash < 0 || !kinds.has(kind)) return undefined;
  const dot = stream.indexOf('.', dash);
  // Only an organization's own stream has nothing behind its name.
  if (kind === 'organization' ? dot >= 0 : dot < 0) return undefined;
  const orgId = stream.slice(dash + 1, dot < 0 ? undefined : dot) as OrgId;
  if (kind === 'seat') return { kind, orgId, userId: userOfSeat(stream) };
  return { kind: kind as Exclude<StreamKind, 'seat' | 'ledger'>, orgId };
};
