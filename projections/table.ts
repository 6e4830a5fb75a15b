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

/** A group's only entry. Most groups have one, which a map of its own would triple in size. */
class Single<Entry> {
  constructor(
    readonly id: string,
    public entry: Entry,
  ) {}
}

type Group<Entry> = Single<Entry> | Map<string, Entry>;

class MemoryTable<Entry> implements Table<Entry> {
  private readonly groups = new Map<string, Group<Entry>>();

  readonly get = (group: string, id: string): Entry | undefined => {
    const known = this.groups.get(group);
    if (known === undefined) return undefined;
    if (known instanceof Map) return known.get(id);
    return known.id === id ? known.entry : undefined;
  };

  readonly set = (group: string, id: string, entry: Entry): void => {
    const known = this.groups.get(group);
    if (known === undefined) this.groups.set(group, new Single(id, entry));
    else if (known instanceof Map) known.set(id, entry);
    else if (known.id === id) known.entry = entry;
    else this.groups.set(group, new Map([...this.entries(group), [id, entry]]));
  };

  readonly delete = (group: string, id: string): void => {
    const known = this.groups.get(group);
    if (known === undefined) return;
    const isEmpty = known instanceof Map ? known.delete(id) && known.size === 0 : known.id === id;
    if (isEmpty) this.groups.delete(group);
  };

  readonly entries = (group: string): Iterable<readonly [string, Entry]> => {
    const known = this.groups.get(group);
    if (known === undefined) return [];
    return known instanceof Map ? known : [[known.id, known.entry]];
  };
}

/** Empty tables, which last as long as the process. */
export const memoryTables = <Entries>(
  names: ReadonlyArray<keyof Entries & string>,
): Tables<Entries> =>
  // One table for each name: that each has entries of its own type, no list of names can say.
  Object.fromEntries(
    names.map((name) => [name, new MemoryTable<unknown>()]),
  ) as unknown as Tables<Entries>;
