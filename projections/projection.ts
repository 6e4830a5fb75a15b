/**
 * A projection is a decider without `decide`: a fold of the log into a read model.
 */
import type { AddressEvent } from '../src/address/events';
import type { OrganizationEvent } from '../src/organization/events';
import type { SeatEvent } from '../src/seat/events';
import type { Recorded } from '../src/stored-event';

/** Every event that a projection may read, with its place in the log. */
export type ProjectedEvent = Recorded<SeatEvent | AddressEvent | OrganizationEvent>;

/**
 * How one read model is made.
 *
 * `evolve` owns `state`: it may change it in place, and returns it. Rows are replaced, never changed,
 * because readers hold them.
 */
export interface Projection<State> {
  readonly name: string;
  /** Raised whenever the same events would give another state: a stored state of another version is rebuilt. */
  readonly version: number;
  /** The types that `evolve` reads. All others are passed over unread. */
  readonly handles: ReadonlySet<ProjectedEvent['type']>;
  readonly initialState: () => State;
  readonly evolve: (state: State, event: ProjectedEvent) => State;
}
