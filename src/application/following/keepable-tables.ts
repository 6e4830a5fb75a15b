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

/** Whether all of its own properties are of the kind that JSON writes: no gaps, no names in a list, nothing hidden. */
const isWhole = (value: object): boolean => {
  const written = Object.keys(value).length;
  return Array.isArray(value)
    ? written === value.length && Reflect.ownKeys(value).length === written + 1
    : isPlainObject(value) && Reflect.ownKeys(value).length === written;
};

/**
 * Where in `value` something stands that JSON does not hold; `undefined` when it is all plain.
 *
 * @param around what it stands in: nothing stands in itself
 */
const notPlain = (
  value: unknown,
  path: string,
  around: ReadonlyArray<object> = [],
): string | undefined => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? undefined : path;
    case 'object':
      if (value === null) return undefined;
      if (around.includes(value) || !isWhole(value)) return path;
      for (const key of Object.keys(value)) {
        const part = Object.getOwnPropertyDescriptor(value, key);
        // A getter may answer otherwise each time.
        if (part === undefined || !('value' in part)) return `${path}.${key}`;
        const found = notPlain(part.value, `${path}.${key}`, [...around, value]);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return path;
  }
};

const kindOf = (value: unknown): string => {
  if (value === undefined || value === null) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const demandKeepable = (name: string, place: 'group' | 'id', key: unknown): void => {
  if (isKeepableKey(key)) return;
  const fault =
    typeof key === 'string'
      ? 'a text without NUL and lone surrogates: no other is kept as it is. Join the parts of a key by blanks.'
      : `a text but ${kindOf(key)}: set takes a group, an id and an entry.`;
  throw new TypeError(`The ${place} of an entry of ${name} is not ${fault}`);
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

/** What is asked for a table that there is not. Stands behind the tables: one that there is never asks it. */
const tellingNames = (names: ReadonlyArray<string>): object =>
  new Proxy(
    {},
    {
      get: (target, name): unknown => {
        if (typeof name === 'symbol' || name in target || name === 'then') {
          return Reflect.get(target, name);
        }
        throw new TypeError(
          `The projection has no table ${name}. ${names.length === 1 ? 'Its table is' : 'Its tables are'} ${names.join(', ')}.`,
        );
      },
    },
  );

/**
 * The same tables, whose `set` throws a TypeError where what it is given cannot be kept, as does the look
 * for a table that there is not.
 */
export const keepableTables = <Entries>(tables: Tables<Entries>): Tables<Entries> => {
  const named = Object.entries(tables as Record<string, Table<unknown>>);
  const kept = named.map(([name, table]) => [name, keepableTable(name, table)] as const);
  const behind = tellingNames(named.map(([name]) => name));
  return Object.assign(Object.create(behind), Object.fromEntries(kept)) as Tables<Entries>;
};
