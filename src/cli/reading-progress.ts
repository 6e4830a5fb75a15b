/** How far a log has been read, for commands that ask the ledger and do not see it read. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { isLastPage } from '../application/log-pages';
import { BEFORE_ALL, type EventStore, type StoreConnector } from '../application/ports';
import { type Progress, type ProgressOptions, showProgress } from './progress';

type Shown = Pick<ProgressOptions, 'output' | 'now'>;

export interface ReadingProgress extends Pick<Progress, 'finish'> {
  /** @param events how many were taken up to there, where it is not all */
  readonly passed: (position: bigint | string, events?: number) => void;
}

const forPeople: Shown = { output: process.stderr, now: () => performance.now() };

/** Shows how far a log has been read that ends at the position `head`. */
export const showReading = (head: bigint, shown = forPeople): ReadingProgress => {
  const progress = showProgress({ ...shown, size: Number(head) + 1, unit: 'events' });
  return {
    finish: progress.finish,
    passed: (position, events = Number(position) + 1) => {
      progress.passed(Number(position) + 1, events);
    },
  };
};

/** The store, which shows how far its log has been read, anew each time that it is read from the beginning. */
export const showingReads = (store: EventStore, shown = forPeople): EventStore => {
  let progress: ReadingProgress | undefined;
  const finish = (): void => {
    progress?.finish();
    progress = undefined;
  };
  const toldOf = async (position: bigint): Promise<void> => {
    const head = progress === undefined ? await store.head() : E.right(position);
    // A log that cannot be read says so to whoever reads it.
    if (E.isRight(head)) progress ??= showReading(head.right, shown);
    progress?.passed(position);
  };
  return {
    ...store,
    readAll: (position, maxCount) => async () => {
      if (position === BEFORE_ALL) finish();
      const page = await store.readAll(position, maxCount)();
      const last = E.isRight(page) ? page.right.at(-1) : undefined;
      if (last === undefined || E.isLeft(page) || isLastPage(store, page.right, maxCount)) {
        finish();
        return page;
      }
      await toldOf(last.position);
      return page;
    },
    close: () => {
      finish();
      return store.close();
    },
  };
};

/** The same for a store that is still to be opened. */
export const showingReadsOf = ({ name, connect }: StoreConnector): StoreConnector => ({
  name,
  connect: TE.map((store: EventStore) => showingReads(store))(connect),
});
