/** Opening a ledger: the options, the store, the secret it was made with. */
import * as E from 'fp-ts/lib/Either.js';
import { bindAddressSecret } from './address-secret';
import type { Failure } from './failures';
import type { Ledger } from './ledger';
import { ledgerOn } from './ledger-on';
import { type LedgerOptions, readOptions } from './ledger-options';
import { StateCache } from './state-cache';

/** Opens a ledger, or says as data why it cannot be opened. */
export const tryOpenLedger = async (options: LedgerOptions): Promise<E.Either<Failure, Ledger>> => {
  const settings = readOptions(options);
  if (E.isLeft(settings)) return settings;
  const { addressSecret, cachedEvents, clock, readModel, recoverAtOpen, onRecovery } =
    settings.right;
  const now = clock();
  if (E.isLeft(now)) return now;
  const connected = await settings.right.store.connect();
  if (E.isLeft(connected)) return connected;

  const store = connected.right;
  const bound = await bindAddressSecret(store, addressSecret, now.right);
  if (E.isLeft(bound)) {
    await store.close();
    return bound;
  }
  const engine = { store, cache: new StateCache(cachedEvents), addressSecret };
  const ledger = ledgerOn(engine, clock, readModel);
  // Beside the first commands, which finish what they meet themselves: a failure here loses nothing.
  if (recoverAtOpen) {
    void ledger
      .recover()
      .catch((defect: unknown) => E.left(unavailable(store.name, defect)))
      .then(onRecovery)
      // What the host's own function throws is not for an unhandled rejection to end the process.
      .catch(() => undefined);
  }
  return E.right(ledger);
};

const unavailable = (name: string, defect: unknown): Failure => ({
  type: 'StoreUnavailable',
  code: undefined,
  message: `${name} broke the recovery off: ${String(defect)}. Call ledger.recover() once it is well.`,
});

/** Why a ledger could not be opened, as an error for those who throw. `failure` is the data. */
export class LedgerNotOpened extends Error {
  override readonly name = 'LedgerNotOpened';

  constructor(readonly failure: Failure) {
    super(failure.message);
  }

  toJSON(): Failure {
    return this.failure;
  }
}

/**
 * Opens a ledger on a store.
 *
 * @throws LedgerNotOpened with the `failure`: another secret than the store was made with, a file that
 *   is not ours, is too new, cannot be reached or written
 */
export const openLedger = async (options: LedgerOptions): Promise<Ledger> => {
  const opened = await tryOpenLedger(options);
  if (E.isLeft(opened)) throw new LedgerNotOpened(opened.left);
  return opened.right;
};
