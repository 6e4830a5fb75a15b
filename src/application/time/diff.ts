/** What changed in a view between two points. */
import { isDeepStrictEqual } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { type View, views } from '../../../projections';
import { frozen } from '../../values/frozen';
import { oneOf } from '../../values/codec';
import { Principal } from '../../values/principal';
import { read } from '../input';
import type { EventStore } from '../ports';
import { queried, type Reading } from '../view-queries';
import { PastViews } from './as-of';
import type { Extent } from './point';

export type ViewName = keyof typeof views;

/** The key of a row, as `get` of its view takes it. */
export type RowKey = string | Readonly<Record<string, string>>;

/** A row of whichever view. */
export type Row = Readonly<Record<string, unknown>>;

export interface KeyedRow {
  readonly key: RowKey;
  readonly row: Row;
}

export interface ChangedRow {
  readonly key: RowKey;
  /** Names of the fields that differ. */
  readonly fields: ReadonlyArray<string>;
  readonly before: Row;
  readonly after: Row;
}

/** Rows that one point has and another has not, in the order in which the view lists them. */
export interface ViewDiff {
  readonly view: ViewName;
  readonly from: Extent;
  readonly to: Extent;
  readonly added: ReadonlyArray<KeyedRow>;
  readonly removed: ReadonlyArray<KeyedRow>;
  readonly changed: ReadonlyArray<ChangedRow>;
}

type AnyView = View<Record<string, unknown>, Row, never, never>;

/** Where a key is a text, the field of a row that holds it. */
const idFields: { readonly [Name in ViewName]?: string } = {
  seats: 'userId',
  addresses: 'address',
  auditTrail: 'position',
};

const textOf = (row: Row, field: string): string => String(row[field]);

/** The key that `row` has in its view. */
export const keyOf = (name: ViewName, row: Row): RowKey => {
  const idField = idFields[name];
  if (idField !== undefined) return textOf(row, idField);
  const fields = Object.keys(views[name].keyFields);
  return Object.fromEntries(fields.map((field) => [field, textOf(row, field)]));
};

/**
 * Rows by key. A view may list several rows of one key, oldest first, as when a mailbox was deleted twice:
 * the first stays the first, so they are told apart by their number.
 */
const keyed = (name: ViewName, rows: ReadonlyArray<Row>): ReadonlyMap<string, KeyedRow> => {
  const times = new Map<string, number>();
  return new Map(
    rows.map((row) => {
      const key = keyOf(name, row);
      const text = JSON.stringify(key);
      const time = times.get(text) ?? 0;
      times.set(text, time + 1);
      return [`${text} ${time}`, { key, row }];
    }),
  );
};

const changedFields = (before: Row, after: Row): ReadonlyArray<string> =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (field) => !isDeepStrictEqual(before[field], after[field]),
  );

/** The rows that differ. */
const compared = (
  name: ViewName,
  from: ReadonlyArray<Row>,
  to: ReadonlyArray<Row>,
): Pick<ViewDiff, 'added' | 'removed' | 'changed'> => {
  const before = keyed(name, from);
  const after = keyed(name, to);
  return {
    added: [...after].filter(([id]) => !before.has(id)).map(([, row]) => row),
    removed: [...before].filter(([id]) => !after.has(id)).map(([, row]) => row),
    changed: [...after].flatMap(([id, { key, row }]) => {
      const old = before.get(id)?.row;
      const fields = old === undefined ? [] : changedFields(old, row);
      return old === undefined || fields.length === 0
        ? []
        : [{ key, fields, before: old, after: row }];
    }),
  };
};

/** The rows of one view at a point, as the reader may see them. */
const rowsAt = async (
  store: EventStore,
  reader: Principal,
  name: ViewName,
  point: unknown,
): Reading<{ readonly rows: ReadonlyArray<Row>; readonly extent: Extent }> => {
  // Rows of any view are compared alike, as plain data.
  const view = views[name] as unknown as AnyView;
  const past = new PastViews(store, point, [view.projection]);
  const rows = await queried(view, past, (call) => call()).list(Principal.encode(reader));
  if (E.isLeft(rows)) return rows;
  const extent = await past.extent(reader.orgId);
  return E.isLeft(extent) ? extent : E.right({ rows: rows.right, extent: extent.right });
};

export const readViewName = (given: unknown) =>
  read('query', oneOf(...(Object.keys(views) as ReadonlyArray<ViewName>)), given);

/** What a view shows at one point and not at another. The points may come in either order. */
export const diff = async (
  store: EventStore,
  reader: Principal,
  view: ViewName,
  points: { readonly from: unknown; readonly to: unknown },
): Reading<ViewDiff> => {
  const from = await rowsAt(store, reader, view, points.from);
  if (E.isLeft(from)) return from;
  const to = await rowsAt(store, reader, view, points.to);
  if (E.isLeft(to)) return to;
  return E.right(
    frozen({
      view,
      from: from.right.extent,
      to: to.right.extent,
      ...compared(view, from.right.rows, to.right.rows),
    }),
  );
};
