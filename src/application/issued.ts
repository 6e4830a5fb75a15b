/** The command behind what is recorded: written with its first event, and read back to decide it again. */
import * as E from 'fp-ts/lib/Either.js';
import { type Command, IssuedCommand } from '../commands';
import type { EventMetadata } from '../stored-event';
import { Principal } from '../values/principal';
import type { AnyEvent, LedgerEvent } from './decode-event';
import type { Issue } from './engine';

/**
 * Whether the event says all that was reported. It holds the address in its canonical form alone: what was
 * typed otherwise would be lost, and with it the proof of who reported.
 */
const saysAll = (command: Command, { type, data }: AnyEvent): boolean =>
  (type === 'MailingRecorded' || type === 'SequenceStateRecorded') &&
  (command.type === 'RecordMailing' || command.type === 'RecordSequenceState') &&
  command.address.typed === data.address;

/**
 * The metadata of a command's first event: at home, or in its answer's stream. Reports whose one event
 * says all that they said are not written a second time.
 */
export const withIssued = (
  metadata: EventMetadata,
  { principal, command }: Pick<Issue, 'principal' | 'command'>,
  event: AnyEvent,
): EventMetadata =>
  saysAll(command, event)
    ? metadata
    : {
        ...metadata,
        issued: {
          principal: { ...Principal.encode(principal) },
          command: { ...IssuedCommand.encode(command) },
        },
      };

/** What the host's system reported, from the event that says all of it. */
const restated = ({ type, data, orgId, metadata }: LedgerEvent) => {
  if (type !== 'MailingRecorded' && type !== 'SequenceStateRecorded') return undefined;
  const { commandId, commandType, actor } = metadata;
  return {
    principal: { role: actor.role, orgId, systemId: actor.id },
    command: { ...data, type: commandType, commandId },
  };
};

/**
 * The command whose first event this is, with who gave it and when; `undefined` for any other event.
 * Also `undefined` where this release does not take such a command any more.
 */
export const issueOf = (event: LedgerEvent): Issue | undefined => {
  const given = event.metadata.issued ?? restated(event);
  if (given === undefined) return undefined;
  const principal = Principal.decode(given.principal);
  const command = IssuedCommand.decode(given.command);
  return E.isRight(principal) && E.isRight(command)
    ? { principal: principal.right, command: command.right, now: event.metadata.at }
    : undefined;
};
