/**
 * Runs a projection over events: a plain fold, and a fold that remembers how far it has come. Where events
 * come from, and where tables are kept, is the caller's matter.
 */
import type { ProjectedEvent, Projection } from './projection';
import { ReadModelFault } from './read-model';
import { memoryTables, type Tables } from './table';

/** The checkpoint of a projection that has seen nothing. */
export const BEFORE_FIRST_POSITION = -1n;

const whyNotFolded = ({ type }: ProjectedEvent): string =>
  `A projection cannot read an event without an orgId (${type}): a store gives events as it holds them, ` +
  'such as those of a test stage. Ask ledger.view for the view, which reads them.';

/** Whether an event means something to a projection. One that no projection can read is refused. */
const reads = <Entries>({ handles }: Projection<Entries>, event: ProjectedEvent): boolean => {
  if ((event as Partial<ProjectedEvent>).orgId === undefined) {
    throw new TypeError(whyNotFolded(event));
  }
  return handles.has(event.type);
};

/** Tables, and the position of the last event that they include. */
export interface Checkpointed<Entries> {
  readonly tables: Tables<Entries>;
  readonly checkpoint: bigint;
}

/**
 * Folds `events`, each exactly once and in the order of the log, into `tables`.
 *
 * @returns the same tables
 * @throws TypeError when an event has no `orgId`: it is as a store holds it, and would be passed over
 */
export const foldInto = <Entries>(
  projection: Projection<Entries>,
  tables: Tables<Entries>,
  events: Iterable<ProjectedEvent>,
): Tables<Entries> => {
  for (const event of events) if (reads(projection, event)) projection.evolve(tables, event);
  return tables;
};

/**
 * `evolve` threw, which is a defect: it is total by contract. The tables may have been changed halfway, so
 * they are not shown any more; new ones, folded from the log, take their place.
 */
export class BrokenProjection extends Error {
  override readonly name = 'BrokenProjection';

  constructor(
    readonly projection: string,
    /** Decimal. */
    readonly position: string,
    readonly eventType: ProjectedEvent['type'],
    cause: unknown,
  ) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`The projection ${projection} threw on ${eventType} at position ${position}: ${why}`, {
      cause,
    });
  }
}

/**
 * A projection that follows the log. Tables and checkpoint move together; an event that was applied before
 * is ignored, so delivering at least once is enough.
 */
export class LiveProjection<Entries> {
  private readonly current: Tables<Entries>;
  private last: bigint;
  private broken: BrokenProjection | undefined;

  /** @param from tables to go on from; without them, empty ones in memory */
  constructor(
    private readonly projection: Projection<Entries>,
    from: Checkpointed<Entries> = {
      tables: memoryTables<Entries>(projection.tables),
      checkpoint: BEFORE_FIRST_POSITION,
    },
  ) {
    this.current = from.tables;
    this.last = from.checkpoint;
  }

  /**
   * The tables as of {@link checkpoint}. Later events change them; entries read from them stay as they are.
   *
   * @throws {@link BrokenProjection} once `evolve` has thrown
   */
  get tables(): Tables<Entries> {
    if (this.broken !== undefined) throw this.broken;
    return this.current;
  }

  /** What `evolve` threw, since when the tables are not shown any more. */
  get fault(): BrokenProjection | undefined {
    return this.broken;
  }

  /** Position of the last event that was applied or passed over. */
  get checkpoint(): bigint {
    return this.last;
  }

  /**
   * Takes the next event of the log, or one that came before again.
   *
   * @throws {@link BrokenProjection} when `evolve` throws, and on every call from then on
   * @throws {@link ReadModelFault} instead, the first time, when a table could not be read
   * @throws TypeError as {@link foldInto} does
   */
  apply(event: ProjectedEvent): void {
    if (this.broken !== undefined) throw this.broken;
    if (event.position <= this.last) return;
    if (reads(this.projection, event)) this.evolve(event);
    this.last = event.position;
  }

  applyAll(events: Iterable<ProjectedEvent>): void {
    for (const event of events) this.apply(event);
  }

  /** Moves the checkpoint over an event that no projection may read, or leaves it where it is further. */
  pass(position: bigint): void {
    if (this.broken !== undefined) throw this.broken;
    if (position > this.last) this.last = position;
  }

  private evolve(event: ProjectedEvent): void {
    try {
      this.projection.evolve(this.current, event);
    } catch (cause) {
      const { name } = this.projection;
      this.broken = new BrokenProjection(name, String(event.position), event.type, cause);
      // The projection is not to blame for a table that could not be read.
      throw cause instanceof ReadModelFault ? cause : this.broken;
    }
  }
}
