/** How far a log has been read, for commands that ask the ledger and do not see it read. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventStore, StoreConnector } from '../application/ports';
import { type Progress, showProgress } from './progress';

/** The store, which shows on `output` how far its log has been read, anew each time that it is read through. */
export const showingReads = (store: EventStore, output: NodeJS.WriteStream): EventStore => {
  let progress: Progress | undefined;
  const start = async (): Promise<Progress> => {
    const head = await store.head();
    const size = E.isRight(head) ? Number(head.right) + 1 : 0;
    return showProgress({ output, size, now: () => performance.now(), unit: 'events' });
  };
  const finish = (): void => {
    progress?.finish();
    progress = undefined;
  };
  return {
    ...store,
    readAll: (position, maxCount) => async () => {
      const page = await store.readAll(position, maxCount)();
      const last = E.isRight(page) ? page.right.at(-1) : undefined;
      if (last === undefined || E.isLeft(page) || page.right.length < maxCount) {
        finish();
        return page;
      }
      progress ??= await start();
      progress.passed(Number(last.position), Number(last.position));
      return page;
    },
    close: () => {
      finish();
      return store.close();
    },
  };
};

/** The same for a store that is still to be opened. */
export const showingReadsOf = (
  { name, connect }: StoreConnector,
  output: NodeJS.WriteStream,
): StoreConnector => ({
  name,
  connect: TE.map((store: EventStore) => showingReads(store, output))(connect),
});
