/** A log that is exported and imported is the same to the byte, in a file and in any other store. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventToAppend, memoryStore, openLedger, type StoreConnector } from '../../src';
import { importSqlite, sqliteStore } from '../../src/adapters/sqlite';
import { exportEvents, exportedPages, importEvents } from '../../src/application/transfer';
import { admin } from '../../src/testing';
import { enlarged, exported, fileOf, golden, inChunks, lines } from './exported-files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transfer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const target = (): string => join(folder, 'ledger.db');
const reader = (): StoreConnector => sqliteStore(target(), { readOnly: true });

/** A reader leaves its index beside the file. */
const removeTarget = (): void => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
};

const imported = (bytes: Uint8Array, options = {}, size?: number) =>
  importSqlite(target(), inChunks(bytes, size), options);

const right = (events: number) => ({ _tag: 'Right', right: { events } });
const three = fileOf(lines.slice(0, 3));

describe('a whole log', () => {
  it('is the same to the byte after it was imported and exported', async () => {
    expect(await imported(golden)).toEqual(right(lines.length));
    expect(readdirSync(folder)).toEqual(['ledger.db']);
    expect(await exported(reader())).toBe(golden.toString('utf8'));
  });

  it('keeps the order of its lines across streams, however many events are under way', async () => {
    const large = enlarged(8);
    expect(await imported(large)).toEqual(right(8 * (lines.length - 1) + 1));
    expect(Buffer.from(await exported(reader())).equals(large)).toBe(true);
  });

  it.each(['anyStreams', 'oneStream'] as const)(
    'is the same to the byte in a store in memory that promises %s',
    async (atomicity) => {
      const store = memoryStore({ atomicity });
      expect(await importEvents(store, () => inChunks(golden))).toEqual(right(lines.length));
      expect(await exported(store)).toBe(golden.toString('utf8'));
    },
  );

  it('can be opened with the secret that it was made with, and with no other', async () => {
    await imported(golden);
    const wrong = openLedger({
      store: sqliteStore(target()),
      addressSecret: 'another secret of 16+',
    });
    await expect(wrong).rejects.toMatchObject({
      failure: {
        type: 'AddressSecretMismatch',
        message: expect.stringMatching(
          /made with another addressSecret\. Open it with that secret/,
        ),
      },
    });
    expect(await exported(reader())).toBe(golden.toString('utf8'));
    const addressSecret = 'seatledger-demonstration-only';
    const ledger = await openLedger({ store: sqliteStore(target()), addressSecret });
    const seats = await ledger.views.seats.list({ ...admin, orgId: 'northwind' });
    expect(E.isRight(seats) && seats.right.length).toBeGreaterThan(3);
    await ledger.close();
  });

  it('is read whatever the pieces are that it comes in', async () => {
    for (const size of [1, 2, 3, 7]) {
      expect(await imported(three, {}, size)).toEqual(right(3));
      expect(Buffer.from(await exported(reader())).equals(three)).toBe(true);
      removeTarget();
    }
  });

  it('can be cut down to one organization, which is then a whole log of its own', async () => {
    await imported(golden);
    const one = await exported(reader(), 'harborlight');
    expect(one).not.toContain('northwind');
    expect(one.split('\n').length).toBeGreaterThan(10);
    removeTarget();
    expect(E.isRight(await imported(Buffer.from(one), { orgId: 'harborlight' }))).toBe(true);
    expect(await exported(reader())).toBe(one);
  });

  it('is empty when it has no event', async () => {
    const out: Array<string> = [];
    const answer = await exportEvents(memoryStore(), (text) => {
      out.push(text);
    });
    const nothing = { events: 0, position: '-1', isWhole: true };
    expect([answer, out]).toEqual([{ _tag: 'Right', right: nothing }, []]);
    expect(await imported(new Uint8Array())).toEqual(right(0));
  });

  it('takes the longest lines that the ledger writes', async () => {
    const ids = Array.from({ length: 30_000 }, (_, id) => `m${'x'.repeat(40)}${id}`);
    const [issued = '', approval = ''] = lines
      .filter((line) => line.includes('"issued"'))
      .slice(0, 2);
    const large = issued.replace('"command":{', `"command":{"drafts":${JSON.stringify(ids)},`);
    expect(Buffer.byteLength(large)).toBeGreaterThan(1024 * 1024);
    const bytes = fileOf([lines[0] ?? '', large]);
    expect(approval).not.toBe('');
    expect(await imported(bytes)).toEqual(right(2));
    expect(Buffer.from(await exported(reader())).equals(bytes)).toBe(true);
  });

  it('is what it was when it began, whatever is added meanwhile', async () => {
    const store = memoryStore();
    await importEvents(store, () => inChunks(three));
    const connected = await store.connect();
    if (E.isLeft(connected)) throw new Error(connected.left.message);
    const ledger = await openLedger({ store, addressSecret: 'seatledger-demonstration-only' });
    let out = '';
    for await (const page of exportedPages(connected.right)) {
      if (E.isLeft(page)) throw new Error(page.left.message);
      out += page.right.lines;
      await ledger.execute(admin, { type: 'LockSeat', commandId: 'c', userId: 'nobody' });
    }
    expect(Buffer.from(out).equals(three)).toBe(true);
    expect((await exported(store)).length).toBeGreaterThan(out.length);
    await ledger.close();
  });

  const id = '6e0b8f1c-0000-4000-8000-000000000000';
  const { data, metadata } = JSON.parse(lines[0] ?? '') as Pick<EventToAppend, 'data' | 'metadata'>;

  it.each`
    what                       | event                                                                   | told
    ${'an unknown type'}       | ${{ id, type: 'SeatSold', data: {}, metadata }}                         | ${/SeatSold, unknown to this release/}
    ${'an id that is no UUID'} | ${{ id: 'one', type: 'AddressSecretBound', data, metadata }}            | ${/no import takes: The id is not a UUID/}
    ${'damaged metadata'}      | ${{ id, type: 'AddressSecretBound', data, metadata: { by: 'nobody' } }} | ${/unreadable metadata/}
  `(
    'with $what is not exported: no import would take it',
    async ({ event, told }: Record<string, unknown>) => {
      const store = memoryStore();
      const connected = await store.connect();
      if (E.isLeft(connected)) throw new Error(connected.left.message);
      const events = [event as EventToAppend];
      await connected.right.append([{ stream: 'ledger', expectedRevision: -1n, events }])();
      const answer = await exportEvents(store, () => undefined);
      expect(answer).toMatchObject({
        left: { type: 'UndecodableEvent', message: expect.stringMatching(told as RegExp) },
      });
      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    },
  );
});

