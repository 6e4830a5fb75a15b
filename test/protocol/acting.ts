/** Words for scenarios: who stands where before, who acts, and what a recovery would look at afterwards. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { metadataOf } from '../../src/application/engine';
import { housekeepingAt } from '../../src/application/stepwise';
import { Command } from '../../src/commands';
import type { Task } from '../../src/processes';
import { impactOf } from '../../src/seat';
import {
  addId,
  ann,
  bob,
  type CommandDraft,
  type Person,
  requestAdd,
  seated,
  storedAddress,
} from '../../src/testing';
import type { RequestId, UserId } from '../../src/values/ids';
import { Principal, type PrincipalInput } from '../../src/values/principal';
import type { Timestamp } from '../../src/values/timestamp';
import type { Actor, Scenario } from './scenario';
import { settledBy } from './steps';
import { type Streams, streamIn } from './world';

const now = '2026-03-01T09:00:00Z' as Timestamp;
export const housekeeping = housekeepingAt(now);
export const wanted = 'wanted@acme.example';
export const other = 'other@acme.example';

/** One command as a task. */
export const command = (by: PrincipalInput, draft: object, commandId: string): Task => {
  const principal = Principal.decode(by);
  const decoded = Command.decode({ ...draft, commandId });
  if (isLeft(principal) || isLeft(decoded)) throw new Error(`no command: ${commandId}`);
  const issue = { principal: principal.right, command: decoded.right, now };
  return {
    type: 'command',
    undertaking: {
      principal: issue.principal,
      command: issue.command,
      by: metadataOf(issue),
      housekeeping,
    },
  };
};

export type Sent = readonly [PrincipalInput, CommandDraft];

export const after = (...steps: ReadonlyArray<Sent>): Promise<Streams> =>
  settledBy(
    { name: 'right' },
    steps.map(([by, draft], index) => command(by, draft, `before-${index}`)),
    new Map(),
  );

/** What deleting or moving the mailbox costs at this moment. */
export const impact = (streams: Streams, { userId }: Person, address: string) => {
  const { state } = streamIn(streams, { on: 'seat', userId: userId as UserId });
  return impactOf(state, userId as UserId, storedAddress(address));
};

export const approval = ({ userId }: Person, address: string): Task => ({
  type: 'approval',
  approved: { userId: userId as UserId, requestId: addId(address) as RequestId },
  housekeeping,
});

export const mailbox = (address: string): Task => ({
  type: 'mailbox',
  address: storedAddress(address),
  housekeeping,
});

export const login = (address: string): Task => ({
  type: 'login',
  address: storedAddress(address),
  housekeeping,
});

export const actor = (
  name: string,
  by: PrincipalInput,
  draft: object,
  commandId = name.replaceAll(' ', '-'),
): Actor => ({
  name,
  task: command(by, draft, commandId),
});

export const scenario = async (
  name: string,
  before: ReadonlyArray<Sent>,
  play: (streams: Streams) => Omit<Scenario, 'name' | 'streams' | 'crashes'>,
  crashes = 1,
): Promise<Scenario> => {
  const streams = await after(...before);
  return { name, streams, crashes, ...play(streams) };
};

export const steps = (...all: ReadonlyArray<ReadonlyArray<readonly [PrincipalInput, unknown]>>) =>
  all.flat() as ReadonlyArray<Sent>;

/** What comes of two who both want the address. */
export const annsAtLast = 'ann: wanted; bob: nothing';
export const eitherOne = [annsAtLast, 'ann: nothing; bob: wanted'];

export const approvals = [approval(ann, wanted), approval(bob, wanted)];

export const twoClaimers = steps(seated(ann, bob), [
  [ann, requestAdd(ann, wanted)],
  [bob, requestAdd(bob, wanted)],
]);
