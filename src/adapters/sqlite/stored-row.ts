/** An event as the file holds it. */
import type { RecordedEvent } from '../../application/ports';
import type { Row } from './driver';
import { damaged, messageOf } from './faults';

/**
 * The driver ends a text at its first NUL. No text that was appended has one: of one that was given one, what
 * stands before it might make sense, so nothing is read.
 */
const unlessCut = (column: string): string => `iif(instr(${column}, char(0)) > 0, '', ${column})`;

/** What a query selects for {@link storedRow}, behind position, stream and revision. */
export const ROW_TEXTS = `id, ${['type', 'data', 'metadata'].map(unlessCut).join(', ')}`;

/** Texts that are read one by one, each when somebody asks for it. */
export interface UnreadTexts {
  readonly bytes: Buffer;
  /** Where each ends. */
  readonly ends: Uint32Array;
}

const textAt = (unread: UnreadTexts | string, at: number): string =>
  typeof unread === 'string'
    ? unread
    : unread.bytes.toString('utf8', at === 0 ? 0 : unread.ends[at - 1], unread.ends[at]);

/**
 * An event whose metadata is parsed when somebody first looks, because most readers never do and
 * parsing it halves the speed of a replay. It is an own property all the same: a copy made by
 * spreading, a comparison and JSON see it.
 */
export class StoredRow implements RecordedEvent {
  readonly revision: bigint;
  readonly position: bigint;
  declare readonly metadata: unknown;
  /** Where it stands, until somebody has looked. */
  #metadata: unknown;
  /** Which text of those it is; negative once it has been parsed. */
  #at: number;

  static readonly #onFirstUse: PropertyDescriptor = {
    enumerable: true,
    get(this: StoredRow) {
      if (this.#at >= 0) {
        this.#metadata = parsedOrText(textAt(this.#metadata as UnreadTexts | string, this.#at));
        this.#at = -1;
      }
      return this.#metadata;
    },
  };

  /** @param at which of the texts its metadata is, where there are several */
  constructor(
    position: number,
    readonly stream: string,
    revision: number,
    readonly id: string,
    readonly type: string,
    readonly data: unknown,
    metadata: UnreadTexts | string,
    at: number,
  ) {
    this.position = BigInt(position);
    this.revision = BigInt(revision);
    this.#metadata = metadata;
    this.#at = at;
    Object.defineProperty(this, 'metadata', StoredRow.#onFirstUse);
  }
}

/**
 * The event in a row of position, stream, revision and {@link ROW_TEXTS}.
 *
 * @param name of the store, for the message
 * @throws Fault when its data is not JSON
 */
export const storedRow = (row: Row, name: string): RecordedEvent => {
  const [position, stream, revision, id, type, data, metadata] = row as RowOfEvent;
  return new StoredRow(
    position,
    stream,
    revision,
    id,
    type,
    parsedData(data, position, name),
    metadata,
    0,
  );
};

type RowOfEvent = readonly [
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
];

const parsedData = (text: string, position: number, name: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(
      name,
      `the data of the event at position ${position} is not JSON (${messageOf(error)})`,
    );
  }
};

/** Damaged metadata comes back as the text it is: its codec then refuses it with a report. */
const parsedOrText = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
