/** Who acts. The host has authenticated them; the organization comes from here, never from a command. */
import * as t from 'io-ts';
import { closed, listOf, oneOf } from './codec';
import { AgentId, CaseId, OrgId, UserId } from './ids';
import { taggedUnion } from './tagged-union';

const User = closed({ role: t.literal('user'), orgId: OrgId, userId: UserId });
const Admin = closed({ role: t.literal('admin'), orgId: OrgId, userId: UserId });
const Support = closed(
  { role: t.literal('support'), orgId: OrgId, agentId: AgentId },
  { caseId: CaseId, scopes: listOf(oneOf('contract'), 0, 10) },
);
const System = closed({ role: t.literal('system'), orgId: OrgId, systemId: AgentId });

/**
 * A user or admin of the organization, a Support agent working for it, or the host's own system.
 * Support acts for a user under a `caseId`, and changes contracts with the scope `contract`.
 */
export const Principal = taggedUnion('role', {
  user: User,
  admin: Admin,
  support: Support,
  system: System,
});
export type Principal = t.TypeOf<typeof Principal>;
export type PrincipalInput = t.OutputOf<typeof Principal>;
export type Role = Principal['role'];

/** Who acted, as events remember it. */
export const Actor = closed({
  role: oneOf('user', 'admin', 'support', 'system'),
  id: t.union([UserId, AgentId]),
});
export type Actor = t.TypeOf<typeof Actor>;

export const actorOf = (principal: Principal): Actor => {
  switch (principal.role) {
    case 'user':
    case 'admin':
      return { role: principal.role, id: principal.userId };
    case 'support':
      return { role: principal.role, id: principal.agentId };
    case 'system':
      return { role: principal.role, id: principal.systemId };
  }
};
