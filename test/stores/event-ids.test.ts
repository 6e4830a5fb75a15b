/** An id is refused a second time wherever it stands: in the index, behind its end, or added by somebody else. */
import { describe, expect, it } from '@jest/globals';
import { queryValue } from '../../src/adapters/sqlite/driver';
import type { EventStore, EventToAppend } from '../../src/application/ports';
import {
  anEvent,
  driver,
  intercepting,
  left,
  newPath,
  open,
  openWith,
  right,
  tamper,
} from './sqlite-fixture';

/** Ids are put into the index once there are so many. */
const UNINDEXED = 8_192;
const A_REQUEST = 1_000;

let streams = 0;
const write = (store: EventStore, events: ReadonlyArray<EventToAppend>) =>
  store.append([{ stream: `s${(streams += 1)}`, expectedRevision: -1n, events }])();

/** Writes so many events, a thousand at a time. */
const fill = async (store: EventStore, count: number): Promise<ReadonlyArray<EventToAppend>> => {
  const events = Array.from({ length: count }, (_, at) => anEvent(at));
  for (let start = 0; start < count; start += A_REQUEST) {
    right(await write(store, events.slice(start, start + A_REQUEST)));
  }
  return events;
};

const indexEnd = (path: string): number => {
  const database = new (driver().DatabaseSync)(path, { readOnly: true });
  const end = queryValue(database, 'SELECT position FROM event_ids_end');
  database.close();
  return Number(end);
};

describe('an id that the file has', () => {
  it('is refused and found in the index, behind its end, by whoever wrote it and by others', async () => {
    const path = newPath();
    const [writer, other] = [await open(path), await open(path)];
    const early = await fill(other, 10);
    const events = [...early, ...(await fill(writer, UNINDEXED + 500)), ...(await fill(other, 10))];
    const end = indexEnd(path);
    expect(end).toBeGreaterThanOrEqual(UNINDEXED - 1);
    expect(end).toBeLessThan(events.length - 10);

    const places = [0, 9, 10, end - 1, end, end + 1, events.length - 11, events.length - 1];
    for (const store of [writer, other, await open(path), await open(path, { readOnly: true })]) {
      for (const place of places) {
        const event = events[place]!;
        const found = right(await store.findEvent(event.id, [])());
        expect(found).toMatchObject({ id: event.id, position: BigInt(place) });
      }
      expect(right(await store.findEvent(anEvent().id, [])())).toBeUndefined();
    }
    for (const store of [writer, other, await open(path)]) {
      for (const place of places) {
        const { id } = events[place]!;
        expect(left(await write(store, [anEvent(), { ...anEvent(), id }]))).toEqual(
          expect.objectContaining({ type: 'EventIdTaken', eventId: id }),
        );
      }
      right(await write(store, [anEvent()]));
    }
  });

  it('is refused after a commit failed in which the index was written', async () => {
    let isFull = false;
    const failing = intercepting((sql, run) => {
      if (isFull && sql === 'COMMIT') throw Object.assign(new Error('full'), { errcode: 13 });
      run(sql);
    });
    const path = newPath();
    const store = await openWith(failing, path)().then(right);
    try {
      const events = await fill(store, UNINDEXED - 1);
      const next = [anEvent(), anEvent()];
      isFull = true;
      expect(left(await write(store, next))).toMatchObject({ type: 'StoreFull' });
      expect(indexEnd(path)).toBe(-1);

      isFull = false;
      for (const { id } of [events[0]!, events.at(-1)!]) {
        expect(left(await write(store, [{ ...anEvent(), id }]))).toMatchObject({
          type: 'EventIdTaken',
        });
      }
      right(await write(store, next));
      expect(indexEnd(path)).toBe(UNINDEXED);
      expect(left(await write(store, next))).toMatchObject({ type: 'EventIdTaken' });
    } finally {
      await store.close();
    }
  });
});

it('an id that another program put into the file twice stops every append, once it would be in the index', async () => {
  const path = newPath();
  const store = await open(path);
  await fill(store, UNINDEXED - 1);
  tamper(
    path,
    'UPDATE events SET id = (SELECT id FROM events WHERE position = 7) WHERE position = 9',
  );

  for (let time = 0; time < 2; time += 1) {
    expect(left(await write(store, [anEvent()]))).toMatchObject({
      type: 'StoreUnreadable',
      message: expect.stringContaining('twice'),
    });
  }
  expect(right(await store.readAll(-1n, 10)())).toHaveLength(10);
});

describe('an index of ids that does not fit is StoreUnreadable', () => {
  it.each`
    what                             | sql
    ${'that does not say its end'}   | ${'DELETE FROM event_ids_end'}
    ${'that ends behind the events'} | ${'UPDATE event_ids_end SET position = 3'}
  `('to whoever looks for an id or appends: one $what', async ({ sql }) => {
    const path = newPath();
    const store = await open(path);
    const [known] = await fill(store, 3);
    tamper(path, String(sql));

    const damaged = { type: 'StoreUnreadable', message: expect.stringContaining('index of ids') };
    expect(left(await write(store, [anEvent()]))).toMatchObject(damaged);
    expect(left(await store.findEvent(known?.id ?? '', [])())).toMatchObject(damaged);
    expect(right(await store.readAll(-1n, 10)())).toHaveLength(3);
  });

  it.each([1, 9])('to whoever finds something else at its position %d', async (position) => {
    const path = newPath();
    const store = await open(path);
    const { id } = anEvent();
    await fill(store, 3);
    tamper(path, `INSERT INTO event_ids VALUES ('${id}', ${String(position)})`);

    expect(left(await store.findEvent(id, [])())).toMatchObject({
      type: 'StoreUnreadable',
      message: expect.stringContaining(id),
    });
  });
});
