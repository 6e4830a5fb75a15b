/** Executing on a store that appends to one stream at a time. */
import * as E from 'fp-ts/lib/Either.js';
import { hasWritten, homeOf, HOUSEKEEPING, isSameCommand } from '../../processes';
import type { EventMetadata } from '../../stored-event';
import type { Actor } from '../../values/principal';
import { POLICY_VERSION } from '../../values/policy';
import type { Timestamp } from '../../values/timestamp';
import { type Engine, type Issue, metadataOf } from '../engine';
import { type Answer, recorded, refused } from '../outcome';
import { type CarriedOut, carryOut, type Done } from './carry-out';
import { isAlone, recallStepwise } from './recall-stepwise';

// An id of the ledger's own, which no host gave.
const SYSTEM: Actor = { role: 'system', id: 'seatledger' as Actor['id'] };

/** In whose name the ledger cleans up what others left. */
export const housekeepingAt = (at: Timestamp): EventMetadata => ({
  commandId: HOUSEKEEPING,
  commandType: 'Recover',
  actor: SYSTEM,
  at,
  policyVersion: POLICY_VERSION,
  fingerprint: '',
});

const placed = ({ append }: Done, stream: string) =>
  append.facts.events.map(({ type, data }, index) => ({
    type,
    data,
    stream,
    revision: append.after + 1n + BigInt(index),
  }));

/** The answer, where this attempt has seen all of it; otherwise it is read back. */
const answerOf = (
  engine: Engine,
  issue: Issue,
  { sight, done, answered }: CarriedOut,
): Answer | Promise<Answer> => {
  const { command } = issue;
  const by = metadataOf(issue);
  const own = done.filter(({ append }) => isSameCommand(append.by, by));
  const [only] = own;
  if (isAlone(command) && only !== undefined) {
    return recorded(command, placed(only, sight.streamOf(only.append.facts)), only.position);
  }
  // A copy of the command may have been recorded meanwhile: what stands in the home stream is so.
  const home = homeOf(command);
  const known = home.on === 'seat' ? sight.seat(home.userId) : sight.organization();
  const isRecorded = known !== undefined && hasWritten(known.trace, by);
  if (answered === undefined || own.length > 0 || isRecorded) {
    return recallStepwise(engine, issue, sight);
  }
  const { rejections, position } = answered;
  return rejections === undefined
    ? recorded(command, [], position)
    : refused(command, rejections, position);
};

/** Carries a command out, and everything that it left to do; a command sent again goes on where it stopped. */
export const executeStepwise = async (engine: Engine, issue: Issue): Promise<Answer> => {
  const { principal, command, now } = issue;
  const undertaking = {
    principal,
    command,
    by: metadataOf(issue),
    housekeeping: housekeepingAt(now),
  };
  const carried = await carryOut(engine, principal.orgId, { type: 'command', undertaking });
  return E.isLeft(carried) ? carried : answerOf(engine, issue, carried.right);
};

export { recover, type Recovery } from './recovery';
