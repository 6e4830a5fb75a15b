/**
 * Where a projection keeps what it knows: entries by group and id. The same fold runs on tables in memory
 * and on tables in a file, of which only the entries that are asked for are read.
 */

/**
 * Entries in groups, such as an organization's. An entry is plain JSON and is replaced, never changed,
 * because readers hold it.
 */
export interface Table<Entry> {
  readonly get: (group: string, id: string) => Entry | undefined;
  /** Puts an entry last in its group, or in the place of the one that has its id. */
  readonly set: (group: string, id: string, entry: Entry) => void;
  readonly delete: (group: string, id: string) => void;
  /** The entries of a group, in the order in which their ids came. */
  readonly entries: (group: string) => Iterable<readonly [id: string, entry: Entry]>;
}

/** The tables of a projection, by name. */
export type Tables<Entries> = { readonly [Name in keyof Entries]: Table<Entries[Name]> };

class MemoryTable<Entry> implements Table<Entry> {
  private readonly groups = new Map<string, Map<string, Entry>>();

  readonly get = (group: string, id: string): Entry | undefined => this.groups.get(group)?.get(id);

  readonly set = (group: string, id: string, entry: Entry): void => {
    const known = this.groups.get(group);
    if (known === undefined) this.groups.set(group, new Map([[id, entry]]));
    else known.set(id, entry);
  };

  readonly delete = (group: string, id: string): void => {
    const known = this.groups.get(group);
    if (known?.delete(id) === true && known.size === 0) this.groups.delete(group);
  };

  readonly entries = (group: string): Iterable<readonly [string, Entry]> =>
    this.groups.get(group) ?? [];
}

/** Empty tables, which last as long as the process. */
export const memoryTables = <Entries>(
  names: ReadonlyArray<keyof Entries & string>,
): Tables<Entries> =>
  Object.fromEntries(
    names.map((name) => [name, new MemoryTable<unknown>()]),
  ) as unknown as Tables<Entries>;
