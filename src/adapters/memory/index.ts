/**
 * A store that lives in memory: for tests and trials, with every promise of the durable ones but
 * durability.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { AppendFailure, StoreClosed } from '../../application/failures';
import {
  type Appended,
  type Atomicity,
  BEFORE_ALL,
  type EventStore,
  NO_STREAM,
  type RecordedEvent,
  type StoreConnector,
} from '../../application/ports';
import { type EncodedAppend, encodeAppends, inOneStream } from '../append-request';
import { eventIdTaken, revisionConflict, storeClosed } from '../store-failures';

/** What the connector keeps between connections: the log, indexed by position, and its indexes. */
interface Log {
  readonly events: Array<RecordedEvent>;
  readonly streams: Map<string, Array<RecordedEvent>>;
  readonly byId: Map<string, RecordedEvent>;
  readonly listeners: Set<() => void>;
}

/** What a store in memory promises of an append: `anyStreams` unless it says otherwise. */
export interface MemoryStoreOptions {
  /** `oneStream`: only what EventStoreDB promises, to test against it without a server. */
  readonly atomicity?: Atomicity;
}

/**
 * A store in memory. The connector owns the log: connecting again finds the same events, as a file
 * would. Events are deep-frozen copies, so nobody can change history.
 */
export const memoryStore = (options: MemoryStoreOptions = {}): StoreConnector => {
  const { atomicity = 'anyStreams' } = options;
  // A plain JavaScript caller may have misspelt either.
  const unknown = Object.keys(options).find((option) => option !== 'atomicity');
  if (unknown !== undefined) {
    throw new TypeError(`memoryStore: there is no option ${unknown}. Its one option is atomicity.`);
  }
  if (!(['anyStreams', 'oneStream'] as ReadonlyArray<string>).includes(atomicity)) {
    throw new TypeError(`memoryStore: atomicity is anyStreams or oneStream, not ${atomicity}.`);
  }
  const log: Log = { events: [], streams: new Map(), byId: new Map(), listeners: new Set() };
  return { name: 'memory', connect: () => Promise.resolve(E.right(connection(log, atomicity))) };
};

const connection = (log: Log, atomicity: Atomicity): EventStore => {
  let open = true;
  const own = new Set<() => void>();

  const whileOpen =
    <A>(read: () => A) =>
    (): Promise<E.Either<StoreClosed, A>> =>
      Promise.resolve(open ? E.right(read()) : E.left(storeClosed('memory')));

  return {
    name: 'memory',
    atomicity,
    positions: 'consecutive',

    readStream: (stream, fromRevision = 0n) =>
      whileOpen(() => {
        const events = log.streams.get(stream) ?? [];
        return {
          events: events.slice(countFrom(fromRevision)),
          revision: BigInt(events.length - 1),
        };
      }),

    readAll: (position, maxCount) =>
      whileOpen(() => {
        const start = countFrom(position + 1n);
        return log.events.slice(start, start + Math.max(0, maxCount));
      }),

    findEvent: (id) => whileOpen(() => log.byId.get(id)),

    head: whileOpen(() => log.events.at(-1)?.position ?? BEFORE_ALL),

    append: (appends) => () =>
      new Promise((resolve) => {
        // A caller's bug throws here, which rejects the promise.
        const encoded = encodeAppends(appends);
        if (!open) resolve(E.left(storeClosed('memory')));
        else if (atomicity === 'anyStreams') resolve(appendTo(log, encoded));
        else resolve(appendOnce(log, inOneStream(encoded)));
      }),

    onAppend: (listener) => {
      if (!open) return () => undefined;

      const told = (): void => {
        listener();
      };
      own.add(told);
      log.listeners.add(told);
      return () => {
        own.delete(told);
        log.listeners.delete(told);
      };
    },

    close: () => {
      open = false;
      for (const told of own) log.listeners.delete(told);
      return Promise.resolve();
    },
  };
};

/** How many events come before `place`, which a caller may put before the first. */
const countFrom = (place: bigint): number => (place > 0n ? Number(place) : 0);

const appendTo = (
  log: Log,
  appends: ReadonlyArray<EncodedAppend>,
): E.Either<AppendFailure, Appended> => {
  const refused = movedStream(log, appends) ?? takenId(log, appends);
  return refused === undefined ? E.right(written(log, appends)) : E.left(refused);
};

const written = (log: Log, appends: ReadonlyArray<EncodedAppend>): Appended => {
  for (const event of recorded(log, appends)) {
    const history = log.streams.get(event.stream) ?? [];
    log.streams.set(event.stream, history);
    history.push(event);
    log.events.push(event);
    log.byId.set(event.id, event);
  }
  for (const told of log.listeners) {
    queueMicrotask(() => {
      if (log.listeners.has(told)) told();
    });
  }
  return { position: BigInt(log.events.length - 1) };
};

/** As {@link appendTo}, but events that stand where they are asked for, by their ids, are a success. */
const appendOnce = (log: Log, append: EncodedAppend): E.Either<AppendFailure, Appended> => {
  const start = countFrom(append.expectedRevision + 1n);
  const there = log.streams.get(append.stream)?.slice(start, start + append.events.length) ?? [];
  const last = there.at(-1);
  const isThere =
    there.length === append.events.length &&
    there.every(({ id }, index) => id === append.events[index]?.id);
  if (isThere && last !== undefined) return E.right({ position: last.position });
  const moved = movedStream(log, [append]);
  return moved === undefined ? E.right(written(log, [append])) : E.left(moved);
};

const movedStream = (
  log: Log,
  appends: ReadonlyArray<EncodedAppend>,
): AppendFailure | undefined => {
  for (const { stream, expectedRevision } of appends) {
    const actual = log.streams.get(stream)?.at(-1)?.revision ?? NO_STREAM;
    if (actual !== expectedRevision) return revisionConflict(stream, expectedRevision, actual);
  }
  return undefined;
};

const takenId = (log: Log, appends: ReadonlyArray<EncodedAppend>): AppendFailure | undefined => {
  const asked = new Set<string>();
  for (const { id } of appends.flatMap(({ events }) => events)) {
    if (log.byId.has(id) || asked.has(id)) return eventIdTaken(id);
    asked.add(id);
  }
  return undefined;
};

/** The events as they will be stored, made before the first is: whatever goes wrong leaves no half. */
const recorded = (
  log: Log,
  appends: ReadonlyArray<EncodedAppend>,
): ReadonlyArray<RecordedEvent> => {
  let position = BigInt(log.events.length);
  return appends.flatMap(({ stream, expectedRevision, events }) =>
    events.map(({ id, type, data, metadata }, index) =>
      Object.freeze({
        stream,
        revision: expectedRevision + 1n + BigInt(index),
        position: position++,
        id,
        type,
        data: frozenJson(data),
        metadata: frozenJson(metadata),
      }),
    ),
  );
};

/** Parses `text` and freezes all of it, however deep. */
const frozenJson = (text: string): unknown => {
  const root: unknown = JSON.parse(text);
  const open = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    Object.freeze(value);
    for (const inner of Object.values(value)) if (typeof inner === 'object') open.push(inner);
  }
  return root;
};
