/** A thread with a connection of its own to a ledger file, seen from the thread that asks it. */
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Place } from './connection';
import { isBuiltIn, loadDriver } from './driver';
import { Pause } from './pause';

/** An event that must be in the file: another file may have been put in its place. */
export interface KnownEvent {
  readonly position: number;
  readonly id: string;
}

/** What a thread is started with. */
export interface ThreadTask {
  readonly place: Place;
  readonly known: KnownEvent;
  /** Whether the driver must be the one in Node. */
  readonly isBuiltIn: boolean;
  /** Memory of the {@link Pause} that it calls the driver in. */
  readonly pause: SharedArrayBuffer;
}

/** What it says once it can be asked, and then for each request. */
export type ThreadSays<Answer = unknown> = 'ready' | { readonly answer: Answer | undefined };

/** Those that have not ended. */
const running = new Set<{ readonly hold: () => void }>();

/** A process ends its threads wherever they are. First of all: a listener that exits lets no other one run. */
const holdAll = (): void => {
  for (const thread of running) thread.hold();
};

export class DriverThread<Request, Answer> {
  private hasBegun = false;
  private hasEnded = false;
  private isEnding = false;
  private readonly pause = new Pause();
  private readonly worker: Worker | undefined;
  private readonly waiting: Array<(answer: Answer | undefined) => void> = [];

  /** @param main the module that the thread runs, in this folder */
  constructor(main: string, place: Place, known: KnownEvent) {
    const task: ThreadTask = {
      place,
      known,
      isBuiltIn: isBuiltIn(loadDriver()),
      pause: this.pause.memory,
    };
    try {
      // Compiled if this file is.
      const file = join(__dirname, `${main}${extname(__filename)}`);
      this.worker = new Worker(file, { workerData: task });
    } catch {
      this.hasEnded = true;
      return;
    }
    if (running.size === 0) process.prependListener('exit', holdAll);
    running.add(this);
    this.worker.unref();
    this.worker.on('message', (said: ThreadSays<Answer>) => {
      if (said === 'ready') this.hasBegun = true;
      else this.answer(said.answer);
    });
    // What is wrong does not matter: it ends, and is done without.
    this.worker.on('error', () => undefined);
    this.worker.on('messageerror', () => void this.end());
    this.worker.on('exit', () => {
      this.hasEnded = true;
      while (this.waiting.length > 0) this.answer(undefined);
      running.delete(this);
      if (running.size === 0) process.off('exit', holdAll);
    });
  }

  /** Whether it can be asked. */
  get isReady(): boolean {
    return this.hasBegun && !this.hasEnded;
  }

  /** Whether it will never be asked again: it was not to be had, or something went wrong in it. */
  get hasFailed(): boolean {
    return this.hasEnded;
  }

  /** Answers in the order of the requests; nothing where the thread has nothing to say or has failed. */
  ask(request: Request): Promise<Answer | undefined> {
    if (this.hasEnded) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      try {
        this.worker?.postMessage(request);
      } catch {
        // It cannot be handed over: the thread has not heard of it.
        resolve(undefined);
        return;
      }
      this.waiting.push(resolve);
      // A process that waits for an answer must not end meanwhile.
      this.worker?.ref();
    });
  }

  /** Waits until it has come back from the driver, and keeps it from going there again. */
  hold(): void {
    this.pause.hold();
  }

  async end(): Promise<void> {
    this.isEnding = true;
    // One that died in the driver never comes back from there.
    if (!this.hasEnded) this.hold();
    // Nor must one that waits for this.
    this.worker?.ref();
    await this.worker?.terminate();
  }

  private answer(answer: Answer | undefined): void {
    this.waiting.shift()?.(answer);
    // What comes while it ends is the last of it.
    if (this.waiting.length === 0 && !this.isEnding) this.worker?.unref();
  }
}
