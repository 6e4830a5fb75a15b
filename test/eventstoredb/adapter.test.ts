/**
 * The store in EventStoreDB: how it is opened, what it reads of a shared log, and what of the client it
 * is safe from.
 */
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventStoreDb, type EventStoreDbOptions } from '../../src/adapters/eventstoredb';
import { rivalIsLoaded } from '../../src/adapters/eventstoredb/client';
import { append, event, failure, onServer, pause, right, typeOf, until } from './adapter-fixture';
import type { Ending } from './server';

const fixture = onServer();
const clientOf = () => EventStoreDBClient.connectionString(fixture.server.connectionString);

describe('opening', () => {
  it.each<{ readonly source: string; readonly name: string; readonly says: RegExp }>`
    source                                   | name                      | says
    ${''}                                    | ${'eventstoredb'}         | ${/expected esdb:/}
    ${'http://localhost:2113'}               | ${'eventstoredb'}         | ${/expected esdb:/}
    ${'esdb://'}                             | ${'eventstoredb'}         | ${/does not read as .*host:port/}
    ${'esdb://ann:secret'}                   | ${'eventstoredb'}         | ${/does not read as .*host:port/}
    ${'esdb://ann:secret@h:1?tls=maybe'}     | ${'eventstoredb h:1'}     | ${/expected true or false/}
    ${'esdb://ann:secret@h:1?tlsCAFile=/no'} | ${'eventstoredb h:1'}     | ${/certificate file/}
    ${'esdb+discover://a.b:1,c?tls=1'}       | ${'eventstoredb a.b:1,c'} | ${/expected true or false/}
  `('$source is refused as $name, without its secrets', async ({ source, name, says }) => {
    const connector = eventStoreDb(source);
    const answer = await connector.connect();
    expect(connector.name).toBe(name);
    expect(answer).toMatchObject({
      left: { type: 'StoreUnavailable', code: 'ERR_INVALID_ARG_VALUE' },
    });
    const { message } = (answer as { readonly left: { readonly message: string } }).left;
    expect(message).toMatch(says);
    expect(message).not.toMatch(/ann|secret/);
  });

  it.each<EventStoreDbOptions>([
    { timeoutMs: 0 },
    { timeoutMs: NaN },
    { timeoutMs: 2 ** 31 },
    { timeoutMs: 1.5 },
    { timeoutMs: '10' as never },
    { appendTimeoutMs: -1 },
    { maxAttempts: 0 },
    { maxAttempts: Infinity },
    { maxAppendBytes: 0 },
    { streams: 'mine' as never },
    { batchAppend: 'yes' as never },
  ])('with %j is refused', async (options) => {
    const answer = await eventStoreDb(fixture.server.connectionString, options).connect();
    const [name = ''] = Object.keys(options);
    expect(answer).toMatchObject({
      left: { type: 'StoreUnavailable', message: expect.stringContaining(`given ${name}: `) },
    });
  });

  it('without the package says what to install, and needs it no earlier', async () => {
    let asked = 0;
    jest.doMock('@eventstore/db-client', () => {
      asked += 1;
      throw new Error('Cannot find module');
    });
    jest.resetModules();
    const connector = eventStoreDb(fixture.server.connectionString);
    expect(asked).toBe(0);
    expect(await connector.connect()).toMatchObject({
      left: { type: 'DriverMissing', install: 'npm install @eventstore/db-client' },
    });
    expect(asked).toBe(1);
    jest.dontMock('@eventstore/db-client');
    jest.resetModules();
  });

  it('beside the rival package is refused', () => {
    expect(rivalIsLoaded(['/app/node_modules/@kurrent/kurrentdb-client/dist/index.js'])).toBe(true);
    expect(rivalIsLoaded(['C:\\x\\node_modules\\@kurrent\\kurrentdb-client\\a.js'])).toBe(true);
    expect(rivalIsLoaded(['/app/node_modules/@eventstore/db-client/dist/index.js'])).toBe(false);
  });

  it('on something that is no client is refused', async () => {
    const { dispose } = clientOf();
    expect(failure(await eventStoreDb({ dispose } as never).connect())).toBe(
      'StoreUnavailable ERR_INVALID_ARG_VALUE',
    );
  });

  it('finds a cluster by asking its members', async () => {
    const store = await fixture.open({}, fixture.server.discoveryConnectionString);
    right(await append(store, 'a', -1n, event()));
    expect(fixture.server.callsByMethod()).toMatchObject({ Append: 1 });
  });
});

