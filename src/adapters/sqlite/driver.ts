/**
 * The SQLite driver: the one in Node, or the drop-in package with the same API.
 */
import { createRequire } from 'node:module';
import type { DriverMissing } from '../../application/failures';

/** The part of `node:sqlite` that the store uses. */
export interface Driver {
  readonly DatabaseSync: new (path: string, options: { readonly readOnly: boolean }) => Database;
}

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  function(name: string, body: (value: SqlValue) => null): void;
  close(): void;
}

export interface Statement {
  run(...values: ReadonlyArray<SqlValue>): unknown;
  all(...values: ReadonlyArray<SqlValue>): Array<unknown>;
  /** Missing before Node 22.16. */
  setReturnArrays?(enabled: boolean): void;
}

/** What is given to a query. */
export type SqlValue = string | number | null;

/** A row of a query, in the order of its columns. */
export type Row = ReadonlyArray<SqlValue | Uint8Array>;

/** A prepared query. */
export type Query = (...values: ReadonlyArray<SqlValue>) => ReadonlyArray<Row>;

const DRIVER_PACKAGE = '@photostructure/sqlite';

/**
 * The driver to use on this Node, or `undefined` if there is none.
 *
 * SQLite before 3.51.3 can, rarely, damage a WAL that two processes write and checkpoint at once.
 * Where Node's own is that old, the package goes first if it is installed.
 */
export const loadDriver = (versions: NodeJS.ProcessVersions = process.versions) =>
  atLeast(versions['sqlite'], [3, 51, 3])
    ? (fromNode(versions) ?? fromPackage())
    : (fromPackage() ?? fromNode(versions));

/** Whether it is the one in Node. */
export const isBuiltIn = (driver: Driver | undefined): boolean =>
  driver !== undefined && driver === fromNode(process.versions);

export const driverMissing: DriverMissing = {
  type: 'DriverMissing',
  message: `This Node has no built-in SQLite and the package ${DRIVER_PACKAGE} is not installed. Run: npm install ${DRIVER_PACKAGE}`,
  install: `npm install ${DRIVER_PACKAGE}`,
};

/** Prepares a query that answers arrays, which are faster than objects. */
export const prepareQuery = (database: Database, sql: string): Query => {
  const statement = database.prepare(sql);
  if (statement.setReturnArrays !== undefined) {
    statement.setReturnArrays(true);
    return (...values) => statement.all(...values) as ReadonlyArray<Row>;
  }
  return (...values) => statement.all(...values).map((row) => Object.values(row as object) as Row);
};

/** The one number in the one row that a query answers. */
export const numberIn = ([row]: ReadonlyArray<Row>): number => Number(row?.[0]);

/**
 * The one value that `select` answers.
 *
 * Goes through `exec` and a function of ours instead of a prepared statement: the package has no
 * way to let go of a statement, and one that lives on keeps the file open after `close`.
 */
export const queryValue = (database: Database, select: string): SqlValue | undefined => {
  let answer: SqlValue | undefined;
  database.function('seatledger_note', (value) => {
    answer = value;
    return null;
  });
  database.exec(`SELECT seatledger_note((${select}))`);
  return answer;
};

const fromNode = (versions: NodeJS.ProcessVersions): Driver | undefined =>
  atLeast(versions.node, [22, 13, 0])
    ? (process.getBuiltinModule('node:sqlite') as Driver | undefined)
    : undefined;

const fromPackage = (): Driver | undefined => {
  try {
    return createRequire(__filename)(DRIVER_PACKAGE) as Driver;
  } catch {
    // Not installed, or no build of it for this machine: either way there is nothing to load.
    return undefined;
  }
};

const atLeast = (
  version: string | undefined,
  least: readonly [number, number, number],
): boolean => {
  const parts = version?.split('.').map(Number) ?? [];
  for (const [place, wanted] of least.entries()) {
    const part = parts[place] ?? -1;
    if (part !== wanted) return part > wanted;
  }
  return true;
};
