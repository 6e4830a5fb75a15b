/** Identifiers. The host makes them; the ledger only checks their form. */
import type * as t from 'io-ts';
import { brandedWhere } from './codec';

const MOST_CHARACTERS = 64;

const notAllowed = /[^\w-]/;

/** Asked of several fields of every event that is read: to look for what is wrong takes half as long as to match all. */
const isId = (given: string): boolean =>
  given !== '' && given.length <= MOST_CHARACTERS && !notAllowed.test(given);

const id = <Brand>() =>
  brandedWhere<Brand>('an id of 1 to 64 characters out of A-Z a-z 0-9 _ -', isId);

export interface OrgIdBrand {
  readonly OrgId: unique symbol;
}
/** One organization (tenant). */
export const OrgId = id<OrgIdBrand>();
export type OrgId = t.TypeOf<typeof OrgId>;

export interface UserIdBrand {
  readonly UserId: unique symbol;
}
/** One user, and so one seat, of an organization. */
export const UserId = id<UserIdBrand>();
export type UserId = t.TypeOf<typeof UserId>;

export interface AgentIdBrand {
  readonly AgentId: unique symbol;
}
/** A Support agent, or a system of the host. */
export const AgentId = id<AgentIdBrand>();
export type AgentId = t.TypeOf<typeof AgentId>;

export interface CaseIdBrand {
  readonly CaseId: unique symbol;
}
/** Support's case, in which a user asked. */
export const CaseId = id<CaseIdBrand>();
export type CaseId = t.TypeOf<typeof CaseId>;

export interface CommandIdBrand {
  readonly CommandId: unique symbol;
}
/** One command: sending it again is safe, and using it for another command is refused. */
export const CommandId = id<CommandIdBrand>();
export type CommandId = t.TypeOf<typeof CommandId>;

export interface RequestIdBrand {
  readonly RequestId: unique symbol;
}
/** One request to Support, unique within the seat that it concerns. */
export const RequestId = id<RequestIdBrand>();
export type RequestId = t.TypeOf<typeof RequestId>;

export interface MailingIdBrand {
  readonly MailingId: unique symbol;
}
/** One draft or scheduled email of the host's platform. */
export const MailingId = id<MailingIdBrand>();
export type MailingId = t.TypeOf<typeof MailingId>;

export interface SequenceStateIdBrand {
  readonly SequenceStateId: unique symbol;
}
/** One prospect's place in one sequence. */
export const SequenceStateId = id<SequenceStateIdBrand>();
export type SequenceStateId = t.TypeOf<typeof SequenceStateId>;

export interface SequenceIdBrand {
  readonly SequenceId: unique symbol;
}
export const SequenceId = id<SequenceIdBrand>();
export type SequenceId = t.TypeOf<typeof SequenceId>;

export interface ProspectIdBrand {
  readonly ProspectId: unique symbol;
}
export const ProspectId = id<ProspectIdBrand>();
export type ProspectId = t.TypeOf<typeof ProspectId>;
