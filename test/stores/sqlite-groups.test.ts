/** Groups of appends in which some event is in the file already: nobody else's append suffers for it. */
import { describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, EventToAppend } from '../../src/application/ports';
import {
  anEvent,
  connect,
  intercepting,
  newPath,
  openWith,
  right,
  wholeLog,
} from './sqlite-fixture';

/** A store, and how many transactions its groups have taken. */
const counted = async () => {
  let begun = 0;
  const driver = intercepting((sql, run) => {
    if (sql === 'BEGIN IMMEDIATE') begun += 1;
    run(sql);
  });
  const store = await connect({ connect: openWith(driver, newPath()) });
  return {
    store,
    /** Appends each event to a new stream, all in one group; answers what came of it, and its transactions. */
    group: async (events: ReadonlyArray<EventToAppend>) => {
      const before = begun;
      const answers = await Promise.all(events.map((event) => append(store, event)));
      return {
        answers: answers.map((answer) => (E.isLeft(answer) ? answer.left.type : 'written')),
        transactions: begun - before,
      };
    },
  };
};

let streams = 0;
const append = (store: EventStore, event: EventToAppend) =>
  store.append([{ stream: `s${(streams += 1)}`, expectedRevision: -1n, events: [event] }])();

const some = (count: number): ReadonlyArray<EventToAppend> =>
  Array.from({ length: count }, (_, at) => anEvent(at));

describe('a group with an event that is stored already', () => {
  it('is planned anew, and so are the next ones until none has one', async () => {
    const { group } = await counted();
    const [known = anEvent(), ...others] = some(9);
    const seen = [
      await group([known]),
      await group([others[0] ?? known, known, others[1] ?? known]),
      await group([known, others[2] ?? known]),
      await group([others[3] ?? known]),
      await group([others[4] ?? known]),
      await group([known]),
    ];
    expect(seen).toEqual([
      { answers: ['written'], transactions: 1 },
      // What the table refuses is undone; then each event is looked up.
      { answers: ['written', 'EventIdTaken', 'written'], transactions: 2 },
      { answers: ['EventIdTaken', 'written'], transactions: 1 },
      { answers: ['written'], transactions: 1 },
      { answers: ['written'], transactions: 1 },
      { answers: ['EventIdTaken'], transactions: 2 },
    ]);
  });

  it.each([7, 8, 9, 31, 33, 41])('of %d writes all the others, in their order', async (size) => {
    for (const place of [0, size - 1]) {
      const { store, group } = await counted();
      const known = anEvent('known');
      right(await append(store, known));
      const others = some(size - 1);
      const { answers } = await group(others.toSpliced(place, 0, known));
      expect(answers.filter((answer) => answer === 'written')).toHaveLength(size - 1);
      expect(answers[place]).toBe('EventIdTaken');
      expect((await wholeLog(store)).map(({ id }) => id)).toEqual(
        [known, ...others].map(({ id }) => id),
      );
    }
  });
});
