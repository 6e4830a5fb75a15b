/**
 * One connection to EventStoreDB as an {@link EventStore}.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { CallsUnderWay } from '../../application/calls-under-way';
import type { StoreFailure } from '../../application/failures';
import type { EventStore } from '../../application/ports';
import { encodeAppends, inOneStream } from '../append-request';
import { storeClosed } from '../store-failures';
import { type AppendSettings, appenderOn } from './appending';
import type { EventStoreDbClient } from './client';
import { within } from './deadline';
import { toFailure } from './faults';
import { guarded, type GuardedClient } from './guarded-client';
import type { Streams } from './ledger-streams';
import { listening } from './listening';
import { readerOn } from './reading';
import { keepSubscribed, type Subscriber } from './subscribing';

export interface StoreSettings extends AppendSettings {
  readonly streams: Streams;
  /** Whether the store made the client, and so disposes of it. */
  readonly ownsClient: boolean;
}

export const storeOn = (client: EventStoreDbClient, settings: StoreSettings): EventStore => {
  const { name } = settings;
  const guardedClient = guarded(client);
  const reader = readerOn(guardedClient, settings);
  const append = appenderOn(guardedClient, reader, settings);
  const underWay = new CallsUnderWay();
  const subscriptions = new Set<() => Promise<void>>();
  let wasUsed = false;
  let closed: Promise<void> | undefined;

  /** Starts a call unless the store is closed, and lets `close` wait for it. */
  const whileOpen = <Failure, A>(
    call: TE.TaskEither<Failure, A>,
  ): Promise<E.Either<Failure | StoreFailure, A>> => {
    if (closed !== undefined) return Promise.resolve(E.left(storeClosed(name)));

    wasUsed = true;
    return underWay.run(call);
  };

  const reading =
    <A>(read: () => Promise<A>): TE.TaskEither<StoreFailure, A> =>
    () =>
      whileOpen(TE.tryCatch(read, toFailure(name)));

  const subscribe = (start: bigint | 'end', subscriber: Subscriber): (() => Promise<void>) => {
    wasUsed = true;
    const end = keepSubscribed(client, settings, start, subscriber);
    subscriptions.add(end);
    return () => end().finally(() => subscriptions.delete(end));
  };

  const listeners = listening((tell) => subscribe('end', { deliver: tell, onLive: tell }));

  const finish = async (): Promise<void> => {
    await listeners.stop();
    await Promise.all([...subscriptions].map((end) => end()));
    await underWay.none();
    if (settings.ownsClient) await dispose(client, guardedClient, wasUsed);
  };

  return {
    name,
    atomicity: 'oneStream',
    readStream: (stream, fromRevision = 0n) =>
      reading(() => reader.readStream(stream, fromRevision)),
    readAll: (position, maxCount) => reading(() => reader.readAll(position, maxCount)),
    findEvent: (id, streams) => reading(() => reader.findEvent(id, streams)),
    head: reading(reader.head),
    append: (appends) => async () => {
      const request = inOneStream(encodeAppends(appends));
      const answer = await whileOpen(() => append(request));
      if (E.isRight(answer)) listeners.tell();
      return answer;
    },
    onAppend: (listener) => (closed === undefined ? listeners.add(listener) : () => undefined),
    subscribe: (position, deliver) =>
      closed === undefined ? subscribe(position, { deliver }) : () => Promise.resolve(),
    close: () => (closed ??= finish()),
  };
};

/** How long to wait for a connection to close that may have nobody on its other end. */
const DISPOSAL_MS = 1_000;

const dispose = async (
  client: EventStoreDbClient,
  { endBatch, closeChannel }: GuardedClient,
  wasUsed: boolean,
): Promise<void> => {
  endBatch();
  // What cannot be closed in peace is abandoned: there is nobody left to be told.
  await within(DISPOSAL_MS, () => client.dispose()).catch(() => undefined);
  // Asking for a channel that is not there would make one.
  if (wasUsed) await within(DISPOSAL_MS, closeChannel).catch(() => undefined);
};
