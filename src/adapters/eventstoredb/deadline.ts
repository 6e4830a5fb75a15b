/**
 * Time limits of our own, for the client keeps none on reads and on shared appends.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Nothing came within the time allowed. Has the code of an expired deadline, as the client's errors do. */
export class TimedOut extends Error {
  readonly code = 4;

  constructor(ms: number) {
    super(`no answer within ${Math.round(ms)} ms`);
  }
}

/** Settles as `work` does, or rejects with {@link TimedOut}; what `work` does later is ignored. */
export const within = <A>(ms: number, work: () => Promise<A>): Promise<A> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new TimedOut(ms));
    }, ms);
    const settled = (): void => {
      clearTimeout(timer);
      resolve(working);
    };
    const working = work();
    // One reaction for both ends: `finally` would add two promises to each call.
    working.then(settled, settled);
  });

/** A moment that lies `ms` ahead, and how long it is until then. */
export interface Deadline {
  readonly left: () => number;
}

export const deadlineIn = (ms: number): Deadline => {
  const end = performance.now() + ms;
  return { left: () => end - performance.now() };
};

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 1_000;

/** How long to wait after so many failures: longer each time, and by chance, so that callers spread out. */
export const backoffMs = (failures: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 16), LONGEST_PAUSE_MS) *
  (0.5 + Math.random() / 2);

/** Waits before the next attempt, but never longer than until `deadline`. */
export const backOff = (failures: number, deadline: Deadline): Promise<void> =>
  sleep(Math.max(0, Math.min(backoffMs(failures), deadline.left())));
