/** Every command that a person or the host's system may send. */
import type * as t from 'io-ts';
import { organizationCommands } from './organization/commands';
import { recordedSeatCommands, seatCommands } from './seat/commands';
import { taggedUnion } from './values/tagged-union';

export const commands = { ...organizationCommands, ...seatCommands };

/** Reads a command as callers write it: plain JSON, addresses and ids as strings. */
export const Command = taggedUnion('type', commands);
export type Command = t.TypeOf<typeof Command>;
export type CommandInput = t.OutputOf<typeof Command>;
export type CommandType = Command['type'];

/** The same command as it is recorded, and as its fingerprint is taken. No caller writes it. */
export const IssuedCommand = taggedUnion('type', {
  ...organizationCommands,
  ...recordedSeatCommands,
});
export type IssuedCommandInput = t.OutputOf<typeof IssuedCommand>;
