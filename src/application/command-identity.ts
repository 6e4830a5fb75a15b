/** What makes a command the same command when it is sent again. */
import { createHash, createHmac } from 'node:crypto';
import canonicalize from 'canonicalize';
import { v5 as uuidv5 } from 'uuid';
import { Command } from '../commands';
import type { EventMetadata } from '../stored-event';
import type { CommandId, OrgId } from '../values/ids';
import { actorOf, type Principal } from '../values/principal';

/** Namespace of all ledger events; drawn once, and part of the stored contract. */
const EVENT_NAMESPACE = '5f3a6a5e-5c0c-4f0e-9a53-0c1a4b7c2d90';

/**
 * The id of the event at `index` of what a command adds. The first, index 0, stands for the command
 * itself: a store that knows it has seen the command.
 */
export const eventId = (orgId: OrgId, commandId: CommandId, index: number): string =>
  uuidv5(`${orgId}/${commandId}/${index}`, EVENT_NAMESPACE);

/** Equal for two commands exactly when the same person asks for the same thing. */
export const fingerprint = (principal: Principal, command: Command): string => {
  const identity = {
    orgId: principal.orgId,
    actor: actorOf(principal),
    command: Command.encode(command),
  };
  return createHash('sha256')
    .update(canonicalize(identity) ?? '')
    .digest('base64url');
};

/**
 * The id of an event on a store that appends to one stream at a time. Such a store takes an append for a
 * repetition when the ids are the same, whatever else is in it; so what is said, by whom, on what grounds
 * and where is part of the id, under the secret: an id lets nobody try out addresses.
 */
export const placedEventId = (
  { orgId, addressSecret }: { readonly orgId: OrgId; readonly addressSecret: string },
  place: { readonly stream: string; readonly revision: bigint },
  { type, data }: { readonly type: string; readonly data: unknown },
  { commandId, fingerprint: who, movesFrom, contractAt }: EventMetadata,
): string => {
  const { stream, revision } = place;
  const said = createHmac('sha256', addressSecret)
    .update(canonicalize({ type, data, who, movesFrom, contractAt }) ?? '')
    .digest('base64url');
  return uuidv5(`${orgId}/${commandId}/${stream}/${revision}/${said}`, EVENT_NAMESPACE);
};
