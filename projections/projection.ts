/**
 * A projection is a decider without `decide`: a fold of the log into the tables of a read model.
 */
import type { AddressEvent } from '../src/address/events';
import type { OrganizationEvent } from '../src/organization/events';
import type { SeatEvent } from '../src/seat/events';
import type { Recorded } from '../src/stored-event';
import type { OrgId } from '../src/values/ids';
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

type Handler<Entries> = (tables: Tables<Entries>, event: ProjectedEvent) => void;

/**
 * A projection from one function for each type of event that it reads.
 *
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
export const defineProjection = <Entries>({
  name,
  version,
  tables,
  on,
}: Definition<Entries>): Projection<Entries> => {
  const handlers = new Map(Object.entries(on)) as unknown as ReadonlyMap<
    ProjectedEvent['type'],
    Handler<Entries>
  >;
  return {
    name,
    version,
    tables,
    handles: new Set(handlers.keys()),
    evolve: (to, event) => {
      // The ledger's own settings belong to no organization.
      if (event.orgId !== undefined) handlers.get(event.type)?.(to, event);
    },
  };
};
