/** Ledgers on one store that appends to one stream at a time, which stop, wait or look late where a test says so. */
import {
  memoryStore,
  openLedger,
  type CommandInput,
  type Ledger,
  type RecordedEvent,
} from '../../src';
import type { EventStore, StoreConnector } from '../../src';
import type { Step } from '../../src/testing';
import { toSend } from './play';
import { yes } from './cast';

export const oneStreamStore = () => memoryStore({ atomicity: 'oneStream' });

/** A ledger that finishes nothing of its own accord. */
export const ledgerOn = (store: StoreConnector): Promise<Ledger> =>
  openLedger({
    store,
    addressSecret: 'a secret for the dead, long enough',
    recoverAtOpen: false,
  });

/** The store, with some of it done otherwise. */
export const altered = (
  connector: StoreConnector,
  alter: (store: EventStore) => Partial<EventStore>,
): StoreConnector => ({
  ...connector,
  connect: async () => {
    const connected = await connector.connect();
    if (connected._tag === 'Left') return connected;
    const { right: store } = connected;
    return { ...connected, right: { ...store, ...alter(store) } };
  },
});

/** Stops answering after `writes` appends, as a process that is killed. */
export const dyingAfter = (writes: number, connector: StoreConnector): StoreConnector => {
  let left = writes;
  return altered(connector, (store) => ({
    append: (appends) => () => {
      left -= 1;
      return left >= 0 ? store.append(appends)() : new Promise<never>(() => undefined);
    },
  }));
};

let sent = 0;

/** As it is to be sent: with an id of its own, and acknowledging what it says it does. */
export const made = async (ledger: Ledger, [by, draft]: Step): Promise<CommandInput> => {
  const commandId = `sent-${(sent += 1)}`;
  const numbered =
    'acknowledging' in draft
      ? { acknowledging: { commandId, ...draft.acknowledging } }
      : { commandId, ...draft };
  return (await toSend(ledger, [by, numbered])).command;
};

/** Sends these one after the other; each must be a yes. */
export const done = async (ledger: Ledger, ...steps: ReadonlyArray<Step>): Promise<void> => {
  for (const step of steps) yes(await ledger.execute(step[0], await made(ledger, step)));
};

/** Begins a command in a process that dies after `writes` appends. */
export const begun = async (
  connector: StoreConnector,
  step: Step,
  writes = 1,
): Promise<CommandInput> => {
  const dying = await ledgerOn(dyingAfter(writes, connector));
  const command = await made(dying, step);
  void dying.execute(step[0], command);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return command;
};

export const storeOf = async (connector: StoreConnector): Promise<EventStore> =>
  yes(await connector.connect());

export const logIn = async (connector: StoreConnector): Promise<ReadonlyArray<RecordedEvent>> => {
  const store = await storeOf(connector);
  return yes(await store.readAll(-1n, 10_000)());
};
