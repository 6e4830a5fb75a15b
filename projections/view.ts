/**
 * What all views share: a fold that keeps every organization apart, and the questions one may ask.
 */
import type { OrgId, UserId } from '../src/values/ids';
import type { ProjectedEvent, Projection } from './projection';

/**
 * A read model and what may be asked of it. Rows are plain JSON, and never change once handed out.
 * Every question is about one organization and cannot see another.
 */
export interface View<State, Row, Key, Filter> {
  readonly projection: Projection<State>;
  /** The fields of a key; none where a key is a text. For those whose keys no compiler has seen. */
  readonly keyFields: FieldsOf<Key>;
  readonly filterFields: FieldsOf<Filter>;
  readonly get: (state: State, orgId: OrgId, key: Key) => Row | undefined;
  /** The rows that have every value `filter` names, in an order that each view states. */
  readonly list: (state: State, orgId: OrgId, filter?: Filter) => ReadonlyArray<Row>;
}

/** The names of a type's fields, complete by construction. */
export type FieldsOf<T> = T extends string
  ? Readonly<Record<string, never>>
  : Readonly<Record<keyof T & string, true>>;

/** A view that also counts, for each user who has anything to count; by user id. */
export interface CountingView<State, Row, Key, Filter, Totals> extends View<
  State,
  Row,
  Key,
  Filter
> {
  readonly totals: (
    state: State,
    orgId: OrgId,
    filter?: { readonly userId?: UserId | undefined },
  ) => ReadonlyArray<Totals>;
}

/** The state of a view: what it knows of each organization. */
export type ByOrganization<Part> = Map<OrgId, Part>;

/** The events of these types, in some organization. */
export type EventOfType<Type extends ProjectedEvent['type']> = Extract<
  ProjectedEvent,
  { readonly type: Type }
> & { readonly orgId: OrgId };

interface OrganizationFold<Type extends ProjectedEvent['type'], Part> {
  readonly name: string;
  readonly version: number;
  readonly handles: ReadonlyArray<Type>;
  readonly initialPart: () => Part;
  /** Changes `part` in place. Never throws, whatever came before. */
  readonly evolvePart: (part: Part, event: EventOfType<Type>) => void;
}

/** The projection that folds each organization's events into a part of its own. */
export const foldByOrganization = <Type extends ProjectedEvent['type'], Part>({
  name,
  version,
  handles,
  initialPart,
  evolvePart,
}: OrganizationFold<Type, Part>): Projection<ByOrganization<Part>> => {
  const handled: ReadonlySet<ProjectedEvent['type']> = new Set(handles);
  const isHandled = (event: ProjectedEvent): event is EventOfType<Type> =>
    handled.has(event.type) && event.orgId !== undefined;

  return {
    name,
    version,
    handles: handled,
    initialState: () => new Map(),
    evolve: (state, event) => {
      if (!isHandled(event)) return state;
      const known = state.get(event.orgId);
      const part = known ?? initialPart();
      if (known === undefined) state.set(event.orgId, part);
      evolvePart(part, event);
      return state;
    },
  };
};

/** Values that some fields of a row are wanted to have; what is left out or `undefined` may be anything. */
export type Wanted<Row, Field extends keyof Row> = {
  readonly [Name in Field]?: Row[Name] | undefined;
};

/** Whether `row` has every value that is wanted. */
export const hasWanted = <Row extends object>(
  row: Row,
  wanted: Wanted<Row, keyof Row>,
): boolean => {
  for (const field in wanted) {
    if (wanted[field] !== undefined && row[field] !== wanted[field]) return false;
  }
  return true;
};
