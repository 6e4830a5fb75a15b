/**
 * Tables that take plain JSON only, under keys that a file can keep: what cannot be written as it stands
 * would otherwise be found when the tables of all projections are written, or come back otherwise than it
 * went in.
 */
import type { Table, Tables } from '../../../projections/table';
import { isKeepableKey } from '../../values/keepable-key';

const isPlainObject = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Where in `value` something stands that JSON does not hold; `undefined` when it is all plain. */
const notPlain = (value: unknown, path: string): string | undefined => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : path;
    case 'object':
      if (value === null) return undefined;
      if (!Array.isArray(value) && !isPlainObject(value)) return path;
      for (const key of Object.keys(value)) {
        const part = Object.getOwnPropertyDescriptor(value, key);
        // A getter may answer otherwise each time.
        if (part === undefined || !('value' in part)) return `${path}.${key}`;
        const found = notPlain(part.value, `${path}.${key}`);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return path;
  }
};

const demandKeepable = (name: string, place: 'group' | 'id', key: unknown): void => {
  if (isKeepableKey(key)) return;
  throw new TypeError(
    `The ${place} of an entry of ${name} is not a text without NUL and lone surrogates: no other is kept as it is. Join the parts of a key by blanks.`,
  );
};

const keepableTable = (name: string, table: Table<unknown>): Table<unknown> => ({
  get: table.get,
  delete: table.delete,
  entries: table.entries,
  set: (group, id, entry) => {
    demandKeepable(name, 'group', group);
    demandKeepable(name, 'id', id);
    const found = notPlain(entry, name);
    if (found !== undefined) {
      throw new TypeError(
        `${found} is not plain JSON. Set texts, finite numbers, booleans, null, and arrays and objects of them.`,
      );
    }
    table.set(group, id, entry);
  },
});

/** The same tables, whose `set` throws a TypeError where what it is given cannot be kept. */
export const keepableTables = <Entries>(tables: Tables<Entries>): Tables<Entries> =>
  Object.fromEntries(
    Object.entries(tables as Record<string, Table<unknown>>).map(([name, table]) => [
      name,
      keepableTable(name, table),
    ]),
  ) as unknown as Tables<Entries>;
