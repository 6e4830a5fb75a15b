/**
 * What both paths of an append have in common: the turn in which it is stored, unless a fault forbids.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerContext } from './context';
import type { AppendCall } from './faults';
import type { AppendOutcome, ProposedRecord } from './log';
import * as statuses from './statuses';

/** Why an append is not even tried, as the server says it on either path. */
export type Refusal = 'notLeader' | 'unavailable' | 'overloaded' | 'deadline' | 'timeout';

/** How one append is answered, on whichever path. */
interface Reply {
  readonly outcome: (outcome: AppendOutcome) => void;
  readonly refuse: (refusal: Refusal) => void;
  readonly cut: () => void;
}

/** Takes one append through its fault, if there is one. */
export const takeTurn = async (
  context: ServerContext,
  call: AppendCall,
  commit: () => AppendOutcome,
  reply: Reply,
): Promise<void> => {
  const fault = context.faults.take('append', call);
  if (typeof fault === 'object') {
    await sleep(fault.delayMs);
    if (context.isAlive()) reply.outcome(commit());
    return;
  }

  switch (fault) {
    case undefined:
      reply.outcome(commit());
      return;
    case 'cutBeforeCommit':
      reply.cut();
      return;
    case 'cutAfterCommit':
      commit();
      reply.cut();
      return;
    case 'silence':
      return;
    case 'dropReply':
      commit();
      return;
    case 'unavailableAfterCommit':
      commit();
      reply.refuse('unavailable');
      return;
    case 'timeoutAfterCommit':
      commit();
      reply.refuse('timeout');
      return;
    default:
      reply.refuse(fault);
  }
};

export const describeAppend = (
  path: AppendCall['path'],
  stream: string,
  records: ReadonlyArray<ProposedRecord>,
): AppendCall => ({
  path,
  stream,
  ids: records.map(({ id }) => id),
  types: records.map(({ type }) => type),
});

/** The error that ends the call of a refused append. */
export const refusal = (refused: Refusal, context: ServerContext): statuses.Failure => {
  switch (refused) {
    case 'notLeader':
      return statuses.notLeader(context.leader);
    case 'unavailable':
      return statuses.unavailable;
    case 'overloaded':
      return statuses.tooBusy;
    case 'deadline':
      return statuses.deadlineExceeded;
    case 'timeout':
      return statuses.timedOut;
  }
};
