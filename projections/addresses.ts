/**
 * Who holds each address as a mailbox, on an active or a locked seat (P21, P22). A free address has no
 * row. Claims are passed over: until `MailboxAdded` commits one, nobody holds the address.
 */
import type { OrgId, RequestId, UserId } from '../src/values/ids';
import type { Timestamp } from '../src/values/timestamp';
import { defineProjection, type EventOfType } from './projection';
import type { Tables } from './table';
import { hasWanted, type View, type Wanted } from './view';

export interface AddressRow {
  readonly orgId: OrgId;
  /** Canonical. */
  readonly address: string;
  readonly typed: string;
  readonly holder: UserId;
  readonly seatState: 'active' | 'locked';
  readonly mailboxState: 'provisioned' | 'configured';
  /** The request that the mailbox was added for. */
  readonly requestId: RequestId;
  readonly since: Timestamp;
}

export type AddressFilter = Wanted<AddressRow, 'holder' | 'seatState' | 'mailboxState'>;

type Holding = Omit<AddressRow, 'orgId' | 'seatState' | 'address'>;

/** Both by organization. */
export interface AddressesEntries {
  /** By canonical address. */
  readonly holdings: Holding;
  /** By user id. Kept apart, so that locking a seat touches none of its addresses. */
  readonly lockedSeats: true;
}

/** What `userId` holds at the address. In one append it may already be its next holder's. */
const heldBy = (
  { holdings }: Tables<AddressesEntries>,
  { orgId, data: { userId, address } }: EventOfType<'MailboxConfigured' | 'MailboxDeleted'>,
): Holding | undefined => {
  const holding = holdings.get(orgId, address.canonical);
  return holding?.holder === userId ? holding : undefined;
};

export const addressesProjection = defineProjection<AddressesEntries>({
  name: 'addresses',
  version: 2,
  tables: ['holdings', 'lockedSeats'],
  on: {
    SeatLocked: ({ lockedSeats }, { orgId, data: { userId } }) => {
      lockedSeats.set(orgId, userId, true);
    },
    SeatUnlocked: ({ lockedSeats }, { orgId, data: { userId } }) => {
      lockedSeats.delete(orgId, userId);
    },
    MailboxAdded: ({ holdings }, { orgId, data, metadata }) => {
      holdings.set(orgId, data.address.canonical, {
        typed: data.address.typed,
        holder: data.userId,
        mailboxState: 'provisioned',
        requestId: data.requestId,
        since: metadata.at,
      });
    },
    MailboxConfigured: (tables, event) => {
      const { canonical, typed } = event.data.address;
      const holding = heldBy(tables, event);
      if (holding === undefined) return;
      tables.holdings.set(event.orgId, canonical, {
        ...holding,
        typed,
        mailboxState: 'configured',
      });
    },
    MailboxDeleted: (tables, event) => {
      if (heldBy(tables, event)) tables.holdings.delete(event.orgId, event.data.address.canonical);
    },
  },
});

const rowOf = (
  { lockedSeats }: Tables<AddressesEntries>,
  orgId: OrgId,
  address: string,
  { typed, holder, ...rest }: Holding,
): AddressRow => ({
  orgId,
  address,
  typed,
  holder,
  seatState: lockedSeats.get(orgId, holder) === undefined ? 'active' : 'locked',
  ...rest,
});

/** By canonical address; listed in its order. */
export const addressesView: View<AddressesEntries, AddressRow, string, AddressFilter> = {
  projection: addressesProjection,
  keyFields: {},
  filterFields: { holder: true, seatState: true, mailboxState: true },
  owner: ({ holder }) => holder,

  get: (tables, orgId, address) => {
    const holding = tables.holdings.get(orgId, address);
    return holding && rowOf(tables, orgId, address, holding);
  },

  list: (tables, orgId, filter = {}) =>
    [...tables.holdings.entries(orgId)]
      .map(([address, holding]) => rowOf(tables, orgId, address, holding))
      .filter((row) => hasWanted(row, filter))
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
};
