/** What the file keeps beside its events is compared with them, for whoever appends relies on it. */
import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { openLedger } from '../../src';
import { sqliteStore } from '../../src/adapters/sqlite';
import { verify } from '../../src/application/redeciding';
import { type EventStore, MOST_MISFITS } from '../../src/application/ports';
import { admin, registerSeat, user } from '../../src/testing';
import { anEvent, left, newPath, open, right, tamper } from './sqlite-fixture';

const addressSecret = 'a secret for tests only';

const misfitsOf = async (store: EventStore) => right(await store.inspect!());

/** Positions 0 to 4: a, b, a, b, a. */
const twoStreams = async (): Promise<string> => {
  const path = newPath();
  const store = await open(path);
  for (let at = 0; at < 5; at += 1) {
    const stream = at % 2 === 0 ? 'a' : 'b';
    const expectedRevision = BigInt(Math.floor(at / 2)) - 1n;
    right(await store.append([{ stream, expectedRevision, events: [anEvent()] }])());
  }
  await store.close();
  return path;
};

const INDEXED = `
  INSERT INTO event_ids SELECT id, position FROM events;
  UPDATE event_ids_end SET position = 4;`;
const idAt = (position: number): string =>
  `(SELECT id FROM events WHERE position = ${String(position)})`;

describe('what a file keeps beside its events', () => {
  it.each`
    state                               | sql
    ${'no id in the index'}             | ${''}
    ${'all ids in the index'}           | ${INDEXED}
    ${'the first of them in the index'} | ${'INSERT INTO event_ids SELECT id, position FROM events WHERE position = 0; UPDATE event_ids_end SET position = 0'}
  `('is as the events say, with $state', async ({ sql }: Record<string, unknown>) => {
    const path = await twoStreams();
    tamper(path, String(sql));
    expect(await misfitsOf(await open(path, { readOnly: true }))).toEqual([]);
  });

  const NOWHERE = undefined;
  const STREAM_A = 'the stream a ends where it has no event';
  const STREAM_B = 'the stream b ends where it has no event';
  const NO_END = 'nothing says where the index of ids ends, or it ends behind the events';
  const wrong = (what: string, revision: number, stream: string): string =>
    `what ${what} is wrong (revision ${String(revision)} of ${stream})`;
  const BEFORE = 'it says of the event before it';
  const END = 'is said of the end of its stream';
  const ID = 'the index of ids says of it';

  it.each`
    damage                                     | sql                                                                                                      | found
    ${'an end that is too low'}                | ${'UPDATE heads SET (revision, position) = (1, 2) WHERE revision = 2'}                                   | ${[[4, wrong(END, 2, 'a')]]}
    ${'an end at an earlier event'}            | ${'UPDATE heads SET position = 2 WHERE revision = 2'}                                                    | ${[[2, wrong(END, 1, 'a')], [4, wrong(END, 2, 'a')], [NOWHERE, STREAM_A]]}
    ${'an end that is too high'}               | ${'UPDATE heads SET (revision, position) = (2, 9) WHERE revision = 1'}                                   | ${[[NOWHERE, STREAM_B]]}
    ${'an end at the other stream'}            | ${'UPDATE heads SET position = 4 WHERE revision = 1'}                                                    | ${[[3, wrong(END, 1, 'b')], [NOWHERE, STREAM_B]]}
    ${'no end'}                                | ${'DELETE FROM heads WHERE revision = 1'}                                                                | ${[[1, wrong(END, 0, 'b')], [3, wrong(END, 1, 'b')], [NOWHERE, STREAM_B]]}
    ${'a name without events, of a large key'} | ${"INSERT INTO streams VALUES (9e15, 'b2')"}                                                             | ${[[NOWHERE, 'the stream b2 ends where it has no event']]}
    ${'no event before a later one'}           | ${'UPDATE events SET previous = NULL WHERE position = 4'}                                                | ${[[4, wrong(BEFORE, 2, 'a')]]}
    ${'another stream before it'}              | ${'UPDATE events SET previous = 3 WHERE position = 4'}                                                   | ${[[4, wrong(BEFORE, 2, 'a')]]}
    ${'an event before the first'}             | ${'UPDATE events SET previous = 1 WHERE position = 0'}                                                   | ${[[0, wrong(BEFORE, 0, 'a')]]}
    ${'an event that has been put far away'}   | ${'UPDATE events SET position = 9e15 WHERE position = 4'}                                                | ${[[9e15, wrong(END, 2, 'a')], [NOWHERE, STREAM_A]]}
    ${'two things about one event'}            | ${'UPDATE events SET previous = 0 WHERE position = 4; UPDATE heads SET position = 9 WHERE revision = 2'} | ${[[4, wrong(`${BEFORE} and what ${END}`, 2, 'a')], [NOWHERE, STREAM_A]]}
    ${'an id that is not in the index'}        | ${`${INDEXED} DELETE FROM event_ids WHERE id = ${idAt(2)}`}                                              | ${[[2, wrong(ID, 1, 'a')]]}
    ${'an id that stands elsewhere'}           | ${`${INDEXED} UPDATE event_ids SET position = 1 WHERE id = ${idAt(2)}`}                                  | ${[[2, wrong(ID, 1, 'a')], [NOWHERE, /the index of ids has .{36} at position 1, where it does not stand/]]}
    ${'an id of no event'}                     | ${"INSERT INTO event_ids VALUES ('ghost', 2)"}                                                           | ${[[NOWHERE, 'the index of ids has ghost at position 2, where it does not stand']]}
    ${'an id behind the end of the index'}     | ${'INSERT INTO event_ids SELECT id, position FROM events WHERE position = 3'}                            | ${[[3, wrong(ID, 1, 'b')]]}
    ${'an id twice, behind the end'}           | ${`UPDATE events SET id = ${idAt(1)} WHERE position = 3`}                                                | ${[[3, /an earlier event has its id too \(.{36}\)/]]}
    ${'an index that ends too late'}           | ${'UPDATE event_ids_end SET position = 1'}                                                               | ${[[0, wrong(ID, 0, 'a')], [1, wrong(ID, 0, 'b')]]}
    ${'an index that ends too early'}          | ${`${INDEXED} UPDATE event_ids_end SET position = 3`}                                                    | ${[[4, wrong(ID, 2, 'a')]]}
    ${'an index that ends behind the events'}  | ${'UPDATE event_ids_end SET position = 5'}                                                               | ${[[NOWHERE, NO_END]]}
    ${'an index without an end'}               | ${'DELETE FROM event_ids_end'}                                                                           | ${[[NOWHERE, NO_END]]}
    ${'an index with two ends'}                | ${'INSERT INTO event_ids_end VALUES (-1)'}                                                               | ${[[NOWHERE, NO_END]]}
  `('finds $damage', async ({ sql, found }: Record<string, unknown>) => {
    const path = await twoStreams();
    tamper(path, String(sql));
    const expected = (found as ReadonlyArray<readonly [number | undefined, string | RegExp]>).map(
      ([position, detail]) => ({
        position: position === undefined ? undefined : BigInt(position),
        detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
      }),
    );
    expect(await misfitsOf(await open(path, { readOnly: true }))).toEqual(expected);
  });

  it('finds one on a later page, and stops where there are more than are told', async () => {
    const path = newPath();
    const store = await open(path);
    const events = Array.from({ length: 12_000 }, (_, at) => anEvent(at));
    right(await store.append([{ stream: 'a', expectedRevision: -1n, events }])());
    for (const position of [4_999, 5_000, 11_000]) {
      tamper(path, `UPDATE events SET previous = NULL WHERE position = ${String(position)}`);
    }
    expect((await misfitsOf(store)).map(({ position }) => position)).toEqual([
      4_999n,
      5_000n,
      11_000n,
    ]);

    tamper(path, 'UPDATE events SET previous = NULL');
    const many = await misfitsOf(store);
    expect(many.length).toBeGreaterThan(MOST_MISFITS);
    expect(many.length).toBeLessThan(12_000);
  });

  it('is as the events say while others append', async () => {
    const path = newPath();
    const [reader, writer] = [await open(path), await open(path)];
    const state = { hasEnded: false };
    const writing = (async () => {
      for (let time = 0; time < 300; time += 1) {
        const events = Array.from({ length: 40 }, () => anEvent());
        const expectedRevision = BigInt(time * 40 - 1);
        right(await writer.append([{ stream: 'a', expectedRevision, events }])());
      }
    })().finally(() => {
      state.hasEnded = true;
    });
    let times = 0;
    do {
      await nextTurn();
      expect(await misfitsOf(reader)).toEqual([]);
      times += 1;
    } while (!state.hasEnded);
    await writing;
    expect(times).toBeGreaterThan(3);
  });
});

