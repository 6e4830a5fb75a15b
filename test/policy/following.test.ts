/** Views that follow the log beside others who write: nothing old, nothing twice, and an end to every question. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seatsView } from '../../projections';
import { type EventStore, memoryStore, type StoreConnector } from '../../src';
import { sqliteReadModel } from '../../src/adapters/sqlite';
import { Following } from '../../src/application/following';
import { admin } from '../../src/testing';
import type { OrgId } from '../../src/values/ids';
import { everything, fresh, opened, register } from './keeping';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'following-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const kept = (): string => join(folder, 'views.db');

const manyUsers = (count: number, prefix = 'user'): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

const connected = async (connector: StoreConnector): Promise<EventStore> => {
  const store = await connector.connect();
  if (isLeft(store)) throw new Error(store.left.message);
  return store.right;
};

/** How many seats one follower of the log knows. */
const seatsKnownTo = async (following: Following): Promise<number> => {
  const answer = await following.ask((tablesOf) =>
    seatsView.list(tablesOf(seatsView.projection), admin.orgId as OrgId),
  );
  if (isLeft(answer)) throw new Error(answer.left.message);
  return answer.right.length;
};

const followingSeats = (store: EventStore, eventsACommit: number): Following => {
  const following = new Following(store, sqliteReadModel(kept()), eventsACommit);
  following.add(seatsView.projection);
  return following;
};

describe('two that keep their views in one file', () => {
  it.each([1, 5, 20, 1_000])(
    'answer with everything, though the other wrote first (%d events a commit)',
    async (eventsACommit) => {
      const connector = memoryStore();
      const ledger = await opened(connector);
      const store = await connected(connector);
      const slow = followingSeats(store, eventsACommit);
      const quick = followingSeats(store, eventsACommit);
      await register(ledger, 'first');
      expect([await seatsKnownTo(slow), await seatsKnownTo(quick)]).toEqual([1, 1]);
      // The slow one has begun, and is overtaken.
      await register(ledger, 'second');
      expect(await seatsKnownTo(quick)).toBe(2);
      await quick.close();
      await register(ledger, ...manyUsers(20));
      expect(await seatsKnownTo(slow)).toBe(22);
      expect(await seatsKnownTo(quick)).toBe(22);
      await slow.close();
      await quick.close();
    },
  );
});

describe('opening again', () => {
  /** The same log; counts the events that are read from it. */
  const counted = (connector: StoreConnector, note: (events: number) => void): StoreConnector => ({
    name: connector.name,
    connect: async () => {
      const store = await connected(connector);
      const readAll: EventStore['readAll'] = (position, maxCount) => async () => {
        const page = await store.readAll(position, maxCount)();
        if (page._tag === 'Right') note(page.right.length);
        return page;
      };
      return right({ ...store, readAll });
    },
  });

  it.each([0, 1, 7])('reads only what %d commands have recorded since', async (commands) => {
    const connector = memoryStore();
    const first = await opened(connector, kept());
    await register(first, ...manyUsers(40));
    await everything(first);
    await first.close();

    const other = await opened(connector);
    const before = await other.head();
    await register(other, ...manyUsers(commands, 'later'));
    const after = await other.head();
    if (isLeft(before) || isLeft(after)) throw new Error('There is no head.');

    let read = 0;
    const again = await opened(
      counted(connector, (events) => {
        read += events;
      }),
      kept(),
    );
    expect(await everything(again)).toEqual(await fresh(connector));
    expect(read).toBe(Number(after.right) - Number(before.right));
    await again.close();
  });
});

describe('a question', () => {
  it.each([false, true])('ends while others write without pause (kept: %s)', async (isKept) => {
    const connector = memoryStore();
    await register(await opened(connector), 'ann');
    const store = await connected(connector);
    const log = await store.readAll(-1n, 100)();
    if (isLeft(log)) throw new Error(log.left.message);
    const registered = log.right.find(({ type }) => type === 'SeatRegistered')!;

    let head = 2_500n;
    let pages = 0;
    /** While a page is read, as much as a page holds is written. */
    const busy: EventStore = {
      ...store,
      head: () => Promise.resolve(right(head)),
      readAll: (position, maxCount) => () => {
        pages += 1;
        if (pages > 100) {
          const message = 'It reads and reads.';
          return Promise.resolve(
            left({ type: 'StoreUnavailable', reason: 'unreachable', message } as never),
          );
        }
        head += BigInt(maxCount);
        const page = Array.from({ length: maxCount }, (_, index) => {
          const place = position + 1n + BigInt(index);
          return { ...registered, id: `event-${place}`, position: place, revision: place };
        });
        return Promise.resolve(right(page));
      },
    };
    const following = new Following(busy, isKept ? sqliteReadModel(kept()) : undefined);
    following.add(seatsView.projection);
    expect(await seatsKnownTo(following)).toBe(1);
    expect(await following.rebuild('seats', () => undefined)).toEqual(right(undefined));
    expect(await seatsKnownTo(following)).toBe(1);
    await following.close();
  });
});

describe('making a view anew', () => {
  it.each([undefined, 'kept'])('goes on beside commands and questions (%s)', async (isKept) => {
    const connector = memoryStore();
    const ledger = await opened(connector, isKept && kept());
    await register(ledger, ...manyUsers(1_100));
    await everything(ledger);

    const positions = new Array<bigint>();
    const during = new Array<Promise<unknown>>();
    let answeredBefore = 0;
    let isMade = false;
    const ask = async (): Promise<void> => {
      await register(ledger, `new-${positions.length}`);
      const seats = await ledger.views.seats.list(admin);
      if (isLeft(seats)) throw new Error(seats.left.message);
      expect(seats.right.length).toBeGreaterThan(1_100);
      if (!isMade) answeredBefore += 1;
    };
    const made = await ledger.rebuildView('seats', {
      onProgress: (position) => {
        positions.push(BigInt(position));
        during.push(ask());
      },
    });
    isMade = true;
    expect(made).toEqual(right({ name: 'seats' }));
    await Promise.all(during);
    expect(answeredBefore).toBeGreaterThan(0);
    expect(positions.length).toBeGreaterThan(2);
    // They only rise.
    expect(positions).toEqual([...new Set(positions)].sort((one, other) => Number(one - other)));
    expect(await everything(ledger)).toEqual(await fresh(connector));
    await ledger.close();
  });

  it('says so when somebody else has begun to make the same one', async () => {
    const connector = memoryStore();
    const [slow, quick] = [await opened(connector, kept()), await opened(connector, kept())];
    await register(slow, ...manyUsers(400));
    await everything(slow);
    let other: Promise<unknown> | undefined;
    const made = await slow.rebuildView('seats', {
      onProgress: () => {
        other ??= quick.rebuildView('seats');
      },
    });
    expect(made).toMatchObject({
      left: {
        type: 'ReadModelUnavailable',
        message: expect.stringContaining('somebody else has begun to'),
      },
    });
    expect(await other).toEqual(right({ name: 'seats' }));
    expect(await everything(slow)).toEqual(await fresh(connector));
    expect(await everything(quick)).toEqual(await fresh(connector));
    await slow.close();
    await quick.close();
  });
});
