/**
 * Has the next pages of a long log read on a thread of its own, while this one takes in what is there.
 * Where there is no thread, there is no page, and it is read as if there never were one.
 */
import type { RecordedEvent } from '../../application/ports';
import type { Place } from './connection';
import type { LogPage } from './log-page';
import { ThreadOnDemand } from './thread-on-demand';

/** What the thread is asked for: so many events from there on. */
export interface PageRequest {
  readonly start: number;
  readonly limit: number;
}

/** Whoever has read so many pages in order is reading the whole log. A thread takes a while to start. */
const PAGES_IN_ORDER = 8;
/** How many pages may be on their way or waiting. */
const PAGES_AHEAD = 16;
/** A long log is read once, when a process starts or a view is made anew. */
const IDLE_MS = 1_000;

export class ReadAhead {
  private readonly thread: ThreadOnDemand<PageRequest, LogPage>;
  /** By the position that they start at. */
  private readonly pages = new Map<number, Promise<LogPage | undefined>>();
  private inOrder = 0;
  /** Where whoever reads in order asks next. */
  private next = 0;

  /** @param pageSize in events */
  constructor(
    place: Place,
    private readonly pageSize: number,
  ) {
    this.thread = new ThreadOnDemand('page-thread', place, IDLE_MS, () => {
      this.forget();
    });
  }

  /** The page from `start` on, if it was ordered. A short one may have grown since. */
  async page(start: number, limit: number): Promise<LogPage | undefined> {
    const ordered = limit === this.pageSize ? this.pages.get(start) : undefined;
    if (ordered === undefined) return undefined;
    this.pages.delete(start);
    const page = await ordered;
    this.thread.keep();
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
  close(): Promise<void> {
    return this.thread.close();
  }

  private order({ position, id }: RecordedEvent): void {
    this.thread.need({ position: Number(position), id });
    // Many at a time: a thread that is woken may take this one's processor, for as long as it reads a page.
    if (!this.thread.isReady || this.pages.size * 4 > PAGES_AHEAD) return;
    for (let page = 0; page < PAGES_AHEAD; page += 1) {
      const start = this.next + page * this.pageSize;
      if (!this.pages.has(start)) {
        this.pages.set(start, this.thread.ask({ start, limit: this.pageSize }));
      }
    }
  }

  private forget(): void {
    this.inOrder = 0;
    this.pages.clear();
  }
}
