/** What makes a command the same command when it is sent again. */
import { createHmac, hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Command, IssuedCommand } from '../commands';
import type { EventMetadata } from '../stored-event';
import type { CommandId, OrgId } from '../values/ids';
import { actorOf, type Principal } from '../values/principal';

/** Namespace of all ledger events; drawn once, and part of the stored contract. */
const EVENT_NAMESPACE = '5f3a6a5e-5c0c-4f0e-9a53-0c1a4b7c2d90';

const NAMESPACE_BYTES = Buffer.from(EVENT_NAMESPACE.replaceAll('-', ''), 'hex');

/**
 * The UUID that the namespace and a name give: version 5 of RFC 9562. Every event takes one, and the
 * package for it takes four times as long, mostly to read the namespace again.
 */
export const namedId = (name: string): string => {
  const digest = hash('sha1', Buffer.concat([NAMESPACE_BYTES, Buffer.from(name)]), 'hex');
  // Two of its bits say that it is such an id, four that it is one by name.
  const variant = VARIANTS.charAt(Number.parseInt(digest.charAt(16), 16));
  return (
    `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-` +
    `${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`
  );
};

/** The binary digits 10, and the last two of each hexadecimal digit's four. */
const VARIANTS = '89ab89ab89ab89ab';

/**
 * The id of the event at `index` of what a command adds. The first, index 0, stands for the command
 * itself: a store that knows it has seen the command.
 */
export const eventId = (orgId: OrgId, commandId: CommandId, index: number): string =>
  namedId(`${orgId}/${commandId}/${index}`);

/**
 * Equal for two commands exactly when the same person asks for the same thing. It is the hash of their
 * canonical JSON (RFC 8785): codecs give fields in the order of their names, and here they stand so too.
 */
export const fingerprint = (principal: Principal, command: Command): string => {
  const { id, role } = actorOf(principal);
  const { orgId } = principal;
  const identity = { actor: { id, role }, command: IssuedCommand.encode(command), orgId };
  return hash('sha256', JSON.stringify(identity), 'base64url');
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
  return namedId(`${orgId}/${commandId}/${stream}/${revision}/${said}`);
};
