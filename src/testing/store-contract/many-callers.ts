/**
 * What holds when many callers append at once.
 */
import { type EventToAppend, NO_STREAM } from '../../application/ports';
import {
  anEvent,
  append,
  appendTo,
  begin,
  connected,
  contractCase,
  eventually,
  idsOf,
  left,
  logHolds,
  pause,
  right,
  same,
  wholeLog,
} from './contract-case';

const numbersTo = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => i);

export const manyCallersCases = [
  contractCase('of many appenders at one revision, exactly one wins', async (store) => {
    const winners: Array<EventToAppend> = [];
    for (let expected = NO_STREAM; expected < 4n; expected += 1n) {
      const events = numbersTo(50).map(anEvent);
      const answers = await Promise.all(
        events.map((event) => appendTo(store, 'a', expected, [event])),
      );

      const won = events.filter((_, index) => answers[index]?._tag === 'Right');
      same(won.length, 1, `winners of 50 that expected ${String(expected)}`);
      winners.push(...won);
      for (const answer of answers) {
        if (answer._tag === 'Left') left(answer, 'RevisionConflict', 'an append that lost');
      }
    }
    await logHolds(store, winners, 'the log holds the winners, in their order');
  }),

  contractCase('512 callers on different streams all succeed at once', async (store) => {
    const events = numbersTo(512).map(anEvent);
    const answers = await Promise.all(
      events.map((event, index) => appendTo(store, `stream-${index}`, NO_STREAM, [event])),
    );

    const positions = answers.map((answer, index) => right(answer, `caller ${index}`).position);
    same(new Set(positions).size, 512, 'the positions answered are all different');
    const log = await wholeLog(store);
    same([...idsOf(log)].sort(), [...idsOf(events)].sort(), 'the events stored');
    for (const [index, position] of positions.entries()) {
      const stored = log.find((event) => event.position === position);
      same(stored?.id, events[index]?.id, `the event at the position that caller ${index} got`);
    }
  }),

  contractCase(
    "one caller's refusal does not touch the others",
    async (store) => {
      const [stored] = await begin(store, 'a');
      const kept = numbersTo(3).map(anEvent);
      const [first, stale, taken, second, sameId, third] = await Promise.all([
        appendTo(store, 'b', NO_STREAM, kept.slice(0, 1)),
        append(store, [
          { stream: 'c', expectedRevision: NO_STREAM, events: [anEvent()] },
          { stream: 'a', expectedRevision: NO_STREAM, events: [anEvent()] },
        ]),
        appendTo(store, 'd', NO_STREAM, [anEvent(), { ...anEvent(), id: stored?.id ?? '' }]),
        appendTo(store, 'e', NO_STREAM, kept.slice(1, 2)),
        appendTo(store, 'f', NO_STREAM, kept.slice(1, 2)),
        appendTo(store, 'g', NO_STREAM, kept.slice(2, 3)),
      ]);

      right(first, 'a caller before the refused');
      left(stale, 'RevisionConflict', 'a caller with a stale revision');
      left(taken, 'EventIdTaken', 'a caller with a stored id');
      // Which of the two that share an id comes first is the store's choice.
      const sharing = [second, sameId];
      same(sharing.filter(({ _tag }) => _tag === 'Right').length, 1, 'winners of two with one id');
      for (const answer of sharing) {
        if (answer._tag === 'Left') left(answer, 'EventIdTaken', 'the loser of two with one id');
      }
      right(third, 'a caller after the refused');
      const log = [...idsOf(await wholeLog(store))].sort();
      same(log, [stored?.id ?? '', ...idsOf(kept)].sort(), 'the log');
    },
    'anyStreams',
  ),

  contractCase('two connections append to one log', async (store, connector) => {
    const other = await connected(connector);
    try {
      const events = numbersTo(40).map(anEvent);
      const answers = await Promise.all(
        events.map((event, index) =>
          appendTo(index % 2 === 0 ? store : other, 'a', BigInt(index % 2) - 1n, [event]),
        ),
      );
      const won = answers.filter(({ _tag }) => _tag === 'Right').length;
      same((await wholeLog(store)).length, won, 'events stored, against appends that succeeded');
      same(idsOf(await wholeLog(other)), idsOf(await wholeLog(store)), 'both see the same log');
      left(
        await appendTo(other, 'a', NO_STREAM, [anEvent()]),
        'RevisionConflict',
        'the other sees a',
      );
    } finally {
      await other.close();
    }
  }),

  contractCase('a listener is told once the events can be read', async (store) => {
    let seen = 0;
    const stop = store.onAppend(() => {
      void wholeLog(store).then((log) => {
        seen = Math.max(seen, log.length);
      });
    });
    await begin(store, 'a', 2);
    await eventually(() => seen === 2, 'a listener is told of 2 events');
    await begin(store, 'b', 1);
    await eventually(() => seen === 3, 'a listener is told of a third event');
    stop();
  }),

  contractCase(
    'every listener is told, also of what another connection wrote',
    async (store, connector) => {
      const other = await connected(connector);
      try {
        const told = [0, 0];
        store.onAppend(() => (told[0] = (told[0] ?? 0) + 1));
        store.onAppend(() => (told[1] = (told[1] ?? 0) + 1));
        await begin(other, 'a');
        await eventually(() => told.every((times) => times > 0), 'both listeners are told');
      } finally {
        await other.close();
      }
    },
  ),

  contractCase('a listener that stopped is told no more', async (store) => {
    let stopped = 0;
    let listening = 0;
    const listener = (): void => {
      stopped += 1;
    };
    const stop = store.onAppend(listener);
    store.onAppend(() => {
      listening += 1;
    });
    stop();
    stop();
    await begin(store, 'a');
    await eventually(() => listening > 0, 'the other listener is told');
    await pause(20);
    same(stopped, 0, 'how often a stopped listener was told');
  }),
];
