/** One projection as it follows the log: in memory, or in tables that are kept. */
import {
  BEFORE_FIRST_POSITION,
  LiveProjection,
  type ProjectedEvent,
  type Projection,
} from '../../../projections';
import type { Checkpoint, KeptTables } from '../../../projections/read-model';
import { memoryTables, type Tables } from '../../../projections/table';
import type { RecordedEvent } from '../ports';

export class Follower<Entries> {
  private live: LiveProjection<Entries>;
  private last: RecordedEvent | undefined;

  /** @param kept tables to go on with; without them, empty ones in memory */
  constructor(
    readonly projection: Projection<Entries>,
    readonly kept: KeptTables<Entries> | undefined,
  ) {
    this.live = this.resumed();
  }

  /** Position of the last event that was taken in or passed over. */
  get position(): bigint {
    return this.live.checkpoint;
  }

  /** Whether the projection has thrown, and its tables may be changed halfway. */
  get isBroken(): boolean {
    return this.live.fault !== undefined;
  }

  /** @throws BrokenProjection once the projection has thrown */
  get tables(): Tables<Entries> {
    return this.live.tables;
  }

  /**
   * Takes the next event of the log. One that came before changes nothing, and so does one that no
   * projection may read, beyond moving the position.
   */
  take(stored: RecordedEvent, event: ProjectedEvent | undefined): void {
    if (stored.position <= this.live.checkpoint) return;
    if (event === undefined) this.live.pass(stored.position);
    else this.live.apply(event);
    this.last = stored;
  }

  /** Says to the kept tables how far they have come. Those of a broken projection stay as they were written. */
  advance(): void {
    if (this.kept === undefined || this.last === undefined || this.isBroken) return;
    const { position, id: eventId, stream, revision } = this.last;
    this.kept.advance({ position, eventId, stream, revision });
  }

  /** Goes on from where the kept tables are, which others may have moved. */
  resume(): void {
    if (this.kept === undefined || this.isBroken) return;
    if (this.position === positionOf(this.kept.checkpoint)) return;
    this.live = this.resumed();
    this.last = undefined;
  }

  private resumed(): LiveProjection<Entries> {
    const tables = this.kept?.tables ?? memoryTables<Entries>(this.projection.tables);
    return new LiveProjection(this.projection, {
      tables,
      checkpoint: positionOf(this.kept?.checkpoint),
    });
  }
}

const positionOf = (checkpoint: Checkpoint | undefined): bigint =>
  checkpoint?.position ?? BEFORE_FIRST_POSITION;
