/** Ledgers that keep their views, for tests of what the views say. */
import { expect } from '@jest/globals';
import { views } from '../../projections';
import { type Ledger, openLedger, type StoreConnector } from '../../src';
import { sqliteReadModel } from '../../src/adapters/sqlite';
import { admin, minuteByMinute } from '../../src/testing';

/** @param readModel path of the file that the views are kept in; without it they are in memory */
export const opened = (store: StoreConnector, readModel?: string): Promise<Ledger> =>
  openLedger({
    store,
    addressSecret: 'a secret for the tests only',
    clock: minuteByMinute(),
    ...(readModel !== undefined && { readModel: sqliteReadModel(readModel) }),
  });

/** Registers seats under these ids. */
export const register = async (
  ledger: Ledger,
  ...userIds: ReadonlyArray<string>
): Promise<void> => {
  for (const userId of userIds) {
    const commandId = `register-${userId}`;
    const accountEmail = `${userId}@acme.example`;
    const command = { type: 'RegisterSeat', commandId, userId, accountEmail, profile: 'user' };
    expect(await ledger.execute(admin, command as never)).toMatchObject({ _tag: 'Right' });
  }
};

/** Everything that the six views say. */
export const everything = async (ledger: Ledger): Promise<unknown> => {
  const lists = new Array<unknown>();
  for (const name of Object.keys(views) as ReadonlyArray<keyof typeof views>) {
    lists.push(await ledger.views[name].list(admin));
  }
  return lists;
};

/** What a ledger says that folds the whole log. */
export const fresh = async (store: StoreConnector): Promise<unknown> =>
  everything(await opened(store));
