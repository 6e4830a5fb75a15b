/**
 * Answers that added nothing: a refusal, or "already so". They are recorded, each in a stream of its
 * own, so that a command sent twice gets the same answer twice and refusals can be audited, while
 * nobody without the right to a seat can add to that seat's stream.
 */
import * as t from 'io-ts';
import { type EventFrom, storedEvent } from '../stored-event';
import { stringWhere } from '../values/codec';
import { StoredRejection } from './stored-rejection';

/** The ledger refused the command, for these reasons in order of precedence. */
export const CommandRefused = storedEvent('CommandRefused', {
  rejections: t.readonlyArray(StoredRejection),
});

/** What the command asked for was already so. */
export const CommandUnchanged = storedEvent('CommandUnchanged', {});

export const answerEvents = { CommandRefused, CommandUnchanged };
export type AnswerEvent = EventFrom<(typeof answerEvents)[keyof typeof answerEvents]>;

/** The store's addresses are keyed by the secret that gives this check. */
export const AddressSecretBound = storedEvent('AddressSecretBound', {
  check: stringWhere('a check of 43 characters', (given) => given.length === 43),
});

export const ledgerEvents = { AddressSecretBound };
export type LedgerSettingEvent = EventFrom<typeof AddressSecretBound>;