describe("a client of the host's", () => {
  it('is used plainly, whatever it was told, and left open', async () => {
    const client = EventStoreDBClient.connectionString(
      `${fixture.server.connectionString}&throwOnAppendFailure=false`,
    );
    const store = await fixture.open({}, client);
    right(await append(store, 'a', -1n, event(), event(), event()));
    expect(await append(store, 'a', 0n, event())).toMatchObject({
      left: { type: 'RevisionConflict', actual: '2' },
    });
    expect(fixture.server.callsByMethod()['BatchAppend']).toBe(undefined);
    await store.close();

    // Still open, still batching, still as its host wants it.
    const answer = await client.appendToStream('a', [], { expectedRevision: 9n });
    expect(answer).toMatchObject({ success: false });
    expect(fixture.server.callsByMethod()).toMatchObject({ BatchAppend: 1 });
    await client.dispose();
  });

  it('that answers a refused append with revision 1 is not believed', async () => {
    const client = EventStoreDBClient.connectionString(
      `${fixture.server.connectionString}&throwOnAppendFailure=false`,
    );
    // The host's own append makes the shared call, which goes by what the host wants.
    await client.appendToStream('host', jsonEvent({ type: 'Hosted', data: {} }));
    const store = await fixture.open({ batchAppend: true }, client);
    right(await append(store, 'a', -1n, event(), event(), event()));
    expect(await append(store, 'a', 0n, event())).toMatchObject({
      left: { type: 'RevisionConflict', expected: '0', actual: '2' },
    });
    await store.close();
    await client.dispose();
  });
});

describe("a host's client that is disposed of meanwhile", () => {
  it('does not make the beginning of a stream pass for all of it', async () => {
    const client = clientOf();
    const store = await fixture.open({}, client);
    right(await append(store, 'a', -1n, event(), event(), event()));
    fixture.server.faults.next('read', { silentAfter: 2 });
    const reading = store.readStream('a')();
    await until(() => fixture.server.openCallsByMethod()['Read'] === 1);
    await pause(50);
    await client.dispose();
    expect(right(await reading).events).toHaveLength(3);
  });

  it('does not end a subscription', async () => {
    const client = clientOf();
    const store = await fixture.open({}, client);
    const delivered: Array<string> = [];
    const stop = store.subscribe?.(-1n, ({ type }) => void delivered.push(type));
    right(await append(store, 'a', -1n, event('First')));
    await until(() => delivered.length === 1);
    await client.dispose();
    right(await append(store, 'a', 0n, event('Second')));
    await until(() => delivered.length === 2);
    await stop?.();
    expect(delivered).toEqual(['First', 'Second']);
  });
});

