/**
 * Stores with one planted fault each: the contract must notice every one of them.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import { randomUUID } from 'node:crypto';
import { memoryStore } from '../../src/adapters/memory';
import type {
  Atomicity,
  EventStore,
  StoreConnector,
  StreamAppend,
} from '../../src/application/ports';

export interface BrokenStore {
  readonly fault: string;
  /** What it claims to be; `anyStreams` unless it says so. */
  readonly atomicity?: Atomicity;
  readonly connector: () => StoreConnector;
  /** The name of the case that must fail, among others maybe. */
  readonly noticedBy: string;
}

/** A memory store with some parts replaced. */
export const replacing =
  (
    parts: (sound: EventStore) => Partial<EventStore>,
    atomicity: Atomicity = 'anyStreams',
  ): (() => StoreConnector) =>
  () => {
    const sound = memoryStore({ atomicity });
    return {
      name: 'broken',
      connect: TE.map((store: EventStore) => ({ ...store, ...parts(store) }))(sound.connect),
    };
  };

/** A memory store that changes what it is asked to append. */
const rewriting = (
  rewrite: (
    appends: NonEmptyArray<StreamAppend>,
    sound: EventStore,
  ) => Promise<NonEmptyArray<StreamAppend>>,
): (() => StoreConnector) =>
  replacing((sound) => ({
    append: (appends) => async () => sound.append(await rewrite(appends, sound))(),
  }));

const mapped =
  (change: (append: StreamAppend) => StreamAppend) =>
  (appends: NonEmptyArray<StreamAppend>): Promise<NonEmptyArray<StreamAppend>> =>
    Promise.resolve(appends.map(change) as NonEmptyArray<StreamAppend>);

export const revisionOf = async (store: EventStore, stream: string): Promise<bigint> => {
  const read = await store.readStream(stream)();
  return E.isRight(read) ? read.right.revision : -1n;
};

