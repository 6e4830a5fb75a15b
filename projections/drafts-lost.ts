/**
 * What unsent emails each deletion of a mailbox cost (P17). A deletion that cost none has a row as well:
 * that nothing was lost is an answer.
 */
import { absurd } from 'fp-ts/lib/function.js';
import type { MailingId, OrgId, RequestId, UserId } from '../src/values/ids';
import type { Actor } from '../src/values/principal';
import type { Timestamp } from '../src/values/timestamp';
import {
  type ByOrganization,
  type CountingView,
  type EventOfType,
  foldByOrganization,
  hasWanted,
  type Wanted,
} from './view';

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

interface Deletion extends Omit<DraftsLostRow, 'orgId' | 'drafts' | 'scheduled'> {
  /** These two grow with each event of loss; rows get copies. */
  readonly drafts: Array<MailingId>;
  readonly scheduled: Array<MailingId>;
}

export interface OrganizationDeletions {
  /** Oldest first. */
  readonly deletions: Array<Deletion>;
  /** The last one of each {@link DraftsLostKey}: the one that events of loss are about. */
  readonly latest: Map<string, Deletion>;
}

export type DraftsLostState = ByOrganization<OrganizationDeletions>;

const handles = ['MailboxDeleted', 'DraftsLost'] as const;
type Handled = EventOfType<(typeof handles)[number]>;

const keyOf = ({ userId, requestId, address }: DraftsLostKey): string =>
  `${userId} ${requestId} ${address}`;

const opened = ({ data, metadata }: EventOfType<'MailboxDeleted'>): Deletion => ({
  userId: data.userId,
  address: data.address.canonical,
  requestId: data.requestId,
  drafts: [],
  scheduled: [],
  movedTo: data.movedTo ?? null,
  deletedAt: metadata.at,
  deletedBy: metadata.actor,
});

const evolvePart = ({ deletions, latest }: OrganizationDeletions, event: Handled): void => {
  switch (event.type) {
    case 'MailboxDeleted': {
      const deletion = opened(event);
      deletions.push(deletion);
      latest.set(keyOf(deletion), deletion);
      return;
    }
    case 'DraftsLost': {
      const { address, drafts, scheduled } = event.data;
      const deletion = latest.get(keyOf({ ...event.data, address: address.canonical }));
      deletion?.drafts.push(...drafts);
      deletion?.scheduled.push(...scheduled);
      return;
    }
    default:
      absurd(event);
  }
};

export const draftsLostProjection = foldByOrganization({
  name: 'draftsLost',
  version: 1,
  handles,
  initialPart: (): OrganizationDeletions => ({ deletions: [], latest: new Map() }),
  evolvePart,
});

const rowOf = (orgId: OrgId, deletion: Deletion): DraftsLostRow => ({
  orgId,
  ...deletion,
  drafts: [...deletion.drafts],
  scheduled: [...deletion.scheduled],
});

/**
 * By user, request and address: the last such deletion, should an address have come back and left again
 * for a request of the same name. Listed oldest first.
 */
export const draftsLostView: CountingView<
  DraftsLostState,
  DraftsLostRow,
  DraftsLostKey,
  DraftsLostFilter,
  DraftsLostTotals
> = {
  projection: draftsLostProjection,
  keyFields: { userId: true, requestId: true, address: true },
  filterFields: { userId: true, address: true, requestId: true, movedTo: true },

  get: (state, orgId, key) => {
    const deletion = state.get(orgId)?.latest.get(keyOf(key));
    return deletion && rowOf(orgId, deletion);
  },

  list: (state, orgId, filter = {}) =>
    (state.get(orgId)?.deletions ?? [])
      .filter((deletion) => hasWanted(deletion, filter))
      .map((deletion) => rowOf(orgId, deletion)),

  totals: (state, orgId, filter = {}) => {
    const byUser = new Map<UserId, DraftsLostTotals>();
    for (const { userId, drafts, scheduled } of state.get(orgId)?.deletions ?? []) {
      if (filter.userId !== undefined && filter.userId !== userId) continue;
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
