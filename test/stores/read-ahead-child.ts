/**
 * Reads a ledger to its end, page by page, and prints what it read, how many threads were started for it,
 * how many of them broke, and how many pages they read: `read-ahead-child.ts <accident> <path> <other path>`.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import threads from 'node:worker_threads';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { sqliteStore } from '../../src/adapters/sqlite';
import { storedPages } from '../../src/application/log-pages';
import type { EventStore } from '../../src/application/ports';

const [accident = '', path = '', other = ''] = process.argv.slice(2);

// Wherever it runs, and seen from outside.
os.availableParallelism = () => 2;
const started: Array<threads.Worker> = [];
let broken = 0;
let ahead = 0;
threads.Worker = class extends threads.Worker {
  constructor(file: string | URL, options?: threads.WorkerOptions) {
    if (accident === 'silence') super('setInterval(() => {}, 1_000)', { eval: true });
    else super(file, options);
    started.push(this);
    this.on('exit', (code) => (broken += Number(code === 2)));
    this.on('message', (said) => (ahead += Number(said !== 'ready')));
  }
};

/** Waits for a thread, which alone does not keep the process. */
const waitFor = async (happened: Promise<unknown>): Promise<void> => {
  const alive = setInterval(() => undefined, 1_000);
  await happened;
  clearInterval(alive);
};

/** Waits until the thread that was started last says that it can be asked. */
const ready = (): Promise<void> => waitFor(once(started.at(-1) ?? process, 'message'));

const ended = (thread: threads.Worker | undefined): Promise<void> =>
  waitFor(new Promise((resolve) => thread?.once('exit', resolve)));

/** After so many pages a thread has been started; no page has been asked of it. */
const START = 8;

const accidents: Readonly<Record<string, (page: number, store: EventStore) => unknown>> = {
  nothing: (page) => (page === START ? ready() : undefined),
  /** The thread never says that it is there. */
  silence: () => undefined,
  /** The thread dies in the middle. */
  death: (page) => {
    if (page === START) return ready();
    // What it cannot read ends it. To end it from here may find it in the driver.
    if (page === START + 8) started[0]?.postMessage(null);
    return undefined;
  },
  /** Nothing is read for longer than the thread waits. */
  rest: (page) => {
    if (page === START + 8) return sleep(1_500);
    return page === START || page === 2 * START + 8 ? ready() : undefined;
  },
  /** Others read beside it, here and there. */
  neighbours: async (page, store) => {
    if (page === START) await ready();
    const beside = [await store.readAll(BigInt(page), 3)()];
    if (page > START) beside.push(await store.readAll(BigInt(page * 7), 500)());
    const counts = beside.map((read) => (isRight(read) ? read.right.length : 0));
    if (counts.some((count) => count !== 3 && count !== 500)) throw new Error('A page is short.');
  },
  /** Another ledger takes the place of the one that is open, before the thread is there. */
  replacement: (page) => {
    if (page === 2) renameSync(other, path);
    // Whether it finds the other file or one that is neither, it ends.
    return page === START ? ended(started[0]) : undefined;
  },
  /** The reader has enough while pages are on their way. */
  leaving: (page) => {
    if (page === START) return ready();
    return page === START + 1 ? 'enough' : undefined;
  },
  /** The process ends while pages are on their way. */
  exit: (page) => {
    if (page === START) return ready();
    if (page === START + 1) {
      // A host's own listener may end it in its turn.
      process.on('exit', () => process.exit(7));
      process.exit(5);
    }
    return undefined;
  },
  /** The store is closed while pages are on their way. */
  closing: (page, store) => {
    if (page === START) return ready();
    if (page === START + 8) void store.close();
    return undefined;
  },
};

const main = async (): Promise<string> => {
  const connected = await sqliteStore(path, { readOnly: true }).connect();
  if (isLeft(connected)) throw new Error(connected.left.message);
  const store = connected.right;
  const digest = createHash('sha256');
  let pages = 0;
  for await (const page of storedPages(store)) {
    if (isLeft(page)) return `${page.left.type} ${page.left.message}`;
    for (const { position, id, data, metadata } of page.right) {
      digest.update(JSON.stringify([String(position), id, data, metadata]));
    }
    if ((await accidents[accident]?.((pages += 1), store)) === 'enough') break;
  }
  await store.close();
  return accident === 'leaving' ? 'left' : digest.digest('hex');
};

void main().then((read) => {
  process.stdout.write(`${started.length} ${broken} ${ahead} ${read}\n`);
});
