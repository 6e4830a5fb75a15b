/** Who holds one address: the stream that keeps an address on one seat. */
import type { Decider } from '../decider';
import type { AddressCommand } from './commands';
import { decide } from './decide';
import type { AddressEvent } from './events';
import type { AddressRejection } from './rejections';
import { type Address, evolve, initialState } from './state';

export const address: Decider<AddressCommand, Address, AddressEvent, AddressRejection> = {
  initialState,
  decide,
  evolve,
};

export type { Address, Claim } from './state';
export type { AddressCommand } from './commands';
export { addressEvents, type AddressEvent } from './events';
export type { AddressRejection } from './rejections';
