/**
 * A long log is read ahead by a thread: the same events, whatever becomes of the thread.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
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

/** What a process read, and the threads that it started for it: how many, how many broke, the pages they read. */
const readThrough = async (accident: string, path: string, other = '') => {
  const child = runChild(CHILD, [accident, path, other]);
  const exit = await child.exit;
  expect(exit).toEqual({ code: 0, signal: null, errors: '' });
  const [threads, broken, ahead, ...read] = (child.lines[0] ?? '').split(' ');
  return {
    read: read.join(' '),
    threads: Number(threads),
    broken: Number(broken),
    ahead: Number(ahead),
  };
};

/** In whole pages: enough for a thread to be worth its while. */
const LONG = 40;

describe('a long log', () => {
  let path = '';
  let digest = '';
  beforeEach(async () => {
    path = newPath();
    digest = await written(path, LONG);
  });

  it.each`
    when                                     | accident        | threads | least | most
    ${'a thread reads most of it ahead'}     | ${'nothing'}    | ${1}    | ${25} | ${LONG}
    ${'the thread never begins'}             | ${'silence'}    | ${1}    | ${0}  | ${0}
    ${'the thread dies in the middle'}       | ${'death'}      | ${1}    | ${5}  | ${20}
    ${'the reader rests for longer than it'} | ${'rest'}       | ${2}    | ${10} | ${LONG + 16}
    ${'others read beside it'}               | ${'neighbours'} | ${1}    | ${25} | ${LONG}
  `('is the same when $when', async (row: Record<string, unknown>) => {
    const { ahead, ...seen } = await readThrough(String(row['accident']), path);
    expect(seen).toEqual({
      read: digest,
      threads: row['threads'],
      broken: Number(row['accident'] === 'death'),
    });
    expect(ahead).toBeGreaterThanOrEqual(Number(row['least']));
    expect(ahead).toBeLessThanOrEqual(Number(row['most']));
  });

  it('stays the one that was opened when another file takes its place', async () => {
    const other = newPath();
    await written(other, LONG);
    expect(await readThrough('replacement', path, other)).toMatchObject({
      read: digest,
      threads: 1,
      ahead: 0,
    });
  });

  it('is closed in the middle, with its thread', async () => {
    const { read } = await readThrough('closing', path);
    expect(read).toMatch(/^StoreClosed /);
  });

  it('is left in the middle, and closed before the process ends', async () => {
    const { read, threads } = await readThrough('leaving', path);
    expect([read, threads]).toEqual(['left', 1]);
  });

  it('does not keep a process that ends in the middle, nor break it', async () => {
    const ended = Array.from({ length: 6 }, () => runChild(CHILD, ['exit', path, '']).exit);
    for (const exit of await Promise.all(ended)) {
      expect(exit).toEqual({ code: 7, signal: null, errors: '' });
    }
  });

  it('says where it is damaged, though a thread has read that ahead', async () => {
    tamper(path, `UPDATE events SET data = '1,2' WHERE position = ${PAGE * 20 + 3}`);
    const { read, ahead } = await readThrough('nothing', path);
    expect(read).toMatch(/^StoreUnreadable .* position 10003 is not JSON/);
    expect(ahead).toBeGreaterThan(5);
  });
});

it('a log that is short is read without a thread', async () => {
  const path = newPath();
  const read = await written(path, 4);
  expect(await readThrough('silence', path)).toEqual({ read, threads: 0, broken: 0, ahead: 0 });
});

describe('a page of the log', () => {
  /** Puts these texts in the place of the data of the events from position 3 on. */
  const damaged = (texts: ReadonlyArray<string>): string =>
    texts
      .map((text, at) => `UPDATE events SET data = '${text}' WHERE position = ${3 + at};`)
      .join('');

  it.each([
    ['two values in the place of one', ['1,2']],
    ['no value', ['']],
    ['two halves of a text', ['"a', 'b"']],
    ['two halves of a list', ['[1', '2]']],
    ['two halves of a list beside two values in one', ['[1', '2]', '1,2']],
    ['two halves of a text beside three values in one', ['"a', 'b"', '1,2,3']],
    ['as many values as there should be, made of what fits together', ['[1', '2],3']],
  ])('with %s is not read, and says where', async (_, texts) => {
    const path = newPath();
    await written(path, 1);
    tamper(path, damaged(texts));
    const store = await open(path);
    const failure = left(await store.readAll(-1n, PAGE)());
    expect(failure).toMatchObject({ type: 'StoreUnreadable' });
    expect(failure.message).toContain('the event at position 3 is not JSON');
  });

  it('with a NUL in a text is not read, though what stands before it makes sense', async () => {
    const cut = (column: string, position: number): string =>
      `UPDATE events SET ${column} = CAST(CAST(${column} AS BLOB) || x'00' || x'2c31' AS TEXT) WHERE position = ${position};`;
    const path = newPath();
    await written(path, 1);
    tamper(path, `${cut('metadata', 1)} ${cut('data', 3)}`);
    const store = await open(path);
    const damaged = { type: 'StoreUnreadable', message: expect.stringContaining('position 3') };
    expect(left(await store.readAll(-1n, PAGE)())).toMatchObject(damaged);
    const [before, cutShort] = right(await store.readAll(-1n, 2)());
    expect(before?.metadata).toEqual({ by: '🙂 0' });
    expect(cutShort?.metadata).toEqual(expect.stringContaining('\0,1'));

    const stream = cutShort?.stream ?? '';
    expect(left(await store.readStream(stream, 0n)())).toMatchObject(damaged);
    tamper(path, `UPDATE events SET data = '3' WHERE position = 3; ${cut('type', 2)}`);
    const { events } = right(await store.readStream(stream, 0n)());
    expect([events[1]?.metadata, events[2]?.type]).toEqual(['', '']);
  });

  it('gives damaged metadata back as the text it is, and the others theirs', async () => {
    const path = newPath();
    await written(path, 1);
    tamper(path, 'UPDATE events SET metadata = \'{"by": "ä\' WHERE position = 3');
    const store = await open(path);
    const page = right(await store.readAll(1n, 3)());
    expect(page.map(({ metadata }) => metadata)).toEqual([
      { by: '🙂 0' },
      '{"by": "ä',
      { by: '🙂 0' },
    ]);
  });
});
