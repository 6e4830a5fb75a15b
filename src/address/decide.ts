import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import { alreadySo, type Decision } from '../decider';
import type { AddressCommand, ClaimAddress, ReleaseAddress } from './commands';
import { AddressClaimed, type AddressEvent, AddressReleased } from './events';
import type { AddressRejection } from './rejections';
import type { Address, Claim } from './state';

type AddressDecision = Decision<AddressEvent, AddressRejection>;

const heldByAnother = ({ userId, requestId }: Claim): AddressDecision =>
  E.left([{ type: 'HeldByAnother', userId, requestId }]);

const claimAddress = (command: ClaimAddress, { claim }: Address): AddressDecision => {
  const { address, userId, requestId } = command;
  if (claim === undefined) return E.right([AddressClaimed({ address, userId, requestId })]);
  return claim.userId === userId && claim.requestId === requestId
    ? alreadySo
    : heldByAnother(claim);
};

const releaseAddress = ({ userId }: ReleaseAddress, { claim }: Address): AddressDecision => {
  if (claim === undefined) return alreadySo;
  return claim.userId === userId ? E.right([AddressReleased(claim)]) : heldByAnother(claim);
};

export const decide = (command: AddressCommand, address: Address): AddressDecision =>
  match(command)
    .with({ type: 'ClaimAddress' }, (c) => claimAddress(c, address))
    .with({ type: 'ReleaseAddress' }, (c) => releaseAddress(c, address))
    .exhaustive();
