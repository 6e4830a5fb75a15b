/** What may be asked of an organization's contract. Only Support, with the scope `contract`, may ask. */
import * as t from 'io-ts';
import { AddressText } from '../values/address-codec';
import { closed, listOf, wholeNumber } from '../values/codec';
import { CommandId, UserId } from '../values/ids';

/** Mailboxes a contract may allow a user. The upper bound only stops nonsense. */
export const MailboxLimit = wholeNumber(1, 1000);

/** Records the contract in force. Terms left out fall back to the policy: a limit of 2, nothing shared. */
export const SetContract = closed(
  { type: t.literal('SetContract'), commandId: CommandId },
  { mailboxLimit: MailboxLimit, permittedSharedAddresses: listOf(AddressText, 0, 1000) },
);
export type SetContract = t.TypeOf<typeof SetContract>;

/** Gives one user another limit than the contract's general one (P2). */
export const GrantMailboxLimit = closed({
  type: t.literal('GrantMailboxLimit'),
  commandId: CommandId,
  userId: UserId,
  limit: MailboxLimit,
});
export type GrantMailboxLimit = t.TypeOf<typeof GrantMailboxLimit>;

export const organizationCommands = { SetContract, GrantMailboxLimit };

/** What a grant must know beyond the contract: whether there is such a seat. */
export interface GrantFacts {
  readonly seatExists: boolean;
}

export type OrganizationCommand =
  SetContract | (GrantMailboxLimit & { readonly facts: GrantFacts });
