/** A view of the host's own that throws: it shows nothing any more, and every other goes on. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { right } from 'fp-ts/lib/Either.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  defineProjection,
  type EventOfType,
  type Handlers,
  type Projection,
  type View,
} from '../../projections';
import { memoryStore } from '../../src';
import { sqliteStore } from '../../src/adapters/sqlite';
import { admin } from '../../src/testing';
import { everything, fresh, opened, register } from './keeping';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'broken-views-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const kept = (): string => join(folder, 'views.db');

describe('a view that throws', () => {
  interface Entries {
    readonly seats: { readonly count: number };
  }
  const counting = (whoBreaksIt?: string): Projection<Entries> =>
    defineProjection<Entries>({
      name: 'counted',
      version: 1,
      tables: ['seats'],
      on: {
        SeatRegistered: ({ seats }, { orgId, data: { userId } }) => {
          const { count } = seats.get(orgId, 'all') ?? { count: 0 };
          // Halfway through: what it has set by then is not to be seen.
          seats.set(orgId, 'all', { count: count + 1 });
          if (userId === whoBreaksIt) throw new Error('planted');
        },
      },
    });
  const viewOf = (
    projection: Projection<Entries>,
  ): View<Entries, { count: number }, string, object> => ({
    projection,
    keyFields: {},
    filterFields: {},
    get: ({ seats }, orgId, id) => seats.get(orgId, id),
    list: ({ seats }, orgId) => Array.from(seats.entries(orgId), ([, row]) => row),
  });

  it.each([undefined, 'kept'])('shows nothing, and takes no other with it (%s)', async (isKept) => {
    const connector = memoryStore();
    const first = await opened(connector, isKept && kept());
    const sound = first.view(viewOf(counting()));
    await register(first, 'ann');
    expect(await sound.list(admin)).toEqual(right([{ count: 1 }]));
    await first.close();

    const ledger = await opened(connector, isKept && kept());
    const faulty = ledger.view(viewOf(counting('bob')));
    expect(await faulty.list(admin)).toEqual(right([{ count: 1 }]));
    for (const userId of ['bob', 'cid', 'dan']) {
      await register(ledger, userId);
      expect(await everything(ledger)).toEqual(await fresh(connector));
      await expect(faulty.list(admin)).rejects.toThrow('counted threw on SeatRegistered');
    }
    await expect(ledger.rebuildView('counted')).rejects.toThrow('counted threw on SeatRegistered');
    expect(await everything(ledger)).toEqual(await fresh(connector));
    await ledger.close();

    // Nothing of the event that broke it was kept: mended, it counts each once.
    const mended = await opened(connector, isKept && kept());
    const whole = mended.view(viewOf(counting()));
    expect(await whole.list(admin)).toEqual(right([{ count: 4 }]));
    expect(await everything(mended)).toEqual(await fresh(connector));
    await mended.close();
  });

  it.each([undefined, 'kept'])(
    'on what was there before it takes no other with it (%s)',
    async (isKept) => {
      const connector = memoryStore();
      const ledger = await opened(connector, isKept && kept());
      await register(ledger, 'ann', 'bob');
      const faulty = ledger.view(viewOf(counting('bob')));
      expect(await everything(ledger)).toEqual(await fresh(connector));
      await expect(faulty.list(admin)).rejects.toThrow('counted threw on SeatRegistered');
      await register(ledger, 'cid');
      expect(await everything(ledger)).toEqual(await fresh(connector));
      await ledger.close();
    },
  );

  it.each([undefined, 'kept'])('is not every view that is asked wrongly (%s)', async (isKept) => {
    const connector = memoryStore();
    const ledger = await opened(connector, isKept && kept());
    const asked = ledger.view({
      ...viewOf(counting()),
      list: () => {
        throw new Error('asked wrongly');
      },
    });
    await register(ledger, 'ann');
    await expect(asked.list(admin)).rejects.toThrow('asked wrongly');
    expect(await asked.get(admin, 'all')).toEqual(right({ count: 1 }));
    expect(await everything(ledger)).toEqual(await fresh(connector));
    await ledger.close();
  });
});

interface Anything {
  readonly rows: unknown;
}

/** A view of one table, which holds whatever is put there. */
const viewFolding = (
  on: Handlers<Anything>,
  name = 'hosted',
): View<Anything, unknown, string, object> => ({
  projection: defineProjection<Anything>({ name, version: 1, tables: ['rows'], on }),
  keyFields: {},
  filterFields: {},
  get: ({ rows }, orgId, id) => rows.get(orgId, id),
  list: ({ rows }, orgId) => Array.from(rows.entries(orgId), ([, row]) => row),
});

const ofItself = () => {
  const entry: Record<string, unknown> = {};
  entry['self'] = entry;
  return entry;
};

