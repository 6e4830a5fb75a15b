/** Runs the built command as a process of its own, as a person would. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { BEFORE_ALL, type RecordedEvent } from '../../src';
import { sqliteStore } from '../../src/adapters/sqlite';
import type { RunReport } from '../../src/cli/run-report';

export const root = resolve(__dirname, '../..');
export const demoFile = join(root, 'examples/data/organization.jsonl');
const main = join(root, 'dist/src/cli/main.js');

/** A secret for files that are not the demonstration's. */
export const SECRET = 'a secret of the tests only';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  /** Sends text to its standard input, which stays open. */
  readonly feed: (text: string) => void;
  readonly endInput: () => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly closeOutput: () => void;
  readonly ended: Promise<Ended>;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `seatledger` with `args`. No environment variable of ours but those given. */
export const start = (args: ReadonlyArray<string>, { cwd, env = {} }: Surroundings): Running => {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A child that was killed no longer listens.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ended>((resolved) => {
    child.on('close', (code, signal) => {
      resolved({ code, signal, stdout, stderr });
    });
  });
  return {
    feed: (text) => child.stdin.write(text),
    endInput: () => {
      child.stdin.end();
    },
    kill: (signal) => child.kill(signal),
    closeOutput: () => {
      child.stdout.destroy();
    },
    ended,
  };
};

/** Runs `seatledger` to its end. Whatever happens, nobody is shown a stack trace. */
export const seatledger = async (
  args: ReadonlyArray<string>,
  surroundings: Surroundings,
): Promise<Ended> => {
  const ended = await start(args, surroundings).ended;
  expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  return ended;
};

export const reportIn = ({ stdout }: Ended): RunReport => JSON.parse(stdout) as RunReport;

/** Every event in the ledger at `path`. */
export const eventsIn = async (path: string): Promise<ReadonlyArray<RecordedEvent>> => {
  const store = await sqliteStore(path, { readOnly: true }).connect();
  if (store._tag === 'Left') throw new Error(store.left.message);
  const events = await store.right.readAll(BEFORE_ALL, 100_000)();
  await store.right.close();
  if (events._tag === 'Left') throw new Error(events.left.message);
  return events.right;
};

/** Polls until `isSo`. */
export const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolved) => setTimeout(resolved, 20));
};

/** A folder for the tests of one file, gone afterwards; the built command must be there. */
export const workingFolder = (): {
  readonly path: (name: string) => string;
  folder: () => string;
} => {
  let folder = '';
  beforeAll(() => {
    if (!existsSync(main)) {
      throw new Error('There is no built command: run `npm run build` first, or `npm test`.');
    }
    folder = mkdtempSync(join(tmpdir(), 'seatledger-cli-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return { path: (name) => join(folder, name), folder: () => folder };
};
