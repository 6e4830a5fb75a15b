import { absurd } from 'fp-ts/lib/function.js';
import type { UserId } from '../values/ids';
import type { EmailAddress } from '../values/email-address';
import { DEFAULT_MAILBOX_LIMIT } from '../values/policy';
import type { OrganizationEvent } from './events';

/** The terms in force in one organization. */
export interface Organization {
  readonly hasContract: boolean;
  readonly mailboxLimit: number;
  readonly grants: ReadonlyMap<UserId, number>;
  /** Canonical forms. */
  readonly permittedSharedAddresses: ReadonlySet<string>;
}

export const initialState: Organization = {
  hasContract: false,
  mailboxLimit: DEFAULT_MAILBOX_LIMIT,
  grants: new Map(),
  permittedSharedAddresses: new Set(),
};

/** Applies one stored fact. Never refuses and never throws. */
export const evolve = (organization: Organization, event: OrganizationEvent): Organization => {
  switch (event.type) {
    case 'ContractSet':
      return {
        ...organization,
        hasContract: true,
        mailboxLimit: event.data.mailboxLimit,
        permittedSharedAddresses: new Set(
          event.data.permittedSharedAddresses.map(({ canonical }) => canonical),
        ),
      };
    case 'MailboxLimitGranted':
      return {
        ...organization,
        grants: new Map(organization.grants).set(event.data.userId, event.data.limit),
      };
    default:
      return absurd(event);
  }
};

/** P1, P2: the limit in force for one user: their grant, else the contract's, else the policy's. */
export const limitFor = (organization: Organization, userId: UserId): number =>
  organization.grants.get(userId) ?? organization.mailboxLimit;

/** P6: whether the contract permits exactly this shared address. */
export const permitsShared = (organization: Organization, { canonical }: EmailAddress): boolean =>
  organization.permittedSharedAddresses.has(canonical);