describe('a view whose entries are not plain JSON', () => {
  it.each([
    [{ count: 1n }, 'rows.count'],
    [{ when: new Date(0) }, 'rows.when'],
    [{ members: [new Map()] }, 'rows.members.0'],
    [{ left: undefined }, 'rows.left'],
    [{ share: NaN }, 'rows.share'],
    [{ share: -0 }, 'rows.share'],
    [{ shares: Object.assign(new Array(2), { 1: 5 }) }, 'rows.shares'],
    [{ shares: Object.assign([5], { of: 'all' }) }, 'rows.shares'],
    [{ shares: { [Symbol('of')]: 5 } }, 'rows.shares'],
    [ofItself(), 'rows.self'],
    [
      {
        deep: {
          get chance() {
            return Math.random();
          },
        },
      },
      'rows.deep.chance',
    ],
    [Object.defineProperty(['ann'], 0, { get: () => 'ann', enumerable: true }), 'rows.0'],
    [Object.defineProperty({}, 'now', { set: () => undefined, enumerable: true }), 'rows.now'],
  ])('is told so at the first of them, alone: %p', async (entry, where) => {
    for (const readModel of [undefined, kept()]) {
      const connector = memoryStore();
      const ledger = await opened(connector, readModel);
      const unplain = ledger.view(
        viewFolding({
          SeatRegistered: ({ rows }, { orgId }) => {
            rows.set(orgId, 'all', entry);
          },
        }),
      );
      await register(ledger, 'ann');
      await expect(unplain.list(admin)).rejects.toThrow(`${where} is not plain JSON`);
      expect(await everything(ledger)).toEqual(await fresh(connector));
      await ledger.close();
    }
  });
});

describe('a view whose keys no file keeps as they are', () => {
  const unkeepable: ReadonlyArray<readonly [string, unknown]> = [
    ['a NUL', 'locked\0ann'],
    ['a lone surrogate', 'locked\ud800ann'],
    ['a number', 7],
    ['nothing', undefined],
    ['an object', { userId: 'ann' }],
  ];
  const places = unkeepable.flatMap(([what, key]) => [
    [what, 'id', key] as const,
    [what, 'group', key] as const,
  ]);
  const setting = (place: string, key: unknown): View<Anything, unknown, string, object> =>
    viewFolding({
      SeatRegistered: ({ rows }, { orgId, data: { userId } }) => {
        const [group, id] = place === 'id' ? [orgId, key] : [key, userId];
        rows.set(group as string, id as string, { userId });
      },
    });

  it.each(places)('is told so, alone, in memory as when kept: %s as the %s', async (...given) => {
    const [, place, key] = given;
    for (const readModel of [undefined, kept()]) {
      const connector = memoryStore();
      const ledger = await opened(connector, readModel);
      const mistaken = ledger.view(setting(place, key));
      await register(ledger, 'ann', 'bob');
      await expect(mistaken.list(admin)).rejects.toThrow(`The ${place} of an entry of rows is not`);
      expect(await everything(ledger)).toEqual(await fresh(connector));
      await ledger.close();
    }
  });

  it.each(places)('finds nothing under them, nor deletes it: %s as the %s', async (...given) => {
    const [, place, key] = given;
    const told: Array<unknown> = [];
    const asking = viewFolding({
      SeatRegistered: ({ rows }, { orgId, data: { userId } }) => {
        rows.set(orgId, 'locked', { userId });
      },
      SeatLocked: ({ rows }, { orgId }) => {
        const [group, id] = (place === 'id' ? [orgId, key] : [key, 'locked']) as [string, string];
        told.push(rows.get(group, id), place === 'id' ? [] : [...rows.entries(group)]);
        rows.delete(group, id);
      },
    });
    for (const readModel of [undefined, kept()]) {
      const connector = memoryStore();
      const ledger = await opened(connector, readModel);
      const view = ledger.view(asking);
      await register(ledger, 'ann');
      expect(await view.list(admin)).toEqual(right([{ userId: 'ann' }]));
      await ledger.close();
      const again = await opened(connector, readModel);
      const lock = { type: 'LockSeat', commandId: 'lock', userId: 'ann' } as const;
      expect(await again.execute(admin, lock)).toMatchObject({ _tag: 'Right' });
      expect(await again.view(asking).list(admin)).toEqual(right([{ userId: 'ann' }]));
      await again.close();
    }
    expect(told).toEqual([undefined, [], undefined, []]);
  });
});

