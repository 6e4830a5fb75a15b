/**
 * The same work done by other libraries, as their own documentation does it. They are no dependency:
 * `PEERS` names a folder in which they are installed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src';
import { sqliteStore } from '../../src/adapters/sqlite';
import { memoryStore } from '../../src/adapters/memory';
import type { Ledger } from '../../src';
import { compared, type Contender } from './rounds';

/** What to run to have them: versions that were seen to work together on Node 20. */
export const INSTALL =
  'npm install --prefix temp/peers --legacy-peer-deps @event-driven-io/emmett@0.42.0 ' +
  '@event-driven-io/emmett-sqlite@0.42.4 sqlite3@5 uuid@11 async-retry commander ' +
  '@castore/core@2 @castore/event-storage-adapter-in-memory@2 @rotorsoft/act@1.31 @rotorsoft/act-sqlite@1.19 zod@4';

// Their types are not installed here: each is used through the few calls that are named below.
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access */
type Loose = any;

const SEATS = 50;
const SECRET = 'a secret of the benchmark';
const system = { role: 'system', orgId: 'acme', systemId: 'mailer' } as const;
const support = { role: 'support', orgId: 'acme', agentId: 'lee', caseId: 'case-1' } as const;

const opened = async (store: Parameters<typeof openLedger>[0]['store']): Promise<Ledger> => {
  const ledger = await openLedger({ store, addressSecret: SECRET });
  for (let seat = 0; seat < SEATS; seat += 1) {
    const userId = `user-${seat}`;
    const address = `user-${seat}@acme.example`;
    const admin = { role: 'admin', orgId: 'acme', userId: 'root' } as const;
    const answers = [
      await ledger.execute(admin, {
        type: 'RegisterSeat',
        commandId: `seat-${seat}`,
        userId,
        accountEmail: address,
        profile: 'user',
      }),
      await ledger.execute(
        { role: 'user', orgId: 'acme', userId },
        {
          type: 'RequestMailboxAdd',
          commandId: `ask-${seat}`,
          userId,
          requestId: 'r1',
          address,
          sender: address,
        },
      ),
      await ledger.execute(support, {
        type: 'ApproveMailboxAdd',
        commandId: `approve-${seat}`,
        userId,
        requestId: 'r1',
        attestation: {
          evidence: 'seen',
          terms: { eula: true, termsOfService: true, acceptableUse: true },
        },
      }),
    ];
    const failed = answers.find(({ _tag }) => _tag === 'Left');
    if (failed !== undefined) throw new Error(JSON.stringify(failed));
  }
  return ledger;
};

let serial = 0;

const ours = (name: string, ledger: Ledger, each: number): Contender => ({
  name,
  run: async () => {
    for (let turn = 0; turn < each; turn += 1) {
      serial += 1;
      const seat = serial % SEATS;
      const answer = await ledger.execute(system, {
        type: 'RecordMailing',
        commandId: `mail-${serial}`,
        userId: `user-${seat}`,
        mailingId: `m-${serial}`,
        address: `user-${seat}@acme.example`,
        state: 'drafted',
      });
      if (answer._tag === 'Left') throw new Error(answer.left.type);
    }
    return each;
  },
});

interface Mailings {
  readonly count: number;
}

const emmett = (name: string, from: Loose, store: Loose, each: number): Contender => {
  const handle = from.CommandHandler({
    evolve: ({ count }: Mailings): Mailings => ({ count: count + 1 }),
    initialState: (): Mailings => ({ count: 0 }),
  });
  return {
    name,
    run: async () => {
      for (let turn = 0; turn < each; turn += 1) {
        serial += 1;
        const seat = serial % SEATS;
        await handle(store, `${name.replaceAll(/\W/g, '')}-${seat}`, () => ({
          type: 'MailingRecorded',
          data: {
            userId: `user-${seat}`,
            mailingId: `m-${serial}`,
            address: `user-${seat}@acme.example`,
            state: 'drafted',
          },
        }));
      }
      return each;
    },
  };
};

export interface PeerRatio {
  readonly work: string;
  readonly peer: string;
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  readonly atLeast: number | undefined;
}

const ratioOf = async (
  work: string,
  contenders: readonly [Contender, Contender],
  rounds: number,
  atLeast: number | undefined,
): Promise<PeerRatio> => {
  const measured = await compared(contenders, rounds);
  const [own, peer] = measured;
  const [mine, theirs] = [own?.median ?? NaN, peer?.median ?? NaN];
  return {
    work,
    peer: peer?.name ?? '',
    ours: Math.round(mine),
    theirs: Math.round(theirs),
    ratio: Math.round((mine / theirs) * 10) / 10,
    atLeast,
  };
};

/** Reads everything that stands in our file into the three views that the others are measured on. */
const ourRebuild = (path: string): Contender => ({
  name: 'seatledger',
  run: async () => {
    const ledger = await openLedger({ store: sqliteStore(path), addressSecret: SECRET });
    const support_ = support;
    const seats = await ledger.views.seats.get(support_, 'user-0');
    const head = await ledger.head();
    await ledger.close();
    if (seats._tag === 'Left' || head._tag === 'Left') throw new Error('not rebuilt');
    return Number(head.right) + 1;
  },
});

