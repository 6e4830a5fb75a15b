/** What opening a ledger costs whose views are kept and up to date, however long its log is. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { sqliteReadModel, sqliteStore } from '../../src/adapters/sqlite';
import { openLedger } from '../../src/application/open-ledger';
import { admin } from '../../src/testing/builders';
import { SECRET } from './plausible-file';
import type { Contender } from './rounds';

/** Opens the ledger, asks one view for one row, and closes it. */
const openAndAsk = async (path: string, userId: string): Promise<void> => {
  const ledger = await openLedger({
    store: sqliteStore(path),
    readModel: sqliteReadModel(`${path}.views`),
    addressSecret: SECRET,
  });
  const row = await ledger.views.seats.get(admin, userId);
  await ledger.close();
  if (isLeft(row) || row.right === null) throw new Error(JSON.stringify(row));
};

/** Makes all views of the file beside it, and answers how many seconds that took. */
export const keepViews = async (path: string, userId: string): Promise<number> => {
  const start = performance.now();
  await openAndAsk(path, userId);
  return (performance.now() - start) / 1000;
};

/** Counted in the events that are at hand afterwards, to stand beside a rebuild of the same events. */
export const opening = (path: string, userId: string, events: number): Contender => ({
  name: 'opening',
  run: async () => {
    await openAndAsk(path, userId);
    return events;
  },
});
