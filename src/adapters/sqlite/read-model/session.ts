/** One connection to a file of read models: the tables it has open, and its transactions. */
import type {
  KeptTables,
  Place,
  ReadModelSession,
  Shape,
} from '../../../../projections/read-model';
import { ReadModelFault } from '../../../../projections/read-model';
import type { Tables } from '../../../../projections/table';
import { rollBack } from '../connection';
import { type Database, prepareQuery, type Query, type Statement } from '../driver';
import { isBusy } from '../faults';
import { guarded } from './file';
import { createTable, KeptTable, type Places, tableName } from './kept-table';

/** Entries that are kept in memory between commits. */
const MOST_KEPT = 200_000;

/** A projection's row in the file. */
export interface Generation {
  readonly generation: number;
  readonly version: number;
  readonly place: Place | undefined;
  readonly nextPlace: number;
}

const isSamePlace = (one: Place | undefined, other: Place | undefined): boolean =>
  one?.position === other?.position && one?.eventId === other?.eventId;

/** The tables of one projection. */
class Kept<Entries> implements KeptTables<Entries> {
  readonly tables: Tables<Entries>;
  readonly all: ReadonlyArray<KeptTable>;
  place: Place | undefined;
  private committed: Place | undefined;
  private readonly places: Places;

  constructor(
    database: Database,
    readonly shape: Shape<Entries>,
    readonly isLive: boolean,
    readonly row: Generation,
  ) {
    this.place = this.committed = row.place;
    this.places = { next: row.nextPlace };
    const isNew = row.place === undefined;
    const named = shape.tables.map(
      (name) => [name, new KeptTable(database, row.generation, name, this.places, isNew)] as const,
    );
    this.all = named.map(([, table]) => table);
    this.tables = Object.fromEntries(named) as unknown as Tables<Entries>;
  }

  readonly advance = (place: Place): void => {
    this.place = place;
  };

  get hasMoved(): boolean {
    return !isSamePlace(this.place, this.committed);
  }

  get nextPlace(): number {
    return this.places.next;
  }

  isAt(row: Generation | undefined): boolean {
    return row?.generation === this.row.generation && isSamePlace(row.place, this.committed);
  }

  /** Forgets what was set, and goes on from what the file holds. */
  reset(row: Generation): void {
    for (const table of this.all) table.forget();
    this.place = this.committed = row.place;
    this.places.next = row.nextPlace;
  }

  written(): void {
    this.committed = this.place;
    for (const table of this.all) table.written();
    let size = 0;
    for (const table of this.all) size += table.size;
    if (this.isLive && size > MOST_KEPT) for (const table of this.all) table.forget();
  }
}

export class Session implements ReadModelSession {
  private readonly kept: Array<Kept<never>> = [];
  private readonly find: Query;
  private readonly advance: Statement;
  private isOpen = false;

  constructor(
    private readonly database: Database,
    private readonly name: string,
  ) {
    this.find = prepareQuery(
      database,
      `SELECT generation, version, position, event_id, next_place
       FROM projections WHERE name = ? AND is_live = ?`,
    );
    this.advance = database.prepare(
      'UPDATE projections SET position = ?, event_id = ?, next_place = ? WHERE generation = ?',
    );
  }

  readonly open = <Entries>(shape: Shape<Entries>): KeptTables<Entries> | undefined =>
    guarded(this.name, () => {
      const row = this.generation(shape.name, true);
      return row?.version === shape.version ? this.keep(shape, true, row) : undefined;
    });

  readonly begin = (): boolean =>
    guarded(this.name, () => {
      if (this.isOpen) return true;
      this.database.exec('BEGIN');
      this.isOpen = true;
      return this.isUndisturbed();
    });

  readonly commit = (): boolean =>
    guarded(this.name, () => {
      if (!this.isOpen) throw new Error('Defect: a commit without a begin.');
      if (!this.kept.some(({ hasMoved }) => hasMoved)) {
        this.end();
        return true;
      }
      if (!this.lock()) return false;
      try {
        this.write();
        this.database.exec('COMMIT');
      } catch (error) {
        this.end();
        throw error;
      }
      this.isOpen = false;
      for (const kept of this.kept) kept.written();
      return true;
    });

