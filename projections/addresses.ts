/**
 * Who holds each address as a mailbox, on an active or a locked seat (P21, P22). A free address has no
 * row. Claims are passed over: until `MailboxAdded` commits one, nobody holds the address.
 */
import { absurd } from 'fp-ts/lib/function.js';
import type { OrgId, RequestId, UserId } from '../src/values/ids';
import type { Timestamp } from '../src/values/timestamp';
import {
  type ByOrganization,
  type EventOfType,
  foldByOrganization,
  hasWanted,
  type View,
  type Wanted,
} from './view';

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

type Holding = Omit<AddressRow, 'orgId' | 'seatState'>;

export interface OrganizationAddresses {
  /** By canonical address. */
  readonly holdings: Map<string, Holding>;
  /** Kept apart, so that locking a seat touches none of its addresses. */
  readonly lockedSeats: Set<UserId>;
}

export type AddressesState = ByOrganization<OrganizationAddresses>;

const handles = [
  'SeatLocked',
  'SeatUnlocked',
  'MailboxAdded',
  'MailboxConfigured',
  'MailboxDeleted',
] as const;
type Handled = EventOfType<(typeof handles)[number]>;

/** What `userId` holds at the address. In one append it may already be its next holder's. */
const heldBy = (
  { userId, address }: EventOfType<'MailboxConfigured' | 'MailboxDeleted'>['data'],
  { holdings }: OrganizationAddresses,
): Holding | undefined => {
  const holding = holdings.get(address.canonical);
  return holding?.holder === userId ? holding : undefined;
};

const evolvePart = (organization: OrganizationAddresses, event: Handled): void => {
  const { holdings, lockedSeats } = organization;
  switch (event.type) {
    case 'SeatLocked':
      lockedSeats.add(event.data.userId);
      return;
    case 'SeatUnlocked':
      lockedSeats.delete(event.data.userId);
      return;
    case 'MailboxAdded': {
      const { userId, requestId, address } = event.data;
      holdings.set(address.canonical, {
        address: address.canonical,
        typed: address.typed,
        holder: userId,
        mailboxState: 'provisioned',
        requestId,
        since: event.metadata.at,
      });
      return;
    }
    case 'MailboxConfigured': {
      const { canonical, typed } = event.data.address;
      const holding = heldBy(event.data, organization);
      if (holding) holdings.set(canonical, { ...holding, typed, mailboxState: 'configured' });
      return;
    }
    case 'MailboxDeleted':
      if (heldBy(event.data, organization)) holdings.delete(event.data.address.canonical);
      return;
    default:
      absurd(event);
  }
};

export const addressesProjection = foldByOrganization({
  name: 'addresses',
  version: 1,
  handles,
  initialPart: (): OrganizationAddresses => ({ holdings: new Map(), lockedSeats: new Set() }),
  evolvePart,
});

const rowOf = (
  orgId: OrgId,
  { address, typed, holder, ...rest }: Holding,
  { lockedSeats }: OrganizationAddresses,
): AddressRow => ({
  orgId,
  address,
  typed,
  holder,
  seatState: lockedSeats.has(holder) ? 'locked' : 'active',
  ...rest,
});

/** By canonical address; listed in its order. */
export const addressesView: View<AddressesState, AddressRow, string, AddressFilter> = {
  projection: addressesProjection,
  keyFields: {},
  filterFields: { holder: true, seatState: true, mailboxState: true },

  get: (state, orgId, address) => {
    const organization = state.get(orgId);
    const holding = organization?.holdings.get(address);
    return organization && holding && rowOf(orgId, holding, organization);
  },

  list: (state, orgId, filter = {}) => {
    const organization = state.get(orgId);
    if (organization === undefined) return [];
    return [...organization.holdings.values()]
      .map((holding) => rowOf(orgId, holding, organization))
      .filter((row) => hasWanted(row, filter))
      .sort((a, b) => (a.address < b.address ? -1 : 1));
  },
};