describe('verify', () => {
  const registered = async (path: string, ...ids: ReadonlyArray<string>) => {
    const ledger = await openLedger({ store: sqliteStore(path), addressSecret });
    for (const id of ids) {
      right(await ledger.execute(admin, { ...registerSeat(user(id)), commandId: id }));
    }
    return ledger;
  };

  it('names the event whose id is gone from the index, and the stream that ends elsewhere', async () => {
    const path = newPath();
    const ledger = await registered(path, 'ann', 'bob');
    try {
      expect(right(await ledger.verify()).findings).toEqual([]);
      tamper(
        path,
        `INSERT INTO event_ids SELECT id, position FROM events WHERE position <> 1;
         UPDATE event_ids_end SET position = (SELECT max(position) FROM events);
         UPDATE heads SET revision = 5 WHERE position = 2;`,
      );
      expect(right(await ledger.verify()).findings).toMatchObject([
        { kind: 'misfit', position: '1' },
        { kind: 'misfit', position: '2' },
        { kind: 'misfit', position: 'unknown' },
      ]);
    } finally {
      await ledger.close();
    }
  });

  it('answers why it could not compare', async () => {
    const path = newPath();
    await (await registered(path, 'ann')).close();
    const failure = { type: 'StoreClosed' as const, message: 'closed meanwhile' };
    const store: EventStore = {
      ...(await open(path)),
      inspect: () => Promise.resolve(E.left(failure)),
    };
    expect(left(await verify(store, () => undefined))).toEqual(failure);
  });

  it('says that there are more, and does not compare what cannot be read to its end', async () => {
    const path = newPath();
    const names = Array.from({ length: 60 }, (_, at) => `u${String(at)}`);
    const ledger = await registered(path, ...names);
    try {
      tamper(path, 'DELETE FROM heads');
      const { findings } = right(await ledger.verify());
      expect(findings).toHaveLength(MOST_MISFITS + 1);
      expect(findings.at(-1)).toMatchObject({ detail: expect.stringContaining('more of these') });

      tamper(path, "UPDATE events SET type = 'Unheard' WHERE position = 7");
      const broken = right(await ledger.verify());
      expect(broken.endedEarly).toBe(true);
      expect(broken.findings.filter(({ kind }) => kind === 'misfit')).toEqual([]);
    } finally {
      await ledger.close();
    }
  });
});
