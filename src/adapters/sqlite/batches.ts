/**
 * Many rows in one call: crossing into SQLite and back costs more than a look-up or a row does.
 */
import { type Database, prepareQuery, type Row, type SqlValue } from './driver';

const ROWS_AT_ONCE = 32;

/** `place` as often as there are rows, for a list of VALUES. */
export const places = (place: string, count: number): string => Array(count).fill(place).join(', ');

/**
 * Prepares a statement on rows of `columns` values, which `sql` says for a number of rows. The values of
 * all rows come one after the other.
 */
export const inBatches = (
  database: Database,
  sql: (rows: number) => string,
  columns: number,
): ((values: ReadonlyArray<SqlValue>) => void) => {
  const many = database.prepare(sql(ROWS_AT_ONCE));
  const one = database.prepare(sql(1));
  const batch = ROWS_AT_ONCE * columns;
  return (values) => {
    const end = values.length - (values.length % batch);
    for (let start = 0; start < end; start += batch) {
      many.run(...values.slice(start, start + batch));
    }
    for (let start = end; start < values.length; start += columns) {
      one.run(...values.slice(start, start + columns));
    }
  };
};

/** Prepares looking rows of `table` up by a unique text column; answers those that are there. */
export const keyed = (
  database: Database,
  table: string,
  key: string,
  columns: string,
): ((keys: ReadonlyArray<string>) => ReadonlyMap<string, Row>) => {
  // A key is known by its place: what SQLite gives back may be another text than it was given.
  const asking = (count: number) =>
    prepareQuery(
      database,
      `WITH asked (place, ${key}) AS (VALUES ${places('(?, ?)', count)})
       SELECT ${columns}, place FROM asked CROSS JOIN ${table} USING (${key})`,
    );
  const many = asking(ROWS_AT_ONCE);
  const one = asking(1);
  return (keys) => {
    const found = new Map<string, Row>();
    const look = (query: typeof many, start: number, end: number): void => {
      const asked: Array<SqlValue> = [];
      for (let place = start; place < end; place += 1) asked.push(place, keys[place] ?? '');
      for (const row of query(...asked)) found.set(keys[row.at(-1) as number] ?? '', row);
    };
    const end = keys.length - (keys.length % ROWS_AT_ONCE);
    for (let start = 0; start < end; start += ROWS_AT_ONCE) look(many, start, start + ROWS_AT_ONCE);
    for (let place = end; place < keys.length; place += 1) look(one, place, place + 1);
    return found;
  };
};
