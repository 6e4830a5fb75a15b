/** From a store's event to a ledger's: by the stream's kind, then by the type tag, then by its codec. */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { type AddressEvent, addressEvents } from '../address';
import { type OrganizationEvent, organizationEvents } from '../organization';
import { type SeatEvent, seatEvents } from '../seat';
import {
  EventMetadata,
  type Recorded,
  type StoredEvent,
  type StoredVersion,
  tagOf,
} from '../stored-event';
import { type InputError, report } from '../values/codec';
import { type StreamIdentity, streamIdentity, type StreamKind } from '../values/stream-name';
import { type AnswerEvent, answerEvents, ledgerEvents, type LedgerSettingEvent } from './answers';
import type { UndecodableEvent } from './failures';
import type { RecordedEvent } from './ports';

export type AnyEvent =
  SeatEvent | AddressEvent | OrganizationEvent | AnswerEvent | LedgerSettingEvent;

/** Any event of the ledger, with its place. */
export type LedgerEvent = Recorded<AnyEvent>;

type Declaration = Pick<StoredEvent<AnyEvent['type'], never>, 'type' | 'versions'>;

/** What is stored under one tag: how it is checked, and how it becomes what this release knows. */
interface Stored {
  readonly type: AnyEvent['type'];
  readonly data: t.Mixed;
  /** Nothing where it is stored in the newest version. */
  readonly upcast: ((data: never) => unknown) | undefined;
}

/** Turns data of one version into the next one's, and so on up to the newest. */
const upcastFrom = (
  versions: ReadonlyArray<StoredVersion>,
): ((data: never) => unknown) | undefined => {
  const steps = versions.flatMap(({ upcast }) => upcast ?? []);
  return steps.length === 0
    ? undefined
    : (data) => steps.reduce<unknown>((older, upcast) => upcast(older as never), data);
};

/** Everything that may be stored of these events, by its tag. */
export const storedTags = (
  events: Readonly<Record<string, Declaration>>,
): ReadonlyMap<string, Stored> =>
  new Map(
    Object.values(events).flatMap(({ type, versions }) =>
      versions.map(({ tag, data }, index): readonly [string, Stored] => [
        tag,
        { type, data, upcast: upcastFrom(versions.slice(index)) },
      ]),
    ),
  );

const addressTags = storedTags(addressEvents);
const tags: Readonly<Record<StreamKind, ReadonlyMap<string, Stored>>> = {
  seat: storedTags(seatEvents),
  address: addressTags,
  account: addressTags,
  organization: storedTags(organizationEvents),
  answer: storedTags(answerEvents),
  ledger: storedTags(ledgerEvents),
};

const newestTags: ReadonlyMap<string, string> = new Map(
  [seatEvents, addressEvents, organizationEvents, answerEvents, ledgerEvents]
    .flatMap((events) => Object.values<Declaration>(events))
    .map(({ type, versions }) => [type, tagOf({ versions })]),
);

/** What an event of this type is stored under. */
export const storedTypeOf = (type: AnyEvent['type']): string => newestTags.get(type) ?? type;

const undecodable = (
  { stream, revision, position, type }: RecordedEvent,
  what: string,
  errors: ReadonlyArray<InputError> = [],
): UndecodableEvent => ({
  type: 'UndecodableEvent',
  stream,
  revision: String(revision),
  position: String(position),
  eventType: type,
  errors,
  message:
    `The event at position ${position} (${stream}, revision ${revision}) ${what}. ` +
    'Open the store with the release that wrote it, or restore it from a copy.',
});

/** Something that stood directly before this event in the log is not there any more. */
export const missingBefore = ({
  stream,
  revision,
  position,
  type,
}: RecordedEvent): UndecodableEvent => ({
  type: 'UndecodableEvent',
  stream,
  revision: String(revision),
  position: String(position),
  eventType: type,
  errors: [],
  message:
    `Events are missing from the log before position ${position} (${type}, revision ${revision} of ` +
    `${stream}). Restore the store from a copy; nothing was taken in from there on.`,
});

/** A stream's revisions have no gaps: where one is, an event has been taken out. */
export const gapBefore = (event: RecordedEvent, expected: bigint): UndecodableEvent =>
  undecodable(event, `comes where revision ${expected} should be: an event is missing`);

