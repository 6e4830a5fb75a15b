/**
 * What the client throws, told apart, and turned into failures that say what to do.
 */
import type {
  AppendTooLarge,
  OutcomeUnknown,
  StoreFailure,
  StoreUnavailable,
} from '../../application/failures';

/** Thrown inside the adapter only: a failure that is already worded. */
export class Fault extends Error {
  constructor(readonly failure: StoreFailure) {
    super(failure.message);
  }
}

/** The client's own word for each status. A call that met no server rejects with the bare status. */
const WORD_OF_STATUS = new Map([
  [1, 'cancelled'],
  [2, 'unknown'],
  [3, 'invalid-argument'],
  [4, 'deadline-exceeded'],
  [5, 'not-found'],
  [7, 'access-denied'],
  [8, 'overloaded'],
  [9, 'failed-precondition'],
  [10, 'timeout'],
  [11, 'out-of-range'],
  [12, 'unsupported'],
  [13, 'internal'],
  [14, 'unavailable'],
  [15, 'data-loss'],
  [16, 'access-denied'],
]);

/** What asking again does not change. Everything else may pass. */
const LASTING = new Set([
  'access-denied',
  'failed-precondition',
  'invalid-argument',
  'invalid-transaction',
  'maximum-append-size-exceeded',
  'missing-required-metadata-property',
  'no-stream',
  'not-found',
  'out-of-range',
  'stream-deleted',
  'stream-not-found',
  'unsupported',
  'wrong-expected-version',
]);

/** Members of the client's errors. By shape: `instanceof` fails where the package is loaded twice. */
interface ClientError {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly details?: unknown;
  readonly message?: unknown;
  readonly actualVersion?: unknown;
  readonly maxAppendSize?: unknown;
  readonly _raw?: { readonly details?: unknown };
}

const shapeOf = (error: unknown): ClientError =>
  typeof error === 'object' && error !== null ? error : { message: String(error) };

/** What kind of error it is, in the client's words. `undefined` for what is no answer of a server. */
export const kindOf = (error: unknown): string | undefined => {
  const { type, code } = shapeOf(error);
  const word = typeof code === 'number' ? WORD_OF_STATUS.get(code) : undefined;
  if (typeof type !== 'string') return word;
  // The client has no name of its own for some statuses.
  return type === 'unknown' ? (word ?? type) : type;
};

const textOf = (error: unknown): string => {
  const { message, details } = shapeOf(error);
  return [message, details].find((text) => typeof text === 'string' && text !== '') as string;
};

/** Asking again gives the same answer. */
export const isLasting = (error: unknown): boolean =>
  error instanceof Fault || LASTING.has(kindOf(error) ?? '');

/**
 * Of an error on the shared call: it may be about somebody else's append. What ends the call comes with
 * a type and a status; what answers one append has no status, and what comes before the call no type.
 */
export const mayBeOfOthers = (error: unknown): boolean => {
  const { type, code } = shapeOf(error);
  return type !== undefined && code !== undefined;
};

/** The texts with which a call ends that was never begun. */
const NEVER_SENT =
  /No connection established|Name resolution failed|Channel closed before call started|Failed to discover/;

/** The request did not leave this process, or was turned away by a server that does not write. */
export const wasNotTaken = (error: unknown): boolean => {
  const { details, _raw } = shapeOf(error);
  const text = [textOf(error), details, _raw?.details].join('\n');
  return kindOf(error) === 'not-leader' || NEVER_SENT.test(text);
};

/** The revision of the stream that refused an append; `undefined` if the error is none of that kind. */
export const refusedAt = (error: unknown): bigint | undefined => {
  if (kindOf(error) !== 'wrong-expected-version') return undefined;
  const { actualVersion } = shapeOf(error);
  return typeof actualVersion === 'bigint' ? actualVersion : -1n;
};

/** The failure behind anything thrown while working on the store called `name`. */
export const toFailure =
  (name: string) =>
  (error: unknown): StoreFailure => {
    if (error instanceof Fault) return error.failure;

    const kind = kindOf(error);
    switch (kind) {
      case 'access-denied':
        return unavailable(
          `${name} denied access. Check the user, the password and the access list of $all, then open the store again.`,
          kind,
        );
      case 'stream-deleted':
        return unavailable(
          `${name} answered that a stream was deleted for good: ${textOf(error)}. Ask whoever deleted it; nothing can be added to it any more.`,
          kind,
        );
      default:
        return unavailable(
          `${name} did not do as asked: ${textOf(error)}. Check that the server runs and can be reached, then try again.`,
          kind,
        );
    }
  };

export const unavailable = (message: string, code: string | undefined): StoreUnavailable => ({
  type: 'StoreUnavailable',
  message,
  code,
});

/** The limit that the server says it has; `undefined` if it says so of something else. */
export const appendLimit = (error: unknown): number | undefined => {
  if (kindOf(error) !== 'maximum-append-size-exceeded') return undefined;
  const { maxAppendSize } = shapeOf(error);
  return typeof maxAppendSize === 'number' ? maxAppendSize : 0;
};

export const appendTooLarge = (name: string, bytes: number, limit: number): AppendTooLarge => ({
  type: 'AppendTooLarge',
  message: `An append of ${bytes} bytes is more than the ${limit} that ${name} takes. Split it into several, or raise the limit of the server and maxAppendBytes.`,
  bytes,
  limit,
});

export const outcomeUnknown = (name: string, stream: string, error: unknown): OutcomeUnknown => ({
  type: 'OutcomeUnknown',
  message: `${name} did not say whether it stored events of stream ${stream}: ${textOf(error)}. Send the same again: it is stored only once, and the answer tells.`,
  commandId: undefined,
});
