/** A store with something between its ledger and its appends. */
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoreConnector } from '../../src';

type Appends = Parameters<EventStore['append']>[0];
type Appending = ReturnType<ReturnType<EventStore['append']>>;

/** `connector`, whose every append is made by `make`, or not. */
export const appending = (
  connector: StoreConnector,
  make: (append: () => Appending, appends: Appends) => Appending,
): StoreConnector => ({
  ...connector,
  connect: async () => {
    const connected = await connector.connect();
    if (E.isLeft(connected)) return connected;
    const { right: store } = connected;
    return E.right({
      ...store,
      append: (appends: Appends) => () => make(() => store.append(appends)(), appends),
    });
  },
});
