/** States of hot streams, each beside the revision that it was folded to. */

export interface CachedState {
  readonly state: unknown;
  readonly revision: bigint;
}

/**
 * Keeps what was used lately. What a state weighs is the number of events folded into it, so that one
 * seat with a long history counts like many with a short one.
 *
 * There are two generations. What is used moves into the younger one; when that weighs half of what may be
 * kept, it becomes the older one, and whatever was not used since the last time goes. So a state that is
 * used all the time costs one look-up, where an exact order of use would be rewritten by each.
 */
export class StateCache {
  private younger = new Map<string, CachedState>();
  private older = new Map<string, CachedState>();
  /** Of the younger generation. */
  private weight = 0;

  constructor(private readonly mostEvents: number) {}

  get(stream: string): CachedState | undefined {
    const entry = this.younger.get(stream);
    if (entry !== undefined) return entry;
    const old = this.older.get(stream);
    if (old !== undefined) this.keep(stream, undefined, old);
    return old;
  }

  /** Keeps `entry` unless a later state of the stream is here already. */
  set(stream: string, entry: CachedState): void {
    const young = this.younger.get(stream);
    const known = young ?? this.older.get(stream);
    if (known !== undefined && known.revision > entry.revision) return;
    this.keep(stream, young, entry);
  }

  private keep(stream: string, young: CachedState | undefined, entry: CachedState): void {
    this.younger.set(stream, entry);
    this.weight += weightOf(entry) - (young === undefined ? 0 : weightOf(young));
    if (this.weight * 2 <= this.mostEvents) return;
    // The one that was used last stays, however long its history.
    this.older = this.younger;
    this.younger = new Map();
    this.weight = 0;
  }
}

const weightOf = ({ revision }: CachedState): number => Number(revision) + 2;
