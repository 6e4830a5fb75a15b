/** Whether the events of a command say of it what is on record: what it was, who gave it, when, and under which policy. */
import type { EventMetadata } from '../../stored-event';
import { isKnownPolicy } from '../../values/policy';
import { actorOf } from '../../values/principal';
import { fingerprint } from '../command-identity';
import type { LedgerEvent } from '../decode-event';
import type { RecordedIssue } from './redecide';

/** Something that an event says, and where. */
export interface Misgiven {
  readonly position: bigint;
  readonly detail: string;
}

type Said = Pick<EventMetadata, 'commandType' | 'actor'> &
  Partial<Pick<EventMetadata, 'at' | 'policyVersion'>>;

const sameActor = (one: Said, { actor }: Said): boolean =>
  one.actor.id === actor.id && one.actor.role === actor.role;

/** What an event says otherwise than it should: `should` without a time or policy leaves them open. */
export const saidOtherwise = (
  { type, position, metadata }: LedgerEvent,
  should: Said,
): ReadonlyArray<Misgiven> => {
  const { at = metadata.at, policyVersion = metadata.policyVersion } = should;
  const others = [
    ...(metadata.commandType === should.commandType ? [] : ['commandType']),
    ...(sameActor(metadata, should) ? [] : ['actor']),
    ...(metadata.at === at ? [] : ['at']),
    ...(metadata.policyVersion === policyVersion ? [] : ['policyVersion']),
  ];
  if (others.length === 0) return [];
  const detail = `${type} has another ${others.join(', ')} than the command ${metadata.commandId} on record`;
  return [{ position, detail }];
};

/** The fingerprint was taken of the command, of who gave it, and of their organization. */
const isAsTaken = ({ issue: { principal, command }, first, orgId }: RecordedIssue): boolean =>
  principal.orgId === orgId &&
  command.commandId === first.metadata.commandId &&
  fingerprint(principal, command) === first.metadata.fingerprint;

const unknownPolicy = ({ position, metadata }: LedgerEvent): ReadonlyArray<Misgiven> => {
  const { policyVersion, commandId } = metadata;
  const detail = `the command ${commandId} names the policyVersion ${policyVersion}, which no release decided by up to this one`;
  return isKnownPolicy(policyVersion) ? [] : [{ position, detail }];
};

/**
 * Everything in one append that does not fit the command on record. When a command was given stands in no
 * command: only that the events of one append agree about it can be seen.
 */
export const misgiven = (recorded: RecordedIssue): ReadonlyArray<Misgiven> => {
  const { issue, first, events } = recorded;
  const { at, policyVersion, commandId } = first.metadata;
  const should = {
    commandType: issue.command.type,
    actor: actorOf(issue.principal),
    at,
    policyVersion,
  };
  const said = events.flatMap((event) => saidOtherwise(event, should));
  const detail = `the command ${commandId} or its actor is not the one that was given`;
  const taken = isAsTaken(recorded) ? [] : [{ position: first.position, detail }];
  return [...taken, ...unknownPolicy(first), ...said];
};
