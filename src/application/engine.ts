/** What executing needs of the ledger it belongs to, and how patient it is. */
import type { Command } from '../commands';
import type { EventMetadata } from '../stored-event';
import { POLICY_VERSION } from '../values/policy';
import { actorOf, type Principal } from '../values/principal';
import { organizationStream, seatStream } from '../values/stream-name';
import type { Timestamp } from '../values/timestamp';
import { fingerprint } from './command-identity';
import type { Failure } from './failures';
import type { EventStore } from './ports';
import type { StateCache } from './state-cache';

/** Attempts before a command is given up as contended. */
export const MOST_ATTEMPTS = 24;
/** After this many attempts, wait a little before the next: somebody else is busy on the same streams. */
const EAGER_ATTEMPTS = 3;
const LONGEST_WAIT_MS = 64;

export interface Engine {
  readonly store: EventStore;
  readonly cache: StateCache;
  readonly addressSecret: string;
}

/** A command that has been read, with who asks and when. */
export interface Issue {
  readonly principal: Principal;
  readonly command: Command;
  readonly now: Timestamp;
}

/** The stream that a command speaks about: its first event goes there. */
export const homeStream = ({ principal, command }: Issue): string =>
  command.type === 'SetContract' || command.type === 'GrantMailboxLimit'
    ? organizationStream(principal.orgId)
    : seatStream(principal.orgId, command.userId);

export const metadataOf = (issue: Issue): EventMetadata => ({
  commandId: issue.command.commandId,
  commandType: issue.command.type,
  actor: actorOf(issue.principal),
  at: issue.now,
  policyVersion: POLICY_VERSION,
  fingerprint: fingerprint(issue.principal, issue.command),
});

export const contended = (attempts: number): Failure => ({
  type: 'Contended',
  attempts,
  message:
    `Other writers changed the same streams at each of ${attempts} attempts. ` +
    'Nothing of the command was written; send it again.',
});

/** As {@link contended}, when some of the command's appends had been made. */
export const unfinished = (attempts: number): Failure => ({
  type: 'Contended',
  attempts,
  message:
    `Other writers changed the same streams at each of ${attempts} attempts, after a part was written. ` +
    'Send the same command again: it goes on where it stopped.',
});

/** Nobody was seen to be faster, and still what was read never made sense. */
export const unfitting = (reads: number): Failure => ({
  type: 'Contended',
  attempts: reads,
  message:
    `What stands in the streams never fitted together, at ${reads} reads in a row. ` +
    'Send the same command again, in case the server was behind; if this is told again, the log ' +
    'contradicts itself: verify says where.',
});

export const pause = (attempt: number): Promise<void> => {
  if (attempt <= EAGER_ATTEMPTS) return Promise.resolve();
  const longest = Math.min(LONGEST_WAIT_MS, 2 ** (attempt - EAGER_ATTEMPTS));
  return new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
};
