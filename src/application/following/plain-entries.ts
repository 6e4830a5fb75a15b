/**
 * A host's projection, held to plain JSON and to keys that a file can keep: what cannot be written as it
 * stands would otherwise be found when the tables of all projections are written, or come back otherwise
 * than it went in.
 */
import type { Projection } from '../../../projections';
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
      for (const [key, part] of Object.entries(value)) {
        const found = notPlain(part, `${path}.${key}`);
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

const plainTable = (name: string, table: Table<unknown>): Table<unknown> => ({
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

const plainTables = <Entries>(tables: Tables<Entries>): Tables<Entries> =>
  Object.fromEntries(
    Object.entries(tables as Record<string, Table<unknown>>).map(([name, table]) => [
      name,
      plainTable(name, table),
    ]),
  ) as unknown as Tables<Entries>;

const held = new WeakMap<object, object>();

/** The projection, whose `evolve` throws a TypeError where an entry is not plain JSON; the same for the same. */
export const holdToPlainEntries = <Entries>(
  projection: Projection<Entries>,
): Projection<Entries> => {
  const known = held.get(projection);
  if (known !== undefined) return known as Projection<Entries>;
  const checked = new WeakMap<Tables<Entries>, Tables<Entries>>();
  const plain: Projection<Entries> = {
    ...projection,
    evolve: (tables, event) => {
      const given = checked.get(tables) ?? plainTables(tables);
      checked.set(tables, given);
      projection.evolve(given, event);
    },
  };
  held.set(projection, plain);
  return plain;
};