describe('any byte of any line that is changed', () => {
  it('is refused by the file with its line, or comes out again as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(golden.length - 1), fc.nat(255), async (at, value) => {
        const changed = Buffer.from(golden);
        changed[at] = value;
        const answer = await imported(changed);
        if (E.isRight(answer)) {
          expect(Buffer.from(await exported(reader())).equals(changed)).toBe(true);
          removeTarget();
        } else {
          const line = golden.subarray(0, at).toString('utf8').split('\n').length;
          expect(answer.left).toMatchObject({ type: 'ImportRefused' });
          // A line end that is gone joins two lines; an id may clash only with a later one.
          expect((answer.left as { line: number }).line).toBeGreaterThanOrEqual(line);
        }
        expect(readdirSync(folder)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the new file', () => {
  it('never takes the place of one that is there', async () => {
    await imported(three);
    const before = readFileSync(target());
    expect(await imported(golden)).toMatchObject({ left: { problem: 'TargetExists' } });
    expect(readFileSync(target())).toEqual(before);
  });

  it('is not made beside the log of a ledger that is gone', async () => {
    writeFileSync(`${target()}-wal`, 'left over');
    expect(await imported(golden)).toMatchObject({
      left: { problem: 'TargetExists', message: expect.stringContaining('ledger.db-wal') },
    });
    expect(readdirSync(folder)).toEqual(['ledger.db-wal']);
  });

  it('is made by one import at a time; what another one left is named', async () => {
    const both = await Promise.all([imported(golden), imported(three)]);
    expect(both).toMatchObject([
      { _tag: 'Right' },
      {
        left: { problem: 'TargetExists', message: expect.stringContaining('ledger.db.importing') },
      },
    ]);
    expect(await exported(reader())).toBe(golden.toString('utf8'));
  });

  it('is not put over one that came while the import was under way', async () => {
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(three);
      writeFileSync(target(), 'somebody else');
    }
    expect(await importSqlite(target(), slow())).toMatchObject({
      left: { problem: 'TargetExists' },
    });
    expect(readFileSync(target(), 'utf8')).toBe('somebody else');
    expect(readdirSync(folder)).toEqual(['ledger.db']);
  });

  it('needs a folder that is there', async () => {
    const answer = await importSqlite(join(folder, 'none', 'ledger.db'), inChunks(three));
    expect(answer).toMatchObject({ left: { type: 'StoreUnavailable', code: 'ENOENT' } });
  });

  it.each(['before it begins', 'when all of it has been read'])(
    'is not there when somebody stops it %s',
    async (moment) => {
      const stop = new AbortController();
      async function* source(): AsyncGenerator<Uint8Array> {
        if (moment.startsWith('before')) stop.abort();
        yield await Promise.resolve(golden);
        stop.abort();
      }
      expect(await importSqlite(target(), source(), { signal: stop.signal })).toMatchObject({
        left: { problem: 'Interrupted' },
      });
      expect(existsSync(target())).toBe(false);
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

describe('any other store', () => {
  it('must be empty', async () => {
    const store = memoryStore();
    await importEvents(store, () => inChunks(three));
    expect(await importEvents(store, () => inChunks(golden))).toMatchObject({
      left: { type: 'ImportRefused', problem: 'TargetExists' },
    });
    expect(Buffer.from(await exported(store)).equals(three)).toBe(true);
  });

  it('says how much it has when the source is another one at the second reading', async () => {
    let readings = 0;
    const changing = () => inChunks((readings += 1) === 1 ? golden : three);
    const answer = await importEvents(memoryStore(), changing);
    expect(answer).toMatchObject({
      left: { type: 'ImportIncomplete', events: 3, cause: { problem: 'SourceChanged' } },
    });
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  });

  it('says how much it has when it breaks on the way', async () => {
    const whole = memoryStore();
    let appends = 0;
    const breaking: StoreConnector = {
      name: 'breaking',
      connect: async () => {
        const connected = await whole.connect();
        if (E.isLeft(connected)) return connected;
        const { append } = connected.right;
        const full = { type: 'StoreFull', message: 'There is no room.' } as const;
        return E.right({
          ...connected.right,
          append: (given) => () =>
            (appends += 1) > 20 ? Promise.resolve(E.left(full)) : append(given)(),
        });
      },
    };
    const answer = await importEvents(breaking, () => inChunks(golden));
    const kept = (await exported(whole)).trimEnd().split('\n').length;
    expect(answer).toMatchObject({
      left: { type: 'ImportIncomplete', events: kept, cause: { type: 'StoreFull' } },
    });
    expect(kept).toBeGreaterThan(0);
  });
});
