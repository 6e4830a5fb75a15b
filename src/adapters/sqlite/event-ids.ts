/**
 * Where the event of an id stands.
 *
 * Ids are random, so an index that has each at once changes a page for nearly each of them, which was more
 * than half of what a commit took. Here they are put into it thousands at a time and in their order, and
 * those that are not in it yet are kept in memory.
 */
import { keyed } from './batches';
import { type Database, prepareQuery } from './driver';
import { damaged } from './faults';

/** In events. More of them cost less each, and hold a commit up for longer once they are put into the index. */
const UNINDEXED = 8_192;

/**
 * What one connection knows of ids. The end of the index only moves on, and what is behind it is in memory or
 * read again: so whoever looks into memory first and into the index next misses none, in a transaction or not.
 */
export class EventIds {
  /** Positions of the ids behind the end of the index, up to `head`. */
  private readonly recent = new Map<string, number>();
  private indexEnd = -1;
  private head = -1;

  private readonly ends;
  private readonly after;
  private readonly indexed;
  private readonly fill;
  private readonly moveEnd;

  constructor(
    database: Database,
    private readonly name: string,
  ) {
    this.ends = prepareQuery(
      database,
      'SELECT ifnull((SELECT max(position) FROM events), -1), (SELECT position FROM event_ids_end)',
    );
    this.after = prepareQuery(database, 'SELECT id, position FROM events WHERE position > ?');
    this.indexed = keyed(database, 'event_ids USING (id)', 'id', 'position');
    this.fill = database.prepare(
      'INSERT OR ROLLBACK INTO event_ids SELECT id, position FROM events WHERE position > ? ORDER BY id',
    );
    this.moveEnd = database.prepare('UPDATE event_ids_end SET position = ?');
  }

  /**
   * Learns what others have added to the file.
   *
   * @returns the last position in it, or -1
   * @throws Fault when the file does not say how far its index goes
   */
  catchUp(): number {
    const [last, indexEnd] = this.ends()[0] as [number, number | null];
    if (indexEnd === null || indexEnd > last) {
      throw damaged(this.name, 'it does not say where its index of ids ends');
    }
    if (indexEnd !== this.indexEnd) {
      // What is in the index need not be in memory.
      this.recent.clear();
      this.indexEnd = indexEnd;
      this.head = indexEnd;
    }
    if (last > this.head) {
      for (const row of this.after(this.head)) {
        const [id, position] = row as [string, number];
        this.recent.set(id, position);
      }
      this.head = last;
    }
    return last;
  }

  /** The positions of those that are in the file, as of the last time that it caught up. */
  positionsOf(ids: ReadonlyArray<string>): ReadonlyMap<string, number> {
    const positions = new Map<string, number>();
    const unknown = ids.filter((id) => {
      const position = this.recent.get(id);
      if (position !== undefined) positions.set(id, position);
      return position === undefined;
    });
    for (const [id, [position]] of this.indexed(unknown)) positions.set(id, Number(position));
    return positions;
  }

  /**
   * Within a transaction that adds events up to `last`: puts the ids into the index once there are many.
   *
   * @throws SQLite's error when an id stands in the file twice, which is another program's doing
   */
  index(last: number): void {
    if (last - this.indexEnd < UNINDEXED) return;
    this.fill.run(this.indexEnd);
    this.moveEnd.run(last);
  }

  /** After a transaction that added these, and that the file certainly has: they need not be read from it. */
  note(added: ReadonlyMap<string, number>): void {
    for (const [id, position] of added) {
      this.recent.set(id, position);
      this.head = position;
    }
  }
}
