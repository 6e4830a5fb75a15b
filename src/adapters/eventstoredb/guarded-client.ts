/**
 * The client with its known hazards fenced off. What is touched here is not the client's documented
 * surface, so its shape is checked before a store is opened on it.
 */
import type { EventStoreDbClient } from './client';
import { kindOf } from './faults';

/** A call as gRPC knows it. */
interface RawCall {
  write: (...message: ReadonlyArray<unknown>) => boolean;
  end: () => void;
  listeners: (event: string) => ReadonlyArray<unknown>;
  removeAllListeners: (event: string) => unknown;
  on: (event: string, listener: (message: never) => void) => unknown;
}

/** What version 6.2 has inside. */
interface Internals {
  readonly supports: (method: { readonly path: string }, feature?: string) => Promise<boolean>;
  readonly GRPCStreamCreator: (
    service: unknown,
    name: string,
    create: (client: unknown) => RawCall | Promise<RawCall>,
    cache?: unknown,
  ) => () => Promise<RawCall>;
  readonly getChannel: () => Promise<{ readonly close: () => void }>;
  handleError: (...args: ReadonlyArray<unknown>) => Promise<void>;
}

/** A client as the store appends through it. */
export interface GuardedClient {
  /** One call for each append. */
  readonly plain: EventStoreDbClient;
  /** Appends share one call. */
  readonly batch: EventStoreDbClient;
  /**
   * For one read. The client says nothing of a call that was cancelled on this side, as `dispose` does:
   * what came until then would pass for all there is. `onCancelled` hears of it.
   */
  readonly watched: (onCancelled: (error: Error) => void) => EventStoreDbClient;
  /** Lets the shared call end by itself: cancelled, it would take other clients' appends with it. */
  readonly endBatch: () => void;
  /** Closes the connection, which the client's own `dispose` leaves open. */
  readonly closeChannel: () => Promise<void>;
}

const NEEDED: ReadonlyArray<keyof EventStoreDbClient | keyof Internals> = [
  'appendToStream',
  'readStream',
  'readAll',
  'subscribeToAll',
  'dispose',
  'supports',
  'GRPCStreamCreator',
  'getChannel',
  'handleError',
];

/** Whether `client` has what {@link guarded} relies on. */
export const isSupported = (client: EventStoreDbClient): boolean => {
  // Looks for members that the client's types keep private.
  const members = client as unknown as Readonly<Record<string, unknown>>;
  return NEEDED.every((member) => typeof members[member] === 'function');
};

export const guarded = (client: EventStoreDbClient): GuardedClient => {
  // Private by type, and there: `isSupported` was asked.
  const inner = client as unknown as Internals;
  catchReconnecting(inner);
  let sharedCall: RawCall | undefined;

  // Both see through to the client, and change it for nobody else. With `throwOnAppendFailure` off, the
  // batch path would answer a refused append with revision 1, whatever the stream is at.
  const view = (overrides: Partial<Internals>): EventStoreDbClient =>
    Object.assign(
      Object.create(client, { throwOnAppendFailure: { value: true } }) as EventStoreDbClient,
      overrides,
    );

  return {
    // The client appends plainly where the server has no batches, so it is told that there are none.
    // Credentials for each call would do the same, but a client of the host's keeps its own secret.
    plain: view({ supports: () => Promise.resolve(false) }),
    batch: view({
      GRPCStreamCreator: (service, name, create, cache) => {
        const createGuarded = async (grpcClient: unknown): Promise<RawCall> => {
          sharedCall = withoutHazards(await create(grpcClient));
          return sharedCall;
        };
        return inner.GRPCStreamCreator(service, name, createGuarded, cache);
      },
    }),
    watched: (onCancelled) =>
      view({
        GRPCStreamCreator: (...args) => {
          const create = inner.GRPCStreamCreator(...args);
          return async () => {
            const call = await create();
            call.on('error', (error: Error) => {
              if (kindOf(error) === 'cancelled') onCancelled(error);
            });
            return call;
          };
        },
      }),
    endBatch: () => {
      sharedCall?.end();
    },
    closeChannel: async () => {
      (await inner.getChannel()).close();
    },
  };
};

const guardedClients = new WeakSet();

/**
 * The client starts to reconnect without waiting for the end of it. When discovery fails meanwhile,
 * nobody catches that, and the process dies of an unhandled rejection.
 */
const catchReconnecting = (inner: Internals): void => {
  if (guardedClients.has(inner)) return;
  guardedClients.add(inner);
  const reconnect = inner.handleError;
  inner.handleError = (...args) => reconnect(...args).catch(() => undefined);
};

/**
 * The shared call, made safe for the process:
 *
 * - when any client's shared call dies, the promises of all clients are rejected and forgotten, and an
 *   answer that still comes throws inside the listener;
 * - when it dies while appends wait for it to drain, those that wait reject where nobody catches.
 */
const withoutHazards = (call: RawCall): RawCall => {
  const listeners = call.listeners('data') as ReadonlyArray<(message: unknown) => void>;
  call.removeAllListeners('data');
  call.on('data', (message: unknown) => {
    for (const listener of listeners) {
      try {
        listener(message);
      } catch {
        // Forgotten by the client; the append that it answers finds out by reading its stream.
      }
    }
  });
  const write = call.write.bind(call);
  call.write = (...message) => {
    write(...message);
    return true;
  };
  return call;
};
