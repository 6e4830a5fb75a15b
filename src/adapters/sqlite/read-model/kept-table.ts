/**
 * A table of a projection in SQLite: what was read or set stays in memory until the session forgets it,
 * and what was set is written when the session commits.
 */
import type { Table } from '../../../../projections/table';
import { isKeepableKey } from '../../../values/keepable-key';
import type { Database, Row, Statement } from '../driver';
import { prepareQuery, type Query } from '../driver';
import { guarded } from './file';

/** What is known of one id: its entry, or that there is none. */
interface Slot {
  /** `undefined` when there is none. */
  entry: unknown;
  /** Where in its group it came. */
  place: number;
  isSet: boolean;
}

interface Group {
  slots: Map<string, Slot>;
  /** Whether every entry of the group is in `slots`, in the order of their places. */
  isWhole: boolean;
}

/** Gives each new entry a place after all earlier ones of its projection. */
export interface Places {
  next: number;
}

/** The name of a table in the file. */
export const tableName = (generation: number, table: string): string => `"${generation} ${table}"`;

export const createTable = (generation: number, table: string): string =>
  `CREATE TABLE ${tableName(generation, table)} (
    kin TEXT NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL, entry TEXT NOT NULL,
    PRIMARY KEY (kin, id)
  ) STRICT, WITHOUT ROWID`;

export class KeptTable implements Table<unknown> {
  private groups = new Map<string, Group>();
  private changed: Array<readonly [group: string, id: string, slot: Slot]> = [];
  private readonly find: Query;
  private readonly list: Query;
  private readonly put: Statement;
  private readonly remove: Statement;

  constructor(
    database: Database,
    private readonly model: string,
    generation: number,
    name: string,
    private readonly places: Places,
    /** The file holds none of it, so nothing has to be looked up there: everything is in memory. */
    private isNew: boolean,
  ) {
    const table = tableName(generation, name);
    this.find = prepareQuery(
      database,
      `SELECT entry, place FROM ${table} WHERE kin = ? AND id = ?`,
    );
    this.list = prepareQuery(
      database,
      `SELECT id, entry, place FROM ${table} WHERE kin = ? ORDER BY place`,
    );
    this.put = database.prepare(
      `INSERT INTO ${table} (kin, id, place, entry) VALUES (?, ?, ?, ?)
       ON CONFLICT (kin, id) DO UPDATE SET place = excluded.place, entry = excluded.entry`,
    );
    this.remove = database.prepare(`DELETE FROM ${table} WHERE kin = ? AND id = ?`);
  }

  readonly get = (group: string, id: string): unknown => this.slot(group, id).entry;

  readonly set = (group: string, id: string, entry: unknown): void => {
    const slot = this.slot(group, id);
    if (slot.entry === undefined) this.placeLast(group, id, slot);
    slot.entry = entry;
    this.note(group, id, slot);
  };

  readonly delete = (group: string, id: string): void => {
    const slot = this.slot(group, id);
    if (slot.entry === undefined) return;
    slot.entry = undefined;
    this.note(group, id, slot);
  };

  readonly entries = (group: string): Iterable<readonly [string, unknown]> => {
    const found: Array<readonly [string, unknown]> = [];
    for (const [id, { entry }] of this.whole(group).slots) {
      if (entry !== undefined) found.push([id, entry]);
    }
    return found;
  };

  /** How many ids are in memory. */
  get size(): number {
    let size = 0;
    for (const { slots } of this.groups.values()) size += slots.size;
    return size;
  }

  /** Writes what was set. */
  write(): void {
    for (const [group, id, slot] of this.changed) {
      if (!slot.isSet) continue;
      if (slot.entry === undefined) this.remove.run(group, id);
      else this.put.run(group, id, slot.place, JSON.stringify(slot.entry));
    }
  }

  /** What was set has been written. */
  written(): void {
    for (const [, , slot] of this.changed) slot.isSet = false;
    this.changed = [];
  }

  /** Forgets everything: what was set, and what is in the file. */
  forget(): void {
    this.groups = new Map();
    this.changed = [];
    this.isNew = false;
  }

  private group(group: string): Group {
    const known = this.groups.get(group);
    if (known !== undefined) return known;
    const made = { slots: new Map<string, Slot>(), isWhole: this.isNew };
    this.groups.set(group, made);
    return made;
  }

  private slot(groupName: string, id: string): Slot {
    const { slots, isWhole } = this.group(groupName);
    const known = slots.get(id);
    if (known !== undefined) return known;
    const slot = isWhole ? absent() : this.stored(groupName, id);
    slots.set(id, slot);
    return slot;
  }

  private stored(group: string, id: string): Slot {
    // Nothing was kept under it, and SQLite would find what stands under another.
    if (!isKeepableKey(group) || !isKeepableKey(id)) return absent();
    return guarded(this.model, () => {
      const [row] = this.find(group, id);
      return row === undefined ? absent() : slotOf(row[0], row[1]);
    });
  }

  /** The group with all its entries, in their order. */
  private whole(groupName: string): Group {
    const group = this.group(groupName);
    if (group.isWhole) return group;
    const slots = guarded(this.model, () => {
      const stored = new Map<string, Slot>();
      const rows = isKeepableKey(groupName) ? this.list(groupName) : [];
      for (const [id, entry, place] of rows) {
        stored.set(String(id), group.slots.get(String(id)) ?? slotOf(entry, place));
      }
      return stored;
    });
    const later = [...group.slots].filter(([id]) => !slots.has(id));
    const all = [...slots, ...later];
    // What was deleted and set again since has a later place than its row.
    if (group.slots.size > 0) all.sort(([, one], [, other]) => one.place - other.place);
    group.slots = new Map(all);
    group.isWhole = true;
    return group;
  }

  private placeLast(groupName: string, id: string, slot: Slot): void {
    slot.place = this.places.next++;
    const { slots } = this.group(groupName);
    slots.delete(id);
    slots.set(id, slot);
  }

  private note(group: string, id: string, slot: Slot): void {
    if (slot.isSet) return;
    slot.isSet = true;
    this.changed.push([group, id, slot]);
  }
}

const absent = (): Slot => ({ entry: undefined, place: 0, isSet: false });

const slotOf = (entry: Row[number] | undefined, place: Row[number] | undefined): Slot => ({
  entry: JSON.parse(String(entry)),
  place: Number(place),
  isSet: false,
});
