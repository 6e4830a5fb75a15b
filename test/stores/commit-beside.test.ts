/**
 * Large groups are committed by a thread: the same events, whatever becomes of the thread, and nothing that
 * was acknowledged is lost.
 */
import { describe, expect, it } from '@jest/globals';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from '../support/run-child';
import { newPath, open, right } from './sqlite-fixture';

const CHILD = join(__dirname, 'commit-beside-child.ts');
const CALLERS = 64;
/** Appends of each caller. */
const APPENDS = 70;

interface Seen {
  readonly threads: number;
  /** Appends that a thread committed. */
  readonly beside: number;
  readonly answers: Readonly<Record<string, number>>;
  /** Of each stream, how many events were acknowledged. */
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly lines: ReadonlyArray<string>;
  readonly path: string;
}

const summaryOf = (line: string): Pick<Seen, 'threads' | 'beside' | 'answers'> => {
  const [, threads, beside, answers = '{}'] =
    /^threads (\d+) beside (\d+) answers (.*)$/.exec(line) ?? [];
  return {
    threads: Number(threads),
    beside: Number(beside),
    answers: JSON.parse(answers) as Seen['answers'],
  };
};

const bytesIn = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Lets a process append until it is done or `code` is how it ends; then everything acknowledged is there. */
const appended = async (
  accident: string,
  code = 0,
  under: ReadonlyArray<string> = [],
): Promise<Seen> => {
  const path = newPath();
  const child = runChild(CHILD, [accident, path], { under });
  expect(await child.exit).toEqual({ code, signal: null, errors: '' });
  const lines = readFileSync(`${path}.log`, 'utf8').trimEnd().split('\n');
  // The thread's connection was closed, too: all of the log is in the file.
  if (code === 0) expect(bytesIn(`${path}-wal`)).toBe(0);
  const acknowledged = new Map<string, number>();
  for (const line of lines) {
    const [, stream = '', revision] = /^ack (\S+) (\d+)$/.exec(line) ?? [];
    if (revision !== undefined) acknowledged.set(stream, Number(revision) + 1);
  }
  const store = await open(path);
  for (const [stream, events] of acknowledged) {
    const stored = right(await store.readStream(stream)()).events.map(({ data }) => data);
    // In order, each once; the last may be there though nobody was told.
    expect(stored.slice(0, events)).toEqual([...Array(events).keys()]);
    expect(stored.length).toBeLessThanOrEqual(events + 1);
  }
  return { ...summaryOf(lines.at(-1) ?? ''), acknowledged, lines, path };
};

const all = new Map(Array.from({ length: CALLERS }, (_, name) => [`s${name}`, APPENDS]));

describe('appends of many callers', () => {
  it('are committed by a thread, most of them', async () => {
    const seen = await appended('nothing');
    expect(seen.acknowledged).toEqual(all);
    expect(seen).toMatchObject({ threads: 1, answers: { written: CALLERS * APPENDS } });
    expect(seen.beside).toBeGreaterThan((CALLERS * APPENDS) / 2);
  });

  it('are committed in the order in which they were asked, and each is told its own place', async () => {
    const { lines, path } = await appended('nothing');
    const told = lines.filter((line) => /^(placed|refused) /.test(line));
    const store = await open(path);
    const stored = right(await store.readStream('burst')()).events;
    expect(stored.map(({ data }) => data)).toEqual([...Array(600).keys()]);
    const places = stored.map(({ position }) => `placed ${position}`);
    expect(told).toEqual([
      ...places.slice(0, 300),
      'refused RevisionConflict',
      ...places.slice(300),
    ]);
  });

  it.each`
    when                     | accident      | threads
    ${'it never begins'}     | ${'silence'}  | ${1}
    ${'the host wants none'} | ${'unwanted'} | ${0}
  `('are committed without it when $when', async (row: Record<string, unknown>) => {
    const { threads, beside, answers, acknowledged } = await appended(String(row['accident']));
    expect(acknowledged).toEqual(all);
    expect({ threads, beside }).toEqual({ threads: row['threads'], beside: 0 });
    expect(answers).toEqual({ written: CALLERS * APPENDS });
  });

  it('have an unknown outcome where the thread dies amid them, and are there once when sent again', async () => {
    const seen = await appended('death');
    expect(seen.acknowledged).toEqual(all);
    expect(seen.answers['OutcomeUnknown']).toBeGreaterThan(0);
    // What was with the thread then, which is one of each caller at most.
    expect(seen.answers['OutcomeUnknown']).toBeLessThanOrEqual(CALLERS);
  });

  it('are there though a host lets errors pass that nobody handles', async () => {
    const under = ['env', 'NODE_OPTIONS=--unhandled-rejections=warn'];
    expect((await appended('death', 0, under)).acknowledged).toEqual(all);
  });

  it('wait for the lock of another process', async () => {
    const seen = await appended('lock');
    expect(seen.acknowledged).toEqual(all);
    expect(seen).toMatchObject({ threads: 1, answers: { written: CALLERS * APPENDS } });
    expect(seen.beside).toBeGreaterThan(0);
  });

  it('are told that another process holds the lock for too long', async () => {
    const seen = await appended('longLock');
    expect(seen.acknowledged).toEqual(all);
    expect(seen.answers['StoreBusy']).toBeGreaterThan(0);
    expect(seen.beside).toBeGreaterThan(0);
  });

  it('are waited for by close', async () => {
    const { answers, acknowledged } = await appended('closing');
    expect(answers['StoreClosed']).toBe(CALLERS);
    expect(answers['written']).toBe([...acknowledged.values()].reduce((sum, next) => sum + next));
  });

  it('that a process was told of are there when it ends amid others', async () => {
    const ends = await Promise.all(Array.from({ length: 6 }, () => appended('exit', 7)));
    // The thread was at work then.
    for (const { lines } of ends) expect(lines.at(-1)).not.toBe('ready');
    for (const { lines } of ends) expect(lines).toContain('ready');
  });
});
