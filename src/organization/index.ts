/** One organization's contract: how many mailboxes a user may hold, and which shared addresses. */
import type { Decider } from '../decider';
import type { OrganizationCommand } from './commands';
import { decide, grantRules } from './decide';
import type { OrganizationEvent } from './events';
import type { OrganizationRejection } from './rejections';
import { evolve, initialState, type Organization } from './state';

export const organization: Decider<
  OrganizationCommand,
  Organization,
  OrganizationEvent,
  OrganizationRejection
> = { initialState, decide, evolve };

/** The rules that a decision runs, for whoever tells what was judged. */
export const organizationRules = { GrantMailboxLimit: grantRules };

export { limitFor, permitsShared, type Organization } from './state';
export { type GrantMailboxLimit, type SetContract } from './commands';
export { organizationEvents, type OrganizationEvent } from './events';
export type { OrganizationRejection } from './rejections';
