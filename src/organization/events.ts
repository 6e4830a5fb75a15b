/**
 * Events of one organization's contract, exactly as stored in stream `organization-{orgId}`.
 *
 * Stored contract: add an optional field or a new event type; never rename, retype or remove one.
 */
import { StoredAddress } from '../values/address-codec';
import { listOf } from '../values/codec';
import { UserId } from '../values/ids';
import { type EventFrom, storedEvent } from '../stored-event';
import { MailboxLimit } from './commands';

/** These terms are in force from here on; they replace all earlier ones but not the grants to single users. */
export const ContractSet = storedEvent('ContractSet', {
  mailboxLimit: MailboxLimit,
  permittedSharedAddresses: listOf(StoredAddress, 0, 1000),
});

/** By contract, this user may hold `limit` mailboxes. */
export const MailboxLimitGranted = storedEvent('MailboxLimitGranted', {
  userId: UserId,
  limit: MailboxLimit,
});

export const organizationEvents = { ContractSet, MailboxLimitGranted };
export type OrganizationEvent = EventFrom<
  (typeof organizationEvents)[keyof typeof organizationEvents]
>;