describe('reading', () => {
  const endings: ReadonlyArray<Ending> = [
    'cut',
    'unavailable',
    'notLeader',
    'cancelled',
    'tooSlow',
  ];

  it.each(endings)('is begun again after %s', async (ending) => {
    const store = await fixture.open();
    const events = [event(), event(), event()];
    right(await append(store, 'a', -1n, ...events));
    const calls = ['readStream', 'readAll', 'head', 'findEvent'].length;
    for (let after = 0; after < calls; after += 1) {
      fixture.server.faults.next('read', { ending, after: after % 3 }, { ending, after: 0 });
      const ids = (read: ReadonlyArray<{ readonly id: string }>) => read.map(({ id }) => id);
      const expected = ids(events);
      if (after === 0) expect(ids(right(await store.readStream('a')()).events)).toEqual(expected);
      if (after === 1) expect(ids(right(await store.readAll(-1n, 10)()))).toEqual(expected);
      const last = fixture.server.log().at(-1)?.position;
      if (after === 2) expect(right(await store.head())).toBe(last);
      const id = events[0]?.id ?? '';
      if (after === 3) expect(right(await store.findEvent(id, ['b', 'a'])())?.id).toBe(id);
    }
    expect(fixture.server.faults.pending('read')).toBe(0);
  });

  it('that is not answered ends in time, and leaves no call open', async () => {
    right(await append(await fixture.open(), 'a', -1n, event(), event(), event()));
    const store = await fixture.open({ timeoutMs: 100 });
    fixture.server.faults.always('read', ({ stream }) =>
      stream === undefined ? 'silence' : { silentAfter: 2 },
    );
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, count) =>
        count % 2 === 0 ? store.readStream('a')() : store.readAll(-1n, 10)(),
      ),
    );
    expect(new Set(answers.map(failure))).toEqual(new Set(['StoreUnavailable deadline-exceeded']));
    await until(() => fixture.server.openCalls() === 0);
    expect(fixture.server.openCalls()).toBe(0);
  });

  it('while nobody listens fails in time, and works again afterwards', async () => {
    right(await append(await fixture.open(), 'a', -1n, event()));
    const store = await fixture.open({ timeoutMs: 200 });
    await fixture.server.kill();
    for (const read of [store.readStream('a'), store.readAll(-1n, 1), store.head]) {
      expect(failure(await read())).toMatch(/^StoreUnavailable (unavailable|deadline-exceeded)$/);
    }
    await fixture.server.restart();
    // Soon, if not within the very next 200 ms.
    let slice = await store.readStream('a')();
    for (let again = 0; again < 20 && typeOf(slice) !== 'succeeded'; again += 1) {
      slice = await store.readStream('a')();
    }
    expect(right(slice).revision).toBe(0n);
  });

  it("of a shared log passes over what is not the ledger's", async () => {
    const all = await fixture.open();
    const ledger = await fixture.open({ streams: 'ledger' });
    const noise = (count: number): void => {
      for (let one = 0; one < count; one += 1) {
        const [stream = '', type = ''] =
          [
            ['$stats-0', '$statsCollected'],
            ['$$seat-acme.ann', '$metadata'],
            ['seat-acme.ann', '$>'],
            ['orders-1', 'OrderPlaced'],
            ['ledgers', 'Ledger'],
          ][one % 5] ?? [];
        fixture.server.putForeign(stream, type);
      }
    };
    expect(right(await ledger.head())).toBe(-1n);
    noise(700);
    expect(right(await ledger.head())).toBe(-1n);
    expect(right(await ledger.readAll(-1n, 1)())).toEqual([]);
    const first = event('First');
    const second = event('Second');
    const third = event('Third');
    right(await append(all, 'seat-acme.bob', -1n, first));
    noise(1_200);
    right(await append(all, 'ledger', -1n, second));
    right(await append(all, 'organization-acme', -1n, third));
    noise(600);

    const read = right(await ledger.readAll(-1n, 100)());
    expect(read.map(({ type }) => type)).toEqual(['First', 'Second', 'Third']);
    expect(right(await ledger.readAll(-1n, 2)()).map(({ id }) => id)).toEqual([
      first.id,
      second.id,
    ]);
    const after = right(await ledger.readAll(read[0]?.position ?? 0n, 1)());
    expect(after.map(({ id }) => id)).toEqual([second.id]);
    expect(right(await ledger.head())).toBe(read[2]?.position);
    const types = new Set(right(await all.readAll(-1n, 10_000)()).map(({ type }) => type));
    expect(types).toEqual(new Set(['OrderPlaced', 'Ledger', 'First', 'Second', 'Third']));
  });

  it('gives null for metadata that another writer left out', async () => {
    const store = await fixture.open();
    fixture.server.putForeign('a', 'Bare');
    expect(right(await store.readStream('a')()).events).toMatchObject([
      { data: {}, metadata: null },
    ]);
  });

  it('finds an event far back in a long stream', async () => {
    const store = await fixture.open();
    const events = Array.from({ length: 1_201 }, () => event());
    right(await append(store, 'a', -1n, ...events));
    for (const index of [0, 1, 600, 1_200]) {
      const found = right(await store.findEvent(events[index]?.id ?? '', ['a'])());
      expect(found?.revision).toBe(BigInt(index));
    }
    expect(right(await store.findEvent(randomUUID(), ['a', 'b'])())).toBe(undefined);
  });
});

describe('closing', () => {
  it('waits for what is under way, and refuses the rest', async () => {
    const store = await fixture.open();
    fixture.server.faults.next('append', { delayMs: 50 });
    const appending = append(store, 'a', -1n, event());
    await until(() => fixture.server.faults.pending('append') === 0);
    const closing = store.close();
    expect(typeOf(await append(store, 'b', -1n, event()))).toBe('StoreClosed');
    await closing;
    expect(typeOf(await appending)).toBe('succeeded');
    await pause(20);
    expect(fixture.server.openCalls()).toBe(0);
  });
});
