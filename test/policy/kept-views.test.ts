/** Views that are kept answer like views in memory, whatever is closed or made anew in between. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { right } from 'fp-ts/lib/Either.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineProjection, type View } from '../../projections';
import { type Ledger, memoryStore, openLedger, type StoreConnector } from '../../src';
import { sqliteReadModel } from '../../src/adapters/sqlite';
import { admin, arbitraries, minuteByMinute } from '../../src/testing';
import { toSend } from './play';

const { commandSequence } = arbitraries(fc);
const addressSecret = 'a secret for the tests only';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-views-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const file = (name = 'views.db'): string => join(folder, name);

const opened = (store: StoreConnector, kept?: string): Promise<Ledger> =>
  openLedger({
    store,
    addressSecret,
    clock: minuteByMinute(),
    ...(kept !== undefined && { readModel: sqliteReadModel(kept) }),
  });

/** Everything that the views say. */
const everything = async ({ views }: Ledger): Promise<unknown> => {
  const lists = [];
  for (const name of names) {
    const list: unknown = await views[name].list(admin);
    lists.push([name, list]);
  }
  return lists;
};

const register = (ledger: Ledger, userId: string): Promise<unknown> =>
  ledger.execute(admin, {
    type: 'RegisterSeat',
    commandId: `register-${userId}`,
    userId,
    accountEmail: `${userId}@acme.example`,
    profile: 'user',
  });

const names = [
  'seats',
  'draftsLost',
  'sequencesStopped',
  'requests',
  'addresses',
  'auditTrail',
] as const;

describe('views that are kept', () => {
  it('say what views in memory say, whatever is closed or made anew in between', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(commandSequence, fc.infiniteStream(fc.nat(9)), async (steps, chances) => {
        const kept = file(`views-${(run += 1)}.db`);
        const store = memoryStore();
        let ledger = await opened(store, kept);
        for (const step of steps) {
          const { command } = await toSend(ledger, step);
          await ledger.execute(step[0], command);
          const [chance] = chances.take(1);
          if (chance === 0) await ledger.views.seats.list(admin);
          if (chance === 1) {
            await ledger.close();
            ledger = await opened(store, kept);
          }
          if (chance === 2) {
            const name = names[Number([...chances.take(1)][0]) % names.length] ?? '';
            expect(await ledger.rebuildView(name)).toEqual(right({ name }));
          }
        }
        const plain = await opened(store);
        expect(await everything(ledger)).toEqual(await everything(plain));
        await ledger.close();
      }),
      { numRuns: 30 },
    );
  });

  it('are the same for two ledgers that keep them in one file, in turns', async () => {
    const store = memoryStore();
    const [one, other] = [await opened(store, file()), await opened(store, file())];
    for (const [index, userId] of ['a', 'b', 'c', 'd'].entries()) {
      await register(index % 2 === 0 ? one : other, userId);
      expect(await everything(one)).toEqual(await everything(other));
    }
    await one.close();
    await other.close();
    const again = await opened(store, file());
    expect(await everything(again)).toEqual(await everything(await opened(store)));
    await again.close();
  });

  it.each(['ann\0x', 'ann\ud800', '\0'])(
    'find nothing under a key that no id can be, as in memory: %j',
    async (key) => {
      const store = memoryStore();
      const before = await opened(store, file());
      await register(before, 'ann');
      await before.views.seats.list(admin);
      await before.close();
      for (const kept of [undefined, file()]) {
        const { views, close } = await opened(store, kept);
        expect(await views.seats.get(admin, key)).toEqual(right(null));
        expect(await views.addresses.get(admin, `ann@acme.example${key}`)).toEqual(right(null));
        expect(await views.auditTrail.get(admin, `1${key}`)).toEqual(right(null));
        const request = { userId: key, requestId: 'r1' };
        expect(await views.requests.get(admin, request)).toEqual(right(null));
        await close();
      }
    },
  );

  it('are made anew when they are of another log', async () => {
    const first = await opened(memoryStore(), file());
    await register(first, 'ann');
    expect(await first.views.seats.list(admin)).toMatchObject({ right: [{ userId: 'ann' }] });
    await first.close();

    const second = await opened(memoryStore(), file());
    expect(await second.views.seats.list(admin)).toEqual(right([]));
    await second.close();
  });

  it('are told to be unavailable where they cannot be kept, and say what to do', async () => {
    const ledger = await opened(memoryStore(), folder);
    expect(await ledger.views.seats.list(admin)).toMatchObject({
      _tag: 'Left',
      left: { type: 'ReadModelUnavailable', message: expect.stringContaining('give another path') },
    });
    await ledger.close();
  });
});

describe("a view of the host's own", () => {
  interface Entries {
    readonly profiles: number;
  }
  const projection = defineProjection<Entries>({
    name: 'seatsByProfile',
    version: 1,
    tables: ['profiles'],
    on: {
      SeatRegistered: ({ profiles }, { orgId, data: { profile } }) => {
        profiles.set(orgId, profile, (profiles.get(orgId, profile) ?? 0) + 1);
      },
    },
  });
  interface Row {
    readonly profile: string;
    readonly seats: number;
  }
  const seatsByProfile: View<Entries, Row, string, Record<never, never>> = {
    projection,
    keyFields: {},
    filterFields: {},
    get: ({ profiles }, orgId, profile) => {
      const seats = profiles.get(orgId, profile);
      return seats === undefined ? undefined : { profile, seats };
    },
    list: ({ profiles }, orgId) =>
      [...profiles.entries(orgId)].map(([profile, seats]) => ({ profile, seats })),
  };

  it.each([undefined, 'views.db'])('follows the log like the others (kept in %s)', async (kept) => {
    const store = memoryStore();
    const ledger = await opened(store, kept === undefined ? undefined : file(kept));
    await register(ledger, 'ann');
    await ledger.views.seats.list(admin);
    const own = ledger.view(seatsByProfile);
    expect(await own.list(admin)).toEqual(right([{ profile: 'user', seats: 1 }]));
    expect(await own.get(admin, 'admin')).toEqual(right(null));
    await ledger.close();
  });

  it('may not take the name of another', async () => {
    const ledger = await opened(memoryStore());
    const twin = { ...seatsByProfile, projection: { ...projection, name: 'seats' } };
    expect(() => ledger.view(twin)).toThrow('Two projections are called seats');
    await ledger.close();
  });
});
