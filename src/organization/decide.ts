import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import { alreadySo, type Decision, firstBroken, type Rule } from '../decider';
import { DEFAULT_MAILBOX_LIMIT } from '../values/policy';
import type { OrganizationCommand, SetContract } from './commands';
import { ContractSet, MailboxLimitGranted, type OrganizationEvent } from './events';
import type { OrganizationRejection } from './rejections';
import type { Organization } from './state';

type Grant = Extract<OrganizationCommand, { readonly type: 'GrantMailboxLimit' }>;
type OrganizationDecision = Decision<OrganizationEvent, OrganizationRejection>;

/** P31: the user has a seat here. */
const seatExists: Rule<Grant, Organization, OrganizationRejection> = ({ facts, userId }) =>
  facts.seatExists ? undefined : { type: 'SeatNotFound', userId };

/** P2: another limit only by contract. */
const underContract: Rule<Grant, Organization, OrganizationRejection> = (_, organization) =>
  organization.hasContract ? undefined : { type: 'ContractRequired' };

export const grantRules = [{ seatExists, underContract }];

const brokenForGrant = firstBroken(grantRules);

const sameMembers = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  left.size === right.size && [...left].every((member) => right.has(member));

const setContract = (command: SetContract, organization: Organization): OrganizationDecision => {
  const mailboxLimit = command.mailboxLimit ?? DEFAULT_MAILBOX_LIMIT;
  const permitted = new Map(
    (command.permittedSharedAddresses ?? []).map((address) => [address.canonical, address]),
  );
  const inForce =
    organization.hasContract &&
    organization.mailboxLimit === mailboxLimit &&
    sameMembers(organization.permittedSharedAddresses, new Set(permitted.keys()));
  if (inForce) return alreadySo;

  return E.right([
    ContractSet({ mailboxLimit, permittedSharedAddresses: [...permitted.values()] }),
  ]);
};

const grantMailboxLimit = (command: Grant, organization: Organization): OrganizationDecision => {
  const broken = brokenForGrant(command, organization);
  if (broken !== undefined) return E.left(broken);
  const { userId, limit } = command;
  if (organization.grants.get(userId) === limit) return alreadySo;

  return E.right([MailboxLimitGranted({ userId, limit })]);
};

export const decide = (
  command: OrganizationCommand,
  organization: Organization,
): OrganizationDecision =>
  match(command)
    .with({ type: 'SetContract' }, (c) => setContract(c, organization))
    .with({ type: 'GrantMailboxLimit' }, (c) => grantMailboxLimit(c, organization))
    .exhaustive();
