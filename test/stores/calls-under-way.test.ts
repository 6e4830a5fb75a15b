/** Closing waits for every call that was made, however it ends. */
import { expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CallsUnderWay } from '../../src/application/calls-under-way';

it('none are under way when the last one was answered or has failed, and at once where there is none', async () => {
  const calls = new CallsUnderWay();
  await calls.none();
  const ends: Array<() => void> = [];
  const answered = calls.run(
    () =>
      new Promise<string>((answer) =>
        ends.push(() => {
          answer('yes');
        }),
      ),
  );
  const failed = calls.run(
    () =>
      new Promise<never>((_, fail) =>
        ends.push(() => {
          fail(new Error('no'));
        }),
      ),
  );
  const threw = calls.run(() => {
    throw new Error('at once');
  });
  await expect(threw).rejects.toThrow('at once');

  let waited = 0;
  const waits = [calls.none(), calls.none()].map((none) => none.then(() => (waited += 1)));
  for (const [ended, end] of ends.entries()) {
    await nextTurn();
    expect({ ended, waited }).toEqual({ ended, waited: 0 });
    end();
  }
  await expect(answered).resolves.toBe('yes');
  await expect(failed).rejects.toThrow('no');
  await Promise.all(waits);
  expect(waited).toBe(2);
});
