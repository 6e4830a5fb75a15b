/** The clock writes a millisecond out once: it must not stay there. */
import { afterEach, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../src/values/timestamp';

afterEach(() => {
  jest.useRealTimers();
});

it('the clock goes forward, stands and goes back with the one of the machine', () => {
  jest.useFakeTimers();
  const times = [
    '2026-11-02T09:00:00.000Z',
    '2026-11-02T09:00:00.000Z',
    '2026-11-02T09:00:00.001Z',
    '2026-11-02T08:00:00.000Z',
  ];
  const read = times.map((time) => {
    jest.setSystemTime(new Date(time));
    return systemClock();
  });
  expect(read).toEqual(times);
});
