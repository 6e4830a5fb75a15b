/**
 * A long log is read ahead by a thread: the same events, whatever becomes of the thread.
 */
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runChild } from '../support/run-child';
import { anEvent, left, newPath, open, right, tamper } from './sqlite-fixture';

const CHILD = join(__dirname, 'read-ahead-child.ts');
/** How many events the store reads at once. */
const PAGE = 500;

/** A ledger of so many pages and a little more; answers its digest, read another way. */
const written = async (path: string, pages: number): Promise<string> => {
  const store = await open(path);
  for (let page = 0; page <= pages; page += 1) {
    const events = Array.from({ length: page < pages ? PAGE : 7 }, (_, at) => ({
      ...anEvent({ page, at, said: 'grüß 🙂 "\\' }),
      metadata: { by: `🙂 ${page}` },
    }));
    const expectedRevision = BigInt(page * PAGE - 1);
    right(await store.append([{ stream: 's', expectedRevision, events }])());
  }
  const digest = createHash('sha256');
  for (const { position, id, data, metadata } of right(await store.readStream('s')()).events) {
    digest.update(JSON.stringify([String(position), id, data, metadata]));
  }
  await store.close();
  return digest.digest('hex');
};

/** What a process read to the end, how many threads it started, and how many pages they read for it. */
const readThrough = async (accident: string, path: string, other = '') => {
  const child = runChild(CHILD, [accident, path, other]);
  const exit = await child.exit;
  expect(exit).toEqual({ code: 0, signal: null, errors: '' });
  const [digest, threads, ahead] = (child.lines[0] ?? '').split(' ');
  return { digest, threads: Number(threads), ahead: Number(ahead) };
};

describe('a long log', () => {
  it('is the same when a thread reads most of it ahead', async () => {
    const path = newPath();
    const digest = await written(path, 30);
    const { ahead, ...read } = await readThrough('nothing', path);
    expect(read).toEqual({ digest, threads: 1 });
    expect(ahead).toBeGreaterThan(15);
  });

  it('is the same when the thread dies in the middle', async () => {
    const path = newPath();
    const digest = await written(path, 30);
    const { ahead, ...read } = await readThrough('death', path);
    expect(read).toEqual({ digest, threads: 1 });
    expect(ahead).toBeLessThan(15);
  });

  it('stays the one that was opened when another file takes its place', async () => {
    const [path, other] = [newPath(), newPath()];
    const digest = await written(path, 30);
    await written(other, 30);
    expect(await readThrough('replacement', path, other)).toEqual({ digest, threads: 1, ahead: 0 });
  });

  it('that is short is read without a thread', async () => {
    const path = newPath();
    const digest = await written(path, 4);
    expect(await readThrough('nothing', path)).toEqual({ digest, threads: 0, ahead: 0 });
  });
});

describe('a page of the log', () => {
  it.each([
    ['two values in the place of one', "UPDATE events SET data = '1,2' WHERE position = 3"],
    [
      'two halves of a value beside two values in one',
      `UPDATE events SET data = CASE position WHEN 3 THEN '1,2' WHEN 5 THEN '"a' ELSE 'b"' END
       WHERE position IN (3, 5, 6)`,
    ],
    ['no value', "UPDATE events SET data = '' WHERE position = 3"],
  ])('with %s is not read, and says where', async (_, damage) => {
    const path = newPath();
    await written(path, 1);
    tamper(path, damage);
    const store = await open(path);
    const failure = left(await store.readAll(-1n, PAGE)());
    expect(failure).toMatchObject({ type: 'StoreUnreadable' });
    expect(failure.message).toContain('the event at position 3 is not JSON');
  });
});
