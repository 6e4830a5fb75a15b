/** One connection to a file of read models: the tables it has open, and its transactions. */
import type { KeptTables, ReadModelSession, Shape } from '../../../../projections/read-model';
import { ReadModelFault } from '../../../../projections/read-model';
import { rollBack } from '../connection';
import { type Database, prepareQuery, type Query, type Row, type Statement } from '../driver';
import { isBusy } from '../faults';
import { guarded } from './file';
import { type Generation, Kept } from './kept';
import { createTable, tableName } from './kept-table';

/** Entries of one projection that stay in memory between commits. */
const MOST_ENTRIES = 200_000;

export class Session implements ReadModelSession {
  private readonly kept: Array<Kept<never>> = [];
  private readonly find: Query;
  private readonly advance: Statement;
  private isOpen = false;

  constructor(
    private readonly database: Database,
    private readonly name: string,
    private readonly mostEntries = MOST_ENTRIES,
  ) {
    this.find = prepareQuery(
      database,
      `SELECT generation, version, next_place, position, event_id, stream, revision
       FROM projections WHERE name = ? AND is_live = ?`,
    );
    this.advance = database.prepare(
      `UPDATE projections SET position = ?, event_id = ?, stream = ?, revision = ?, next_place = ?
       WHERE generation = ?`,
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
        this.trim();
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
      for (const kept of this.kept) if (kept.hasMoved) kept.written();
      this.trim();
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
    const kept = new Kept(this.database, this.name, shape, isLive, row);
    // Projections of all types in one list: of these only writing and dropping is asked.
    this.kept.push(kept as unknown as Kept<never>);
    return kept;
  }

  generation(name: string, isLive: boolean): Generation | undefined {
    const [row] = this.find(name, isLive ? 1 : 0);
    return row === undefined ? undefined : generationOf(row);
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

  /** Puts the tables that were made, which are of this generation, in the place of those that are read. */
  replace(name: string, generation: number): void {
    this.transact(() => {
      // Somebody else may have finished them already, or thrown them away and started over.
      if (this.generation(name, false)?.generation !== generation) {
        throw new Replaced(this.name, name);
      }
      this.drop(name, true);
      this.database
        .prepare('UPDATE projections SET is_live = 1 WHERE generation = ?')
        .run(generation);
    });
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
    for (const kept of this.kept) {
      const { checkpoint, row } = kept;
      if (!kept.hasMoved || checkpoint === undefined) continue;
      kept.write();
      const { position, eventId, stream, revision } = checkpoint;
      const { nextPlace } = kept;
      this.advance.run(
        String(position),
        eventId,
        stream,
        String(revision),
        nextPlace,
        row.generation,
      );
    }
  }

  private trim(): void {
    for (const kept of this.kept) if (kept.isLive) kept.trim(this.mostEntries);
  }

  /** Whether all tables are as this session left them; those that are not are read anew. */
  private isUndisturbed(): boolean {
    let isUndisturbed = true;
    for (const kept of this.kept) {
      const row = this.rowOf(kept);
      if (kept.isAt(row)) continue;
      isUndisturbed = false;
      kept.reset(row);
    }
    return isUndisturbed;
  }

  private rowOf({ shape, isLive, row: { generation } }: Kept<never>): Generation {
    const row = this.generation(shape.name, isLive);
    if (row?.generation === generation) return row;
    throw new Replaced(this.name, shape.name);
  }
}

const generationOf = (cells: Row): Generation => {
  const [generation, version, nextPlace, position, eventId, stream, revision] = cells as [
    generation: number,
    version: number,
    nextPlace: number,
    position: string | null,
    eventId: string,
    stream: string,
    revision: string,
  ];
  const checkpoint =
    position === null
      ? undefined
      : { position: BigInt(position), eventId, stream, revision: BigInt(revision) };
  return { generation, version, checkpoint, nextPlace };
};

/** The tables were made anew meanwhile, or are being made anew by somebody else. */
class Replaced extends ReadModelFault {
  constructor(name: string, projection: string) {
    super(
      `${name}: the read model ${projection} was made anew meanwhile, or somebody else has begun to. ` +
        'Ask again.',
    );
  }
}
