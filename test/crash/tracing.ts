/** Writers under `strace`, which kills them at a chosen system call on the ledger's files, or makes the call fail. */
import { readFileSync } from 'node:fs';
import { type Exit, startWriter } from './children';
import { itWhere, succeeds } from './runs';
import type { WriterPlan } from './writer';

export const whereTraced = itWhere(
  succeeds('strace', ['-f', '-o', '/dev/null', 'true']),
  'strace is not installed or may not trace, so no kills at system calls and no failing calls',
);

export interface Traced {
  readonly exit: Exit;
  readonly lines: ReadonlyArray<string>;
  /** Every call in which the fault was at work. */
  readonly struck: ReadonlyArray<string>;
}

/** Only calls on these files are counted: not those by which Node reads its modules. */
const filesOf = (path: string): ReadonlyArray<string> =>
  ['', '-wal', '-shm', '-journal'].flatMap((end) => ['-P', `${path}${end}`]);

const traced = async (
  plan: WriterPlan,
  options: ReadonlyArray<string>,
  isStruck: (call: string) => boolean,
): Promise<Traced> => {
  const trace = `${plan.path}.trace`;
  const under = ['strace', '-f', '-o', trace, ...filesOf(plan.path), ...options];
  const writer = startWriter(plan, under);
  const exit = await writer.exit;
  const struck = readFileSync(trace, 'utf8').split('\n').filter(isStruck);
  return { exit, lines: writer.lines(), struck };
};

/**
 * Kills the writer when it is about to make its call number `at`.
 *
 * @param calls such as `fsync,fdatasync`, each counted for itself: builds of SQLite differ in what they use
 */
export const killedAt = (plan: WriterPlan, calls: string, at: number): Promise<Traced> => {
  const struck = new RegExp(
    `\\b(${calls.replaceAll(',', '|')})\\(.*(= \\?|<unfinished \\.\\.\\.>)$`,
  );
  // Not with --seccomp-bpf, which is faster: strace 6.1 then shows the call and does not kill.
  const options = ['-e', `trace=${calls}`, '-e', `inject=${calls}:signal=SIGKILL:when=${at}`];
  return traced(plan, options, (line) => struck.test(line));
};

/** Makes calls fail: `when` is a number, or `5+` for all from the fifth on. */
export const failingAt = (
  plan: WriterPlan,
  calls: string,
  error: string,
  when: string,
): Promise<Traced> =>
  traced(
    plan,
    ['--seccomp-bpf', '-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}:when=${when}`],
    (line) => line.includes('(INJECTED)'),
  );
