/** What the file keeps beside its events is compared with them, for whoever appends relies on it. */
import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openLedger } from '../../src';
import { sqliteStore } from '../../src/adapters/sqlite';
import type { EventStore } from '../../src/application/ports';
import { admin, registerSeat, user } from '../../src/testing';
import { anEvent, newPath, open, right, tamper } from './sqlite-fixture';

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
    ${'some ids on their way there'}    | ${'INSERT INTO event_ids SELECT id, position FROM events WHERE position = 3'}
    ${'the first of them in the index'} | ${'INSERT INTO event_ids SELECT id, position FROM events WHERE position = 0; UPDATE event_ids_end SET position = 0'}
  `('is as the events say, with $state', async ({ sql }: Record<string, unknown>) => {
    const path = await twoStreams();
    tamper(path, String(sql));
    expect(await misfitsOf(await open(path, { readOnly: true }))).toEqual([]);
  });

  it.each`
    damage                               | sql                                                                               | found
    ${'an end that is too low'}          | ${'UPDATE heads SET (revision, position) = (1, 2) WHERE revision = 2'}            | ${{ 4: 'the end of its stream' }}
    ${'an end at an earlier event'}      | ${'UPDATE heads SET position = 2 WHERE revision = 2'}                             | ${{ 2: 'the end of its stream', 4: 'the end of its stream', unknown: 'the stream a ends where it has no event' }}
    ${'an end that is too high'}         | ${'UPDATE heads SET (revision, position) = (2, 9) WHERE revision = 1'}            | ${{ unknown: 'the stream b ends where it has no event' }}
    ${'an end at the other stream'}      | ${'UPDATE heads SET position = 4 WHERE revision = 1'}                             | ${{ 3: 'the end of its stream', unknown: 'the stream b ends where it has no event' }}
    ${'no end'}                          | ${'DELETE FROM heads WHERE revision = 1'}                                         | ${{ 1: 'the end of its stream', 3: 'the end of its stream', unknown: 'the stream b ends where it has no event' }}
    ${'a name without events'}           | ${"INSERT INTO streams VALUES (9, 'c')"}                                          | ${{ unknown: 'the stream c ends where it has no event' }}
    ${'no event before a later one'}     | ${'UPDATE events SET previous = NULL WHERE position = 4'}                         | ${{ 4: 'the event before it' }}
    ${'another stream before it'}        | ${'UPDATE events SET previous = 3 WHERE position = 4'}                            | ${{ 4: 'the event before it' }}
    ${'an event before the first'}       | ${'UPDATE events SET previous = 1 WHERE position = 0'}                            | ${{ 0: 'the event before it' }}
    ${'an id that is not in the index'}  | ${`${INDEXED} DELETE FROM event_ids WHERE id = ${idAt(2)}`}                       | ${{ 2: 'the index of ids' }}
    ${'an id that stands elsewhere'}     | ${`${INDEXED} UPDATE event_ids SET position = 1 WHERE id = ${idAt(2)}`}           | ${{ 2: 'the index of ids' }}
    ${'one on its way there, elsewhere'} | ${'INSERT INTO event_ids SELECT id, position + 1 FROM events WHERE position = 2'} | ${{ 2: 'the index of ids' }}
    ${'an index that ends too late'}     | ${'UPDATE event_ids_end SET position = 1'}                                        | ${{ 0: 'the index of ids', 1: 'the index of ids' }}
  `('is found where it is not so: $damage', async ({ sql, found }: Record<string, unknown>) => {
    const path = await twoStreams();
    tamper(path, String(sql));
    const misfits = await misfitsOf(await open(path, { readOnly: true }));
    expect(misfits.map(({ position, detail }) => [String(position ?? 'unknown'), detail])).toEqual(
      Object.entries(found as Record<string, string>).map(([position, detail]) => [
        position,
        expect.stringContaining(detail),
      ]),
    );
  });

  it('is told a hundred times at most', async () => {
    const path = newPath();
    const store = await open(path);
    const events = Array.from({ length: 6_000 }, (_, at) => anEvent(at));
    right(await store.append([{ stream: 'a', expectedRevision: -1n, events }])());
    tamper(path, 'DELETE FROM event_ids_end');
    const misfits = await misfitsOf(store);
    expect(misfits).toHaveLength(100);
    expect(misfits.at(-1)).toMatchObject({ position: 99n });
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

it('verify names the event whose id is gone from the index, and the stream that ends too early', async () => {
  const path = newPath();
  const ledger = await openLedger({ store: sqliteStore(path), addressSecret });
  try {
    for (const id of ['ann', 'bob']) {
      right(await ledger.execute(admin, { ...registerSeat(user(id)), commandId: id }));
    }
    expect(right(await ledger.verify()).findings).toEqual([]);
    tamper(
      path,
      `INSERT INTO event_ids SELECT id, position FROM events WHERE position <> 1;
       UPDATE event_ids_end SET position = (SELECT max(position) FROM events);
       UPDATE heads SET revision = 5 WHERE position = 2;`,
    );
    expect(right(await ledger.verify()).findings).toMatchObject([
      { kind: 'index', position: '1', detail: expect.stringContaining('the index of ids') },
      { kind: 'index', position: '2', detail: expect.stringContaining('the end of its stream') },
      { kind: 'index', position: 'unknown' },
    ]);
  } finally {
    await ledger.close();
  }
});
