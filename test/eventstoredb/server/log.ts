/**
 * The log that outlives the server: what is stored, and the rules by which a real server stores it.
 */
import { randomUUID } from 'node:crypto';

/** An event as a caller proposes it. */
export interface ProposedRecord {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as it is stored. */
export interface StoredRecord extends ProposedRecord {
  readonly stream: string;
  /** Place in the stream, from 0. */
  readonly revision: bigint;
  /** Both the commit and the prepare position. Strictly rising, with gaps. */
  readonly position: bigint;
  readonly created: Date;
}

/** What an append expects of the stream: the revision of its last event, or one of these. */
export type Expected = bigint | 'noStream' | 'any' | 'streamExists';

export type AppendOutcome =
  | {
      readonly type: 'stored';
      readonly revision: bigint;
      /** Undefined for an append without events. */
      readonly position: bigint | undefined;
    }
  /** `current` is undefined for a stream that does not exist. */
  | { readonly type: 'wrongRevision'; readonly current: bigint | undefined }
  | { readonly type: 'tooLarge'; readonly maximum: number }
  | { readonly type: 'deleted' };

type DeleteOutcome = Exclude<AppendOutcome, { readonly type: 'tooLarge' }>;

interface Stream {
  readonly records: Array<StoredRecord>;
  /** A soft delete: what comes before this revision is not read any more. */
  truncateBefore: bigint;
  tombstoned: boolean;
}

const NOTHING = new Uint8Array();

/** Bytes that a record takes besides what its caller gave: what makes the gaps between positions. */
const RECORD_OVERHEAD = 100;

/** As the server counts: names in UTF-16, which is two bytes a character. */
const sizeOf = (record: ProposedRecord): number =>
  record.data.length + record.metadata.length + 2 * record.type.length;

/** Events in order, by stream and overall. */
export class EventLog {
  private readonly all: Array<StoredRecord> = [];
  private readonly streams = new Map<string, Stream>();
  private readonly watchers = new Set<() => void>();
  private end = 0;

  constructor(private readonly maximumAppendSize: number) {}

  get records(): ReadonlyArray<StoredRecord> {
    return this.all;
  }

  append(name: string, expected: Expected, proposed: ReadonlyArray<ProposedRecord>): AppendOutcome {
    if (proposed.reduce((size, record) => size + sizeOf(record), 0) > this.maximumAppendSize) {
      return { type: 'tooLarge', maximum: this.maximumAppendSize };
    }

    const stream = this.streams.get(name);
    if (stream?.tombstoned) return { type: 'deleted' };

    const repeated = this.repeated(stream, expected, proposed);
    if (repeated) return { type: 'stored', ...repeated };
    if (!this.holds(stream, expected)) {
      return { type: 'wrongRevision', current: this.lastRevision(stream) };
    }

    const last = this.store(name, proposed);
    return {
      type: 'stored',
      revision: last?.revision ?? this.lastRevision(stream) ?? -1n,
      position: last?.position,
    };
  }

  /** Hides what the stream holds; a later append starts it again at the next revision. */
  softDelete(name: string, expected: Expected): DeleteOutcome {
    const stream = this.streams.get(name);
    if (stream?.tombstoned) return { type: 'deleted' };
    if (!this.holds(stream, expected)) {
      return { type: 'wrongRevision', current: this.lastRevision(stream) };
    }

    // A real server writes the deletion down in the stream's metadata stream.
    const last = this.put(`$$${name}`, '$metadata');
    if (stream) stream.truncateBefore = BigInt(stream.records.length);
    return { type: 'stored', revision: last.revision, position: last.position };
  }

  /** Ends the stream for ever. */
  tombstone(name: string, expected: Expected): DeleteOutcome {
    const stream = this.streams.get(name);
    if (stream?.tombstoned) return { type: 'deleted' };
    if (!this.holds(stream, expected)) {
      return { type: 'wrongRevision', current: this.lastRevision(stream) };
    }

    const last = this.put(name, '$streamDeleted');
    this.streamNamed(name).tombstoned = true;
    return { type: 'stored', revision: last.revision, position: last.position };
  }

  /** Appends an empty event of nobody in particular. */
  put(name: string, type: string): StoredRecord {
    const data = Buffer.from('{}');
    const contentType = 'application/json';
    const last = this.store(name, [
      { id: randomUUID(), type, contentType, data, metadata: NOTHING },
    ]);
    if (!last) throw new Error('One event was to be stored.');
    return last;
  }

  /** What a reader of the stream sees, oldest first; or why there is nothing to see. */
  readStream(name: string): ReadonlyArray<StoredRecord> | 'notFound' | 'deleted' {
    const stream = this.streams.get(name);
    if (!stream) return 'notFound';
    if (stream.tombstoned) return 'deleted';
    const visible = stream.records.slice(Number(stream.truncateBefore));
    return visible.length > 0 ? visible : 'notFound';
  }

  /** Index of the first record after `position`, or the number of records. */
  indexAfter(position: bigint): number {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.all[middle]?.position ?? 0n) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Calls `watcher` after each append; returns what stops that. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private store(name: string, proposed: ReadonlyArray<ProposedRecord>): StoredRecord | undefined {
    if (proposed.length === 0) return undefined;

    const stream = this.streamNamed(name);
    const created = new Date();
    for (const record of proposed) {
      this.end += RECORD_OVERHEAD + sizeOf(record);
      const revision = BigInt(stream.records.length);
      const stored = { ...record, stream: name, revision, position: BigInt(this.end), created };
      stream.records.push(stored);
      this.all.push(stored);
    }
    for (const watcher of this.watchers) watcher();
    return this.all.at(-1);
  }

  private streamNamed(name: string): Stream {
    const known = this.streams.get(name);
    if (known) return known;

    const stream = { records: [], truncateBefore: 0n, tombstoned: false };
    this.streams.set(name, stream);
    return stream;
  }

  private holds(stream: Stream | undefined, expected: Expected): boolean {
    const current = this.lastRevision(stream);
    switch (expected) {
      case 'any':
        return true;
      case 'noStream':
        return current === undefined || this.isHidden(stream);
      case 'streamExists':
        return current !== undefined && !this.isHidden(stream);
      default:
        return current === expected;
    }
  }

  private isHidden(stream: Stream | undefined): boolean {
    return stream !== undefined && stream.truncateBefore >= BigInt(stream.records.length);
  }

  private lastRevision(stream: Stream | undefined): bigint | undefined {
    return stream?.records.at(-1)?.revision;
  }

  /**
   * Where the same append ended up the first time. Ids are compared, bodies are not. With an explicit
   * expected revision every id must be where it would be; with any, only a run of the same ids counts.
   */
  private repeated(
    stream: Stream | undefined,
    expected: Expected,
    proposed: ReadonlyArray<ProposedRecord>,
  ): { readonly revision: bigint; readonly position: bigint } | undefined {
    const first = proposed[0];
    if (!stream || !first) return undefined;

    const start =
      typeof expected === 'bigint'
        ? Number(expected) + 1
        : expected === 'noStream'
          ? 0
          : stream.records.findIndex(({ id }) => id === first.id);
    if (start < 0) return undefined;

    const same = proposed.every(({ id }, index) => stream.records[start + index]?.id === id);
    const last = stream.records[start + proposed.length - 1];
    return same && last ? { revision: last.revision, position: last.position } : undefined;
  }
}
