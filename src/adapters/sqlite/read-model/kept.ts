/** The tables of one projection as a session keeps them, and how far they have come. */
import type { Checkpoint, KeptTables, Shape } from '../../../../projections/read-model';
import type { Tables } from '../../../../projections/table';
import type { Database } from '../driver';
import { KeptTable, type Places } from './kept-table';

/** A projection's row in the file. */
export interface Generation {
  readonly generation: number;
  readonly version: number;
  readonly checkpoint: Checkpoint | undefined;
  readonly nextPlace: number;
}

const isSameCheckpoint = (one: Checkpoint | undefined, other: Checkpoint | undefined): boolean =>
  one?.position === other?.position && one?.eventId === other?.eventId;

export class Kept<Entries> implements KeptTables<Entries> {
  readonly tables: Tables<Entries>;
  checkpoint: Checkpoint | undefined;
  private readonly all: ReadonlyArray<KeptTable>;
  private committed: Checkpoint | undefined;
  private readonly places: Places;

  constructor(
    database: Database,
    name: string,
    readonly shape: Shape<Entries>,
    readonly isLive: boolean,
    readonly row: Generation,
  ) {
    this.checkpoint = this.committed = row.checkpoint;
    this.places = { next: row.nextPlace };
    const isNew = row.checkpoint === undefined;
    const named = shape.tables.map((table) => {
      const kept = new KeptTable(database, name, row.generation, table, this.places, isNew);
      return [table, kept] as const;
    });
    this.all = named.map(([, table]) => table);
    // As in memory: one table for each name of the projection, whatever its entries.
    this.tables = Object.fromEntries(named) as unknown as Tables<Entries>;
  }

  readonly advance = (checkpoint: Checkpoint): void => {
    this.checkpoint = checkpoint;
  };

  get hasMoved(): boolean {
    return !isSameCheckpoint(this.checkpoint, this.committed);
  }

  get nextPlace(): number {
    return this.places.next;
  }

  isAt(row: Generation | undefined): boolean {
    return (
      row?.generation === this.row.generation && isSameCheckpoint(row.checkpoint, this.committed)
    );
  }

  /** Forgets what was set, and goes on from what the file holds. */
  reset(row: Generation): void {
    for (const table of this.all) table.forget();
    this.checkpoint = this.committed = row.checkpoint;
    this.places.next = row.nextPlace;
  }

  /** Writes what was set. */
  write(): void {
    for (const table of this.all) table.write();
  }

  /** What was set has been written. */
  written(): void {
    this.committed = this.checkpoint;
    for (const table of this.all) table.written();
  }

  /** Lets go of what is in memory when it has become more than `mostEntries`. All of it is in the file. */
  trim(mostEntries: number): void {
    let size = 0;
    for (const table of this.all) size += table.size;
    if (size > mostEntries) for (const table of this.all) table.forget();
  }
}
