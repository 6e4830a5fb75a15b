/**
 * A host's projection, kept from what would reach others: it is given events that nobody can change, and
 * tables that take only what can be kept. The ledger's own projections need neither, and do not pay for it.
 */
import type { ProjectedEvent, Projection } from '../../../projections';
import type { Tables } from '../../../projections/table';
import { frozen } from '../../values/frozen';
import { keepableTables } from './keepable-tables';

/**
 * The event as a host's fold sees it: of its own, so that the one that all others are given is not touched,
 * and frozen. Metadata is still read only when somebody asks.
 */
const frozenEvent = (event: ProjectedEvent): ProjectedEvent => {
  const { id, stream, streamKind, orgId, revision, position, type, data } = event;
  return Object.freeze({
    id,
    stream,
    streamKind,
    orgId,
    revision,
    position,
    type,
    data: frozen(data),
    get metadata() {
      return frozen(event.metadata);
    },
  }) as ProjectedEvent;
};

const known = new WeakMap<object, object>();

/**
 * The projection, whose `evolve` throws a TypeError where it sets what cannot be kept, or changes the event;
 * the same for the same.
 */
export const hostProjection = <Entries>(projection: Projection<Entries>): Projection<Entries> => {
  const made = known.get(projection);
  if (made !== undefined) return made as Projection<Entries>;
  const checked = new WeakMap<Tables<Entries>, Tables<Entries>>();
  const held: Projection<Entries> = {
    ...projection,
    evolve: (tables, event) => {
      const given = checked.get(tables) ?? keepableTables(tables);
      checked.set(tables, given);
      projection.evolve(given, frozenEvent(event));
    },
  };
  known.set(projection, held);
  return held;
};
