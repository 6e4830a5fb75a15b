/**
 * A projection is a decider without `decide`: a fold of the log into the tables of a read model.
 */
import { type AddressEvent, addressEvents } from '../src/address/events';
import { type OrganizationEvent, organizationEvents } from '../src/organization/events';
import { type SeatEvent, seatEvents } from '../src/seat/events';
import type { Recorded } from '../src/stored-event';
import type { OrgId } from '../src/values/ids';
import { didYouMean, nearest } from '../src/values/nearest';
import type { Tables } from './table';

/** Every event that a projection may read, with its place in the log. */
export type ProjectedEvent = Recorded<SeatEvent | AddressEvent | OrganizationEvent>;

/** The events of these types, in some organization. */
export type EventOfType<Type extends ProjectedEvent['type']> = Extract<
  ProjectedEvent,
  { readonly type: Type }
> & { readonly orgId: OrgId };

/** How one read model is made. `Entries` names its tables, each with the type of its entries. */
export interface Projection<Entries> {
  readonly name: string;
  /** Raised whenever the same events would give other entries: kept tables of another version are made anew. */
  readonly version: number;
  /** The types that `evolve` reads. All others are passed over unread. */
  readonly handles: ReadonlySet<ProjectedEvent['type']>;
  readonly tables: ReadonlyArray<keyof Entries & string>;
  /** Takes one event in, each exactly once and in the order of the log. Never throws, whatever came before. */
  readonly evolve: (tables: Tables<Entries>, event: ProjectedEvent) => void;
}

/** What each type of event means to a projection. What is left out means nothing to it. */
export type Handlers<Entries> = {
  readonly [Type in ProjectedEvent['type']]?: (
    tables: Tables<Entries>,
    event: EventOfType<Type>,
  ) => void;
};

interface Definition<Entries> extends Omit<Projection<Entries>, 'handles' | 'evolve'> {
  readonly on: Handlers<Entries>;
}

const eventTypes: ReadonlyArray<string> = [
  ...Object.keys(seatEvents),
  ...Object.keys(organizationEvents),
  ...Object.keys(addressEvents),
];

const FIELDS: ReadonlyArray<string> = ['name', 'version', 'tables', 'on'];

/** Plain JavaScript is told here what a compiler would have said. */
const demandWhole = (given: Readonly<Record<string, unknown>>): void => {
  const unknown = Object.keys(given).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw new TypeError(`A projection has no field ${unknown}. ${didYouMean(unknown, FIELDS)}`);
  }
  const { name, version, tables, on } = given;
  const isWhole =
    typeof name === 'string' &&
    typeof version === 'number' &&
    Array.isArray(tables) &&
    typeof on === 'object' &&
    on !== null;
  if (isWhole) return;
  throw new TypeError(
    'A projection needs a name, a number as its version, a list of the names of its tables, and on, ' +
      'which has a function for each type of event.',
  );
};

/** An event that never comes would leave a view empty without a word. */
const demandKnown = (projection: string, on: object): void => {
  const unknown = Object.keys(on).find((type) => !eventTypes.includes(type));
  if (unknown === undefined) return;
  const near = nearest(unknown, eventTypes);
  throw new TypeError(
    `The projection ${projection} handles ${unknown}, an event that no view is given. ` +
      (near === undefined ? '' : `Did you mean ${near}? `) +
      `There are: ${eventTypes.join(', ')}. ` +
      'What stands in answer streams and in the ledger stream, such as CommandRefused, reaches no view.',
  );
};

type Handler<Entries> = (tables: Tables<Entries>, event: ProjectedEvent) => unknown;

/**
 * A projection from one function for each type of event that it reads.
 *
 * @throws TypeError when a field is missing or unknown, or a function is named for an event that does not
 * exist or reaches no view
 * @example
 * defineProjection<{ readonly mailboxes: number }>({
 *   name: 'mailboxesAdded',
 *   version: 1,
 *   tables: ['mailboxes'],
 *   on: {
 *     MailboxAdded: ({ mailboxes }, { orgId, data: { userId } }) => {
 *       mailboxes.set(orgId, userId, (mailboxes.get(orgId, userId) ?? 0) + 1);
 *     },
 *   },
 * });
 */
export const defineProjection = <Entries>(definition: Definition<Entries>): Projection<Entries> => {
  demandWhole({ ...definition });
  const { name, version, tables, on } = definition;
  demandKnown(name, on);
  // Entries forget which handler belongs to which type; the definition has checked that.
  const handlers = new Map(Object.entries(on)) as unknown as ReadonlyMap<
    ProjectedEvent['type'],
    Handler<Entries>
  >;
  return {
    name,
    version,
    tables,
    handles: new Set(handlers.keys()),
    // What a handler answers is handed on for whoever minds: a promise would be a fold that is not over.
    evolve: (to, event) =>
      // The ledger's own settings belong to no organization.
      event.orgId === undefined ? undefined : handlers.get(event.type)?.(to, event),
  };
};
