/** Making the tables of projections from the log, beside those that are read. */
import * as E from 'fp-ts/lib/Either.js';
import type { Checkpoint, ReadModel, Rebuilding } from '../../../projections/read-model';
import type { EventStore } from '../ports';
import { Follower } from './follower';
import type { AnyFollower, AnyProjection } from './followers';
import { readOn, type Take, type Taker } from './log-tail';
import type { Outcome } from './outcome';

/** Events between two commits: a crash costs no more than these. */
const EVENTS_A_COMMIT = 10_000;

/** Whether the log has the event that tables were brought to: not after it was replaced, or restored. */
export const isOfLog = async (
  store: EventStore,
  checkpoint: Checkpoint | undefined,
): Outcome<boolean> => {
  if (checkpoint === undefined) return E.right(true);
  const { stream, revision, position, eventId } = checkpoint;
  // In its stream, since a store may refuse to read the log from just before it.
  const slice = await store.readStream(stream, revision)();
  if (E.isLeft(slice)) return slice;
  const [event] = slice.right.events;
  return E.right(event?.position === position && event.id === eventId);
};

/** The tables of one projection in memory, on their way to the end of the log. */
export class MakingInMemory {
  readonly follower: AnyFollower;

  constructor(projection: AnyProjection) {
    this.follower = new Follower(projection, undefined);
  }

  /**
   * Brings the tables to where the log ends now.
   *
   * @throws BrokenProjection when the projection throws
   */
  async bringAlong(store: EventStore, onProgress: (position: bigint) => void): Outcome<void> {
    const head = await store.head();
    if (E.isLeft(head)) return head;
    const read = await readOn(store, this.follower.position, this.taker, (position) => {
      onProgress(position);
      return position >= head.right ? 'stop' : undefined;
    });
    return E.isLeft(read) ? read : E.right(undefined);
  }

  private get taker(): Taker {
    return { reads: this.follower.projection.handles, take: this.take };
  }

  private readonly take: Take = (stored, event) => {
    this.follower.take(stored, event);
  };
}

/** The kept tables of one projection on their way to the end of the log. */
export class Making {
  readonly follower: AnyFollower;
  private unwritten = 0;

  constructor(
    private readonly rebuilding: Rebuilding<never>,
    projection: AnyProjection,
  ) {
    this.follower = new Follower(projection, rebuilding.kept);
  }

  /**
   * Brings the tables to where the log ends now, a commit every so many events.
   *
   * @throws BrokenProjection when the projection throws
   */
  async bringAlong(store: EventStore, onProgress: (position: bigint) => void): Outcome<void> {
    const head = await store.head();
    if (E.isLeft(head)) return head;
    for (;;) {
      this.begin();
      const read = await readOn(store, this.follower.position, this.taker, (position) => {
        onProgress(position);
        // What others record from here on is taken in by whoever reads next.
        return position >= head.right || this.isMuchUnwritten ? 'stop' : undefined;
      });
      if (E.isLeft(read)) return read;
      const isAtEnd = read.right >= head.right || !this.isMuchUnwritten;
      // Another process may make the same tables, and have brought them somewhere else: go on from there.
      if (this.commit() && isAtEnd) return E.right(undefined);
    }
  }

  /** Puts the tables in the place of those that are read. */
  finish(): void {
    this.rebuilding.finish();
  }

  close(): void {
    this.rebuilding.close();
  }

  private get isMuchUnwritten(): boolean {
    return this.unwritten >= EVENTS_A_COMMIT;
  }

  private begin(): void {
    if (!this.rebuilding.begin()) this.follower.resume();
  }

  private commit(): boolean {
    this.unwritten = 0;
    this.follower.advance();
    const isOurs = this.rebuilding.commit();
    if (!isOurs) this.follower.resume();
    return isOurs;
  }

  private get taker(): Taker {
    return { reads: this.follower.projection.handles, take: this.take };
  }

  private readonly take: Take = (stored, event) => {
    this.follower.take(stored, event);
    this.unwritten += 1;
  };
}

/** Starts to make the tables of a projection, or goes on where it was interrupted. */
export const startMaking = async (
  store: EventStore,
  readModel: ReadModel,
  projection: AnyProjection,
  afresh: boolean,
): Outcome<Making> => {
  const started = readModel.rebuild<never>(projection, afresh);
  const isOurs = await isOfLog(store, started.kept.checkpoint);
  if (E.isLeft(isOurs)) {
    started.close();
    return isOurs;
  }
  if (isOurs.right) return E.right(new Making(started, projection));
  started.close();
  return E.right(new Making(readModel.rebuild<never>(projection, true), projection));
};
