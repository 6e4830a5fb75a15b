/** What the crash tests share: how long a run is, its seed, its files, and what it has counted. */
import { afterAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Database, loadDriver } from '../../src/adapters/sqlite/driver';
import type { Transcript } from './transcript';
import { type Verdict, verify } from './verify';

/** `CRASH=long`: a run of minutes instead of seconds. */
export const isLong = process.env['CRASH'] === 'long';

/** `CRASH_SEED` sends the same commands again and aims at the same moments; a new seed every time without. */
export const seed = process.env['CRASH_SEED'] ?? randomUUID().slice(0, 8);

/** Far beyond what a slow or busy machine takes: it ends what hangs, and judges no speed. */
export const TIMEOUT_MS = isLong ? 7_200_000 : 1_800_000;

const folders = new Set<string>();

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export const newPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
  folders.add(folder);
  return join(folder, 'ledger.db');
};

/** Opens the file past the store. */
export const inFile = <A>(path: string, work: (database: Database) => A): A => {
  const database = new (loadDriver()!.DatabaseSync)(path, { readOnly: false });
  try {
    return work(database);
  } finally {
    database.close();
  }
};

/** Does `work` for each of `items`, a few at a time. */
export const inParallel = async <A>(
  items: ReadonlyArray<A>,
  work: (item: A) => Promise<void>,
): Promise<void> => {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
};

export const succeeds = (command: string, args: ReadonlyArray<string>): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** The tests that need something this machine may lack; without it they are skipped, and it is said why. */
export const itWhere = (isThere: boolean, otherwise: string): typeof it.skip => {
  if (!isThere) say(`crash tests skipped: ${otherwise}`);
  return isThere ? it : it.skip;
};

/** Counts over all the files of one suite, said when it ends. */
export class Tally {
  private readonly counts = new Map<string, number>();
  private readonly started = performance.now();

  constructor(suite: string) {
    afterAll(() => {
      const told = [...this.counts].map(([what, count]) => `${count} ${what}`).join(', ');
      const seconds = Math.round((performance.now() - this.started) / 1000);
      say(`crash tests, ${suite} (CRASH_SEED=${seed}): ${told}, in ${seconds} s`);
    });
  }

  add(what: string, count = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + count);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** Verifies the file, counts, demands that nothing is wrong, and then removes it. */
  async judge(path: string, transcript: Transcript, story: unknown): Promise<Verdict> {
    const verdict = await verify(path, transcript);
    const { problems } = verdict;
    const broken = problems.filter(({ kind }) => kind === 'violation').length;
    this.add('files judged');
    this.add('commands acknowledged', verdict.commandsAcknowledged);
    this.add('events acknowledged', verdict.eventsAcknowledged);
    this.add('events lost', verdict.eventsLost);
    this.add('invariants broken', broken);
    this.add('other problems', problems.length - broken);
    this.add('commands unanswered', verdict.unanswered);
    this.add('of them stored', verdict.unansweredStored);
    this.add('commands repeated', verdict.repeated);
    // A file with something wrong stays for whoever looks into it.
    if (problems.length > 0) folders.delete(dirname(path));
    const found = { seed, story, path, problems: problems.slice(0, 5) };
    expect(found).toEqual({ seed, story, path, problems: [] });
    rmSync(dirname(path), { recursive: true, force: true });
    return verdict;
  }
}