const emmettRebuild = (sqlite: Loose, path: string, events: number): Contender => ({
  name: 'emmett-sqlite',
  run: async () => {
    let seen = 0;
    const projection = sqlite.sqliteRawSQLProjection({
      canHandle: ['MailingRecorded'],
      initSQL:
        'CREATE TABLE IF NOT EXISTS mailings (user TEXT PRIMARY KEY, count INTEGER NOT NULL)',
      evolve: ({ data }: { readonly data: { readonly userId: string } }) =>
        `INSERT INTO mailings (user, count) VALUES ('${data.userId}', 1)
         ON CONFLICT (user) DO UPDATE SET count = count + 1`,
    });
    projection.name = `mailings-${String(++serial)}`;
    const store = sqlite.getSQLiteEventStore({ fileName: path });
    const consumer = store.consumer();
    consumer.processor({
      processorId: `rebuild-${String(serial)}`,
      projection,
      startFrom: 'BEGINNING',
      stopAfter: () => {
        seen += 1;
        return seen >= events;
      },
    });
    await consumer.start();
    await consumer.close();
    if (seen < events) throw new Error(`emmett saw ${seen} of ${events}`);
    return seen;
  },
});

const actRebuild = (store: Loose): Contender => ({
  name: 'act-sqlite',
  run: async () => {
    const counts = new Map<string, number>();
    let seen = 0;
    await store.query((event: Loose) => {
      seen += 1;
      counts.set(event.stream, (counts.get(event.stream) ?? 0) + 1);
    });
    return seen;
  },
});

/** Runs all peers that are found in `folder`. */
export const measurePeers = async (
  folder: string,
  rounds: number,
): Promise<{
  readonly ratios: ReadonlyArray<PeerRatio>;
  readonly missing: ReadonlyArray<string>;
}> => {
  const require = createRequire(join(folder, 'package.json'));
  const missing: Array<string> = [];
  const load = (name: string): Loose => {
    try {
      return require(name);
    } catch (error) {
      missing.push(`${name} (${String(error).split('\n')[0] ?? ''})`);
      return undefined;
    }
  };
  const temp = mkdtempSync(join(tmpdir(), 'seatledger-peers-'));
  const ratios: Array<PeerRatio> = [];
  const core = load('@event-driven-io/emmett');
  const sqlite = load('@event-driven-io/emmett-sqlite');
  const own = join(temp, 'own.db');
  const durable = await opened(sqliteStore(own));
  const inMemory = await opened(memoryStore());
  try {
    if (core !== undefined && sqlite !== undefined) {
      const path = join(temp, 'emmett.db');
      const store = sqlite.getSQLiteEventStore({ fileName: path });
      const contenders = [
        ours('seatledger', durable, 300),
        emmett('emmett-sqlite', core, store, 60),
      ] as const;
      ratios.push(await ratioOf('durable commands, 1 caller', contenders, rounds, 10));
      const events = 60 * (rounds + 1);
      const rebuilds = [ourRebuild(own), emmettRebuild(sqlite, path, events)] as const;
      ratios.push(await ratioOf('rebuild of views', rebuilds, Math.min(rounds, 3), 50));
    }
    if (core !== undefined) {
      const store = core.getInMemoryEventStore();
      const contenders = [
        ours('seatledger', inMemory, 2_000),
        emmett('emmett in memory', core, store, 2_000),
      ] as const;
      ratios.push(await ratioOf('commands in memory, 1 caller', contenders, rounds, undefined));
    }
    const actSqlite = load('@rotorsoft/act-sqlite');
    if (actSqlite !== undefined) {
      const store = new actSqlite.SqliteStore({ url: `file:${join(temp, 'act.db')}` });
      await store.seed();
      for (let seat = 0; seat < 200; seat += 1) {
        const events = Array.from({ length: 100 }, (_, n) => ({
          name: 'MailingRecorded',
          data: {
            userId: `user-${seat}`,
            mailingId: `m-${n}`,
            address: `user-${seat}@acme.example`,
            state: 'drafted',
          },
        }));
        await store.commit(`seat-${seat}`, events, { correlation: 'bench', causation: {} });
      }
      ratios.push(
        await ratioOf('rebuild of views', [ourRebuild(own), actRebuild(store)], rounds, 3),
      );
      await store.dispose();
    }
    const castore = load('@castore/core');
    const adapter = load('@castore/event-storage-adapter-in-memory');
    if (castore !== undefined && adapter !== undefined) {
      const contenders = [
        ours('seatledger', inMemory, 2_000),
        castoreCommands(castore, adapter, 2_000),
      ] as const;
      ratios.push(await ratioOf('commands in memory, 1 caller', contenders, rounds, undefined));
    }
  } finally {
    await Promise.all([durable.close(), inMemory.close()]);
    rmSync(temp, { recursive: true, force: true });
  }
  return { ratios, missing };
};

const castoreCommands = (
  castore: Loose,
  { InMemoryEventStorageAdapter }: Loose,
  each: number,
): Contender => {
  const store = new castore.EventStore({
    eventStoreId: 'MAILINGS',
    eventTypes: [new castore.EventType({ type: 'MAILING_RECORDED' })],
    reducer: (aggregate: Loose, { aggregateId, version }: Loose) => ({
      aggregateId,
      version,
      count: ((aggregate?.count as number | undefined) ?? 0) + 1,
    }),
    eventStorageAdapter: new InMemoryEventStorageAdapter({ initialEvents: [] }),
  });
  return {
    name: 'castore in memory',
    run: async () => {
      for (let turn = 0; turn < each; turn += 1) {
        serial += 1;
        const aggregateId = `user-${serial % SEATS}`;
        const { aggregate } = await store.getAggregate(aggregateId);
        await store.pushEvent({
          aggregateId,
          version: ((aggregate?.version as number | undefined) ?? 0) + 1,
          type: 'MAILING_RECORDED',
          payload: { mailingId: `m-${serial}`, state: 'drafted' },
        });
      }
      return each;
    },
  };
};
