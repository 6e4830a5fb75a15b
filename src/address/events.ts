/**
 * Events of one address, exactly as stored: as a mailbox in `address-{orgId}.{addressKey}`, as the login
 * of an account in `account-{orgId}.{addressKey}`. The two are independent.
 *
 * Stored contract: add an optional field or a new event type; never rename, retype or remove one.
 */
import { StoredAddress } from '../values/address-codec';
import { RequestId, UserId } from '../values/ids';
import { type EventFrom, storedEvent } from '../stored-event';

/** From here on this user, and nobody else, holds the address. */
export const AddressClaimed = storedEvent('AddressClaimed', {
  address: StoredAddress,
  userId: UserId,
  /** The request that the claim serves; for a login, the id of the command that set it. */
  requestId: RequestId,
});

/** The address is free again. */
export const AddressReleased = storedEvent('AddressReleased', {
  address: StoredAddress,
  userId: UserId,
  requestId: RequestId,
});

export const addressEvents = { AddressClaimed, AddressReleased };
export type AddressEvent = EventFrom<(typeof addressEvents)[keyof typeof addressEvents]>;
