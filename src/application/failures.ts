/**
 * Failures: the world broke, or the input was unreadable. Data, serialisable, and each says what to do.
 */
import { type InputError, shortened, told } from '../values/codec';
import type { LineProblem } from './transfer/line';

/** Fields that every failure has. `message` is one sentence of what happened and one of what to do. */
interface Described<Type extends string> {
  readonly type: Type;
  readonly message: string;
}

/** The store could not be reached or answered with an error that has no better name. */
export interface StoreUnavailable extends Described<'StoreUnavailable'> {
  /** The driver's own error code, when it has one. */
  readonly code: string | undefined;
}

/** Another writer held the store for longer than the time allowed. */
export interface StoreBusy extends Described<'StoreBusy'> {
  readonly waitedMs: number;
}

/** The store may be read but not written. */
export type StoreReadOnly = Described<'StoreReadOnly'>;

/** The disk, or the quota, is full. Nothing of the append was kept. */
export type StoreFull = Described<'StoreFull'>;

/** The file is not one of ours, or is damaged. It was left as it is. */
export type StoreUnreadable = Described<'StoreUnreadable'>;

/** The file was written by a newer release. It was left as it is. */
export interface StoreTooNew extends Described<'StoreTooNew'> {
  readonly found: number;
  readonly supported: number;
}

/** An optional package that this store needs is not installed. */
export interface DriverMissing extends Described<'DriverMissing'> {
  readonly install: string;
}

/** The store or ledger was closed before the call. */
export type StoreClosed = Described<'StoreClosed'>;

/** What can go wrong with any call to a store. */
export type StoreFailure =
  | StoreUnavailable
  | StoreBusy
  | StoreReadOnly
  | StoreFull
  | StoreUnreadable
  | StoreTooNew
  | DriverMissing
  | StoreClosed;

/** A stream was not at the expected revision. Revisions are decimal strings, `-1` for no stream. */
export interface RevisionConflict extends Described<'RevisionConflict'> {
  readonly stream: string;
  readonly expected: string;
  readonly actual: string;
}

/** An event with this id is already in the store. */
export interface EventIdTaken extends Described<'EventIdTaken'> {
  readonly eventId: string;
}

/** One append is larger than the store takes. Nothing of that append was written. */
export interface AppendTooLarge extends Described<'AppendTooLarge'> {
  readonly bytes: number;
  readonly limit: number;
}

/**
 * The connection broke, or the time ran out, after the events were sent and before the answer came:
 * they are stored or they are not. Or they are stored, and could not be read back in time. Sending the same command again is safe, and tells.
 */
export interface OutcomeUnknown extends Described<'OutcomeUnknown'> {
  /** `undefined` from a store, which knows of no commands. */
  readonly commandId: string | undefined;
}

/** What can go wrong with an append. */
export type AppendFailure =
  StoreFailure | RevisionConflict | EventIdTaken | AppendTooLarge | OutcomeUnknown;

/** The command, the principal or an option could not be read. Nothing was decided. */
export interface InvalidInput extends Described<'InvalidInput'> {
  readonly input: 'command' | 'principal' | 'options' | 'query';
  readonly errors: ReadonlyArray<InputError>;
}

/** The command id has been used: for another command, or by somebody else. */
export interface CommandIdReused extends Described<'CommandIdReused'> {
  readonly commandId: string;
}

/**
 * Other writers changed the same streams at every attempt. Nothing of the command was written; or, on a
 * store that appends to one stream at a time, a part of it, and the message says so. On such a store also:
 * what was read never fitted together, as in a log that contradicts itself.
 */
export interface Contended extends Described<'Contended'> {
  readonly attempts: number;
}

/** The log holds an event that this release cannot read. Positions and revisions are decimal strings. */
export interface UndecodableEvent extends Described<'UndecodableEvent'> {
  readonly stream: string;
  readonly revision: string;
  readonly position: string;
  readonly eventType: string;
  readonly errors: ReadonlyArray<InputError>;
}

/** The store was made with another `addressSecret`. */
export type AddressSecretMismatch = Described<'AddressSecretMismatch'>;

/** The views could not be read or written where they are kept. The log is whole. */
export type ReadModelUnavailable = Described<'ReadModelUnavailable'>;

/** A file could not be imported, for its line `line` (from 1). Nothing of it was kept. */
export interface ImportRefused extends Described<'ImportRefused'> {
  readonly line: number;
  readonly problem: LineProblem | 'Interrupted' | 'TargetExists' | 'SourceBroken';
}

/** What can go wrong with any call to a ledger. */
export type Failure =
  | StoreFailure
  | AppendTooLarge
  | OutcomeUnknown
  | InvalidInput
  | CommandIdReused
  | Contended
  | UndecodableEvent
  | ReadModelUnavailable
  | AddressSecretMismatch;

const whatToDo: { readonly [Input in InvalidInput['input']]: string } = {
  command: 'Correct what errors names, and send it again.',
  principal: 'Correct what errors names, and send it again.',
  options: 'Correct what errors names, and call again.',
  query: 'Correct what errors names, and ask again.',
};

const MOST_OF_THE_FIRST = 200;
const MOST_OF_THE_OTHERS = 100;

export const invalidInput = (
  input: InvalidInput['input'],
  errors: ReadonlyArray<InputError>,
): InvalidInput => {
  const detail = told(
    errors.map((error, place) => ({
      ...error,
      expected: shortened(error.expected, place === 0 ? MOST_OF_THE_FIRST : MOST_OF_THE_OTHERS),
    })),
  );
  return {
    type: 'InvalidInput',
    input,
    errors,
    message: `The ${input} could not be read. ${detail} ${whatToDo[input]}`,
  };
};

/** A store's failure as the sender of a command is told it: an unknown outcome names the command. */
export const naming = <Told extends Failure>(
  failure: Told | OutcomeUnknown,
  { commandId }: { readonly commandId: string },
): Told | OutcomeUnknown =>
  failure.type === 'OutcomeUnknown' ? { ...failure, commandId } : failure;
