import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StateCache } from '../../src/application/state-cache';

/** Weighs as many events as it says: one more than its revision, and one for being there. */
const weighing = (events: number) => ({ state: `of ${events}`, revision: BigInt(events - 2) });

describe('the cache of states', () => {
  it('keeps all that there is room for, however often it is used', () => {
    const cache = new StateCache(100);
    const streams = Array.from({ length: 10 }, (_, index) => `seat-${index}`);
    for (const stream of streams) cache.set(stream, weighing(10));
    for (const stream of [...streams, ...streams, ...streams]) {
      expect(cache.get(stream)).toEqual(weighing(10));
    }
  });

  it('drops what was not used, before what was', () => {
    const cache = new StateCache(30);
    cache.set('used', weighing(10));
    cache.set('unused', weighing(10));
    cache.set('another', weighing(10));
    cache.get('used');
    cache.set('new', weighing(10));
    expect(cache.get('unused')).toBeUndefined();
    expect(cache.get('used')).toEqual(weighing(10));
    expect(cache.get('new')).toEqual(weighing(10));
  });

  it('keeps the one that was set last, however long its history', () => {
    const cache = new StateCache(0);
    cache.set('short', weighing(2));
    cache.set('long', weighing(1000));
    expect(cache.get('short')).toBeUndefined();
    expect(cache.get('long')).toEqual(weighing(1000));
  });

  it('keeps one that is longer than the room beside others in use', () => {
    const cache = new StateCache(100);
    for (let turn = 0; turn < 5; turn += 1) {
      for (const [stream, events] of [
        ['long', 250 + turn],
        ['short', 5 + turn],
      ] as const) {
        expect(cache.get(stream)?.revision).toEqual(turn === 0 ? undefined : BigInt(events - 3));
        cache.set(stream, weighing(events));
      }
    }
  });

  it('makes room in a moment, however many are in use', () => {
    const most = 200_000;
    const cache = new StateCache(most);
    const streams = Array.from({ length: most / 2 }, (_, at) => `seat-${at}`);
    for (const stream of streams) cache.set(stream, weighing(2));
    for (const stream of streams) cache.get(stream);
    cache.set('new', weighing(2));
    const dropped = streams.filter((stream) => cache.get(stream) === undefined);
    // Whoever is next after those that got another chance.
    expect(dropped).toEqual(['seat-1000']);
  });

  it('never goes back to an earlier state of a stream', () => {
    const cache = new StateCache(100);
    cache.set('seat', weighing(5));
    cache.set('seat', weighing(3));
    expect(cache.get('seat')).toEqual(weighing(5));
  });

  it('weighs no more than it may, except for the last one, whatever is asked of it', () => {
    const stream = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const step = fc.record({ stream, events: fc.integer({ min: 1, max: 20 }), uses: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cache = new StateCache(30);
        for (const { stream: name, events, uses } of steps) {
          if (uses) cache.get(name);
          else cache.set(name, weighing(events));
        }
        const kept = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((name) => cache.get(name) ?? []);
        const weight = kept.reduce(
          (sum, { revision }) => sum + Math.min(Number(revision) + 2, 15),
          0,
        );
        expect(weight <= 30 || kept.length === 1).toBe(true);
      }),
    );
  });
});
