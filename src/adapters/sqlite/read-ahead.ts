/**
 * Has the next pages of a long log read on a thread of its own, while this one takes in what is there.
 *
 * It may always have nothing: without a second processor, in a bundle that left the thread's file out, or
 * once the thread has failed in any way. The page is then read as if there were no thread.
 */
import { availableParallelism } from 'node:os';
import type { RecordedEvent } from '../../application/ports';
import { type LogPage, sizeOf } from './log-page';
import { PageThread } from './page-thread';

/** Whoever has read so many pages in order is reading the whole log. A thread takes a while to start. */
const PAGES_IN_ORDER = 8;
/** How many pages may be on their way or waiting; fewer while they are big. */
const MOST_PAGES = 8;
/** In bytes. */
const BIG_PAGE = 2_000_000;
/** So long after the last page the thread ends. */
const IDLE_MS = 1_000;

export class ReadAhead {
  private thread: PageThread | undefined;
  /** By the position that they start at. */
  private readonly pages = new Map<number, Promise<LogPage | undefined>>();
  private inOrder = 0;
  /** Where whoever reads in order asks next. */
  private next = 0;
  /** How many pages are asked for ahead. */
  private window = 1;
  private idle: NodeJS.Timeout | undefined;
  private isUseless = availableParallelism() < 2;

  /**
   * @param path of the file, absolute
   * @param pageSize in events
   */
  constructor(
    private readonly path: string,
    private readonly pageSize: number,
  ) {}

  /** The page from `start` on, if it was asked for. A short one may have grown since. */
  async page(start: number): Promise<LogPage | undefined> {
    const page = await this.pages.get(start);
    this.pages.delete(start);
    if (page !== undefined) {
      this.window = sizeOf(page) > BIG_PAGE ? 1 : Math.min(this.window * 2, MOST_PAGES);
    }
    return page;
  }

  /** Notes what was read, and asks for what comes next when whole pages are read in order. */
  note(page: ReadonlyArray<RecordedEvent>): void {
    const [first] = page;
    const last = page.at(-1);
    const isWhole = page.length === this.pageSize;
    this.inOrder = isWhole && Number(first?.position) === this.next ? this.inOrder + 1 : 0;
    this.next = last === undefined ? this.next : Number(last.position) + 1;
    if (last === undefined || this.inOrder < PAGES_IN_ORDER) this.pages.clear();
    else this.askAhead(last);
  }

  /** Ends the thread, for good. */
  async close(): Promise<void> {
    this.isUseless = true;
    await this.end();
  }

  private askAhead(last: RecordedEvent): void {
    if (this.thread?.hasFailed === true) this.isUseless = true;
    if (this.isUseless) return;
    this.thread ??= new PageThread(this.path, last);
    this.endSoon();
    // Several at a time: waking a thread for each page would cost as much as reading it.
    if (this.pages.size * 2 > this.window) return;
    for (let page = 0; page < this.window; page += 1) {
      const start = this.next + page * this.pageSize;
      if (!this.pages.has(start)) this.pages.set(start, this.thread.read(start, this.pageSize));
    }
  }

  private endSoon(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void this.end(), IDLE_MS).unref();
  }

  private async end(): Promise<void> {
    clearTimeout(this.idle);
    this.pages.clear();
    const { thread } = this;
    this.thread = undefined;
    await thread?.end();
  }
}
