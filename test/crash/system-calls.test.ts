/** Writers that die at a chosen system call, and writers whose system calls fail. */
import { describe, expect } from '@jest/globals';
import { startWriter } from './children';
import { inParallel, isLong, newPath, seed, Tally, TIMEOUT_MS } from './runs';
import { type Chance, chanceFrom } from './seeded';
import { failingAt, killedAt, whereTraced } from './tracing';
import {
  answersOf,
  failedOpenings,
  failureOf,
  isAcknowledged,
  leavesOpen,
  transcriptOf,
} from './transcript';
import type { WriterPlan } from './writer';

const tally = new Tally('system calls');

const SITTING = { lanes: 2, steps: 8 };

/** One number from each of `count` equal parts of 1 to `last`. */
const spread = (chance: Chance, count: number, last: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, part) => {
    const [start, end] = [part, part + 1].map((edge) => Math.floor((edge * last) / count));
    return chance.between((start ?? 0) + 1, Math.max(end ?? 1, (start ?? 0) + 1));
  });

/** Lets every second writer work on what another dead one left. */
const deadOnesLines = async (plan: WriterPlan, chance: Chance): Promise<ReadonlyArray<string>> => {
  if (chance.onceIn(2)) return [];
  const first = startWriter({ ...plan, writer: 'first' });
  await first.said(chance.between(20, 60));
  first.kill();
  expect(await first.exit).toMatchObject({ signal: 'SIGKILL', errors: '' });
  tally.add('kills of one before');
  return first.lines();
};

describe(`a kill at a system call on the ledger's files (CRASH_SEED=${seed})`, () => {
  whereTraced.each`
    call | last   | kills
    ${'pwrite64'}  | ${300} | ${6}
    ${'fsync,fdatasync'}     | ${40}  | ${4}
    ${'ftruncate'} | ${9}   | ${2}
    ${'unlink'}    | ${8}   | ${3}
    ${'openat'}    | ${9}   | ${2}
    ${'close'}     | ${9}   | ${2}
    ${'fcntl'}     | ${400} | ${2}
  `(
    'at $call loses nothing, and leaves no half command (skipped where strace is missing)',
    async (row) => {
      const { call, last, kills } = row as { call: string; last: number; kills: number };
      const chance = chanceFrom(`${seed}/${call}`);
      await inParallel(spread(chance, kills * (isLong ? 10 : 1), last), async (at) => {
        const path = newPath();
        const plan = { path, seed: `${seed}/${call}/${at}`, sittings: 20, ...SITTING };
        const before = await deadOnesLines({ ...plan, writer: 'first' }, chance);
        const { exit, lines, struck } = await killedAt({ ...plan, writer: 'w' }, call, at);

        // By the injection and not by itself: the one call that never came back.
        expect({ call, at, exit, struck }).toEqual({
          call,
          at,
          exit: { code: null, signal: 'SIGKILL', errors: '' },
          struck: [expect.any(String)],
        });
        tally.add(`kills at ${call}`);
        await tally.judge(path, transcriptOf([before, lines]), { call, at });
      });
    },
    TIMEOUT_MS,
  );
});

const TYPED: ReadonlyArray<string> = ['StoreUnavailable', 'StoreFull', 'OutcomeUnknown'];

interface FailingRow {
  readonly calls: string;
  readonly error: string;
  readonly lasting: boolean;
  readonly last: number;
  readonly runs: number;
}

describe(`system calls that fail (CRASH_SEED=${seed})`, () => {
  const SITTINGS = 3;
  const COMMANDS = SITTINGS * SITTING.lanes * SITTING.steps;

  whereTraced.each`
    calls                | error       | lasting  | last   | runs
    ${'fsync,fdatasync'} | ${'EIO'}    | ${false} | ${40}  | ${5}
    ${'fsync,fdatasync'} | ${'EIO'}    | ${true}  | ${40}  | ${2}
    ${'pwrite64'}        | ${'EIO'}    | ${false} | ${250} | ${2}
    ${'pwrite64'}        | ${'ENOSPC'} | ${false} | ${250} | ${2}
    ${'pwrite64'}        | ${'ENOSPC'} | ${true}  | ${250} | ${2}
  `(
    '$calls with $error, for ever: $lasting, is a typed failure, and no answer is lost (skipped where strace is missing)',
    async (row) => {
      const { calls, error, lasting, last, runs } = row as unknown as FailingRow;
      const what = `${calls} ${error}${lasting ? ' for ever' : ''}`;
      const chance = chanceFrom(`${seed}/${what}`);
      await inParallel(spread(chance, runs * (isLong ? 10 : 1), last), async (at) => {
        const path = newPath();
        const plan = { path, seed: `${seed}/${what}/${at}`, sittings: SITTINGS, ...SITTING };
        const when = lasting ? `${at}+` : String(at);
        const run = await failingAt({ ...plan, writer: 'w' }, calls, error, when);
        const transcript = transcriptOf([run.lines]);
        const answers = answersOf(run.lines);
        const refused = answers.flatMap((answer) => failureOf(answer) ?? []);
        const unopened = failedOpenings(run.lines);

        expect(run.exit).toEqual({ code: 0, signal: null, errors: '' });
        expect(run.struck.length).toBeGreaterThan(0);
        const failures = [...refused, ...unopened];
        expect(failures.filter(({ type }) => !TYPED.includes(type))).toEqual([]);
        const firstFailed = answers.findIndex((answer) => failureOf(answer) !== undefined);
        if (lasting && firstFailed >= 0) {
          // Nothing is acknowledged any more.
          expect(answers.slice(firstFailed).filter(isAcknowledged)).toEqual([]);
        }
        // Whatever failed once is over: all that shared the commit, or one opening.
        if (!lasting) {
          expect(answers).toHaveLength(unopened.length === 0 ? COMMANDS : (COMMANDS / 3) * 2);
          expect(failures.length).toBeLessThanOrEqual(SITTING.lanes);
        }
        tally.add(`runs of ${what}`);
        for (const { type } of unopened) tally.add(`openings ${type} (${what})`);
        for (const failure of refused) {
          tally.add(`${failure.type}${leavesOpen(failure) ? ' in doubt' : ''} (${what})`);
        }
        await tally.judge(path, transcript, { what, at });
      });
    },
    TIMEOUT_MS,
  );
});
