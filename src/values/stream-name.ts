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

const kinds = ['seat', 'address', 'account', 'organization', 'answer'] as const;

/** What a stream's name says: its kind, and the organization that it belongs to. */
export type StreamIdentity =
  | { readonly kind: (typeof kinds)[number]; readonly orgId: OrgId }
  | { readonly kind: 'ledger'; readonly orgId: undefined };

/** The user in the name of a seat's stream, behind its only dot. */
export const userOfSeat = (stream: string): UserId =>
  stream.slice(stream.indexOf('.') + 1) as UserId;

/** Reads a stream's name back; `undefined` when it is none of ours. */
export const streamIdentity = (stream: string): StreamIdentity | undefined => {
  if (stream === LEDGER_STREAM) return { kind: 'ledger', orgId: undefined };
  for (const kind of kinds) {
    if (!stream.startsWith(kind) || stream[kind.length] !== '-') continue;
    const start = kind.length + 1;
    const dot = stream.indexOf('.', start);
    // Only an organization's own stream has nothing behind its name.
    if (kind === 'organization' ? dot >= 0 : dot < 0) return undefined;
    return { kind, orgId: orgIdIn(stream, start, dot < 0 ? stream.length : dot) };
  }
  return undefined;
};

/** Events that follow each other are mostly of one organization: its id is then one text, hashed once. */
let lastOrgId = '';

const orgIdIn = (stream: string, start: number, end: number): OrgId => {
  if (end - start !== lastOrgId.length || !stream.startsWith(lastOrgId, start)) {
    lastOrgId = stream.slice(start, end);
  }
  return lastOrgId as OrgId;
};
