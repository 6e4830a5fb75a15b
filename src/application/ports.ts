/**
 * What the ledger asks of a store. Every adapter passes the contract suite in `src/testing`.
 */
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { AppendFailure, StoreFailure } from './failures';

/** The expected revision of a stream that must not exist yet. */
export const NO_STREAM = -1n;

/** The position before the first event of the log. */
export const BEFORE_ALL = -1n;

/** One event as a caller hands it to a store. `data` and `metadata` are JSON values. */
export interface EventToAppend {
  /** A UUID, unique in the whole store. */
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

/**
 * One event as a store gives it back. A store may parse `metadata` only when it is first looked at,
 * as an own property: copies, comparisons and JSON see it.
 */
export interface RecordedEvent extends EventToAppend {
  readonly stream: string;
  /** Place in the stream, from 0, without gaps. */
  readonly revision: bigint;
  /** Place in the whole log, strictly rising. */
  readonly position: bigint;
}

/** Events for one stream. With no events it is a guard: the stream must still be at `expectedRevision`. */
export interface StreamAppend {
  readonly stream: string;
  /** Revision of the stream's last event, or {@link NO_STREAM}. Never "any". */
  readonly expectedRevision: bigint;
  readonly events: ReadonlyArray<EventToAppend>;
}

/** Where an append ended up. */
export interface Appended {
  /** Position of the last event written. */
  readonly position: bigint;
}

/** A part of one stream. */
export interface StreamSlice {
  readonly events: ReadonlyArray<RecordedEvent>;
  /** Revision of the stream's last event, whether or not it is in the slice; {@link NO_STREAM} if there is none. */
  readonly revision: bigint;
}

/** An open, append-only log of events. */
export interface EventStore {
  /** For messages: what the host would recognise, such as `sqlite mailboxes.db`. */
  readonly name: string;

  /** Reads one stream from `fromRevision` (inclusive) to its end. A stream that does not exist is empty. */
  readonly readStream: (
    stream: string,
    fromRevision?: bigint,
  ) => TaskEither<StoreFailure, StreamSlice>;

  /** Reads the log after `position` (exclusive), at most `maxCount` events, oldest first. */
  readonly readAll: (
    position: bigint,
    maxCount: number,
  ) => TaskEither<StoreFailure, ReadonlyArray<RecordedEvent>>;

  /**
   * The event with this id. `streams` are the only ones it can be in: a store that keeps no index of
   * ids looks there, others may ignore them.
   */
  readonly findEvent: (
    id: string,
    streams: ReadonlyArray<string>,
  ) => TaskEither<StoreFailure, RecordedEvent | undefined>;

  /** Position of the log's last event, or {@link BEFORE_ALL}. */
  readonly head: TaskEither<StoreFailure, bigint>;

  /**
   * Appends to one or several streams, all or nothing: every `expectedRevision` holds, or nothing is
   * written. What the caller does to its objects afterwards changes nothing.
   *
   * Left `RevisionConflict` when a stream has moved, `EventIdTaken` when an id is already in the
   * store or comes twice (checked after the revisions). The promise rejects, with a TypeError, only
   * for a bug of the caller: a stream named twice, no event in any stream, or a value that is not
   * JSON.
   */
  readonly append: (appends: NonEmptyArray<StreamAppend>) => TaskEither<AppendFailure, Appended>;

  /**
   * Calls `listener` soon after events became readable, whichever process wrote them; one call may
   * stand for many events. Returns the function that stops it.
   */
  readonly onAppend: (listener: () => void) => () => void;

  /** Finishes what is under way and releases the store. Later calls answer `StoreClosed`. */
  readonly close: () => Promise<void>;
}

/** Something that can be opened as an {@link EventStore}: what `openLedger` is given. */
export interface StoreConnector {
  readonly name: string;
  readonly connect: TaskEither<StoreFailure, EventStore>;
}
