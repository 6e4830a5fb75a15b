/**
 * Starts writers, which are killed by the hundred: the sources are compiled once, and a child starts twice
 * as fast as one that compiles for itself.
 */
import { afterAll } from '@jest/globals';
import { transformSync } from '@swc/core';
import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WriterPlan } from './writer';

const ROOT = join(__dirname, '..', '..');
const COMPILED = ['src', 'projections', 'test/crash'];

let compiled: string | undefined;

const alive = new Set<ChildProcess>();

afterAll(() => {
  for (const child of alive) child.kill('SIGKILL');
  if (compiled !== undefined) rmSync(compiled, { recursive: true, force: true });
});

const compile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-compiled-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const part of COMPILED) {
    const names = readdirSync(join(ROOT, part), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((one) => /(?<!\.d|\.test)\.ts$/.test(one))) {
      const filename = join(ROOT, part, name);
      const { code } = transformSync(readFileSync(filename, 'utf8'), {
        filename,
        swcrc: false,
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      });
      const target = join(folder, part, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
  }
  return folder;
};

/** How a writer ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

export interface Writer {
  /** Resolves when it has said at least `count` lines, or is gone. */
  readonly said: (count: number) => Promise<void>;
  /** Resolves when it has said `line`, or is gone. */
  readonly says: (line: string) => Promise<void>;
  readonly kill: () => void;
  /** Resolves when it is gone and everything that it said is here. */
  readonly exit: Promise<Exit>;
  /** Everything that it said so far. */
  readonly lines: () => ReadonlyArray<string>;
}

/** Starts a writer, as it is or under a command such as `['strace', '-f']`. */
export const startWriter = (plan: WriterPlan, under: ReadonlyArray<string> = []): Writer => {
  compiled ??= compile();
  const script = join(compiled, 'test/crash/writer.js');
  const node = [process.execPath, '--expose-gc', script, JSON.stringify(plan)];
  const [program = '', ...rest] = [...under, ...node];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });

  alive.add(child);
  let [text, errors, lines, isGone] = ['', '', 0, false];
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const check of waiting) check();
  };
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    lines += more.split('\n').length - 1;
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    errors += more;
  });
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      isGone = true;
      alive.delete(child);
      tell();
      resolve({ code, signal, errors });
    });
  });

  const until = (isSaid: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!isSaid() && !isGone) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });

  return {
    said: (count) => until(() => lines >= count),
    says: (line) => until(() => text.includes(`\n${line}\n`)),
    kill: () => {
      child.kill('SIGKILL');
    },
    exit,
    lines: () => text.split('\n').filter((line) => line !== ''),
  };
};
