/**
 * Runs a TypeScript file of the tests in a Node process of its own, and talks to it by lines.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How a child ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

export interface Child {
  /** Every line it printed so far. */
  readonly lines: ReadonlyArray<string>;
  /** The first line, past or coming, that starts with `start`; rejects if the child ends without it. */
  readonly line: (start: string) => Promise<string>;
  /** Resolves when at least `count` lines came; rejects if the child ends before. */
  readonly count: (count: number) => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves when the child is gone and all its lines are here. */
  readonly exit: Promise<Exit>;
}

export interface ChildOptions {
  /** Run as this user and group; only root may ask for that. */
  readonly uid?: number;
  /** Run under this command, such as `['strace', '-f']`. */
  readonly under?: ReadonlyArray<string>;
}

const HOOK = join(__dirname, 'ts-hook.cjs');

/** Starts `script` (an absolute path) with `args`. */
export const runChild = (
  script: string,
  args: ReadonlyArray<string>,
  { uid, under = [] }: ChildOptions = {},
): Child => {
  const [program = '', ...rest] = [...under, process.execPath, '-r', HOOK, script, ...args];
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const lines: Array<string> = [];
  const watchers = new Set<() => void>();
  let errors = '';
  let exited = false;

  const tellWatchers = (): void => {
    for (const watcher of watchers) watcher();
  };
  const reader = createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    tellWatchers();
  });
  const allRead = new Promise((resolve) => reader.once('close', resolve));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      void allRead.then(() => {
        exited = true;
        tellWatchers();
        resolve({ code, signal, errors });
      });
    });
  });

  /** Resolves with what `find` finds in the lines, as soon as it does. */
  const watch = <A>(find: () => A | undefined, wanted: string): Promise<A> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = find();
        if (found !== undefined) resolve(found);
        else if (exited) reject(new Error(`The child ended without ${wanted}: ${errors}`));
        else return;
        watchers.delete(check);
      };
      watchers.add(check);
      check();
    });

  return {
    lines,
    line: (start) =>
      watch(() => lines.find((line) => line.startsWith(start)), `a line that starts with ${start}`),
    count: (count) =>
      watch(() => (lines.length >= count ? true : undefined), `${count} lines`).then(
        () => undefined,
      ),
    kill: (signal) => {
      child.kill(signal);
    },
    exit,
  };
};
