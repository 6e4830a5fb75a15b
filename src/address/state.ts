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
  /** How often it has been claimed so far: tells one holding from a later one. */
  readonly claims: number;
}

export const initialState: Address = { claim: undefined, claims: 0 };

/** Applies one stored fact. Never refuses and never throws. */
export const evolve = ({ claims }: Address, event: AddressEvent): Address => {
  switch (event.type) {
    case 'AddressClaimed':
      return { claim: event.data, claims: claims + 1 };
    case 'AddressReleased':
      return { claim: undefined, claims };
    default:
      return absurd(event);
  }
};
