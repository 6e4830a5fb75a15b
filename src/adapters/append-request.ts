/**
 * What every store does with an append before it writes: refuses a caller's bug, and turns the
 * events into text that no later mutation can reach.
 */
import type { EventToAppend, StreamAppend } from '../application/ports';

/** An event whose `data` and `metadata` are JSON text. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** A {@link StreamAppend} with encoded events. */
export interface EncodedAppend {
  readonly stream: string;
  readonly expectedRevision: bigint;
  readonly events: ReadonlyArray<EncodedEvent>;
}

/**
 * Encodes what a caller asked to append.
 *
 * @throws TypeError when a stream is named twice, when no append has an event, or when a value is
 * not JSON: bugs of the caller, so a store lets them reject instead of answering with a failure
 */
export const encodeAppends = (
  appends: ReadonlyArray<StreamAppend>,
): ReadonlyArray<EncodedAppend> => {
  if (appends.length > 1 && new Set(appends.map(({ stream }) => stream)).size < appends.length) {
    throw new TypeError('A stream is named twice in one append. Put its events in one entry.');
  }
  if (appends.every(({ events }) => events.length === 0)) {
    throw new TypeError('An append has no events. Give at least one stream an event to store.');
  }
  return appends.map(({ stream, expectedRevision, events }) => ({
    stream: kept(stream, 'name of a stream'),
    expectedRevision: revision(expectedRevision),
    events: events.map(encodeEvent),
  }));
};

/**
 * The only append there is, for a store whose appends are to one stream.
 *
 * @throws TypeError when there is another
 */
export const inOneStream = (appends: ReadonlyArray<EncodedAppend>): EncodedAppend => {
  const [only, another] = appends;
  if (only !== undefined && another === undefined) return only;
  throw new TypeError('This store appends to one stream at a time. Make an append for each.');
};

const encodeEvent = ({ id, type, data, metadata }: EventToAppend): EncodedEvent => ({
  id: kept(id, 'id of an event'),
  type: kept(type, 'type of an event'),
  data: toJson(data, id, 'data'),
  metadata: toJson(metadata, id, 'metadata'),
});

/** A name that comes back as it went in: two that a store keeps alike would break a whole group of appends. */
const kept = (name: unknown, what: string): string => {
  if (typeof name === 'string' && name.isWellFormed() && !name.includes('\0')) return name;
  throw new TypeError(`The ${what} is not a text, or has a lone surrogate or a NUL in it.`);
};

const revision = (given: unknown): bigint => {
  if (typeof given === 'bigint') return given;
  throw new TypeError(
    'An expected revision is not a bigint. Give the one that was read, or NO_STREAM.',
  );
};

const toJson = (value: unknown, id: string, field: string): string => {
  // JSON.stringify answers undefined for undefined, functions and symbols; its type does not say so.
  const text = JSON.stringify(value) as string | undefined;
  if (text !== undefined) return text;

  throw new TypeError(`The ${field} of event ${id} is not a JSON value. Store null for nothing.`);
};
