/**
 * What a store that is told of events passes on. Others have no `subscribe`, and nothing to keep.
 */
import { BEFORE_ALL, type RecordedEvent } from '../../application/ports';
import {
  begin,
  connected,
  type ContractCase,
  contractCase,
  eventually,
  idsOf,
  pause,
  same,
  wholeLog,
} from './contract-case';

export const subscribingCases: ReadonlyArray<ContractCase> = [
  contractCase(
    'a subscription delivers what is there and what comes, in order',
    async (store, connector) => {
      if (store.subscribe === undefined) return;
      await begin(store, 'a', 3);
      const delivered: Array<RecordedEvent> = [];
      const stop = store.subscribe(BEFORE_ALL, (event) => {
        delivered.push(event);
      });
      await eventually(() => delivered.length >= 3, 'what was there is delivered');
      const other = await connected(connector);
      try {
        await begin(store, 'b', 2);
        await begin(other, 'c', 2);
        await eventually(() => delivered.length >= 7, 'what comes is delivered');
      } finally {
        await other.close();
      }
      await stop();

      const plain = (events: ReadonlyArray<RecordedEvent>) => events.map((e) => ({ ...e }));
      same(plain(delivered), plain(await wholeLog(store)), 'what was delivered, against the log');
    },
  ),

  contractCase('a subscription starts after the position, exclusive', async (store) => {
    if (store.subscribe === undefined) return;
    await begin(store, 'a', 4);
    const log = await wholeLog(store);
    for (const [index, { position }] of log.entries()) {
      const delivered: Array<RecordedEvent> = [];
      const stop = store.subscribe(position, (event) => {
        delivered.push(event);
      });
      await eventually(() => delivered.length >= 3 - index, `what is after event ${index}`);
      await pause(10);
      await stop();
      same(idsOf(delivered), idsOf(log.slice(index + 1)), `what is after event ${index}`);
    }
  }),

  contractCase('the next event waits for the delivery of the one before', async (store) => {
    if (store.subscribe === undefined) return;
    await begin(store, 'a', 20);
    let atOnce = 0;
    let most = 0;
    const delivered: Array<RecordedEvent> = [];
    const stop = store.subscribe(BEFORE_ALL, async (event) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await pause(1);
      delivered.push(event);
      atOnce -= 1;
    });
    await eventually(() => delivered.length >= 20, 'all is delivered');
    await stop();
    same(most, 1, 'deliveries at once');
    same(idsOf(delivered), idsOf(await wholeLog(store)), 'what was delivered, against the log');
  }),

  contractCase('what is delivered in vain is delivered again, before the next', async (store) => {
    if (store.subscribe === undefined) return;
    const events = await begin(store, 'a', 3);
    const delivered: Array<string> = [];
    let refusals = 2;
    const stop = store.subscribe(BEFORE_ALL, ({ id }) => {
      delivered.push(id);
      if (id === events[1]?.id && refusals > 0) {
        refusals -= 1;
        throw new Error('The consumer is in trouble.');
      }
    });
    await eventually(() => delivered.length >= 5, 'all is delivered, one of it three times');
    await stop();
    const [first, second, third] = idsOf(events);
    same(delivered, [first, second, second, second, third], 'the deliveries');
  }),

  contractCase('a subscription that was stopped delivers no more', async (store) => {
    if (store.subscribe === undefined) return;
    await begin(store, 'a');
    let stopped = 0;
    const stop = store.subscribe(BEFORE_ALL, () => {
      stopped += 1;
    });
    await eventually(() => stopped === 1, 'the first event is delivered');
    await stop();
    await stop();
    await begin(store, 'b');
    await pause(20);
    same(stopped, 1, 'deliveries, with one after the stop');
  }),
];
