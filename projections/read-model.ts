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

/** The tables of one projection with their checkpoint, as one writer keeps them. */
export interface KeptTables<Entries> {
  /** What is set is seen at once through these tables, and by others once it is committed. */
  readonly tables: Tables<Entries>;
  /** Position of the last event that the tables include; -1 when they are empty. */
  readonly checkpoint: bigint;
  /**
   * Writes everything that was set since the last commit together with the checkpoint, all or nothing.
   *
   * @returns `false` when another process has brought the same tables further: what was set here is
   * forgotten, and tables and checkpoint are the other's from now on
   */
  readonly commit: (checkpoint: bigint) => boolean;
  /** Forgets what was set since the last commit. */
  readonly discard: () => void;
}

/** Where read models are kept. Every call may throw what its database throws. */
export interface ReadModel {
  /** For messages: what the host would recognise, such as `sqlite views.db`. */
  readonly name: string;
  /**
   * The tables of the projection as they were left; `undefined` when there are none of its version for
   * this log, so that they have to be made with {@link rebuild}.
   *
   * @param log tells one log from another: tables of another log are not shown
   */
  readonly open: <Entries>(shape: Shape<Entries>, log: string) => KeptTables<Entries> | undefined;
  /**
   * Empty tables beside those that {@link open} shows, or what an interrupted rebuild left of them.
   * `finish` puts them in the place of the others, in one step.
   */
  readonly rebuild: <Entries>(
    shape: Shape<Entries>,
    log: string,
  ) => KeptTables<Entries> & { readonly finish: () => void };
  readonly close: () => void;
}
