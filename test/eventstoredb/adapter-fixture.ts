/**
 * A test server and stores on it, which leave nothing open behind.
 */
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  eventStoreDb,
  type EventStoreDbClient,
  type EventStoreDbOptions,
} from '../../src/adapters/eventstoredb';
import type { AppendFailure } from '../../src/application/failures';
import type { Appended, EventStore, EventToAppend } from '../../src/application/ports';
import { startTestServer, type TestServer, type TestServerOptions } from './server';

export interface Fixture {
  server: TestServer;
  readonly open: (
    options?: EventStoreDbOptions,
    source?: string | EventStoreDbClient,
  ) => Promise<EventStore>;
}

/** A server of its own for each test; after it, every store is closed and no call is open. */
export const onServer = (serverOptions?: TestServerOptions): Fixture => {
  const opened: Array<EventStore> = [];
  const fixture: Fixture = {
    server: undefined as never,
    open: async (options = {}, source = fixture.server.connectionString) => {
      const store = right(await eventStoreDb(source, { streams: 'all', ...options }).connect());
      opened.push(store);
      return store;
    },
  };
  beforeEach(async () => {
    fixture.server = await startTestServer(serverOptions);
  });
  afterEach(async () => {
    fixture.server.faults.clear();
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await until(() => fixture.server.openCalls() === 0);
    const left = fixture.server.openCallsByMethod();
    await fixture.server.stop();
    expect(Object.values(left).filter((count) => count > 0)).toEqual([]);
  });
  return fixture;
};

export const event = (type = 'Counted', data: unknown = {}): EventToAppend => ({
  id: randomUUID(),
  type,
  data,
  metadata: null,
});

export const append = (
  store: EventStore,
  stream: string,
  expectedRevision: bigint,
  ...events: ReadonlyArray<EventToAppend>
): Promise<E.Either<AppendFailure, Appended>> =>
  store.append([{ stream, expectedRevision, events }])();

export const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isRight(answer)) return answer.right;
  throw new Error(`expected success, got ${JSON.stringify(answer.left)}`);
};

/** What failed, by type and code, or `'succeeded'`. */
export const failure = (answer: E.Either<{ readonly type: string }, unknown>): unknown => {
  if (E.isRight(answer)) return 'succeeded';
  const { type, code } = answer.left as { readonly type: string; readonly code?: string };
  return code === undefined ? type : `${type} ${code}`;
};

export const typeOf = (answer: E.Either<{ readonly type: string }, unknown>): string =>
  E.isRight(answer) ? 'succeeded' : answer.left.type;

/** Waits until `holds`, twenty seconds at most; what has not come true by then fails in the test itself. */
export const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + 20_000;
  while (!holds() && performance.now() < end) await pause(5);
};

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
