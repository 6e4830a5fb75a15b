/** Numbers of the policy, and the version of it that this release decides by. */

/** Recorded with every event. A new version never re-judges what an older one decided. */
export const POLICY_VERSION = '2026-11';

/** Every version that some release decided by, up to this one. */
const policyVersions: ReadonlySet<string> = new Set([POLICY_VERSION]);

export const isKnownPolicy = (version: string): boolean => policyVersions.has(version);

/** P1: mailboxes a user may hold where no contract says otherwise. */
export const DEFAULT_MAILBOX_LIMIT = 2;

/** P33: emails a user may send in a week, however many mailboxes they hold. */
export const WEEKLY_SEND_LIMIT = 5000;

/** Ids that one event of loss or change may carry; more make more events. */
export const MOST_IDS_AN_EVENT = 1000;

/** Clauses of the policy that code, answers and documents cite. */
export type Clause = `P${number}`;
