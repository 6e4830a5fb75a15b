/**
 * What a test makes the server do wrong, and when.
 */

/**
 * What goes wrong with one append. Unless it says "after commit", nothing is stored.
 *
 * - `cutBeforeCommit`, `cutAfterCommit`: the whole connection dies, with every call on it.
 * - `silence`, `dropReply`: never answered, the call stays open; `dropReply` stores first.
 * - `notLeader`: refused by a follower that names the leader, see `TestServerOptions.leader`. On the
 *   batch path it ends the shared stream, as on a real server.
 * - `unavailable`, `unavailableAfterCommit`: the call ends with code 14.
 * - `overloaded`: the server is too busy.
 * - `deadline`: the call ends with code 4.
 * - `timeout`, `timeoutAfterCommit`: the server gave up waiting for its own writer.
 * - `delayMs`: slow, then as usual.
 */
export type AppendFault =
  | 'cutBeforeCommit'
  | 'cutAfterCommit'
  | 'silence'
  | 'dropReply'
  | 'notLeader'
  | 'unavailable'
  | 'unavailableAfterCommit'
  | 'overloaded'
  | 'deadline'
  | 'timeout'
  | 'timeoutAfterCommit'
  | { readonly delayMs: number };

/** How a call is ended that the server should have gone on with. `cut` takes the whole connection. */
export type Ending = 'cut' | 'unavailable' | 'notLeader' | 'cancelled' | 'tooSlow';

/**
 * What goes wrong with one read. `after` is the number of events that still arrive; `silence` sends
 * nothing at all; `delayMs` waits before the first event.
 */
export type ReadFault =
  | 'silence'
  | { readonly delayMs: number }
  | { readonly ending: Ending; readonly after: number }
  | { readonly silentAfter: number };

/**
 * What goes wrong with one subscription, counted in events that it was sent.
 *
 * - `silence`: not even confirmed.
 * - `ending`: ends after so many events; 0 is right after the confirmation.
 * - `duplicate`: sends this event, counted from 1, twice.
 * - `fellBehindAfter`: says `fellBehind`, goes on, and says `caughtUp` again.
 * - `delayMs`: waits before each event.
 */
export type SubscriptionFault =
  | 'silence'
  | { readonly ending: Ending; readonly after: number }
  | { readonly duplicate: number }
  | { readonly fellBehindAfter: number }
  | { readonly delayMs: number };

/** An append as a fault may look at it. */
export interface AppendCall {
  readonly path: 'plain' | 'batch';
  readonly stream: string;
  readonly ids: ReadonlyArray<string>;
  readonly types: ReadonlyArray<string>;
}

/** A read as a fault may look at it. Without a stream it reads the whole log. */
export interface ReadCall {
  readonly stream: string | undefined;
  readonly direction: 'forwards' | 'backwards';
}

/** A subscription as a fault may look at it. */
export interface SubscriptionCall {
  /** Exclusive; -1 for the start. */
  readonly fromPosition: bigint;
}

/** Per kind of call: what it looks like, and what may go wrong with it. */
export interface FaultKinds {
  readonly append: { readonly call: AppendCall; readonly fault: AppendFault };
  readonly read: { readonly call: ReadCall; readonly fault: ReadFault };
  readonly subscription: { readonly call: SubscriptionCall; readonly fault: SubscriptionFault };
}

export type FaultKind = keyof FaultKinds;

type Choice<K extends FaultKind> = (
  call: FaultKinds[K]['call'],
) => FaultKinds[K]['fault'] | undefined;

/** Consulted once for each call; the queue goes before the rule. */
export interface FaultHook {
  /** Queues what happens to the next calls, one each; `undefined` lets one call pass. */
  readonly next: <K extends FaultKind>(
    kind: K,
    ...faults: ReadonlyArray<FaultKinds[K]['fault'] | undefined>
  ) => void;
  /** Sets the rule for calls that find nothing queued. */
  readonly always: <K extends FaultKind>(kind: K, choose: Choice<K>) => void;
  /** How many faults are still queued. */
  readonly pending: (kind: FaultKind) => number;
  /** Forgets the queue and the rules. */
  readonly clear: () => void;
}

type Queues = { readonly [K in FaultKind]: Array<FaultKinds[K]['fault'] | undefined> };
type Rules = { [K in FaultKind]?: Choice<K> };

/** The hook as the server asks it. */
export class Faults implements FaultHook {
  private queues: Queues = { append: [], read: [], subscription: [] };
  private rules: Rules = {};

  readonly next: FaultHook['next'] = (kind, ...faults) => {
    this.queues[kind].push(...faults);
  };

  readonly always: FaultHook['always'] = (kind, choose) => {
    this.rules = { ...this.rules, [kind]: choose };
  };

  readonly pending = (kind: FaultKind): number => this.queues[kind].length;

  readonly clear = (): void => {
    this.queues = { append: [], read: [], subscription: [] };
    this.rules = {};
  };

  /** What is to go wrong with this call; uses up one queued fault. */
  take<K extends FaultKind>(
    kind: K,
    call: FaultKinds[K]['call'],
  ): FaultKinds[K]['fault'] | undefined {
    const queue = this.queues[kind];
    return queue.length > 0 ? queue.shift() : this.rules[kind]?.(call);
  }
}
