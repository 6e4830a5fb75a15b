/**
 * Runs a projection over events: a plain fold, and a fold that remembers how far it has come. Where events
 * come from, and where a state is kept, is the caller's matter.
 */
import type { ProjectedEvent, Projection } from './projection';

/** The checkpoint of a projection that has seen nothing. */
export const BEFORE_FIRST_POSITION = -1n;

/** A state, and the position of the last event that it includes. */
export interface Checkpointed<State> {
  readonly state: State;
  readonly checkpoint: bigint;
}

/** Folds `events`, each exactly once and in the order of the log, into `state`, which it owns from here on. */
export const foldInto = <State>(
  { handles, evolve }: Projection<State>,
  state: State,
  events: Iterable<ProjectedEvent>,
): State => {
  let current = state;
  for (const event of events) if (handles.has(event.type)) current = evolve(current, event);
  return current;
};

/**
 * `evolve` threw, which is a defect: it is total by contract. The state may have been changed halfway, so
 * it is not shown any more; a new state, folded from the log, takes its place.
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
    super(`The projection ${projection} threw on ${eventType} at position ${position}.`, { cause });
  }
}

/**
 * A projection that follows the log. State and checkpoint move together; an event that was applied before
 * is ignored, so delivering at least once is enough.
 */
export class LiveProjection<State> {
  private current: State;
  private last: bigint;
  private broken: BrokenProjection | undefined;

  /** @param from a state to go on from, which is this projection's own from here on */
  constructor(
    private readonly projection: Projection<State>,
    from: Checkpointed<State> = {
      state: projection.initialState(),
      checkpoint: BEFORE_FIRST_POSITION,
    },
  ) {
    this.current = from.state;
    this.last = from.checkpoint;
  }

  /**
   * The state as of {@link checkpoint}. It is changed in place by later events; rows read from it are not.
   *
   * @throws {@link BrokenProjection} once `evolve` has thrown
   */
  get state(): State {
    if (this.broken !== undefined) throw this.broken;
    return this.current;
  }

  /** Position of the last event that was applied or passed over. */
  get checkpoint(): bigint {
    return this.last;
  }

  /**
   * Takes the next event of the log, or one that came before again.
   *
   * @throws {@link BrokenProjection} when `evolve` throws, and on every call from then on
   */
  apply(event: ProjectedEvent): void {
    if (this.broken !== undefined) throw this.broken;
    if (event.position <= this.last) return;
    if (this.projection.handles.has(event.type)) this.evolve(event);
    this.last = event.position;
  }

  applyAll(events: Iterable<ProjectedEvent>): void {
    for (const event of events) this.apply(event);
  }

  private evolve(event: ProjectedEvent): void {
    try {
      this.current = this.projection.evolve(this.current, event);
    } catch (cause) {
      const { name } = this.projection;
      this.broken = new BrokenProjection(name, String(event.position), event.type, cause);
      throw this.broken;
    }
  }
}
