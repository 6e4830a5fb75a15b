/** An import onto a disk that is too small leaves nothing there, and says so. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSqlite, sqliteStore } from '../../src/adapters/sqlite';
import { enlarged, exported, inChunks } from './exported-files';

const DISK_KB = 16_384;
const KB = 1024;

const succeeds = (command: string, args: ReadonlyArray<string>): boolean =>
  spawnSync(command, args).status === 0;
const mount = (folder: string): boolean =>
  succeeds('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KB}k`, 'tmpfs', folder]);
// Lazily: the driver may hold the file open for a while after the store is closed.
const unmount = (folder: string): boolean => succeeds('umount', ['-l', folder]);

const tried = mkdtempSync(join(tmpdir(), 'transfer-disk-'));
const canMount = process.getuid?.() === 0 && mount(tried) && unmount(tried);
rmdirSync(tried);
const onSmallDisk = canMount ? it : it.skip;

const whole = enlarged(4);

describe('a disk that is too small (skipped where no disk can be mounted)', () => {
  let disk = '';
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'transfer-disk-'));
    if (canMount) mount(disk);
  });
  afterEach(() => {
    if (canMount) unmount(disk);
    rmdirSync(disk);
  });

  onSmallDisk.each([
    0, 20, 60, 200, 600, 1_000, 1_500, 1_800, 2_100, 2_400, 2_700, 3_000, 3_300, 3_600, 4_000,
    4_600, 5_200, 6_000, 16_000,
  ])('with %d KB of room takes all of the file, or nothing of it', async (freeKb) => {
    const ballast = join(disk, 'ballast');
    if (freeKb < DISK_KB - 500) writeFileSync(ballast, Buffer.alloc((DISK_KB - freeKb) * KB));
    const target = join(disk, 'ledger.db');
    const answer = await importSqlite(target, inChunks(whole));
    const files = readdirSync(disk).filter((name) => name !== 'ballast');
    if (answer._tag === 'Left') {
      expect(answer.left.type).toMatch(/^Store(Full|Unavailable)$/);
      expect(files).toEqual([]);
      expect(freeKb).toBeLessThan(16_000);
      return;
    }
    expect(files).toEqual(['ledger.db']);
    expect(freeKb).toBeGreaterThan(200);
    rmSync(ballast, { force: true });
    const out = await exported(sqliteStore(target, { readOnly: true }));
    expect(Buffer.from(out).equals(whole)).toBe(true);
  });
});
