/**
 * A thread that is there while it is worth its while.
 *
 * It may always be missing: where none is wanted, without a second processor, where its file is not found,
 * while it starts, or once it has failed in any way. Whoever uses it does its work without it then.
 */
import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { Place } from './connection';
import { DriverThread, type KnownEvent } from './driver-thread';

export class ThreadOnDemand<Request, Answer> {
  private thread: DriverThread<Request, Answer> | undefined;
  private idle: NodeJS.Timeout | undefined;
  private ending: Promise<void> = Promise.resolve();
  /** How many answers are awaited. */
  private awaited = 0;
  private isUseless: boolean;

  /**
   * @param main the module that it runs, in this folder
   * @param idleMs so long after it was last of use it ends
   * @param onEnd called when it was idle or is closed, before it ends
   */
  constructor(
    private readonly main: string,
    private readonly place: Place,
    private readonly idleMs: number,
    private readonly onEnd: () => void = () => undefined,
  ) {
    this.isUseless = !place.threads || !isMainThread || availableParallelism() < 2;
  }

  /** Whether it can be asked. */
  get isReady(): boolean {
    return this.thread?.isReady === true;
  }

  /** It is worth its while now: starts it if it is not there. */
  need(known: KnownEvent): void {
    if (this.thread?.hasFailed === true) this.isUseless = true;
    if (this.isUseless) return;
    this.thread ??= new DriverThread(this.main, this.place, known);
    this.keep();
  }

  /** Its answer, in the order of the requests; nothing if it is missing, ends, or has nothing to say. */
  async ask(request: Request): Promise<Answer | undefined> {
    this.awaited += 1;
    clearTimeout(this.idle);
    const answer = await this.thread?.ask(request);
    this.awaited -= 1;
    this.keep();
    return answer;
  }

  /** It is of use: it stays for another while. */
  keep(): void {
    clearTimeout(this.idle);
    // Whoever is waited for is not idle, however long it takes.
    if (this.awaited > 0) return;
    this.idle = setTimeout(() => void this.end(), this.idleMs).unref();
  }

  /** Ends it, for good. */
  async close(): Promise<void> {
    this.isUseless = true;
    await this.end();
  }

  private end(): Promise<void> {
    clearTimeout(this.idle);
    this.onEnd();
    const { thread } = this;
    if (thread?.hasFailed === true) this.isUseless = true;
    this.thread = undefined;
    this.ending = this.ending.then(() => thread?.end());
    return this.ending;
  }
}
