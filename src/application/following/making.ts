/** Making the tables of projections from the log, beside those that are read. */
import * as E from 'fp-ts/lib/Either.js';
import type { Place, ReadModel, Rebuilding } from '../../../projections/read-model';
import type { Projection } from '../../../projections';
import type { Failure } from '../failures';
import { BEFORE_ALL, type EventStore } from '../ports';
import { Follower } from './follower';
import { readOn, type Take } from './log-tail';

/** Events between two commits: a crash costs no more than these. */
const EVENTS_A_COMMIT = 10_000n;

/** Whether the log has the event that tables were brought to: not after it was replaced, or restored. */
export const isOfLog = async (
  store: EventStore,
  place: Place | undefined,
): Promise<E.Either<Failure, boolean>> => {
  if (place === undefined) return E.right(true);
  const page = await store.readAll(place.position - 1n, 1)();
  if (E.isLeft(page)) return page;
  const [event] = page.right;
  return E.right(event?.position === place.position && event.id === place.eventId);
};

/** The tables of one projection on their way to the end of the log. */
export class Making {
  private readonly follower: Follower<never>;

  constructor(
    private readonly rebuilding: Rebuilding<never>,
    projection: Projection<never>,
  ) {
    this.follower = new Follower(projection, rebuilding.kept);
  }

  get checkpoint(): bigint {
    return this.follower.checkpoint;
  }

  /** Brings the tables to the end of the log, a commit every so many events. */
  async bringAlong(
    store: EventStore,
    onProgress: (position: bigint) => void,
  ): Promise<E.Either<Failure, void>> {
    for (;;) {
      this.begin();
      let committed = this.checkpoint;
      const read = await readOn(store, this.checkpoint, this.take, (position) => {
        onProgress(position);
        if (position - committed < EVENTS_A_COMMIT) return undefined;
        const isOurs = this.commit();
        this.begin();
        committed = position;
        return isOurs ? undefined : 'stop';
      });
      if (E.isLeft(read)) return read;
      // Another process may make the same tables, and have brought them somewhere else: go on from there.
      if (this.checkpoint === read.right && this.commit()) return E.right(undefined);
    }
  }

  /** Puts the tables in the place of those that are read. */
  finish(): void {
    this.rebuilding.finish();
  }

  close(): void {
    this.rebuilding.close();
  }

  private begin(): void {
    if (!this.rebuilding.begin()) this.follower.resume();
  }

  private commit(): boolean {
    this.follower.advance();
    const isOurs = this.rebuilding.commit();
    if (!isOurs) this.follower.resume();
    return isOurs;
  }

  private readonly take: Take = ({ position, id }, event) => {
    this.follower.take(position, id, event);
  };
}

/** Starts to make the tables of a projection, or goes on where it was interrupted. */
export const startMaking = async (
  store: EventStore,
  readModel: ReadModel,
  projection: Projection<never>,
  afresh: boolean,
): Promise<E.Either<Failure, Making>> => {
  const started = readModel.rebuild<never>(projection, afresh);
  const isOurs = await isOfLog(store, started.kept.place);
  if (E.isLeft(isOurs)) {
    started.close();
    return isOurs;
  }
  if (isOurs.right) return E.right(new Making(started, projection));
  started.close();
  return E.right(new Making(readModel.rebuild<never>(projection, true), projection));
};

/** The lowest of some positions. */
export const lowest = (positions: ReadonlyArray<bigint>): bigint =>
  positions.reduce((least, one) => (one < least ? one : least), positions[0] ?? BEFORE_ALL);
