/** States of hot streams, each beside the revision that it was folded to. */

export interface CachedState {
  readonly state: unknown;
  readonly revision: bigint;
}

/**
 * Keeps what was used last. What a state weighs is the number of events folded into it, so that one
 * seat with a long history counts like many with a short one.
 */
export class StateCache {
  private readonly entries = new Map<string, CachedState>();
  private weight = 0;

  constructor(private readonly mostEvents: number) {}

  get(stream: string): CachedState | undefined {
    const entry = this.entries.get(stream);
    if (entry === undefined) return undefined;
    this.entries.delete(stream);
    this.entries.set(stream, entry);
    return entry;
  }

  /** Keeps `entry` unless a later state of the stream is here already. */
  set(stream: string, entry: CachedState): void {
    const known = this.entries.get(stream);
    if (known !== undefined) {
      if (known.revision > entry.revision) return;
      this.remove(stream, known);
    }
    this.entries.set(stream, entry);
    this.weight += weightOf(entry);
    for (const [oldest, old] of this.entries) {
      if (this.weight <= this.mostEvents || oldest === stream) break;
      this.remove(oldest, old);
    }
  }

  private remove(stream: string, entry: CachedState): void {
    this.entries.delete(stream);
    this.weight -= weightOf(entry);
  }
}

const weightOf = ({ revision }: CachedState): number => Number(revision) + 2;
