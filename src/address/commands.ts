/** What may be asked of one address. The processes ask; no person does. */
import type { EmailAddress } from '../values/email-address';
import type { RequestId, UserId } from '../values/ids';

/** Holds the address for this user, for this request. */
export interface ClaimAddress {
  readonly type: 'ClaimAddress';
  readonly address: EmailAddress;
  readonly userId: UserId;
  readonly requestId: RequestId;
}

/** Gives the address up for this user. */
export interface ReleaseAddress {
  readonly type: 'ReleaseAddress';
  readonly userId: UserId;
}

export type AddressCommand = ClaimAddress | ReleaseAddress;
