/**
 * Closing a store and opening it again.
 */
import { type EventStore, NO_STREAM } from '../../application/ports';
import {
  anEvent,
  appendTo,
  begin,
  connected,
  contractCase,
  idsOf,
  left,
  logHolds,
  pause,
  right,
  same,
  wholeLog,
} from './contract-case';

export const lifetimeCases = [
  contractCase('a store that is opened again has kept everything', async (store, connector) => {
    const a = await begin(store, 'a', 3);
    const before = await wholeLog(store);
    await store.close();

    const again = await connected(connector);
    try {
      const plain = (events: typeof before) => events.map((event) => ({ ...event }));
      same(plain(await wholeLog(again)), plain(before), 'the log after opening again');
      left(
        await appendTo(again, 'a', NO_STREAM, [anEvent()]),
        'RevisionConflict',
        'a stale append',
      );
      const more = [anEvent()];
      right(await appendTo(again, 'a', 2n, more), 'appending after opening again');
      await logHolds(again, [...a, ...more], 'the log goes on');
    } finally {
      await again.close();
    }
  }),

  contractCase(
    'a store that is opened again knows the ids it has stored',
    async (store, connector) => {
      const a = await begin(store, 'a', 2);
      await store.close();

      const again = await connected(connector);
      try {
        left(await appendTo(again, 'b', NO_STREAM, a), 'EventIdTaken', 'a stored id');
      } finally {
        await again.close();
      }
    },
    'anyStreams',
  ),

  contractCase('a closed store answers StoreClosed to everything', async (store) => {
    await begin(store, 'a');
    await store.close();

    left(await store.readStream('a')(), 'StoreClosed', 'readStream');
    left(await store.readAll(-1n, 10)(), 'StoreClosed', 'readAll');
    left(await store.head(), 'StoreClosed', 'head');
    left(await store.findEvent(anEvent().id, ['a'])(), 'StoreClosed', 'findEvent');
    left(await appendTo(store, 'b', NO_STREAM, [anEvent()]), 'StoreClosed', 'append');
    store.onAppend(() => undefined)();
    await store.subscribe?.(-1n, () => undefined)();
  }),

  contractCase('closing twice, or twice at once, is closing', async (store) => {
    await Promise.all([store.close(), store.close()]);
    await store.close();
  }),

  contractCase('close finishes what is under way', async (store, connector) => {
    const earlier = await begin(store, 'a', 1_500);
    const events = Array.from({ length: 30 }, (_, number) => anEvent(number));
    const reading = store.readAll(-1n, 1_500)();
    const appending = events.map((event, i) => appendTo(store, `b-${i}`, NO_STREAM, [event]));
    await store.close();

    same(right(await reading, 'a read under way').length, 1_500, 'events read');
    for (const answer of await Promise.all(appending)) right(answer, 'an append under way');
    const again: EventStore = await connected(connector);
    try {
      const log = idsOf(await wholeLog(again));
      same([...log].sort(), [...idsOf(earlier), ...idsOf(events)].sort(), 'the log');
    } finally {
      await again.close();
    }
  }),

  contractCase('a closed store tells its listeners nothing more', async (store, connector) => {
    let told = 0;
    store.onAppend(() => {
      told += 1;
    });
    await store.close();

    const other = await connected(connector);
    try {
      await begin(other, 'a');
      await pause(20);
      same(told, 0, 'how often a listener of a closed store was told');
    } finally {
      await other.close();
    }
  }),
];
