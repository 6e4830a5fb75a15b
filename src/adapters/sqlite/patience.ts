/**
 * Waiting for a lock that another process holds, without blocking the event loop.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, isBusy, storeBusy } from './faults';

const LONGEST_PAUSE_MS = 20;

/** How long to keep trying, counted from `since` (a reading of `performance.now()`). */
export interface Patience {
  readonly name: string;
  readonly busyTimeoutMs: number;
  readonly since: number;
}

/**
 * Does `work` as soon as no other process is in the way: at once, then after pauses of random
 * length, so that many waiting processes do not knock at the same moment.
 *
 * @throws Fault of `StoreBusy` when the time is over, or whatever else `work` throws
 */
export const whenFree = async <A>(work: () => A, patience: Patience): Promise<A> => {
  for (let longest = 2; ; longest = Math.min(longest * 2, LONGEST_PAUSE_MS)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    const waitedMs = performance.now() - patience.since;
    // Written so that a time limit that is no number is none to wait for.
    if (!(waitedMs < patience.busyTimeoutMs)) {
      throw new Fault(storeBusy(patience.name, Math.round(waitedMs)));
    }
    await sleep(Math.min(Math.random() * longest, patience.busyTimeoutMs - waitedMs));
  }
};
