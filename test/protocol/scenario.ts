/** What is explored: who acts on which streams, in which way, and what has to come of it. */
import type { Known, Step, Task } from '../../src/processes';
import type { Streams, Write } from './world';

/** How actors take their steps: the protocol's own way, or a wrong one. */
export interface Variant {
  readonly name: string;
  /** Replaces the protocol's next step; by default it is taken as it is. */
  readonly step?: (task: Task, known: Known, right: Step) => Step;
  /** Replaces what an actor sees of what it has read. */
  readonly seen?: (known: Known, task: Task) => Known;
  /** Replaces how a store writes. */
  readonly write?: (streams: Streams, request: Write) => Streams | undefined;
  /** Whether somebody finishes what is left when all actors have ended; `true` unless it says otherwise. */
  readonly recovers?: boolean;
}

export interface Actor {
  readonly name: string;
  readonly task: Task;
}

export interface Scenario {
  readonly name: string;
  readonly streams: Streams;
  readonly actors: ReadonlyArray<Actor>;
  /** How many actors may crash. */
  readonly crashes: number;
  /** What a recovery would look at when all is over. */
  readonly leftovers: ReadonlyArray<Task>;
  /** Everything that can come of it, and nothing else: who holds what once all has come to rest. */
  readonly comesTo: ReadonlyArray<string>;
}
