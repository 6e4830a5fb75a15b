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

/**
 * How many events those ask for at once who read a log through: few enough to leave others a turn soon. A
 * store may make ready for the next so many.
 */
export const EVENTS_A_PAGE = 500;

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

/**
 * What a store promises of one append.
 *
 * - `anyStreams`: events for several streams, and guards on others, all or nothing. Event ids are
 *   unique in the whole store.
 * - `oneStream`: events for one stream and no guard. Appending the same ids again at the same expected
 *   revision writes nothing and succeeds, whatever else the events hold: ids are all that is compared.
 */
export type Atomicity = 'anyStreams' | 'oneStream';

/** A difference between the events and what a store keeps beside them to find its way among them. */
export interface Misfit {
  /** Of the event that it is about; `undefined` where it is about none that is there. */
  readonly position: bigint | undefined;
  readonly detail: string;
}

/** As many differences as are told: what is wrong with one is mostly wrong with many. */
export const MOST_MISFITS = 100;

/** An open, append-only log of events. */
export interface EventStore {
  /** For messages: what the host would recognise, such as `sqlite mailboxes.db`. */
  readonly name: string;

  readonly atomicity: Atomicity;

  /**
   * `consecutive`: every position from 0 up to the last one has an event, so that one that is missing is
   * noticed. Without it, positions only rise.
   */
  readonly positions?: 'consecutive';

  /**
   * Whether `readAll` may give fewer events than were asked for although more follow, as where they are
   * large: then only a page without events is the end of the log.
   */
  readonly shortPages?: boolean;

  /** Reads one stream from `fromRevision` (inclusive) to its end. A stream that does not exist is empty. */
  readonly readStream: (
    stream: string,
    fromRevision?: bigint,
  ) => TaskEither<StoreFailure, StreamSlice>;

  /**
   * Reads the log after `position` (exclusive), at most `maxCount` events, oldest first. `position` is
   * {@link BEFORE_ALL} or that of an event of this log: a store may refuse one between two events.
   */
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
   * for a bug of the caller: a stream named twice, no event in any stream, a value that is not JSON, or
   * more than one stream where {@link Atomicity} is `oneStream`.
   */
  readonly append: (appends: NonEmptyArray<StreamAppend>) => TaskEither<AppendFailure, Appended>;

  /**
   * Calls `listener` soon after events became readable, whichever process wrote them; one call may
   * stand for many events. Returns the function that stops it.
   */
  readonly onAppend: (listener: () => void) => () => void;

  /**
   * Delivers what comes after `position` (exclusive), in order and soon after it became readable, until
   * the returned function is called. Goes on by itself after whatever broke, from the last event that
   * was delivered; may deliver an event again. The next event waits for `deliver` to settle.
   *
   * Only a store that is told of events by a server has it. Others are read after {@link onAppend}.
   */
  readonly subscribe?: (position: bigint, deliver: Deliver) => () => Promise<void>;

  /**
   * Compares what the store keeps beside its events with them: none where all is well. It may end once there
   * are more than {@link MOST_MISFITS}. Only a store that keeps such things itself has it, and only `verify` asks.
   */
  readonly inspect?: TaskEither<StoreFailure, ReadonlyArray<Misfit>>;

  /** Finishes what is under way and releases the store. Later calls answer `StoreClosed`. */
  readonly close: () => Promise<void>;
}

/** Takes one delivered event in. */
export type Deliver = (event: RecordedEvent) => void | Promise<void>;

/** Something that can be opened as an {@link EventStore}: what `openLedger` is given. */
export interface StoreConnector {
  readonly name: string;
  readonly connect: TaskEither<StoreFailure, EventStore>;
}
