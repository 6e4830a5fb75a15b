/**
 * A host's projection, kept from what would reach others: it is given events that nobody can change, and
 * tables that take only what can be kept. The ledger's own projections need neither, and do not pay for it.
 */
import type { ProjectedEvent, Projection } from '../../../projections';
import type { Tables } from '../../../projections/table';
import { frozen } from '../../values/frozen';
import { keepableTables } from './keepable-tables';

/**
 * The event as a host's fold sees it: an object of its own, with data that is frozen where it stands, as it
 * is for all others from then on. Metadata is still read only when somebody asks.
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

/** A projection of which nobody knows what its `evolve` answers. */
interface Fold<Entries> {
  readonly evolve: (tables: Tables<Entries>, event: ProjectedEvent) => unknown;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  'then' in value &&
  typeof value.then === 'function';

/** Nobody waits for a fold: what it would set later would be in the tables or not, by chance. */
const demandOver = (answered: unknown): void => {
  if (!isThenable(answered)) return;
  // Why it fails in the end, if it does, is told to nobody: that it is not over is fault enough.
  Promise.resolve(answered).catch(() => undefined);
  throw new TypeError('A fold must be synchronous, and this one answered a promise.');
};

const known = new WeakMap<object, object>();

/**
 * The projection, whose `evolve` throws a TypeError where it sets what cannot be kept, changes the event, or
 * answers a promise; the same for the same.
 */
export const hostProjection = <Entries>(projection: Projection<Entries>): Projection<Entries> => {
  const made = known.get(projection);
  if (made !== undefined) return made as Projection<Entries>;
  const checked = new WeakMap<Tables<Entries>, Tables<Entries>>();
  const fold: Fold<Entries> = projection;
  const held: Projection<Entries> = {
    ...projection,
    evolve: (tables, event) => {
      const given = checked.get(tables) ?? keepableTables(tables);
      checked.set(tables, given);
      demandOver(fold.evolve(given, frozenEvent(event)));
    },
  };
  known.set(projection, held);
  return held;
};
