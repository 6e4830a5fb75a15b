/** One store, one secret: another one would open a second, silent namespace of addresses. */
import { createHmac, randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { POLICY_VERSION } from '../values/policy';
import { LEDGER_STREAM } from '../values/stream-name';
import type { Timestamp } from '../values/timestamp';
import { AddressSecretBound } from './answers';
import { decodeEvent } from './decode-event';
import type { AddressSecretMismatch, Failure } from './failures';
import { type EventStore, NO_STREAM } from './ports';

const checkOf = (secret: string): string =>
  createHmac('sha256', secret).update('seatledger address secret').digest('base64url');

const mismatch: AddressSecretMismatch = {
  type: 'AddressSecretMismatch',
  message:
    'The store was made with another addressSecret. Open it with that secret; ' +
    'with this one no address in it could be found again.',
};

const knownCheck = async (store: EventStore): Promise<E.Either<Failure, string | undefined>> => {
  const slice = await store.readStream(LEDGER_STREAM)();
  if (E.isLeft(slice)) return slice;
  for (const event of slice.right.events) {
    const decoded = decodeEvent(event);
    if (E.isLeft(decoded)) return decoded;
    if (decoded.right.type === 'AddressSecretBound') return E.right(decoded.right.data.check);
  }
  return E.right(undefined);
};

const bound = (check: string, now: Timestamp) => ({
  id: randomUUID(),
  ...AddressSecretBound({ check }),
  metadata: {
    commandId: 'open-ledger',
    commandType: 'OpenLedger',
    actor: { role: 'system', id: 'seatledger' },
    at: now,
    policyVersion: POLICY_VERSION,
    fingerprint: '',
  },
});

/** Binds a new store to `secret`, or checks that an old one was made with it. */
export const bindAddressSecret = async (
  store: EventStore,
  secret: string,
  now: Timestamp,
): Promise<E.Either<Failure, void>> => {
  const check = checkOf(secret);
  let known = await knownCheck(store);
  if (E.isRight(known) && known.right === undefined) {
    const first = {
      stream: LEDGER_STREAM,
      expectedRevision: NO_STREAM,
      events: [bound(check, now)],
    };
    const appended = await store.append([first])();
    // Somebody else opened it first: theirs is the secret to compare with.
    if (E.isLeft(appended) && appended.left.type !== 'RevisionConflict') {
      return E.left(appended.left as Failure);
    }
    known = await knownCheck(store);
  }
  if (E.isLeft(known)) return known;
  return known.right === check ? E.right(undefined) : E.left(mismatch);
};
