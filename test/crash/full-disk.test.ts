/** A disk that is full: a typed refusal, nothing half done, and work goes on when there is room. */
import { describe, expect } from '@jest/globals';
import { copyFileSync, existsSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from '../../src/adapters/sqlite';
import type { Ledger } from '../../src/application/ledger';
import { tryOpenLedger } from '../../src/application/open-ledger';
import { isLong, itWhere, newPath, seed, succeeds, Tally, TIMEOUT_MS } from './runs';
import { chanceFrom } from './seeded';
import { addressSecret, LaneSender } from './sending';
import { failureOf, transcriptOf } from './transcript';

const tally = new Tally('full disk');

const DISK_KB = 4096;
const [KB, MOST_COMMANDS, REFUSALS] = [1024, 2_000, 6];

const mount = (folder: string): boolean =>
  succeeds('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KB}k`, 'tmpfs', folder]);
// Lazily: the driver may hold the file open for a while after the store is closed.
const unmount = (folder: string): boolean => succeeds('umount', ['-l', folder]);

const tried = mkdtempSync(join(tmpdir(), 'seatledger-'));
const canMount = process.getuid?.() === 0 && mount(tried) && unmount(tried);
rmdirSync(tried);
const onSmallDisk = itWhere(canMount, 'only root may mount a disk, so no full disk');

const open = (path: string) => tryOpenLedger({ store: sqliteStore(path), addressSecret });

/** A disk with `freeKb` of room, which `makeRoom` enlarges. */
const smallDisk = (freeKb: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-disk-'));
  mount(folder);
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc((DISK_KB - freeKb) * KB));
  return {
    path: join(folder, 'ledger.db'),
    makeRoom: (): void => {
      rmSync(ballast);
    },
    remove: (): void => {
      unmount(folder);
      rmdirSync(folder);
    },
  };
};

/** What is on the disk now, on another disk. */
const copied = (path: string): string => {
  const copy = newPath();
  for (const end of ['', '-wal', '-journal']) {
    if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${copy}${end}`);
  }
  return copy;
};

/** Sends again what the disk had no room for. */
const sendRefused = async (ledger: Ledger, lines: Array<string>): Promise<void> => {
  for (const [commandId, { by, command, answer }] of transcriptOf([lines])) {
    if (failureOf(answer) === undefined) continue;
    const again = await ledger.execute(by, command);
    expect(failureOf(again)).toBeUndefined();
    lines.push(JSON.stringify(['answered', commandId, again]));
  }
};

/** Sends until the disk has refused several times; every failure must be that the disk is full. */
const fill = async (ledger: Ledger, sender: LaneSender): Promise<void> => {
  let refusals = 0;
  for (let sent = 0; sent < MOST_COMMANDS && refusals < REFUSALS; sent += 1) {
    const failure = failureOf(await sender.next(ledger));
    if (failure === undefined) continue;
    expect(failure).toMatchObject({ type: 'StoreFull', message: expect.any(String) });
    refusals += 1;
    tally.add('commands refused with StoreFull');
  }
  expect(refusals).toBe(REFUSALS);
};

describe(`a full disk (CRASH_SEED=${seed})`, () => {
  const chance = chanceFrom(`${seed}/disk`);
  const levels = Array.from({ length: isLong ? 60 : 8 }, (_, level) => ({
    // A new ledger takes about 130 KB: some disks have no room even for that.
    freeKb: level % 4 === 0 ? chance.between(0, 130) : chance.between(130, 1_200),
    then: level % 2 === 0 ? 'goes on' : 'is opened again',
  }));

  onSmallDisk.each(levels)(
    'with $freeKb KB of room: the ledger refuses, keeps nothing of it, and $then when there is room (skipped where no disk can be mounted)',
    async ({ freeKb, then }) => {
      const disk = smallDisk(freeKb);
      const lines: Array<string> = [];
      const sender = new LaneSender({ seed: `${seed}/${freeKb}`, writer: 'w', lane: 0 }, (line) => {
        lines.push(JSON.stringify(line));
      });
      const story = { freeKb, then };
      try {
        const opened = await open(disk.path);
        let ledger = opened._tag === 'Right' ? opened.right : undefined;
        if (opened._tag === 'Left') {
          expect(opened.left).toMatchObject({ type: 'StoreFull' });
          tally.add('openings refused with StoreFull');
        } else {
          await fill(opened.right, sender);
          await tally.judge(copied(disk.path), transcriptOf([lines]), { ...story, still: 'full' });
          if (then === 'is opened again') {
            await opened.right.close();
            const again = await open(disk.path);
            if (again._tag === 'Left') {
              expect(again.left).toMatchObject({ type: 'StoreFull' });
              tally.add('openings refused with StoreFull');
            } else await again.right.close();
            ledger = undefined;
          }
        }

        disk.makeRoom();
        ledger ??= await mustOpen(disk.path);
        await sendRefused(ledger, lines);
        for (let step = 0; step < 30; step += 1) {
          expect(failureOf(await sender.next(ledger))).toBeUndefined();
        }
        await ledger.close();
        await tally.judge(copied(disk.path), transcriptOf([lines]), { ...story, still: 'after' });
      } finally {
        disk.remove();
      }
    },
    TIMEOUT_MS,
  );
});

const mustOpen = async (path: string): Promise<Ledger> => {
  const opened = await open(path);
  if (opened._tag === 'Left') throw new Error(opened.left.message);
  return opened.right;
};