  readonly end = (): void => {
    guarded(this.name, () => {
      if (this.isOpen) rollBack(this.database);
      this.isOpen = false;
      for (const kept of this.kept) {
        if (kept.hasMoved) kept.reset(this.rowOf(kept));
      }
    });
  };

  readonly close = (): void => {
    this.end();
    this.database.close();
  };

  /** Keeps the tables of a projection that has this row. */
  keep<Entries>(shape: Shape<Entries>, isLive: boolean, row: Generation): KeptTables<Entries> {
    const kept = new Kept(this.database, shape, isLive, row);
    this.kept.push(kept as unknown as Kept<never>);
    return kept;
  }

  generation(name: string, isLive: boolean): Generation | undefined {
    const [row] = this.find(name, isLive ? 1 : 0);
    if (row === undefined) return undefined;
    const [generation, version, position, eventId, nextPlace] = row as [
      number,
      number,
      number | null,
      string | null,
      number,
    ];
    const place =
      position === null || eventId === null ? undefined : { position: BigInt(position), eventId };
    return { generation, version, place, nextPlace };
  }

  /** Does `work` in a transaction of its own. */
  transact(work: () => void): void {
    guarded(this.name, () => {
      this.database.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.database.exec('COMMIT');
      } catch (error) {
        rollBack(this.database);
        throw error;
      }
    });
  }

  /** Makes the tables of a projection, beside those that are read. */
  create<Entries>({ name, version, tables }: Shape<Entries>): void {
    const made = prepareQuery(
      this.database,
      `INSERT INTO projections (name, version, is_live, next_place, tables)
       VALUES (?, ?, 0, 0, ?) RETURNING generation`,
    );
    const [row] = made(name, version, JSON.stringify(tables));
    for (const table of tables) this.database.exec(createTable(Number(row?.[0]), table));
  }

  /** Takes the tables of a projection out of the file. */
  drop(name: string, isLive: boolean): void {
    const found = prepareQuery(
      this.database,
      'SELECT generation, tables FROM projections WHERE name = ? AND is_live = ?',
    );
    for (const row of found(name, isLive ? 1 : 0)) {
      const generation = row[0] as number;
      for (const table of JSON.parse(row[1] as string) as ReadonlyArray<string>) {
        this.database.exec(`DROP TABLE ${tableName(generation, table)}`);
      }
      this.database.exec(`DELETE FROM projections WHERE generation = ${String(generation)}`);
    }
  }

  promote(name: string): void {
    this.database.prepare('UPDATE projections SET is_live = 1 WHERE name = ?').run(name);
  }

  /** Turns the transaction into a writing one, unless others have changed what it rests on. */
  private lock(): boolean {
    try {
      // Writes nothing, and fails at once where the snapshot is not the newest any more.
      this.database.exec('UPDATE projections SET next_place = next_place WHERE generation = -1');
      return true;
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    rollBack(this.database);
    this.database.exec('BEGIN IMMEDIATE');
    if (this.kept.every((kept) => kept.isAt(this.generation(kept.shape.name, kept.isLive)))) {
      return true;
    }
    this.end();
    return false;
  }

  private write(): void {
    for (const { all, place, hasMoved, row, nextPlace } of this.kept) {
      if (!hasMoved || place === undefined) continue;
      for (const table of all) table.write();
      this.advance.run(Number(place.position), place.eventId, nextPlace, row.generation);
    }
  }

  /** Whether all tables are as this session left them; those that are not are read anew. */
  private isUndisturbed(): boolean {
    let isSame = true;
    for (const kept of this.kept) {
      const row = this.rowOf(kept);
      if (kept.isAt(row)) continue;
      isSame = false;
      kept.reset(row);
    }
    return isSame;
  }

  private rowOf({ shape, isLive, row: { generation } }: Kept<never>): Generation {
    const row = this.generation(shape.name, isLive);
    if (row?.generation === generation) return row;
    throw new Replaced(this.name, shape.name);
  }
}

/** The tables were made anew meanwhile: they have to be opened again. */
class Replaced extends ReadModelFault {
  constructor(name: string, projection: string) {
    super(`${name}: the read model ${projection} was made anew. Ask again.`);
  }
}