describe('a view that sets without a group', () => {
  it('is told what set takes', async () => {
    const ledger = await opened(memoryStore());
    const forgetful = ledger.view(
      viewFolding({
        SeatRegistered: ({ rows }, { data: { userId } }) => {
          (rows.set as (...given: ReadonlyArray<unknown>) => void)(userId, { userId });
        },
      }),
    );
    await register(ledger, 'ann');
    await expect(forgetful.list(admin)).rejects.toThrow(
      'The id of an entry of rows is not a text but an object: set takes a group, an id and an entry.',
    );
    await ledger.close();
  });
});

describe('a view that names a table that it has not', () => {
  const misspelling = (tables: ReadonlyArray<string>) => ({
    ...viewFolding({}),
    projection: defineProjection<Record<string, unknown>>({
      name: 'misspelt',
      version: 1,
      tables,
      on: {
        SeatRegistered: ({ row }, { orgId }) => {
          row?.set(orgId, 'all', {});
        },
      },
    }) as never,
  });

  it.each([
    [['rows'], 'The projection has no table row. Its table is rows.'],
    [['rows', 'more'], 'The projection has no table row. Its tables are rows, more.'],
  ])('is told those that there are: %j', async (tables, told) => {
    for (const readModel of [undefined, kept()]) {
      const connector = memoryStore();
      const ledger = await opened(connector, readModel);
      const misspelt = ledger.view(misspelling(tables));
      await register(ledger, 'ann');
      const asked = misspelt.list(admin);
      await expect(asked).rejects.toThrow(told);
      await expect(asked).rejects.toMatchObject({ name: 'BrokenProjection', position: '1' });
      expect(await everything(ledger)).toEqual(await fresh(connector));
      await ledger.close();
    }
  });

  it('may look at its tables as at any object', async () => {
    const ledger = await opened(memoryStore());
    const looking = ledger.view(
      viewFolding({
        SeatRegistered: (tables, { orgId }) => {
          const names = Object.keys({ ...tables });
          const isShown = inspect(tables).includes('rows');
          tables.rows.set(orgId, 'all', { names, isShown, isThere: 'rows' in tables });
        },
      }),
    );
    await register(ledger, 'ann');
    expect(await looking.list(admin)).toEqual(
      right([{ names: ['rows'], isShown: true, isThere: true }]),
    );
    await ledger.close();
  });
});

describe('what is no view', () => {
  const whole = viewFolding({});
  it.each([
    ['nothing', undefined, 'needs a projection, which defineProjection('],
    ['a projection alone', whole.projection, 'needs a projection, which defineProjection('],
    ['a projection that is none', { ...whole, projection: {} }, 'needs a projection, which'],
    ['no projection', { ...whole, projection: undefined }, 'needs a projection, which'],
    ['no list', { ...whole, list: undefined }, 'the functions get and list'],
    ['a misspelt field', { ...whole, ownr: () => null }, 'no field ownr. Did you mean owner?'],
    ['no keyFields', { ...whole, keyFields: undefined }, 'the objects keyFields and filterFields'],
  ])('is told what a view needs, at once: %s', async (_, given, told) => {
    const ledger = await opened(memoryStore());
    expect(() => ledger.view(given as never)).toThrow(TypeError);
    expect(() => ledger.view(given as never)).toThrow(told);
    await register(ledger, 'ann');
    expect(await ledger.views.seats.list(admin)).toMatchObject({ right: [{ userId: 'ann' }] });
    await ledger.close();
  });
});

it('a misspelt name of a view to rebuild is told which was meant', async () => {
  const ledger = await opened(memoryStore());
  expect(await ledger.rebuildView('seat')).toMatchObject({
    left: { type: 'InvalidInput', errors: [{ meant: 'seats' }] },
  });
  await ledger.close();
});

it.each([
  ['memory', () => memoryStore()],
  ['SQLite', () => sqliteStore(join(folder, 'ledger.db'))],
])('a view that copies the event it is given has all of it (%s)', async (_, connector) => {
  const ledger = await opened(connector());
  const copying = ledger.view(
    viewFolding({
      SeatRegistered: ({ rows }, event) => {
        const copy = { ...event, position: String(event.position), revision: null };
        rows.set(event.orgId, 'last', JSON.parse(JSON.stringify(copy)));
      },
    }),
  );
  await register(ledger, 'ann');
  expect(await copying.get(admin, 'last')).toMatchObject({
    right: { data: { userId: 'ann' }, metadata: { commandType: 'RegisterSeat' } },
  });
  await ledger.close();
});

