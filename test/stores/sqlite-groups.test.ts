/** Groups of appends in which some event is in the file already: nobody else's append suffers for it. */
import { describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { CommitBeside } from '../../src/adapters/sqlite/commit-beside';
import { groupCommit } from '../../src/adapters/sqlite/group-commit';
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
  it('is written in one transaction, without that event', async () => {
    const { group } = await counted();
    const [known = anEvent(), ...others] = some(4);
    const seen = [
      await group([known]),
      await group([others[0] ?? known, known, others[1] ?? known]),
      await group([known]),
      await group([others[2] ?? known]),
    ];
    expect(seen).toEqual([
      { answers: ['written'], transactions: 1 },
      { answers: ['written', 'EventIdTaken', 'written'], transactions: 1 },
      { answers: ['EventIdTaken'], transactions: 1 },
      { answers: ['written'], transactions: 1 },
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

it('a group ends where it has 1,000 events or 4,000,000 characters, and the rest is in the next', async () => {
  const groups: Array<number> = [];
  const place = { name: 's', path: newPath(), readOnly: false, busyTimeoutMs: 0, threads: false };
  const append = groupCommit({
    here: (group) => {
      groups.push(group.length);
      return Promise.resolve(group.map(() => E.right({ position: 0n })));
    },
    beside: new CommitBeside(place),
    onCommit: () => undefined,
  });
  const request = (events: number, characters: number) => [
    {
      stream: 's',
      expectedRevision: -1n,
      events: Array.from({ length: events }, () => ({
        id: '',
        type: '',
        data: ' '.repeat(characters),
        metadata: '',
      })),
    },
  ];
  await Promise.all(Array.from({ length: 5 }, () => append(request(600, 1))));
  await Promise.all(Array.from({ length: 3 }, () => append(request(1, 3_000_000))));
  expect(groups).toEqual([2, 2, 1, 2, 1]);
});