/**
 * An event with its identity, whose metadata is read and checked only when somebody asks, and then once: the
 * getter throws where it is damaged. It is the class's: to define one on each event costs a replay more than
 * checking the event. So spreading and JSON leave it out. Nobody here copies an event, and a host's projection
 * is given a copy that has all of it.
 */
class PlacedEvent {
  readonly id: string;
  readonly stream: string;
  readonly streamKind: StreamKind;
  readonly orgId: StreamIdentity['orgId'];
  readonly revision: bigint;
  readonly position: bigint;
  readonly #stored: RecordedEvent;
  #isReadable: boolean | undefined;

  constructor(
    stored: RecordedEvent,
    readonly type: AnyEvent['type'],
    readonly data: unknown,
    { kind, orgId }: StreamIdentity,
  ) {
    this.id = stored.id;
    this.stream = stored.stream;
    this.streamKind = kind;
    this.orgId = orgId;
    this.revision = stored.revision;
    this.position = stored.position;
    this.#stored = stored;
  }

  get metadata(): EventMetadata {
    if (this.hasReadableMetadata()) return this.#stored.metadata as EventMetadata;
    throw new TypeError(`The metadata of the event at position ${this.position} is damaged.`);
  }

  hasReadableMetadata(): boolean {
    return (this.#isReadable ??= EventMetadata.is(this.#stored.metadata));
  }
}

/** The form in which an event is stored, when it is one of ours and has the fields of its type. */
const fitting = (
  { type, data }: RecordedEvent,
  identity: StreamIdentity | undefined,
): Stored | undefined => {
  const stored = identity && tags[identity.kind].get(type);
  return stored?.data.is(data) === true ? stored : undefined;
};

/** What is wrong with an event that does not fit. */
const faultOf = (event: RecordedEvent): UndecodableEvent => {
  const identity = streamIdentity(event.stream);
  if (identity === undefined) return undecodable(event, 'is in a stream that is not ours');
  const stored = tags[identity.kind].get(event.type);
  if (stored === undefined) {
    return undecodable(event, `has the type ${event.type}, unknown to this release`);
  }
  const decoded = stored.data.decode(event.data);
  return undecodable(
    event,
    `(${event.type}) does not have the fields of its type`,
    E.isLeft(decoded) ? report(decoded.left) : [],
  );
};

const placed = (
  event: RecordedEvent,
  { type, upcast }: Stored,
  identity: StreamIdentity,
): PlacedEvent => {
  const data: unknown = upcast === undefined ? event.data : upcast(event.data as never);
  return new PlacedEvent(event, type, data, identity);
};

const decoded = (event: RecordedEvent): E.Either<UndecodableEvent, PlacedEvent> => {
  const identity = streamIdentity(event.stream);
  const stored = fitting(event, identity);
  return identity === undefined || stored === undefined
    ? E.left(faultOf(event))
    : E.right(placed(event, stored, identity));
};

/**
 * Reads one stored event. Its metadata throws on first use where it is damaged: whoever lets others look
 * at it turns that into what {@link decodeWhole} answers.
 */
export const decodeEvent = (event: RecordedEvent): E.Either<UndecodableEvent, LedgerEvent> =>
  decoded(event) as E.Either<UndecodableEvent, LedgerEvent>;

/** One for all events that nobody wants: a log has millions. */
const unwanted: E.Either<never, undefined> = E.right(undefined);

/**
 * Like {@link decodeEvent}, for whoever reads only some types: an event of another is checked no less, but
 * answers `undefined`.
 */
export const decodeWanted = (
  event: RecordedEvent,
  wanted: ReadonlySet<AnyEvent['type']>,
): E.Either<UndecodableEvent, LedgerEvent | undefined> => {
  const identity = streamIdentity(event.stream);
  const stored = fitting(event, identity);
  if (identity === undefined || stored === undefined) return E.left(faultOf(event));
  if (!wanted.has(stored.type)) return unwanted;
  return E.right(placed(event, stored, identity) as LedgerEvent);
};

/** Like {@link decodeEvent}, with the metadata checked too: for audits and exports. */
export const decodeWhole = (event: RecordedEvent): E.Either<UndecodableEvent, LedgerEvent> => {
  const found = decoded(event);
  if (E.isLeft(found)) return found;
  if (found.right.hasReadableMetadata()) return E.right(found.right as LedgerEvent);
  const metadata = EventMetadata.decode(event.metadata);
  return E.left(
    undecodable(event, 'has unreadable metadata', E.isLeft(metadata) ? report(metadata.left) : []),
  );
};
