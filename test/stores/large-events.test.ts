/** Events of many megabytes are read a few at a time, however many are asked for: memory is that of a few. */
import { describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { storedPages } from '../../src/application/log-pages';
import type { EventStore } from '../../src/application/ports';
import { anEvent, newPath, open, right, tamper } from './sqlite-fixture';

const MEGABYTE = 'x'.repeat(1_000_000);

/** Appends an event of each of these sizes, in megabytes. */
const written = async (
  sizes: ReadonlyArray<number>,
): Promise<{ path: string; store: EventStore }> => {
  const path = newPath();
  const store = await open(path);
  for (const [at, size] of sizes.entries()) {
    const event = { ...anEvent(at), data: { at, filler: MEGABYTE.repeat(size) } };
    right(await store.append([{ stream: `s${at}`, expectedRevision: -1n, events: [event] }])());
  }
  return { path, store };
};

const pagesOf = async (store: EventStore): Promise<ReadonlyArray<ReadonlyArray<number>>> => {
  const pages: Array<ReadonlyArray<number>> = [];
  for await (const page of storedPages(store)) {
    pages.push(right(page).map(({ position }) => Number(position)));
  }
  return pages;
};

describe('a log with large events', () => {
  it('is read in pages of some megabytes, and to its end', async () => {
    const { store } = await written([3, 3, 3, 0, 12, 0, 0, 7]);
    expect(store.shortPages).toBe(true);
    expect(await pagesOf(store)).toEqual([[0, 1], [2, 3], [4], [5, 6, 7], []]);
  });

  it('is read as far as what is damaged, wherever a page ends', async () => {
    const { path, store } = await written([5, 5, 5, 1]);
    tamper(path, "UPDATE events SET data = data || '{' WHERE position = 2");
    const read: Array<string> = [];
    for await (const page of storedPages(store)) {
      read.push(E.isLeft(page) ? page.left.message : `${page.right.length}`);
    }
    expect(read).toEqual([
      '1',
      '1',
      expect.stringContaining('the event at position 2 is not JSON'),
    ]);
  });
});
