/** How far a command is, as a person sees it: a bar on a terminal, a line now and then elsewhere. */
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { memoryStore } from '../../src/adapters/memory';
import type { EventStore } from '../../src/application/ports';
import { showProgress } from '../../src/cli/progress';
import { showingReads } from '../../src/cli/reading-progress';
import { until } from './cli';

describe('progress where there is no terminal', () => {
  const told = (size: number): string => {
    let text = '';
    let time = 0;
    const output = { isTTY: false, write: (more: string) => (text += more) };
    const progress = showProgress({
      output: output as unknown as NodeJS.WriteStream,
      size,
      now: () => time,
    });
    for (const [second, bytes] of [100, 200, 300, 400, 500, 600].entries()) {
      time = (second + 1) * 2_000;
      progress.passed(bytes, bytes * 10);
    }
    progress.tell('file:7: Not JSON.');
    progress.finish();
    return text;
  };

  it('is a line now and then', () => {
    expect(told(1_000)).toBe(
      '3,000 lines, 30 %, 500 lines/s, about 14 s left\n' +
        '6,000 lines, 60 %, 500 lines/s, about 8 s left\n' +
        'file:7: Not JSON.\n',
    );
  });

  it('promises nothing of a pipe, whose end nobody knows', () => {
    expect(told(0)).toBe('3,000 lines, 500 lines/s\n6,000 lines, 500 lines/s\nfile:7: Not JSON.\n');
  });
});

/** A terminal of 100 columns that keeps all that it was ever told to show. */
const terminal = () => {
  let shown = '';
  const output = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 100,
    clearLine: () => true,
    cursorTo: () => true,
    moveCursor: () => true,
  });
  output.write = ((more: string) => {
    shown += more;
    return true;
  }) as never;
  return { output: output as unknown as NodeJS.WriteStream, shown: () => shown };
};

/** A store with so many events. */
const storeOf = async (count: number): Promise<EventStore> => {
  const store = await memoryStore().connect();
  if (E.isLeft(store)) throw new Error(store.left.message);
  const events = Array.from({ length: count }, () => ({
    id: randomUUID(),
    type: 'Counted',
    data: null,
    metadata: null,
  }));
  await store.right.append([{ stream: 's', expectedRevision: -1n, events }])();
  return store.right;
};

describe('progress on a terminal', () => {
  it('is shown by a store that is read, anew from each beginning', async () => {
    const { output, shown } = terminal();
    let time = 0;
    const store = showingReads(await storeOf(2_000), { output, now: () => time });
    /** Reads the first so many pages, one in a second; answers what was shown up to `last`. */
    const read = async (pages: number, last: string): Promise<string> => {
      const before = shown().length;
      for (let page = 0; page < pages; page += 1) {
        time += 1_000;
        await store.readAll(BigInt(page * 500 - 1), 500)();
      }
      await until(() => Promise.resolve(shown().slice(before).includes(last)));
      return shown().slice(before);
    };
    try {
      expect(await read(3, ' 75 %  1,500 events')).toContain(' 0 %  0 events');
      const second = (await read(2, ' 50 %  1,000 events')).split(' 0 %  0 events');
      expect(second.length).toBeGreaterThan(1);
      expect(second.at(-1)).not.toContain(' 75 %');
    } finally {
      await store.close();
    }
  });

  it('is not shown for a log that is read in a moment', async () => {
    const { output, shown } = terminal();
    const store = showingReads(await storeOf(400), { output, now: () => 0 });
    await store.readAll(-1n, 500)();
    await store.close();
    expect(shown()).toBe('');
  });

  it('is a bar with the rate and the time that is left', async () => {
    const { output, shown } = terminal();
    let time = 0;
    const progress = showProgress({ output, size: 1_000, now: () => time });
    try {
      expect(shown()).toContain(`${'░'.repeat(20)} 0 %  0 lines  0 lines/s`);
      for (const quarter of [1, 2, 3]) {
        time = quarter * 1_000;
        progress.passed(quarter * 250, quarter * 2_500);
        const lines = (quarter * 2_500).toLocaleString('en');
        const told = ` ${quarter * 25} %  ${lines} lines  2,500 lines/s  `;
        await until(() => Promise.resolve(shown().includes(told)));
        expect(shown().split(told).at(-1)).toMatch(/^\d+\w* left/);
      }
      expect(shown()).toContain(`${'█'.repeat(10)}${'░'.repeat(10)} 50 %`);
    } finally {
      progress.finish();
    }
  });

  it('shows what is told on a line of its own, and goes on below', async () => {
    const { output, shown } = terminal();
    let time = 0;
    const progress = showProgress({ output, size: 1_000, now: () => time });
    try {
      progress.tell('file:7: Not JSON.');
      expect(shown().endsWith('file:7: Not JSON.\n')).toBe(true);
      time = 1_000;
      progress.passed(500, 5_000);
      await until(() => Promise.resolve(shown().includes('50 %  5,000 lines  5,000 lines/s')));
    } finally {
      progress.finish();
    }
  });

  it('is no bar where nobody knows the end', () => {
    const { output, shown } = terminal();
    let time = 0;
    const progress = showProgress({ output, size: 0, now: () => time });
    time = 5_000;
    progress.passed(500, 5_000);
    progress.finish();
    expect(shown()).toBe('5,000 lines, 1,000 lines/s\n');
  });
});
