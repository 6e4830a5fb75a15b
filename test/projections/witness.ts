/** Tables in memory that hold every projection to its contract: entries are plain JSON, and replaced, never changed. */
import { isDeepStrictEqual } from 'node:util';
import { memoryTables, type Projection, type Table, type Tables } from '../../projections';

/** Everything in some tables: by table and group, the ids with their entries, in order. */
export type Contents = Readonly<
  Record<string, Readonly<Record<string, ReadonlyArray<readonly [id: string, entry: unknown]>>>>
>;

/** Freezes a value and all in it. */
export const deepFreeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
};

/** Of a frozen entry, a change throws: code that is strict cannot overlook it. */
class WitnessedTable implements Table<unknown> {
  readonly groups = new Set<string>();

  constructor(
    private readonly name: string,
    private readonly table: Table<unknown>,
  ) {}

  readonly get = (group: string, id: string): unknown => this.table.get(group, id);

  readonly set = (group: string, id: string, entry: unknown): void => {
    const text = JSON.stringify(entry) as string | undefined;
    if (text === undefined || !isDeepStrictEqual(JSON.parse(text), entry)) {
      throw new TypeError(`${this.name}: the entry ${group} / ${id} is not plain JSON.`);
    }
    deepFreeze(entry);
    this.groups.add(group);
    this.table.set(group, id, entry);
  };

  readonly delete = (group: string, id: string): void => {
    this.table.delete(group, id);
  };

  readonly entries = (group: string): Iterable<readonly [string, unknown]> =>
    this.table.entries(group);
}

/** Tables of a projection, and what is in them. */
export class Witness<Entries> {
  readonly tables: Tables<Entries>;
  private readonly witnessed: Readonly<Record<string, WitnessedTable>>;

  /** @param contents what the tables begin with, read back from text as from a file */
  constructor({ tables }: Pick<Projection<Entries>, 'tables'>, contents: Contents = {}) {
    const memory = memoryTables<Record<string, unknown>>(tables);
    this.witnessed = Object.fromEntries(
      tables.map((name) => [name, new WitnessedTable(name, memory[name]!)]),
    );
    const stored = JSON.parse(JSON.stringify(contents)) as Contents;
    for (const [name, groups] of Object.entries(stored)) {
      for (const [group, entries] of Object.entries(groups)) {
        for (const [id, entry] of entries) this.witnessed[name]?.set(group, id, entry);
      }
    }
    this.tables = this.witnessed as unknown as Tables<Entries>;
  }

  get contents(): Contents {
    return Object.fromEntries(
      Object.entries(this.witnessed).map(([name, table]) => [
        name,
        Object.fromEntries(
          [...table.groups]
            .sort()
            .map((group) => [group, [...table.entries(group)]] as const)
            .filter(([, entries]) => entries.length > 0),
        ),
      ]),
    );
  }
}
