/**
 * A view of a store that others use as well, as if it were a new one: for contract cases on a server
 * whose log is not empty.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import {
  BEFORE_ALL,
  type EventStore,
  type RecordedEvent,
  type StoreConnector,
  type StreamAppend,
} from '../../src/application/ports';

/**
 * Shows of `sound` only streams that begin with `prefix`, by the rest of their names, and only what
 * was stored after `start`.
 */
export const viewOf = (sound: StoreConnector, prefix: string, start: bigint): StoreConnector => ({
  name: sound.name,
  connect: TE.map((store: EventStore) => narrowed(store, prefix, start))(sound.connect),
});

const narrowed = (store: EventStore, prefix: string, start: bigint): EventStore => {
  const isOurs = ({ stream }: RecordedEvent): boolean => stream.startsWith(prefix);
  const shown = (event: RecordedEvent): RecordedEvent => ({
    ...event,
    stream: event.stream.slice(prefix.length),
  });
  const after = (position: bigint): bigint => (position <= BEFORE_ALL ? start : position);

  // Each call goes to the store at once, as its caller may change or close something right after.
  const readAll: EventStore['readAll'] = (position, maxCount) => async () =>
    mapped(await store.readAll(after(position), Number.MAX_SAFE_INTEGER)(), (events) =>
      events.filter(isOurs).slice(0, maxCount).map(shown),
    );

  return {
    ...store,
    readAll,
    readStream: (stream, from) => async () =>
      mapped(await store.readStream(`${prefix}${stream}`, from)(), ({ events, revision }) => ({
        events: events.map(shown),
        revision,
      })),
    head: async () =>
      mapped(
        await readAll(BEFORE_ALL, Infinity)(),
        (events) => events.at(-1)?.position ?? BEFORE_ALL,
      ),
    findEvent: (id, streams) => async () => {
      const names = streams.map((stream) => `${prefix}${stream}`);
      return mapped(await store.findEvent(id, names)(), (event) => event && shown(event));
    },
    append: (appends) => async () => {
      const renamed = appends.map((one) => ({ ...one, stream: `${prefix}${one.stream}` }));
      const answer = await store.append(renamed as NonEmptyArray<StreamAppend>)();
      return E.isLeft(answer) && answer.left.type === 'RevisionConflict'
        ? E.left({ ...answer.left, stream: answer.left.stream.slice(prefix.length) })
        : answer;
    },
    ...(store.subscribe && {
      subscribe: (position, deliver) =>
        store.subscribe?.(after(position), (event) =>
          isOurs(event) ? deliver(shown(event)) : undefined,
        ) ?? (() => Promise.resolve()),
    }),
  };
};

const mapped = <Failure, A, B>(answer: E.Either<Failure, A>, change: (answer: A) => B) =>
  E.isLeft(answer) ? answer : E.right(change(answer.right));
