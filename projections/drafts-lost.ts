/**
 * What unsent emails each deletion of a mailbox cost (P17). A deletion that cost none has a row as well:
 * that nothing was lost is an answer.
 */
import type { MailingId, OrgId, RequestId, UserId } from '../src/values/ids';
import type { Actor } from '../src/values/principal';
import type { Timestamp } from '../src/values/timestamp';
import { defineProjection, type EventOfType } from './projection';
import type { Tables } from './table';
import { type CountingView, hasWanted, type Wanted } from './view';

export interface DraftsLostRow {
  readonly orgId: OrgId;
  readonly userId: UserId;
  /** Canonical. */
  readonly address: string;
  /** The request that the deletion served: of this user, or of the one that the mailbox moved to. */
  readonly requestId: RequestId;
  readonly drafts: ReadonlyArray<MailingId>;
  readonly scheduled: ReadonlyArray<MailingId>;
  readonly movedTo: UserId | null;
  readonly deletedAt: Timestamp;
  readonly deletedBy: Actor;
}

export interface DraftsLostTotals {
  readonly orgId: OrgId;
  readonly userId: UserId;
  readonly deletions: number;
  readonly drafts: number;
  readonly scheduled: number;
}

export type DraftsLostKey = Pick<DraftsLostRow, 'userId' | 'requestId' | 'address'>;
export type DraftsLostFilter = Wanted<
  DraftsLostRow,
  'userId' | 'address' | 'requestId' | 'movedTo'
>;

type Deletion = Omit<DraftsLostRow, 'orgId' | 'drafts' | 'scheduled'>;

export interface DraftsLostEntries {
  /** By organization and position of the deletion, so oldest first. */
  readonly deletions: Deletion;
  /** Position of the last deletion of each {@link DraftsLostKey}, which is what events of loss are about. */
  readonly latest: string;
  /** What one event of loss named, by {@link lossGroup} and that event's position. */
  readonly losses: Pick<DraftsLostRow, 'drafts' | 'scheduled'>;
}

const keyOf = ({ userId, requestId, address }: DraftsLostKey): string =>
  `${userId} ${requestId} ${address}`;

/** The group of what one deletion cost. */
const lossGroup = (orgId: OrgId, deletion: string): string => `${orgId} ${deletion}`;

const deletionOf = ({ data, metadata }: EventOfType<'MailboxDeleted'>): Deletion => ({
  userId: data.userId,
  address: data.address.canonical,
  requestId: data.requestId,
  movedTo: data.movedTo ?? null,
  deletedAt: metadata.at,
  deletedBy: metadata.actor,
});

export const draftsLostProjection = defineProjection<DraftsLostEntries>({
  name: 'draftsLost',
  version: 2,
  tables: ['deletions', 'latest', 'losses'],
  on: {
    MailboxDeleted: ({ deletions, latest }, event) => {
      const { orgId } = event;
      const deletion = deletionOf(event);
      const position = String(event.position);
      deletions.set(orgId, position, deletion);
      latest.set(orgId, keyOf(deletion), position);
    },
    DraftsLost: ({ latest, losses }, { orgId, position, data }) => {
      const { userId, requestId, address, drafts, scheduled } = data;
      const deletion = latest.get(orgId, keyOf({ userId, requestId, address: address.canonical }));
      if (deletion === undefined) return;
      losses.set(lossGroup(orgId, deletion), String(position), { drafts, scheduled });
    },
  },
});

const rowOf = (
  { losses }: Tables<DraftsLostEntries>,
  orgId: OrgId,
  position: string,
  { userId, address, requestId, ...rest }: Deletion,
): DraftsLostRow => {
  const lost = [...losses.entries(lossGroup(orgId, position))].map(([, loss]) => loss);
  return {
    orgId,
    userId,
    address,
    requestId,
    drafts: lost.flatMap(({ drafts }) => drafts),
    scheduled: lost.flatMap(({ scheduled }) => scheduled),
    ...rest,
  };
};

/**
 * By user, request and address: the last such deletion, should an address have come back and left again
 * for a request of the same name. Listed oldest first.
 */
export const draftsLostView: CountingView<
  DraftsLostEntries,
  DraftsLostRow,
  DraftsLostKey,
  DraftsLostFilter,
  DraftsLostTotals
> = {
  projection: draftsLostProjection,
  keyFields: { userId: true, requestId: true, address: true },
  filterFields: { userId: true, address: true, requestId: true, movedTo: true },
  owner: ({ userId }) => userId,

  get: (tables, orgId, key) => {
    const position = tables.latest.get(orgId, keyOf(key));
    if (position === undefined) return undefined;
    const deletion = tables.deletions.get(orgId, position);
    return deletion && rowOf(tables, orgId, position, deletion);
  },

  list: (tables, orgId, filter = {}) =>
    [...tables.deletions.entries(orgId)]
      .filter(([, deletion]) => hasWanted(deletion, filter))
      .map(([position, deletion]) => rowOf(tables, orgId, position, deletion)),

  totals: (tables, orgId, filter = {}) => {
    const byUser = new Map<UserId, DraftsLostTotals>();
    for (const { userId, drafts, scheduled } of draftsLostView.list(tables, orgId, filter)) {
      const before = byUser.get(userId);
      byUser.set(userId, {
        orgId,
        userId,
        deletions: (before?.deletions ?? 0) + 1,
        drafts: (before?.drafts ?? 0) + drafts.length,
        scheduled: (before?.scheduled ?? 0) + scheduled.length,
      });
    }
    return [...byUser.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  },
};
