/** A store that holds a log as it was edited: for those who look for faults in it. */
import { right } from 'fp-ts/lib/Either.js';
import type { EventStore, RecordedEvent, StoreConnector } from '../../src';

/** @param promised what the store says of itself besides */
export const storeOf = (
  log: ReadonlyArray<RecordedEvent>,
  promised: Partial<Pick<EventStore, 'atomicity' | 'positions'>> = {},
): StoreConnector => {
  const ofStream = (stream: string) => log.filter((event) => event.stream === stream);
  const store: EventStore = {
    name: 'edited',
    atomicity: 'anyStreams',
    ...promised,
    readStream:
      (stream, from = 0n) =>
      () => {
        const events = ofStream(stream);
        return Promise.resolve(
          right({
            events: events.filter(({ revision }) => revision >= from),
            revision: events.at(-1)?.revision ?? -1n,
          }),
        );
      },
    readAll: (position, maxCount) => () =>
      Promise.resolve(right(log.filter((event) => event.position > position).slice(0, maxCount))),
    findEvent: (id) => () => Promise.resolve(right(log.find((event) => event.id === id))),
    head: () => Promise.resolve(right(log.at(-1)?.position ?? -1n)),
    append: () => () => Promise.reject(new Error('This store is only read.')),
    onAppend: () => () => undefined,
    close: () => Promise.resolve(),
  };
  return { name: 'edited', connect: () => Promise.resolve(right(store)) };
};
