/**
 * What all views share: the questions one may ask of a read model. An entry's group is always an
 * organization or one seat of it, which keeps every organization apart.
 */
import type { OrgId, UserId } from '../src/values/ids';
import type { Projection } from './projection';
import type { Tables } from './table';

/**
 * A read model and what may be asked of it. Rows are plain JSON, and never change once handed out.
 * Every question is about one organization and cannot see another.
 */
export interface View<Entries, Row, Key, Filter> {
  readonly projection: Projection<Entries>;
  /** The fields of a key; none where a key is a text. For those whose keys no compiler has seen. */
  readonly keyFields: FieldsOf<Key>;
  readonly filterFields: FieldsOf<Filter>;
  readonly get: (tables: Tables<Entries>, orgId: OrgId, key: Key) => Row | undefined;
  /** The user whose row it is: other users do not see it. Without it no user does, only who reads the organization. */
  readonly owner?: (row: Row) => UserId | null;
  /** The rows that have every value `filter` names, in an order that each view states. */
  readonly list: (tables: Tables<Entries>, orgId: OrgId, filter?: Filter) => ReadonlyArray<Row>;
}

/**
 * A view as it is given. In TypeScript its types follow: entries from the projection, rows from what `get`
 * and `list` return, and key and filter from what they take; without a type the key is a text and there is
 * nothing to filter by. `owner` stands last, where the type of a row is known.
 *
 * @example
 * defineView({
 *   projection,
 *   keyFields: {},
 *   filterFields: {},
 *   get: ({ mailboxes }, orgId, userId) => mailboxes.get(orgId, userId),
 *   list: ({ mailboxes }, orgId) => Array.from(mailboxes.entries(orgId), ([, row]) => row),
 * });
 */
export const defineView = <Entries, Row, Key = string, Filter = Readonly<Record<never, never>>>(
  view: View<Entries, Row, Key, Filter>,
): View<Entries, Row, Key, Filter> => view;

/** The names of a type's fields, complete by construction. */
export type FieldsOf<T> = T extends string
  ? Readonly<Record<string, never>>
  : Readonly<Record<keyof T & string, true>>;

/** A view that also counts, for each user who has anything to count; by user id. */
export interface CountingView<Entries, Row, Key, Filter, Totals> extends View<
  Entries,
  Row,
  Key,
  Filter
> {
  readonly totals: (
    tables: Tables<Entries>,
    orgId: OrgId,
    filter?: { readonly userId?: UserId | undefined },
  ) => ReadonlyArray<Totals>;
}

/** The group of what belongs to one seat. No id has a blank in it, so no two seats share a group. */
export const seatGroup = (orgId: OrgId, userId: UserId): string => {
  if (orgId !== last.orgId || userId !== last.userId) {
    last = { orgId, userId, group: `${orgId} ${userId}` };
  }
  return last.group;
};

/** All views ask for the same seat while they take an event in: one text, made and hashed once. */
let last = { orgId: '', userId: '', group: '' };

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
