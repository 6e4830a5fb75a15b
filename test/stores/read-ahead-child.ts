/**
 * Reads a ledger to its end, page by page, and prints what it read and what a thread had read ahead of it:
 * `read-ahead-child.ts <accident> <path> <other path>`.
 */
import { createHash } from 'node:crypto';
import { renameSync } from 'node:fs';
import os from 'node:os';
import threads from 'node:worker_threads';
import { isLeft } from 'fp-ts/lib/Either.js';
import { sqliteStore } from '../../src/adapters/sqlite';
import { storedPages } from '../../src/application/log-pages';

// Wherever it runs, and seen from outside.
os.availableParallelism = () => 2;
const started: Array<threads.Worker> = [];
let ahead = 0;
threads.Worker = class extends threads.Worker {
  constructor(...given: ConstructorParameters<typeof threads.Worker>) {
    super(...given);
    started.push(this);
    this.on('message', () => (ahead += 1));
  }
};

type Accident = (page: number, path: string, other: string) => void;

const accidents: Readonly<Record<string, Accident>> = {
  nothing: () => undefined,
  /** The thread dies in the middle. */
  death: () => {
    if (ahead > 2) void started[0]?.terminate();
  },
  /** Another ledger takes the place of the one that is open, before the thread is there. */
  replacement: (page, path, other) => {
    if (page === 2) renameSync(other, path);
  },
};

const main = async ([accident = '', path = '', other = '']: ReadonlyArray<string>) => {
  const store = await sqliteStore(path, { readOnly: true }).connect();
  if (isLeft(store)) throw new Error(store.left.message);
  const digest = createHash('sha256');
  let pages = 0;
  for await (const page of storedPages(store.right)) {
    if (isLeft(page)) throw new Error(page.left.message);
    for (const { position, id, data, metadata } of page.right) {
      digest.update(JSON.stringify([String(position), id, data, metadata]));
    }
    accidents[accident]?.((pages += 1), path, other);
  }
  await store.right.close();
  process.stdout.write(`${digest.digest('hex')} ${started.length} ${ahead}\n`);
};

void main(process.argv.slice(2));
