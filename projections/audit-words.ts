/** Phrases that several sentences of the audit trail share. */
import type { MailboxConfigured, MailboxDeleteApproved } from '../src/seat/events';
import type { EventFrom } from '../src/stored-event';
import type { EmailAddress } from '../src/values/email-address';
import type { RequestId, UserId } from '../src/values/ids';
import type { Actor } from '../src/values/principal';

const roles: Readonly<Record<Actor['role'], string>> = {
  user: 'User',
  admin: 'Admin',
  support: 'Support agent',
  system: 'The system',
};

/** Who acted, as the subject of a sentence. */
export const subjectOf = ({ role, id }: Actor): string => `${roles[role]} ${id}`;

export const amount = (count: number, thing: string): string => {
  if (count === 1) return `1 ${thing}`;
  return `${count} ${thing}${thing.endsWith('s') ? 'es' : 's'}`;
};

/** Said only where it is so. */
export const also = (text: string, isSo: boolean): string => (isSo ? text : '');

export interface About {
  readonly userId: UserId;
  readonly requestId: RequestId;
  /** Canonical. */
  readonly address: string;
}

/** What most events about a request have in common. */
export const about = (
  data: Omit<About, 'address'> & { readonly address: EmailAddress },
): About => ({
  userId: data.userId,
  requestId: data.requestId,
  address: data.address.canonical,
});

export const requestOf = ({ userId, requestId, address }: About): string =>
  `${userId}'s request ${requestId} for ${address}`;

/** A mailbox and whose it is. */
export const heldBy = ({ userId, address }: Omit<About, 'requestId'>): string =>
  `${address} on ${userId}'s seat`;

type Acknowledged = EventFrom<typeof MailboxDeleteApproved>['data']['acknowledged'];

export const acknowledgedOf = (acknowledged: Acknowledged) => ({
  drafts: acknowledged.drafts,
  scheduled: acknowledged.scheduled,
  sequences: acknowledged.sequences,
  untagged: acknowledged.untaggedProspects,
});

export const unsentOf = (drafts: number, scheduled: number): string =>
  `${amount(drafts, 'draft')} and ${amount(scheduled, 'scheduled email')}`;

export const lossOf = (drafts: number, scheduled: number, sequences: number): string =>
  `${amount(drafts, 'draft')}, ${amount(scheduled, 'scheduled email')} and ${amount(sequences, 'running sequence state')}`;

export const uses: Readonly<Record<EventFrom<typeof MailboxConfigured>['data']['use'], string>> = {
  primary: 'their primary mailbox',
  alias: 'an alias',
  aliasWithGmail2Step: 'an alias with Gmail 2-step verification',
};
