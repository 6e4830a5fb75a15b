/**
 * What a case of the store contract is made of.
 */
import type { Either } from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import { randomUUID } from 'node:crypto';
import { inspect, isDeepStrictEqual } from 'node:util';
import type { AppendFailure } from '../../application/failures';
import { wholeLogOf } from '../../application/log-pages';
import {
  type Appended,
  type Atomicity,
  type EventStore,
  type EventToAppend,
  NO_STREAM,
  type RecordedEvent,
  type StoreConnector,
  type StreamAppend,
} from '../../application/ports';

/** A store that holds nothing yet, and how to get rid of it. */
export interface ContractSubject {
  readonly connector: StoreConnector;
  readonly dispose: () => Promise<void>;
}

/** One promise. `run` asks for a fresh subject, disposes of it, and throws if the promise is broken. */
export interface ContractCase {
  readonly name: string;
  /** What a store must promise for the case to be about it; unset where the case is about any store. */
  readonly needs?: Atomicity;
  readonly run: (fresh: () => Promise<ContractSubject>) => Promise<void>;
}

/** A case that gets one open store, and the connector to open it again. */
export const contractCase = (
  name: string,
  body: (store: EventStore, connector: StoreConnector) => Promise<void>,
  needs?: Atomicity,
): ContractCase => ({
  name,
  ...(needs === undefined ? {} : { needs }),
  run: async (fresh) => {
    const { connector, dispose } = await fresh();
    try {
      const store = await connected(connector);
      try {
        await body(store, connector);
      } finally {
        await store.close();
      }
    } finally {
      await dispose();
    }
  },
});

export const connected = async (connector: StoreConnector): Promise<EventStore> =>
  right(await connector.connect(), 'connecting');

/** A new event; its number makes it recognisable. */
export const anEvent = (number = 0): EventToAppend => ({
  id: randomUUID(),
  type: 'Counted',
  data: { number },
  metadata: { by: 'contract' },
});

export const someEvents = (count: number): ReadonlyArray<EventToAppend> =>
  Array.from({ length: count }, (_, number) => anEvent(number));

/** Starts an append of `events` to one stream. */
export const appendTo = (
  store: EventStore,
  stream: string,
  expectedRevision: bigint,
  events: ReadonlyArray<EventToAppend>,
): Promise<Either<AppendFailure, Appended>> =>
  append(store, [{ stream, expectedRevision, events }]);

export const append = (
  store: EventStore,
  appends: NonEmptyArray<StreamAppend>,
): Promise<Either<AppendFailure, Appended>> => store.append(appends)();

/** Makes `stream`, with `count` events. */
export const begin = async (
  store: EventStore,
  stream: string,
  count = 1,
): Promise<ReadonlyArray<EventToAppend>> => {
  const events = someEvents(count);
  right(await appendTo(store, stream, NO_STREAM, events), `appending to the new stream ${stream}`);
  return events;
};

export const wholeLog = async (store: EventStore): Promise<ReadonlyArray<RecordedEvent>> =>
  right(await wholeLogOf(store), 'reading the log');

/** Compares the ids of the whole log: short, and every event has its own. */
export const logHolds = async (
  store: EventStore,
  expected: ReadonlyArray<EventToAppend>,
  what: string,
): Promise<void> => {
  same(idsOf(await wholeLog(store)), idsOf(expected), what);
};

export const idsOf = (events: ReadonlyArray<EventToAppend>): ReadonlyArray<string> =>
  events.map(({ id }) => id);

/** What was promised to succeed, or an error with the failure. */
export const right = <A>(answer: Either<unknown, A>, what: string): A => {
  if (answer._tag === 'Right') return answer.right;
  throw new Error(`${what}: expected success, got ${inspect(answer.left, { depth: 4 })}`);
};

/** The failure that was promised, or an error with what came instead. */
export const left = <Failure extends { readonly type: string }, Type extends Failure['type']>(
  answer: Either<Failure, unknown>,
  type: Type,
  what: string,
): Extract<Failure, { readonly type: Type }> => {
  if (answer._tag === 'Left' && answer.left.type === type) {
    return answer.left as Extract<Failure, { readonly type: Type }>;
  }
  throw new Error(`${what}: expected ${type}, got ${inspect(answer, { depth: 4 })}`);
};

export const same = (actual: unknown, expected: unknown, what: string): void => {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: expected ${brief(expected)}, got ${brief(actual)}`);
};

const brief = (value: unknown): string =>
  inspect(value, { depth: 6, maxArrayLength: 12, maxStringLength: 200 });

/** Waits until `isSo`, and fails after five seconds. */
export const eventually = async (isSo: () => boolean, what: string): Promise<void> => {
  const end = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`${what}: not within five seconds`);
    await pause(5);
  }
};

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
