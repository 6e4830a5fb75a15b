/** States of hot streams, each beside the revision that it was folded to. */

export interface CachedState {
  readonly state: unknown;
  readonly revision: bigint;
}

/** So many states get another chance while room is made: a command waits for it. */
const MOST_CHANCES = 1_000;

interface Kept {
  entry: CachedState;
  /** Since it last stood at the head of the queue. */
  wasUsed: boolean;
}

/**
 * Keeps what was used lately. What a state weighs is the number of events folded into it, so that one
 * seat with a long history counts like many with a short one; never more than half of the room, so that the
 * longest history leaves some for others, and they for it.
 *
 * States wait in a queue to be dropped when they weigh too much together. One that was used while it waited
 * goes to its end instead. So a use costs one look-up, where an exact order of use would be rewritten by
 * each, and nothing goes before there is no more room.
 */
export class StateCache {
  private readonly queue = new Map<string, Kept>();
  private weight = 0;

  constructor(private readonly mostEvents: number) {}

  get(stream: string): CachedState | undefined {
    const kept = this.queue.get(stream);
    if (kept === undefined) return undefined;
    kept.wasUsed = true;
    return kept.entry;
  }

  /** Keeps `entry` unless a later state of the stream is here already. */
  set(stream: string, entry: CachedState): void {
    const kept = this.queue.get(stream);
    if (kept === undefined) {
      this.queue.set(stream, { entry, wasUsed: false });
      this.weight += this.weightOf(entry);
    } else {
      if (kept.entry.revision > entry.revision) return;
      this.weight += this.weightOf(entry) - this.weightOf(kept.entry);
      kept.entry = entry;
    }
    if (this.weight > this.mostEvents) this.makeRoom(stream);
  }

  /** The one that was set last stays, however long its history. */
  private makeRoom(last: string): void {
    let chances = MOST_CHANCES;
    for (const [stream, kept] of this.queue) {
      if (this.weight <= this.mostEvents || this.queue.size === 1) return;
      this.queue.delete(stream);
      if (stream === last || (kept.wasUsed && chances > 0)) {
        chances -= 1;
        kept.wasUsed = false;
        this.queue.set(stream, kept);
      } else {
        this.weight -= this.weightOf(kept.entry);
      }
    }
  }

  private weightOf({ revision }: CachedState): number {
    return Math.min(Number(revision) + 2, Math.max(1, Math.ceil(this.mostEvents / 2)));
  }
}
