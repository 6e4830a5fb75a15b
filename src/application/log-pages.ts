/**
 * The one way in which the log is read from one place to another: page by page, with a turn for others after
 * each, and stopped by whatever is missing.
 */
import * as E from 'fp-ts/lib/Either.js';
import { gapBefore, missingBefore } from './decode-event';
import type { StoreFailure, UndecodableEvent } from './failures';
import { BEFORE_ALL, EVENTS_A_PAGE, type EventStore, type RecordedEvent } from './ports';

/** Which part of the log; the whole of it where nothing is said. */
export interface LogPart {
  /** Exclusive. */
  readonly after?: bigint;
  /** Inclusive; the end of the log where it is not said. */
  readonly until?: bigint;
  /** Asked before each page. */
  readonly pageSize?: () => number;
}

type Log = Pick<EventStore, 'readAll' | 'positions' | 'shortPages'>;
type Pages<Failure> = AsyncGenerator<
  E.Either<Failure, ReadonlyArray<RecordedEvent>>,
  void,
  undefined
>;

/** Long logs are read between other people's calls, not instead of them. */
export const giveTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/**
 * Notices what is missing. Where the positions of a store are consecutive, they tell all of it. Elsewhere
 * the revisions of each stream tell, and are remembered: memory grows with the streams that are met. Of a
 * log that is read from the middle on, no earlier revision is known: the first event of each stream is
 * taken as it comes, and those after it must follow.
 */
export class Continuity {
  private readonly revisions = new Map<string, bigint>();
  private readonly isWhole: boolean;

  /** @param last position after which the reading begins */
  constructor(
    private readonly log: Pick<EventStore, 'positions'>,
    private last: bigint = BEFORE_ALL,
  ) {
    this.isWhole = last === BEFORE_ALL;
  }

  /** Goes on to the next event; says so when something is missing before it. */
  take(event: RecordedEvent): UndecodableEvent | undefined {
    return this.log.positions === 'consecutive'
      ? this.takePosition(event)
      : this.takeRevision(event);
  }

  private takePosition(event: RecordedEvent): UndecodableEvent | undefined {
    const isNext = event.position === this.last + 1n;
    this.last = event.position;
    return isNext ? undefined : missingBefore(event);
  }

  private takeRevision(event: RecordedEvent): UndecodableEvent | undefined {
    const { stream, revision } = event;
    const known = this.revisions.get(stream) ?? (this.isWhole ? -1n : revision - 1n);
    this.revisions.set(stream, revision);
    return revision === known + 1n ? undefined : gapBefore(event, known + 1n);
  }
}

/** Whether nothing follows a page of the log, for which `size` events were asked. */
export const isLastPage = (
  { shortPages = false }: Pick<EventStore, 'shortPages'>,
  page: ReadonlyArray<RecordedEvent>,
  size: number,
): boolean => page.length < (shortPages ? 1 : size);

/**
 * A part of the log as the store gives it, oldest first: for those who judge by themselves what is missing.
 * Ends after the first failure, and else with the last page.
 */
export async function* storedPages(
  store: Pick<EventStore, 'readAll' | 'shortPages'>,
  { after = BEFORE_ALL, until, pageSize = () => EVENTS_A_PAGE }: LogPart = {},
): Pages<StoreFailure> {
  let position = after;
  while (until === undefined || position < until) {
    const size = pageSize();
    const page = await store.readAll(position, size)();
    if (E.isLeft(page)) return yield page;
    const end = until;
    yield end === undefined ? page : E.right(page.right.filter((event) => event.position <= end));
    if (isLastPage(store, page.right, size)) return;
    position = page.right.at(-1)?.position ?? position;
    await giveTurn();
  }
}

/** A part of the log, oldest first. Ends after the first failure: something that is missing is one. */
export async function* wholePages(
  store: Log,
  part: LogPart = {},
): Pages<StoreFailure | UndecodableEvent> {
  const continuity = new Continuity(store, part.after);
  for await (const page of storedPages(store, part)) {
    if (E.isLeft(page)) return yield page;
    let missing: UndecodableEvent | undefined;
    const end = page.right.findIndex((event) => (missing = continuity.take(event)) !== undefined);
    if (missing === undefined) {
      yield page;
    } else {
      yield E.right(page.right.slice(0, end));
      return yield E.left(missing);
    }
  }
}

/** A log that is known to be short, all of it at once. */
export const wholeLogOf = async (
  store: Pick<EventStore, 'readAll' | 'shortPages'>,
): Promise<E.Either<StoreFailure, ReadonlyArray<RecordedEvent>>> => {
  const events: Array<RecordedEvent> = [];
  for await (const page of storedPages(store, { pageSize: () => Number.MAX_SAFE_INTEGER })) {
    if (E.isLeft(page)) return page;
    for (const event of page.right) events.push(event);
  }
  return E.right(events);
};
