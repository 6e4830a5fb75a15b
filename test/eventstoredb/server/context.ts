/**
 * What every handler is given: the log, the faults, and the one process that it runs in.
 */
import type { Ending, Faults } from './faults';
import type { EventLog } from './log';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** One life of the server, from its start to its kill. */
export interface ServerContext {
  readonly log: EventLog;
  readonly faults: Faults;
  /** Where this server listens. */
  readonly self: Endpoint;
  /** Whom a `notLeader` fault names. */
  readonly leader: Endpoint;
  readonly batchAppend: boolean;
  /** How to end each open subscription. */
  readonly subscribers: Set<(ending: Ending) => void>;
  /** False once this life is over: whatever was under way then must not be stored any more. */
  readonly isAlive: () => boolean;
  /** Cuts the connection of `peer`, which is what a call says of itself. */
  readonly cut: (peer: string) => void;
}
