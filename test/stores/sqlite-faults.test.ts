/**
 * The SQLite store when the disk is full or fails: nothing is half written, and nothing that was
 * refused comes back.
 */
import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '../../src/application/ports';
import { runChild } from '../support/run-child';
import {
  anEvent,
  appendOne,
  CHILD,
  connect,
  intercepting,
  isRoot,
  left,
  newFolder,
  newPath,
  open,
  openWith,
  right,
  streamsOf,
  wholeLog,
} from './sqlite-fixture';

const succeeds = (command: string, args: ReadonlyArray<string>): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe('a full disk', () => {
  /** Appends to two streams at once until the store refuses, and checks that both halves are there. */
  const fill = async (store: EventStore): Promise<number> => {
    for (let turn = 0; turn < 200; turn += 1) {
      const [expectedRevision, data] = [BigInt(turn - 1), 'x'.repeat(30_000)];
      const answer = await store.append([
        { stream: 'a', expectedRevision, events: [anEvent(data)] },
        { stream: 'b', expectedRevision, events: [anEvent(data)] },
      ])();
      if (answer._tag === 'Right') continue;

      expect(answer.left).toMatchObject({ type: 'StoreFull' });
      expect(await wholeLog(store)).toHaveLength(turn * 2);
      return turn;
    }
    throw new Error('The disk was never full.');
  };

  it('is StoreFull, keeps nothing of the append, and the store goes on when there is room', async () => {
    let pages = 0;
    const bounded = intercepting((sql, run) => {
      run(sql);
      if (sql === 'BEGIN IMMEDIATE') run(`PRAGMA max_page_count = ${pages}`);
    });
    pages = 100;
    const store = await connect({ connect: openWith(bounded, newPath()) });
    const full = await fill(store);
    expect(full).toBeGreaterThan(2);

    pages = 1_000_000;
    right(await appendOne(store, 'c'));
    expect(await wholeLog(store)).toHaveLength(full * 2 + 1);
  });

  const mount = (folder: string): boolean =>
    succeeds('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  const unmount = (folder: string): boolean => succeeds('umount', ['-l', folder]);

  const tried = mkdtempSync(join(tmpdir(), 'seatledger-'));
  const canMount = isRoot && mount(tried) && unmount(tried);
  rmdirSync(tried);
  const onSmallDisk = canMount ? it : it.skip;

  onSmallDisk(
    'of a real small disk is the same (skipped where no disk can be mounted)',
    async () => {
      const folder = newFolder();
      mount(folder);
      try {
        const path = join(folder, 'ledger.db');
        const store = await open(path);
        const full = await fill(store);
        expect(full).toBeGreaterThan(2);
        await store.close();
        expect(await wholeLog(await open(path))).toHaveLength(full * 2);
      } finally {
        unmount(folder);
      }
    },
  );
});

describe('a COMMIT that fails', () => {
  const ioError = Object.assign(new Error('disk I/O error'), { errcode: 1034 });

  /** A store whose COMMITs go wrong as told. */
  const storeWith = async (fail: (commit: () => void) => void) => {
    let isReady = false;
    const faulty = intercepting((sql, run) => {
      const commit = (): void => {
        run(sql);
      };
      if (isReady && sql === 'COMMIT') fail(commit);
      else commit();
    });
    const store = await connect({ connect: openWith(faulty, newPath()) });
    isReady = true;
    return store;
  };

  it('although it was done is a success', async () => {
    let isFirst = true;
    const store = await storeWith((commit) => {
      commit();
      if (isFirst) {
        isFirst = false;
        throw ioError;
      }
    });

    expect(right(await appendOne(store, 'a'))).toEqual({ position: 0n });
    expect(await streamsOf(store)).toEqual(['a']);
  });

  it('and was not done is a failure that kept nothing, and the next append works', async () => {
    let isFirst = true;
    const store = await storeWith((commit) => {
      if (!isFirst) {
        commit();
        return;
      }
      isFirst = false;
      throw ioError;
    });

    expect(left(await appendOne(store, 'a'))).toMatchObject({
      type: 'StoreUnavailable',
      code: '1034',
      message: expect.not.stringContaining('not known'),
    });
    right(await appendOne(store, 'b'));
    expect(await streamsOf(store)).toEqual(['b']);
  });

  it('again and again is a failure that says that the outcome is not known', async () => {
    const store = await storeWith(() => {
      throw ioError;
    });
    const answers = await Promise.all([appendOne(store, 'a'), appendOne(store, 'b')]);

    for (const answer of answers) {
      expect(left(answer)).toMatchObject({
        type: 'OutcomeUnknown',
        message: expect.stringMatching(/not known.*repeat the append with the same event ids/),
      });
    }
  });
});

describe('faults of the operating system (skipped where strace is missing)', () => {
  const canTrace = succeeds('strace', ['-o', '/dev/null', 'true']);
  const whereTraced = canTrace ? it : it.skip;

  /** Lets a child append to first, second and third and die, with `inject` at work. */
  const injected = async (inject: string, place: 'a ready ledger' | 'a new path') => {
    const [path, trace] = [newPath(), join(newFolder(), 'trace')];
    if (place === 'a ready ledger') {
      const ready = newPath();
      await (await open(ready)).close();
      copyFileSync(ready, path);
    }
    const under = ['strace', '-f', '-o', trace, '-e', `inject=${inject}`];
    const child = runChild(CHILD, ['three', path], { under });
    await child.exit;

    const stored = child.lines.filter((l) => l.endsWith(' stored')).map((l) => l.split(' ')[0]);
    const hasFired = /INJECTED|killed by SIGKILL/.test(readFileSync(trace, 'utf8'));
    return { lines: child.lines, stored, kept: await streamsOf(await open(path)), hasFired };
  };

  whereTraced('a sync that fails once: what was refused never comes back', async () => {
    const runs = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => injected(`fsync,fdatasync:error=EIO:when=${n}`, 'a ready ledger')),
    );

    for (const { stored, kept, hasFired } of runs) {
      expect({ hasFired, kept }).toEqual({ hasFired: true, kept: stored });
    }
    const refused = runs.flatMap(({ lines }) =>
      lines.filter((l) => l.includes('StoreUnavailable')),
    );
    expect(refused.length).toBeGreaterThanOrEqual(3);
    expect(refused.filter((line) => line.includes('not known'))).toEqual([]);
  });

  whereTraced('a disk that syncs no more: the outcome is not known, and it says so', async () => {
    const { lines, stored, kept } = await injected(
      'fsync,fdatasync:error=EIO:when=4+',
      'a ready ledger',
    );

    expect(kept).toEqual(expect.arrayContaining(stored));
    expect(lines.at(-1)).toMatch(/^third OutcomeUnknown .* not known/);
  });

  whereTraced('a kill inside a write: what was acknowledged is kept', async () => {
    const runs = await Promise.all(
      [2, 5, 8, 11].map((n) => injected(`pwrite64:signal=SIGKILL:when=${n}`, 'a ready ledger')),
    );

    for (const { stored, kept, hasFired } of runs) {
      expect(hasFired).toBe(true);
      expect(kept).toEqual(expect.arrayContaining(stored));
      expect(kept.length).toBeLessThanOrEqual(stored.length + 1);
    }
  });

  whereTraced('a kill while the file is made: the next one to open it finishes', async () => {
    const runs = await Promise.all(
      [1, 4, 7, 9, 11].map((n) => injected(`pwrite64:signal=SIGKILL:when=${n}`, 'a new path')),
    );

    for (const { stored, kept, hasFired } of runs) {
      expect({ hasFired, stored, kept }).toEqual({ hasFired: true, stored: [], kept: [] });
    }
  });
});
