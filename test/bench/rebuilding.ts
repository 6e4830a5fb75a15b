/** The rebuild that is measured: a whole log, read and checked, into three views in memory. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { LiveProjection, projections } from '../../projections';
import { sqliteStore } from '../../src/adapters/sqlite';
import { readOn } from '../../src/application/following/log-tail';
import { BEFORE_ALL, type EventStore } from '../../src/application/ports';

export const MEGABYTE = 1_000_000;

export const openedForReading = async (path: string): Promise<EventStore> => {
  const store = await sqliteStore(path, { readOnly: true }).connect();
  if (isLeft(store)) throw new Error(store.left.message);
  return store.right;
};

const emptyViews = () => [
  new LiveProjection(projections.seats),
  new LiveProjection(projections.draftsLost),
  new LiveProjection(projections.sequencesStopped),
];

/** Reads everything into views. Answers them, and the most memory that was in use after a page. */
export const rebuilt = async (store: EventStore, events: number) => {
  const views = emptyViews();
  let most = 0;
  const last = await readOn(
    store,
    BEFORE_ALL,
    ({ position }, event) => {
      for (const view of views) {
        if (event === undefined) view.pass(position);
        else view.apply(event);
      }
    },
    () => {
      most = Math.max(most, process.memoryUsage.rss() / MEGABYTE);
      return undefined;
    },
  );
  if (isLeft(last)) throw new Error(last.left.message);
  if (last.right !== BigInt(events - 1))
    throw new Error(`Only ${last.right} of ${events} were read.`);
  return { views, most };
};