describe('a view that changes the event it is given', () => {
  type Given = EventOfType<'SeatRegistered'>;
  const changes: ReadonlyArray<readonly [string, (event: Given) => unknown]> = [
    ['its organization', (event) => Object.assign(event, { orgId: 'globex' })],
    ['whose it is', ({ data }) => Object.assign(data, { userId: 'mallory' })],
    ['something deep in it', ({ data }) => Object.assign(data.accountEmail, { typed: 'x' })],
    ['who did it', ({ metadata }) => Object.assign(metadata.actor, { id: 'mallory' })],
    ['what it says when', ({ metadata }) => Object.assign(metadata, { at: 'never' })],
    ['its metadata', (event) => Object.assign(event, { metadata: {} })],
    ['what it has', (event) => Reflect.deleteProperty(event, 'data')],
    ['what it has not', (event) => Object.assign(event, { seen: true })],
  ];
  const stores = {
    memory: () => memoryStore(),
    sqlite: () => sqliteStore(join(folder, 'ledger.db')),
  };
  const cases = changes.flatMap(([what, change]) =>
    (['memory', 'sqlite'] as const).map((store) => [what, store, change] as const),
  );

  it.each(cases)('spoils it for no other view: %s, from the %s store', async (_, store, change) => {
    const connector = stores[store]();
    const ledger = await opened(connector);
    const changing = ledger.view(
      viewFolding({
        SeatRegistered: (__, event) => {
          if (change(event) === false) throw new TypeError('It cannot be deleted.');
        },
      }),
    );
    const watching = ledger.view(
      viewFolding(
        {
          SeatRegistered: ({ rows }, { orgId, data, metadata }) => {
            rows.set(orgId, data.userId, { orgId, ...data, at: metadata.at, by: metadata.actor });
          },
        },
        'watching',
      ),
    );
    await register(ledger, 'ann');
    await expect(changing.list(admin)).rejects.toThrow('hosted threw on SeatRegistered');
    const accountEmail = { typed: 'ann@acme.example', canonical: 'ann@acme.example' };
    const at = expect.stringMatching(/^20/);
    const by = { role: 'admin', id: 'dee' };
    expect(await watching.list(admin)).toEqual(
      right([{ orgId: 'acme', userId: 'ann', accountEmail, profile: 'user', at, by }]),
    );
    expect(await watching.list({ ...admin, orgId: 'globex' })).toEqual(right([]));
    expect(await everything(ledger)).toEqual(await fresh(connector));
    expect(await ledger.verify()).toMatchObject({ right: { findings: [] } });
    await ledger.close();
  });

  it('is given all that the event says', async () => {
    const ledger = await opened(memoryStore());
    const copying = ledger.view(
      viewFolding({
        SeatRegistered: ({ rows }, event) => {
          const { position, revision, ...plain } = event;
          rows.set(event.orgId, String(position), { ...plain, revision: String(revision) });
        },
      }),
    );
    await register(ledger, 'ann');
    expect(await copying.list(admin)).toMatchObject({
      right: [
        {
          id: expect.any(String),
          type: 'SeatRegistered',
          stream: 'seat-acme.ann',
          streamKind: 'seat',
          orgId: 'acme',
          revision: '0',
          data: { userId: 'ann' },
          metadata: { commandId: 'register-ann', commandType: 'RegisterSeat' },
        },
      ],
    });
    await ledger.close();
  });
});

describe('a view that does not wait for its own folding', () => {
  const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const foldings: ReadonlyArray<readonly [string, Handlers<Anything>['SeatRegistered']]> = [
    [
      'is async',
      async ({ rows }, { orgId }) => {
        await soon();
        rows.set(orgId, 'all', {});
      },
    ],
    ['is async and throws later', () => soon().then(() => Promise.reject(new Error('late')))],
    ['is async and throws at once', () => Promise.reject(new Error('at once'))],
    ['answers what only looks like a promise', () => ({ then: (): never => never() })],
  ];
  const never = (): never => {
    throw new Error('planted');
  };

  it.each(foldings)('is told that it must not, alone: one that %s', async (_, onRegistered) => {
    const unhandled: Array<unknown> = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    for (const readModel of [undefined, kept()]) {
      const connector = memoryStore();
      const ledger = await opened(connector, readModel);
      const late = ledger.view(viewFolding({ SeatRegistered: onRegistered! }));
      await register(ledger, 'ann');
      await expect(late.list(admin)).rejects.toThrow(
        'hosted threw on SeatRegistered at position 1: A fold must be synchronous',
      );
      await expect(late.asOf({ position: '9' }).list(admin)).rejects.toThrow('synchronous');
      expect(await everything(ledger)).toEqual(await fresh(connector));
      await ledger.close();
      await soon();
    }
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('is not one that answers something else, which nobody reads', async () => {
    const ledger = await opened(memoryStore());
    const counting = ledger.view(
      viewFolding({
        SeatRegistered: ({ rows }, { orgId }) => {
          rows.set(orgId, 'all', {});
          return true as never;
        },
      }),
    );
    await register(ledger, 'ann');
    expect(await counting.list(admin)).toEqual(right([{}]));
    await ledger.close();
  });
});
