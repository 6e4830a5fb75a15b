/** A thread is not ended while it is in the driver. */
import { describe, expect, it } from '@jest/globals';
import { Worker } from 'node:worker_threads';
import { Pause } from '../../src/adapters/sqlite/pause';

describe('a pause', () => {
  it('lets work be done until it is held, and none from then on', () => {
    const pause = new Pause();
    const inThread = new Pause(pause.memory);
    expect(inThread.whileFree(() => 'done')).toBe('done');
    const broken = (): never => {
      throw new Error('broken');
    };
    expect(() => {
      inThread.whileFree(broken);
    }).toThrow('broken');
    pause.hold();
    expect(() => inThread.whileFree(() => 'done')).toThrow('being ended');
  });

  it('waits for what a thread is doing', async () => {
    const pause = new Pause();
    const flags = new Int32Array(pause.memory);
    const thread = new Worker(
      `const { workerData } = require('node:worker_threads');
       const flags = new Int32Array(workerData);
       Atomics.store(flags, 0, 1);
       setTimeout(() => { Atomics.store(flags, 0, 0); Atomics.notify(flags, 0); }, 200);`,
      { eval: true, workerData: pause.memory },
    );
    while (Atomics.load(flags, 0) === 0) await new Promise(setImmediate);
    pause.hold();
    expect(Atomics.load(flags, 0)).toBe(0);
    await thread.terminate();
  });
});
