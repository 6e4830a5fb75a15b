import { absurd } from 'fp-ts/lib/function.js';
import type { EmailAddress } from '../values/email-address';
import type { RequestId, UserId } from '../values/ids';
import type { AddressEvent } from './events';

/** The claim on an address. */
export interface Claim {
  readonly address: EmailAddress;
  readonly userId: UserId;
  readonly requestId: RequestId;
}

/** One address: its claim, or nothing when it is free. */
export interface Address {
  readonly claim: Claim | undefined;
}

export const initialState: Address = { claim: undefined };

/** Applies one stored fact. Never refuses and never throws. */
export const evolve = (_: Address, event: AddressEvent): Address => {
  switch (event.type) {
    case 'AddressClaimed':
      return { claim: event.data };
    case 'AddressReleased':
      return initialState;
    default:
      return absurd(event);
  }
};
