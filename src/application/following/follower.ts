/** One projection as it follows the log: in memory, or in tables that are kept. */
import {
  BEFORE_FIRST_POSITION,
  LiveProjection,
  type ProjectedEvent,
  type Projection,
} from '../../../projections';
import type { KeptTables, Place } from '../../../projections/read-model';
import { memoryTables, type Tables } from '../../../projections/table';

export class Follower<Entries> {
  private live: LiveProjection<Entries>;
  private lastId: string | undefined;

  /** @param kept tables to go on with; without them, empty ones in memory */
  constructor(
    readonly projection: Projection<Entries>,
    readonly kept: KeptTables<Entries> | undefined,
  ) {
    this.live = this.resumed();
  }

  /** Position of the last event that was taken in or passed over. */
  get checkpoint(): bigint {
    return this.live.checkpoint;
  }

  /** @throws BrokenProjection once the projection has thrown */
  get tables(): Tables<Entries> {
    return this.live.tables;
  }

  /**
   * Takes the next event of the log. One that came before changes nothing, and so does one that no
   * projection may read, beyond moving the checkpoint.
   */
  take(position: bigint, eventId: string, event: ProjectedEvent | undefined): void {
    if (position <= this.live.checkpoint) return;
    if (event === undefined) this.live.pass(position);
    else this.live.apply(event);
    this.lastId = eventId;
  }

  /** Says to the kept tables how far they have come. */
  advance(): void {
    if (this.kept === undefined || this.lastId === undefined) return;
    this.kept.advance({ position: this.live.checkpoint, eventId: this.lastId });
  }

  /** Goes on from where the kept tables are, which others may have moved. */
  resume(): void {
    if (this.kept === undefined || this.checkpoint === checkpointOf(this.kept.place)) return;
    this.live = this.resumed();
    this.lastId = undefined;
  }

  private resumed(): LiveProjection<Entries> {
    const tables = this.kept?.tables ?? memoryTables<Entries>(this.projection.tables);
    return new LiveProjection(this.projection, {
      tables,
      checkpoint: checkpointOf(this.kept?.place),
    });
  }
}

const checkpointOf = (place: Place | undefined): bigint => place?.position ?? BEFORE_FIRST_POSITION;
