/** The rebuild that is measured: a whole log, read and checked, into three views in memory. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { LiveProjection, projections } from '../../projections';
import { sqliteStore } from '../../src/adapters/sqlite';
import { readBy } from '../../src/application/following/followers';
import { readOn } from '../../src/application/following/log-tail';
import { BEFORE_ALL, type EventStore } from '../../src/application/ports';

export const openedForReading = async (path: string): Promise<EventStore> => {
  const store = await sqliteStore(path, { readOnly: true }).connect();
  if (isLeft(store)) throw new Error(store.left.message);
  return store.right;
};

const { seats, draftsLost, sequencesStopped } = projections;

const emptyViews = () => [
  new LiveProjection(seats),
  new LiveProjection(draftsLost),
  new LiveProjection(sequencesStopped),
];

/** Reads everything into views, and answers them. `onPage` is called after each page. */
export const rebuilt = async (store: EventStore, events: number, onPage?: () => void) => {
  const views = emptyViews();
  const last = await readOn(
    store,
    BEFORE_ALL,
    {
      reads: readBy([seats, draftsLost, sequencesStopped]),
      take: ({ position }, event) => {
        for (const view of views) {
          if (event === undefined) view.pass(position);
          else view.apply(event);
        }
      },
    },
    () => {
      onPage?.();
      return undefined;
    },
  );
  if (isLeft(last)) throw new Error(last.left.message);
  if (last.right !== BigInt(events - 1))
    throw new Error(`Only ${last.right} of ${events} were read.`);
  return views;
};
