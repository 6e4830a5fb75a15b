/**
 * A place for read models that outlasts the process: the tables of each projection, and how far in the
 * log they have come, written together.
 */
import type { Tables } from './table';

/** What a read model must know of a projection. */
export interface Shape<Entries> {
  readonly name: string;
  readonly version: number;
  /** Names of the tables. */
  readonly tables: ReadonlyArray<keyof Entries & string>;
}

/**
 * How far in a log a projection has come: the last event that it includes. In another log, or in one that
 * was restored, another event stands there, or none.
 */
export interface Checkpoint {
  readonly position: bigint;
  readonly eventId: string;
  readonly stream: string;
  /** In its stream, where any store can look it up. */
  readonly revision: bigint;
}

/** The tables of one projection, as one session keeps them. */
export interface KeptTables<Entries> {
  readonly tables: Tables<Entries>;
  /** How far they have come; `undefined` when they are empty. */
  readonly checkpoint: Checkpoint | undefined;
  /** Says how far they have come with what was set since. */
  readonly advance: (checkpoint: Checkpoint) => void;
}

/**
 * One connection. Tables are read and set between `begin` and `commit` or `end`: they are as they stood
 * when it began, whatever others write meanwhile. Every call may throw a {@link ReadModelFault}.
 */
export interface ReadModelSession {
  /**
   * The tables of a projection as they were left; `undefined` when there are none of its version. What
   * is left of another version stays until it is replaced.
   */
  readonly open: <Entries>(shape: Shape<Entries>) => KeptTables<Entries> | undefined;
  /** @returns `false` when others have changed the open tables since this session last saw them */
  readonly begin: () => boolean;
  /**
   * Writes everything that was set in all tables, and how far they have come, all or nothing.
   *
   * @returns `false` when others have changed one of them since `begin`: nothing is written, and what
   * was set is forgotten
   */
  readonly commit: () => boolean;
  /** Forgets what was set. */
  readonly end: () => void;
  readonly close: () => void;
}

/** Tables that are being made beside those that are read, by a session of their own. */
export interface Rebuilding<Entries> extends Omit<ReadModelSession, 'open'> {
  readonly kept: KeptTables<Entries>;
  /**
   * Puts them in the place of those that are read, in one step. Call it after `commit`. Where others have
   * started over or finished meanwhile it changes nothing, and throws.
   */
  readonly finish: () => void;
}

/** Where read models are kept. */
export interface ReadModel {
  /** For messages: what the host would recognise, such as `sqlite views.db`. */
  readonly name: string;
  /** @throws ReadModelFault */
  readonly connect: () => ReadModelSession;
  /**
   * Tables to be made anew: empty ones, or what an interrupted rebuild of the same version left, which
   * goes on from there unless it is to start `afresh`.
   *
   * @throws ReadModelFault
   */
  readonly rebuild: <Entries>(shape: Shape<Entries>, afresh: boolean) => Rebuilding<Entries>;
}

/** A read model could not be opened, read or written. The log is whole; a read model can be made again. */
export class ReadModelFault extends Error {
  override readonly name = 'ReadModelFault';
}
