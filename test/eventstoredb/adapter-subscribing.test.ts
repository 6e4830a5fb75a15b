/**
 * Subscriptions to EventStoreDB: whatever ends one, nothing is missed and nothing is out of order.
 */
import { describe, expect, it } from '@jest/globals';
import type { EventStore, RecordedEvent } from '../../src/application/ports';
import { append, event, onServer, pause, right, until } from './adapter-fixture';
import type { Ending, SubscriptionFault } from './server';

const fixture = onServer();

const fill = async (store: EventStore, stream: string, count: number): Promise<void> => {
  const slice = right(await store.readStream(stream)());
  const events = Array.from({ length: count }, () => event());
  right(await append(store, stream, slice.revision, ...events));
};

/** Subscribes to all that is stored, and collects it. */
const collect = (store: EventStore, start = -1n, waitMs = 0) => {
  const delivered: Array<RecordedEvent> = [];
  const stop = store.subscribe?.(start, async (one) => {
    delivered.push(one);
    if (waitMs > 0) await pause(waitMs);
  });
  return { delivered, stop: stop ?? (() => Promise.resolve()) };
};

const idsOf = (events: ReadonlyArray<{ readonly id: string }>) => events.map(({ id }) => id);

const endings: ReadonlyArray<Ending> = ['cut', 'unavailable', 'notLeader', 'cancelled', 'tooSlow'];

const faults: ReadonlyArray<SubscriptionFault> = [
  'silence',
  ...endings.map((ending) => ({ ending, after: 0 })),
  ...endings.map((ending) => ({ ending, after: 7 })),
  { duplicate: 3 },
  { fellBehindAfter: 5 },
];

