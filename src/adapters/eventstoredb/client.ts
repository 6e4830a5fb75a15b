/**
 * The part of `@eventstore/db-client` that the store uses, typed by its shape: whoever imports this
 * package needs neither the client nor its types.
 */
import { createRequire } from 'node:module';
import type { DriverMissing } from '../../application/failures';

/** A place in the log as the server counts it. */
export interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** One event as the client gives it back. */
export interface ClientRecord {
  readonly streamId: string;
  readonly id: string;
  readonly revision: bigint;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly isJson: boolean;
  readonly position?: Place | undefined;
}

export interface ResolvedRecord {
  readonly event?: ClientRecord | undefined;
  readonly commitPosition?: bigint | undefined;
}

/** A call that brings events. It ends by `end` or by `error`, and must be cancelled when it is not wanted. */
interface EventCall {
  on(event: 'data', listener: (record: ResolvedRecord) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  destroy(): unknown;
}

export interface ReadCall extends EventCall {
  cancel(): Promise<void>;
}

export interface SubscriptionCall extends EventCall {
  on(event: 'data', listener: (record: ResolvedRecord) => void): unknown;
  on(event: 'end' | 'confirmation', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  readonly readableLength: number;
  unsubscribe(): Promise<void>;
}

export type Direction = 'forwards' | 'backwards';

/** Which events the server is to send, and how often to say how far it has looked. */
export interface SubscriptionFilter {
  readonly filterOn: 'streamName' | 'eventType';
  readonly prefixes?: Array<string>;
  readonly regex?: string;
  readonly maxSearchWindow: number;
  readonly checkpointInterval: number;
  readonly checkpointReached: (subscription: never, place: Place) => void;
}

export interface AppendAnswer {
  readonly success: boolean;
  readonly position?: Place | undefined;
}

/** An event as it is sent. The metadata are bytes, for the client leaves out what is falsy. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: 'application/json';
  readonly data: unknown;
  readonly metadata: Uint8Array;
}

/** An `EventStoreDBClient` of `@eventstore/db-client` 6.2. */
export interface EventStoreDbClient {
  /** The events are {@link ProposedEvent}s; the client's own type for them is narrower than JSON. */
  appendToStream(
    stream: string,
    events: Array<never>,
    options: { expectedRevision: 'no_stream' | bigint; deadline: number; requiresLeader: boolean },
  ): Promise<AppendAnswer>;
  readStream(
    stream: string,
    options: {
      direction: Direction;
      fromRevision: 'start' | 'end' | bigint;
      maxCount: number;
      requiresLeader: boolean;
    },
  ): ReadCall;
  readAll(options: {
    direction: Direction;
    fromPosition: 'start' | 'end' | Place;
    maxCount: number;
  }): ReadCall;
  subscribeToAll(options: {
    fromPosition: 'start' | 'end' | Place;
    filter: never;
  }): SubscriptionCall;
  dispose(): Promise<void>;
}

/** What the package exports, as far as it is used. */
interface ClientPackage {
  readonly EventStoreDBClient: {
    readonly connectionString: (connectionString: string) => EventStoreDbClient;
  };
}

const CLIENT_PACKAGE = '@eventstore/db-client';
const RIVAL_PACKAGE = '@kurrent/kurrentdb-client';

/** The package, or `undefined` if it is not installed. */
export const loadClientPackage = (): ClientPackage | undefined => {
  try {
    return createRequire(__filename)(CLIENT_PACKAGE) as ClientPackage;
  } catch {
    // Not installed, or too broken to load: either way there is nothing to connect with.
    return undefined;
  }
};

/**
 * Whether `files`, those that this process has loaded, include the successor of the client. The two
 * write to one global, and whichever loads second breaks the first.
 */
export const rivalIsLoaded = (files: ReadonlyArray<string>): boolean =>
  files.some((file) => file.replaceAll('\\', '/').includes(`/node_modules/${RIVAL_PACKAGE}/`));

export const loadedFiles = (): ReadonlyArray<string> =>
  Object.keys(createRequire(__filename).cache);

export const driverMissing: DriverMissing = {
  type: 'DriverMissing',
  message: `The package ${CLIENT_PACKAGE} is not installed. Run: npm install ${CLIENT_PACKAGE}`,
  install: `npm install ${CLIENT_PACKAGE}`,
};
