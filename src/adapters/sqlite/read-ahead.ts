/**
 * Has the next pages of a long log read on a thread of its own, while this one takes in what is there.
 *
 * It may always have nothing: without a second processor, where the thread's file is not found, while the
 * thread starts, or once it has failed in any way. The page is then read as if there were no thread.
 */
import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { RecordedEvent } from '../../application/ports';
import type { LogPage } from './log-page';
import { PageThread } from './page-thread';

/** Whoever has read so many pages in order is reading the whole log. A thread takes a while to start. */
const PAGES_IN_ORDER = 8;
/** How many pages may be on their way or waiting. */
const PAGES_AHEAD = 8;
/** So long after the last page was taken the thread ends. */
const IDLE_MS = 1_000;

export class ReadAhead {
  private thread: PageThread | undefined;
  /** By the position that they start at. */
  private readonly pages = new Map<number, Promise<LogPage | undefined>>();
  private inOrder = 0;
  /** Where whoever reads in order asks next. */
  private next = 0;
  private idle: NodeJS.Timeout | undefined;
  private ending: Promise<void> = Promise.resolve();
  private isUseless = !isMainThread || availableParallelism() < 2;

  /**
   * @param path of the file, absolute
   * @param pageSize in events
   */
  constructor(
    private readonly path: string,
    private readonly pageSize: number,
  ) {}

  /** The page from `start` on, if it was ordered. A short one may have grown since. */
  async page(start: number, limit: number): Promise<LogPage | undefined> {
    const ordered = limit === this.pageSize ? this.pages.get(start) : undefined;
    if (ordered === undefined) return undefined;
    this.pages.delete(start);
    // Whoever waits is not idle, however long it takes.
    clearTimeout(this.idle);
    const page = await ordered;
    this.endSoon();
    // The thread has failed, or the events are large and wait better where they are.
    if (page === undefined) this.forget();
    return page;
  }

  /** Notes what was read, and orders what comes next when whole pages are read in order. */
  note(page: ReadonlyArray<RecordedEvent>): void {
    const [first] = page;
    const last = page.at(-1);
    const isNext = first !== undefined && Number(first.position) === this.next;
    const isWhole = page.length === this.pageSize;
    // While somebody reads the whole log, what others read beside them does not matter.
    if (!isNext && (!isWhole || this.inOrder >= PAGES_IN_ORDER)) return;
    if (!isNext || !isWhole) this.forget();
    if (last === undefined || !isWhole) return;
    this.next = Number(last.position) + 1;
    this.inOrder += 1;
    if (this.inOrder >= PAGES_IN_ORDER) this.order(last);
  }

  /** Ends the thread, for good. */
  async close(): Promise<void> {
    this.isUseless = true;
    await this.end();
  }

  private order(last: RecordedEvent): void {
    if (this.thread?.hasFailed === true) this.isUseless = true;
    if (this.isUseless) return;
    this.thread ??= new PageThread(this.path, last);
    this.endSoon();
    // Several at a time: waking a thread for each page would cost as much as reading it.
    if (!this.thread.isReady || this.pages.size * 2 > PAGES_AHEAD) return;
    for (let page = 0; page < PAGES_AHEAD; page += 1) {
      const start = this.next + page * this.pageSize;
      if (!this.pages.has(start)) this.pages.set(start, this.thread.read(start, this.pageSize));
    }
  }

  private endSoon(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void this.end(), IDLE_MS).unref();
  }

  private forget(): void {
    this.inOrder = 0;
    this.pages.clear();
  }

  private end(): Promise<void> {
    clearTimeout(this.idle);
    this.forget();
    const { thread } = this;
    this.thread = undefined;
    this.ending = this.ending.then(() => thread?.end());
    return this.ending;
  }
}
