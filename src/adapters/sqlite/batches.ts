/**
 * Many rows in one call: crossing into SQLite and back costs more than a look-up or a row does.
 */
import { type Database, prepareQuery, type Row, type SqlValue } from './driver';

/** Rows of one call, the largest first: what is left over goes in smaller ones. */
const SIZES: ReadonlyArray<number> = [32, 8, 1];

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
  const statements = SIZES.map((rows) => ({
    size: rows * columns,
    statement: database.prepare(sql(rows)),
  }));
  return (values) => {
    let start = 0;
    for (const { size, statement } of statements) {
      for (; values.length - start >= size; start += size) {
        statement.run(...values.slice(start, start + size));
      }
    }
  };
};

/**
 * Prepares looking rows up by a unique text column, `key`; answers those that are there.
 *
 * @param tables and how they are joined, beginning with the one that has the key
 */
export const keyed = (
  database: Database,
  tables: string,
  key: string,
  columns: string,
): ((keys: ReadonlyArray<string>) => ReadonlyMap<string, Row>) => {
  // A key is known by its place: what SQLite gives back may be another text than it was given.
  const queries = SIZES.map((size) => ({
    size,
    query: prepareQuery(
      database,
      `WITH asked (place, ${key}) AS (VALUES ${places('(?, ?)', size)})
       SELECT ${columns}, place FROM asked CROSS JOIN ${tables}`,
    ),
  }));
  return (keys) => {
    const found = new Map<string, Row>();
    let start = 0;
    for (const { size, query } of queries) {
      for (; keys.length - start >= size; start += size) {
        const asked: Array<SqlValue> = [];
        for (let place = start; place < start + size; place += 1) {
          asked.push(place, keys[place] ?? '');
        }
        for (const row of query(...asked)) found.set(keys[row.at(-1) as number] ?? '', row);
      }
    }
    return found;
  };
};