/** Each claims to append to any streams at once. */
export const brokenStores: ReadonlyArray<BrokenStore> = [
  {
    fault: 'ignores the expected revision',
    connector: rewriting(async (appends, sound) => {
      const actual = await Promise.all(
        appends.map(async (append) => ({
          ...append,
          expectedRevision: await revisionOf(sound, append.stream),
        })),
      );
      return actual as NonEmptyArray<StreamAppend>;
    }),
    noticedBy: 'only the exact expected revision is accepted',
  },
  {
    fault: 'appends stream by stream',
    connector: replacing((sound) => ({
      append: (appends) => async () => {
        let answer = await sound.append([appends[0]])();
        for (const append of appends.slice(1)) {
          if (E.isRight(answer)) answer = await sound.append([append])();
        }
        return answer;
      },
    })),
    noticedBy: 'one conflicting stream of several leaves nothing of any',
  },
  {
    fault: 'forgets guards',
    connector: rewriting((appends) => {
      const withEvents = appends.filter(({ events }) => events.length > 0);
      return Promise.resolve((withEvents.length > 0 ? withEvents : appends) as typeof appends);
    }),
    noticedBy: 'a guard that fails refuses the whole append',
  },
  {
    fault: 'reads a stream from after fromRevision',
    connector: replacing((sound) => ({
      readStream: (stream, from) => sound.readStream(stream, from === undefined ? 0n : from + 1n),
    })),
    noticedBy: 'readStream starts at fromRevision, inclusive',
  },
  {
    fault: 'answers the revision of the slice, not of the stream',
    connector: replacing((sound) => ({
      readStream: (stream, from) =>
        TE.map((slice: { readonly events: ReadonlyArray<{ readonly revision: bigint }> }) => ({
          ...slice,
          events: slice.events as never,
          revision: slice.events.at(-1)?.revision ?? -1n,
        }))(sound.readStream(stream, from)),
    })),
    noticedBy: 'readStream answers the last revision, whatever the slice holds',
  },
  {
    fault: 'reads the log from the position on',
    connector: replacing((sound) => ({
      readAll: (position, maxCount) => sound.readAll(position - 1n, maxCount),
    })),
    noticedBy: 'readAll starts after the position, exclusive',
  },
  {
    fault: 'gives one event too many',
    connector: replacing((sound) => ({
      readAll: (position, maxCount) => sound.readAll(position, maxCount + 1),
    })),
    noticedBy: 'readAll gives at most maxCount events, and pages join up',
  },
  {
    fault: 'stops after its first page',
    connector: replacing((sound) => ({
      readAll: (position, maxCount) => sound.readAll(position, Math.min(maxCount, 1_000)),
    })),
    noticedBy: 'a history of several pages comes back whole and in order',
  },
  {
    fault: 'accepts an event id again',
    connector: rewriting(
      mapped((append) => ({
        ...append,
        events: append.events.map((event) => ({ ...event, id: randomUUID() })),
      })),
    ),
    noticedBy: 'an event id is stored once, whatever the stream',
  },
  {
    fault: 'checks ids before revisions',
    connector: replacing((sound) => ({
      append: (appends) => async () => {
        const log = await sound.readAll(-1n, Infinity)();
        const stored = new Set(E.isRight(log) ? log.right.map(({ id }) => id) : []);
        const eventId = appends
          .flatMap(({ events }) => events)
          .find(({ id }) => stored.has(id))?.id;
        return eventId === undefined
          ? sound.append(appends)()
          : E.left({ type: 'EventIdTaken', message: '', eventId });
      },
    })),
    noticedBy: 'a moved stream is reported before a taken id',
  },
  {
    fault: 'joins a stream that is named twice',
    connector: rewriting((appends) => {
      const [first, ...rest] = appends;
      const twin = rest.filter(({ stream }) => stream === first.stream);
      const events = [first, ...twin].flatMap((append) => append.events);
      return Promise.resolve([{ ...first, events }, ...rest.filter((a) => !twin.includes(a))]);
    }),
    noticedBy: "a caller's bug rejects with a TypeError and keeps nothing",
  },
  {
    fault: 'loses text that is not ASCII',
    connector: rewriting(
      mapped((append) => ({
        ...append,
        events: append.events.map((event) => ({
          ...event,
          data: JSON.parse(JSON.stringify(event.data).replaceAll(/[^ -~]/g, '?')) as unknown,
        })),
      })),
    ),
    noticedBy: 'any text comes back to the character',
  },
  {
    fault: 'encodes an event only when its turn comes',
    connector: rewriting(async (appends) => {
      await Promise.resolve();
      return appends;
    }),
    noticedBy: 'nobody changes history through an object they hold',
  },
  {
    fault: 'loses metadata when an event is copied',
    connector: replacing((sound) => ({
      readAll: (position, maxCount) =>
        TE.map(
          (events: ReadonlyArray<{ readonly metadata: unknown }>) =>
            events.map((event) =>
              Object.defineProperty({ ...event }, 'metadata', {
                enumerable: false,
                value: event.metadata,
              }),
            ) as never,
        )(sound.readAll(position, maxCount)),
    })),
    noticedBy: 'an event comes back whole from both reads, and from a copy',
  },
  {
    fault: 'never tells its listeners',
    connector: replacing(() => ({ onAppend: () => () => undefined })),
    noticedBy: 'a listener is told once the events can be read',
  },
  {
    fault: 'does not stop a listener',
    connector: replacing((sound) => ({
      onAppend: (listener) => {
        sound.onAppend(listener);
        return () => undefined;
      },
    })),
    noticedBy: 'a listener that stopped is told no more',
  },
  {
    fault: 'forgets everything when it is opened again',
    connector: () => ({ name: 'broken', connect: () => memoryStore().connect() }),
    noticedBy: 'a store that is opened again has kept everything',
  },
  {
    fault: 'works on after it was closed',
    connector: replacing(() => ({ close: () => Promise.resolve() })),
    noticedBy: 'a closed store answers StoreClosed to everything',
  },
];
