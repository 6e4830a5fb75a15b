/** A thread that reads pages of a log, seen from the thread that asks for them. */
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RecordedEvent } from '../../application/ports';
import { isBuiltIn, loadDriver } from './driver';
import type { LogPage } from './log-page';
import { Pause } from './pause';

/** What a thread is started with: a file, and an event that must be in it. */
export interface ThreadTask {
  readonly path: string;
  readonly position: number;
  readonly id: string;
  /** Whether the driver must be the one in Node. */
  readonly isBuiltIn: boolean;
  /** Memory of the {@link Pause} that it calls the driver in. */
  readonly pause: SharedArrayBuffer;
}

/** What a thread is asked for: so many events from there on. */
export interface PageRequest {
  readonly start: number;
  readonly limit: number;
}

/** What it says once it can be asked, and then for each request: a page, or nothing if that is too large to wait here. */
export type ThreadAnswer = 'ready' | LogPage | undefined;

/** Those that have not ended. */
const running = new Set<PageThread>();

/** A process ends its threads wherever they are. First of all: a listener that exits lets no other one run. */
const holdAll = (): void => {
  for (const thread of running) thread.hold();
};

export class PageThread {
  isReady = false;
  /** Once it has, it answers nothing to every request. */
  hasFailed = false;
  private isEnding = false;
  private readonly pause = new Pause();
  private readonly worker: Worker | undefined;
  private readonly waiting: Array<(page: LogPage | undefined) => void> = [];

  constructor(path: string, { position, id }: RecordedEvent) {
    const task: ThreadTask = {
      path,
      position: Number(position),
      id,
      isBuiltIn: isBuiltIn(loadDriver()),
      pause: this.pause.memory,
    };
    try {
      // Beside this file, and compiled if this one is.
      const file = join(__dirname, `page-thread-main${extname(__filename)}`);
      this.worker = new Worker(file, { workerData: task });
    } catch {
      this.hasFailed = true;
      return;
    }
    if (running.size === 0) process.prependListener('exit', holdAll);
    running.add(this);
    this.worker.unref();
    this.worker.on('message', (said: ThreadAnswer) => {
      if (said === 'ready') this.isReady = true;
      else this.answer(said);
    });
    // What is wrong does not matter: it ends, and is done without.
    this.worker.on('error', () => undefined);
    this.worker.on('messageerror', () => void this.end());
    this.worker.on('exit', () => {
      this.hasFailed = true;
      while (this.waiting.length > 0) this.answer(undefined);
      running.delete(this);
      if (running.size === 0) process.off('exit', holdAll);
    });
  }

  /** Answers in the order of the requests. */
  read(start: number, limit: number): Promise<LogPage | undefined> {
    if (this.hasFailed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      // A process that waits for a page must not end meanwhile.
      this.worker?.ref();
      this.worker?.postMessage({ start, limit } satisfies PageRequest);
    });
  }

  /** Waits until it has come back from the driver, and keeps it from going there again. */
  hold(): void {
    this.pause.hold();
  }

  async end(): Promise<void> {
    this.isEnding = true;
    this.hold();
    // Nor must one that waits for this.
    this.worker?.ref();
    await this.worker?.terminate();
  }

  private answer(page: LogPage | undefined): void {
    this.waiting.shift()?.(page);
    // What comes while it ends is the last of it.
    if (this.waiting.length === 0 && !this.isEnding) this.worker?.unref();
  }
}
