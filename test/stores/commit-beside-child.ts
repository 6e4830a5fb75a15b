/**
 * Appends with many callers at once, each to a stream of its own, and writes to `<path>.log` each append that
 * was acknowledged; at last, how many threads were started, how many appends they committed, and how all
 * were answered: `commit-beside-child.ts <accident> <path>`.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { openSync, writeSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import threads from 'node:worker_threads';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { sqliteStore } from '../../src/adapters/sqlite';
import { type Database, loadDriver } from '../../src/adapters/sqlite/driver';
import type { AppendFailure } from '../../src/application/failures';
import type { EventStore } from '../../src/application/ports';

const [accident = '', path = ''] = process.argv.slice(2);

const CALLERS = 64;
/** Appends of each caller before the accident: enough to start a thread. */
const BEFORE = 30;
const AFTER = 40;

// Wherever it runs, and seen from outside.
os.availableParallelism = () => 2;
const started: Array<threads.Worker> = [];
let isReady = false;
let beside = 0;
threads.Worker = class extends threads.Worker {
  constructor(file: string | URL, options?: threads.WorkerOptions) {
    if (accident === 'silence') super('setInterval(() => {}, 1_000)', { eval: true });
    else super(file, options);
    started.push(this);
    this.on('message', (said: unknown) => {
      if (said === 'ready') isReady = true;
      else beside += (said as { readonly answer?: ReadonlyArray<unknown> }).answer?.length ?? 0;
    });
  }
};

// To a file and at once: what was said before the process ends has been said.
const log = openSync(`${path}.log`, 'w');
const say = (line: string): void => {
  writeSync(log, `${line}\n`);
};

const tally = new Map<string, number>();
const count = (answer: string): void => {
  tally.set(answer, (tally.get(answer) ?? 0) + 1);
};

/** One caller's stream: what is not known to be written is sent again with the same ids, until it is. */
class Caller {
  private written = 0;

  constructor(
    private readonly store: EventStore,
    private readonly name: number,
  ) {}

  async append(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      for (let isDone = false; !isDone;) isDone = await this.once();
    }
  }

  private async once(): Promise<boolean> {
    const digits = `${this.name}${String(this.written).padStart(6, '0')}`.padStart(12, '0');
    const event = {
      id: `00000000-0000-4000-8000-${digits}`,
      type: 'Counted',
      data: this.written,
      metadata: { by: `caller ${this.name}` },
    };
    const stream = `s${this.name}`;
    const expectedRevision = BigInt(this.written) - 1n;
    const answer = await this.store.append([{ stream, expectedRevision, events: [event] }])();
    count(isRight(answer) ? 'written' : answer.left.type);
    // Somebody wrote it before: that it was we, the id says.
    const isThere = isRight(answer) || this.isOurs(answer.left);
    if (isThere) say(`ack ${stream} ${this.written}`);
    else if (answer.left.type === 'StoreClosed') throw new Error('closed');
    if (isThere) this.written += 1;
    return isThere;
  }

  private isOurs(failure: AppendFailure): boolean {
    return failure.type === 'RevisionConflict' && failure.actual === String(this.written);
  }
}

/** Another process's lock, as far as SQLite is concerned: a connection of its own. */
const lock = (): Database => {
  const driver = loadDriver();
  if (driver === undefined) throw new Error('There is no driver.');
  const database = new driver.DatabaseSync(path, { readOnly: false });
  database.exec('BEGIN IMMEDIATE');
  return database;
};

const accidents: Readonly<Record<string, (store: EventStore) => unknown>> = {
  nothing: () => undefined,
  /** The host wants no threads. */
  unwanted: () => undefined,
  /** The thread never says that it is there. */
  silence: () => undefined,
  /** What it cannot take for a group ends it. To end it from here may find it in the driver. */
  death: () => started[0]?.postMessage(null),
  /** Another process holds the lock for a while. */
  lock: async () => {
    const database = lock();
    await sleep(150);
    database.exec('ROLLBACK');
    database.close();
  },
  /** Another process holds the lock for longer than the store waits. */
  longLock: async () => {
    const database = lock();
    await sleep(600);
    database.exec('ROLLBACK');
    database.close();
  },
  closing: (store) => void store.close(),
  exit: async () => {
    // Until some of them have been answered.
    const before = beside;
    while (beside === before) await sleep(1);
    process.on('exit', () => process.exit(7));
    process.exit(5);
  },
};

/** One caller appends to one stream without waiting for any answer, and once at the wrong place. */
const unawaited = async (store: EventStore): Promise<void> => {
  const event = (data: unknown) => ({ id: randomUUID(), type: 'Counted', data, metadata: null });
  const append = (stream: string, at: number) =>
    store.append([{ stream, expectedRevision: BigInt(at - 1), events: [event(at)] }])();
  const answers = Array.from({ length: 600 }, (_, at) =>
    at === 300 ? [append('s0', 7), append('burst', at)] : [append('burst', at)],
  );
  for (const answer of await Promise.all(answers.flat())) {
    say(isRight(answer) ? `placed ${answer.right.position}` : `refused ${answer.left.type}`);
  }
};

const main = async (): Promise<void> => {
  const connected = await sqliteStore(path, {
    busyTimeoutMs: 300,
    threads: accident !== 'unwanted',
  }).connect();
  if (isLeft(connected)) throw new Error(connected.left.message);
  const store = connected.right;
  const callers = Array.from({ length: CALLERS }, (_, name) => new Caller(store, name));
  const all = (times: number) => Promise.all(callers.map((caller) => caller.append(times)));
  await all(BEFORE);
  const [thread] = started;
  if (thread !== undefined && accident !== 'silence') {
    const alive = setInterval(() => undefined, 1_000);
    if (!isReady) await once(thread, 'message');
    clearInterval(alive);
    say('ready');
  }
  const going = all(AFTER);
  await accidents[accident]?.(store);
  await going.catch(() => undefined);
  if (accident === 'nothing') await unawaited(store);
  await store.close();
};

void main().then(() => {
  say(
    `threads ${started.length} beside ${beside} answers ${JSON.stringify(Object.fromEntries(tally))}`,
  );
});