describe('a subscription', () => {
  it.each(faults)('that meets %j goes on, without a gap or a repetition', async (fault) => {
    const writer = await fixture.open();
    // the short deadline is for the subscription alone, which has to notice a silence by it
    const store = await fixture.open({ timeoutMs: 200 });
    await fill(writer, 'a', 20);
    fixture.server.faults.next('subscription', fault, fault, fault);
    const { delivered, stop } = collect(store);
    await until(() => delivered.length >= 20);
    await fill(writer, 'a', 20);
    await until(() => delivered.length >= 40);
    await stop();
    expect(idsOf(delivered)).toEqual(idsOf(fixture.server.log()));
  });

  it.each(endings)('survives being ended again and again by %s', async (ending) => {
    const store = await fixture.open();
    const { delivered, stop } = collect(store);
    for (let round = 0; round < 5; round += 1) {
      await fill(store, 'a', 10);
      await until(() => delivered.length >= 10 * round + 5);
      fixture.server.dropSubscribers(ending);
    }
    await until(() => delivered.length >= 50);
    await stop();
    expect(idsOf(delivered)).toEqual(idsOf(fixture.server.log()));
  });

  it('survives a server that goes and comes back', async () => {
    const store = await fixture.open();
    const { delivered, stop } = collect(store);
    await fill(store, 'a', 10);
    await until(() => delivered.length === 10);
    await fixture.server.kill();
    await pause(100);
    await fixture.server.restart();
    await fill(store, 'a', 10);
    await until(() => delivered.length === 20);
    await stop();
    expect(idsOf(delivered)).toEqual(idsOf(fixture.server.log()));
  });

  it('waits for a slow consumer, and is dropped meanwhile without a loss', async () => {
    const store = await fixture.open();
    await fill(store, 'a', 200);
    const { delivered, stop } = collect(store, -1n, 2);
    for (const count of [20, 90, 150]) {
      await until(() => delivered.length >= count);
      fixture.server.dropSubscribers('tooSlow');
    }
    await until(() => delivered.length >= 200);
    await stop();
    expect(idsOf(delivered)).toEqual(idsOf(fixture.server.log()));
  });

  it('takes no more from the server than a slow consumer needs', async () => {
    const store = await fixture.open();
    const data = 'x'.repeat(20_000);
    for (let revision = -1n; revision < 1_999n; revision += 40n) {
      const events = Array.from({ length: 40 }, () => event('Large', { data }));
      right(await append(store, 'a', revision, ...events));
    }
    global.gc?.();
    let release: () => void = () => undefined;
    let delivered = 0;
    const stop = store.subscribe?.(-1n, () => {
      delivered += 1;
      return delivered > 1 ? undefined : new Promise<void>((resolve) => (release = resolve));
    });
    await until(() => delivered === 1);
    const before = process.memoryUsage().arrayBuffers;
    await pause(300);
    // 40 MB wait on the server; here wait some events and one window of the connection.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    release();
    await until(() => delivered === 2_000);
    await stop?.();
    expect(delivered).toBe(2_000);
  });

  it('begins again from a checkpoint, not from the last event of its own', async () => {
    const store = await fixture.open({ streams: 'ledger' });
    const begun: Array<bigint> = [];
    fixture.server.faults.always('subscription', ({ fromPosition }) => {
      begun.push(fromPosition);
      return undefined;
    });
    await fill(store, 'seat-acme.ann', 1);
    for (let count = 0; count < 4_500; count += 1) fixture.server.putForeign('orders', 'Placed');
    const log = fixture.server.log();
    const { delivered, stop } = collect(store);
    await until(() => delivered.length === 1);
    await pause(300);
    fixture.server.dropSubscribers('unavailable');
    await until(() => begun.length === 2);
    expect(begun).toEqual([-1n, log[3_999]?.position]);
    await fill(store, 'seat-acme.ann', 1);
    await until(() => delivered.length === 2);
    await stop();
    expect(delivered.map(({ stream, revision }) => [stream, revision])).toEqual([
      ['seat-acme.ann', 0n],
      ['seat-acme.ann', 1n],
    ]);
  });

  it('counts a checkpoint only when all before it is delivered', async () => {
    const store = await fixture.open({ streams: 'ledger' });
    await fill(store, 'seat-acme.ann', 12);
    for (let count = 0; count < 2_100; count += 1) fixture.server.putForeign('orders', 'Placed');
    const delivered: Array<string> = [];
    const stop = store.subscribe?.(-1n, async ({ id }) => {
      delivered.push(id);
      await pause(30);
    });
    await until(() => delivered.length === 5);
    fixture.server.dropSubscribers('unavailable');
    await until(() => delivered.length >= 12);
    await stop?.();
    expect(delivered).toEqual(idsOf(fixture.server.log()).slice(0, 12));
  });

  it('can be stopped from within a delivery, and while nobody listens', async () => {
    await fill(await fixture.open(), 'a', 2);
    const store = await fixture.open({ timeoutMs: 100 });
    let delivered = 0;
    const stop = store.subscribe?.(-1n, async () => {
      delivered += 1;
      await stop?.();
    });
    await until(() => delivered === 1);
    await stop?.();
    await fixture.server.kill();
    const { stop: stopOther } = collect(store);
    await pause(20);
    await stopOther();
    await fixture.server.restart();
    await pause(100);
    expect([delivered, fixture.server.openCalls()]).toEqual([1, 0]);
  });
});

describe('listeners', () => {
  it('share one subscription, which ends with the last of them', async () => {
    const store = await fixture.open();
    const subscriptions = () => fixture.server.openCallsByMethod()['Read'] ?? 0;
    const stops = [1, 2, 3].map(() => store.onAppend(() => undefined));
    await until(() => subscriptions() === 1);
    await pause(20);
    expect(fixture.server.callsByMethod()['Read']).toBe(1);
    for (const stop of stops) stop();
    await until(() => subscriptions() === 0);
    expect(subscriptions()).toBe(0);
  });

  it.each(endings)('are told again after %s, also of what came meanwhile', async (ending) => {
    const store = await fixture.open();
    const other = await fixture.open();
    let told = 0;
    const stop = store.onAppend(() => {
      told += 1;
    });
    await until(() => told > 0);
    fixture.server.dropSubscribers(ending);
    const before = told;
    await fill(other, 'a', 1);
    await until(() => told > before);
    expect(told).toBeGreaterThan(before);
    stop();
  });
});
