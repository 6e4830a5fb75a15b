/**
 * A process that writes until it is killed, or for as many sittings as it is given: in each it opens the
 * ledger, sends some steps of every lane, the lanes at once, and closes. `writer.ts <JSON of WriterPlan>`.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { writeSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import threads from 'node:worker_threads';
import { sqliteStore } from '../../src/adapters/sqlite';
import { tryOpenLedger } from '../../src/application/open-ledger';
import type { EventStore, StoreConnector } from '../../src/application/ports';
import { LEDGER_STREAM } from '../../src/values/stream-name';
import { addressSecret, LaneSender } from './sending';
import type { Line } from './transcript';

export interface WriterPlan {
  readonly path: string;
  readonly seed: string;
  readonly writer: string;
  readonly lanes: number;
  readonly sittings: number;
  /** How many steps each lane sends in a sitting. */
  readonly steps: number;
  /** Planted: answer before the events are stored. For the proof that the verifier sees it. */
  readonly isHasty?: boolean;
}

/** Writes to a pipe that may be full for a moment; answers how many bytes went in. */
const tryWrite = (bytes: Uint8Array): number => {
  try {
    return writeSync(1, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return 0;
  }
};

// Written at once and past Node's buffers: what was said before a kill has been said.
const say = (line: Line): void => {
  let rest: Uint8Array = Buffer.from(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) rest = rest.subarray(tryWrite(rest));
};

// Wherever it runs, and seen from outside.
os.availableParallelism = () => 2;
threads.Worker = class extends threads.Worker {
  constructor(file: string | URL, options?: threads.WorkerOptions) {
    super(file, options);
    this.on('message', (said) => {
      if (said === 'ready')
        this.once('message', () => {
          say(['beside']);
        });
    });
  }
};

const HASTE_MS = 100;

const hasty = (store: EventStore): EventStore => {
  let [earlier, position] = [Promise.resolve(), 0n];
  return {
    ...store,
    append: (appends) => {
      if (appends[0].stream === LEDGER_STREAM) return store.append(appends);
      earlier = earlier
        .then(() => sleep(HASTE_MS))
        .then(store.append(appends))
        .then(() => undefined);
      position += BigInt(appends.flatMap(({ events }) => events).length);
      return TE.right({ position });
    },
  };
};

const connector = ({ path, isHasty }: WriterPlan): StoreConnector => {
  const sound = sqliteStore(path);
  return isHasty === true
    ? { name: sound.name, connect: () => sound.connect().then(E.map(hasty)) }
    : sound;
};

/** A function of its own, so that nothing of the ledger is reachable once it has ended. */
const sit = async (plan: WriterPlan, senders: ReadonlyArray<LaneSender>): Promise<void> => {
  say(['opening']);
  const opened = await tryOpenLedger({ store: connector(plan), addressSecret });
  if (E.isLeft(opened)) {
    say(['not opened', opened.left]);
    return;
  }
  const ledger = opened.right;
  say(['open']);
  await Promise.all(
    senders.map(async (sender) => {
      for (let step = 0; step < plan.steps; step += 1) await sender.next(ledger);
    }),
  );
  await ledger.close();
  say(['closed']);
};

const main = async (plan: WriterPlan): Promise<void> => {
  const { seed, writer } = plan;
  const senders = Array.from(
    { length: plan.lanes },
    (_, lane) => new LaneSender({ seed, writer, lane }, say),
  );
  for (let sitting = 0; sitting < plan.sittings; sitting += 1) {
    await sit(plan, senders);
    // The driver closes the file once its statements are collected: only then are -wal and -shm removed.
    await sleep(1);
    globalThis.gc?.();
    await sleep(1);
  }
  say(['done']);
};

void main(JSON.parse(process.argv[2] ?? '{}') as WriterPlan);
