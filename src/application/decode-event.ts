/** From a store's event to a ledger's: by the stream's kind, then by the type tag, then by its codec. */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { type AddressEvent, addressEvents } from '../address';
import { type OrganizationEvent, organizationEvents } from '../organization';
import { type SeatEvent, seatEvents } from '../seat';
import { EventMetadata, type Recorded } from '../stored-event';
import { type InputError, report } from '../values/codec';
import { type StreamIdentity, streamIdentity, type StreamKind } from '../values/stream-name';
import { type AnswerEvent, answerEvents, ledgerEvents, type LedgerSettingEvent } from './answers';
import type { UndecodableEvent } from './failures';
import type { RecordedEvent } from './ports';

export type AnyEvent =
  SeatEvent | AddressEvent | OrganizationEvent | AnswerEvent | LedgerSettingEvent;

/** Any event of the ledger, with its place. */
export type LedgerEvent = Recorded<AnyEvent>;

type Declared = Readonly<Record<string, { readonly data: t.Mixed }>>;

const declared: Readonly<Record<StreamKind, Declared>> = {
  seat: seatEvents,
  address: addressEvents,
  account: addressEvents,
  organization: organizationEvents,
  answer: answerEvents,
  ledger: ledgerEvents,
};

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

/** A stream's revisions have no gaps: where one is, an event has been taken out. */
export const gapBefore = (event: RecordedEvent, expected: bigint): UndecodableEvent =>
  undecodable(event, `comes where revision ${expected} should be: an event is missing`);

/** Gives an event its identity and reads its metadata only when somebody asks. */
const placed = (event: RecordedEvent, { kind, orgId }: StreamIdentity): LedgerEvent => {
  const { id, type, data, stream, revision, position } = event;
  return {
    id,
    type,
    data,
    stream,
    streamKind: kind,
    orgId,
    revision,
    position,
    get metadata() {
      return event.metadata as EventMetadata;
    },
  } as LedgerEvent;
};

/** Reads one stored event. The metadata is checked only by {@link decodeWhole}. */
export const decodeEvent = (event: RecordedEvent): E.Either<UndecodableEvent, LedgerEvent> => {
  const identity = streamIdentity(event.stream);
  if (identity === undefined) return E.left(undecodable(event, 'is in a stream that is not ours'));
  const events = declared[identity.kind];
  const declaration = Object.hasOwn(events, event.type) ? events[event.type] : undefined;
  if (declaration === undefined) {
    return E.left(undecodable(event, `has the type ${event.type}, unknown to this release`));
  }
  if (declaration.data.is(event.data)) return E.right(placed(event, identity));
  const decoded = declaration.data.decode(event.data);
  return E.left(
    undecodable(
      event,
      `(${event.type}) does not have the fields of its type`,
      E.isLeft(decoded) ? report(decoded.left) : [],
    ),
  );
};

/** Like {@link decodeEvent}, with the metadata checked too: for audits and exports. */
export const decodeWhole = (event: RecordedEvent): E.Either<UndecodableEvent, LedgerEvent> => {
  const decoded = decodeEvent(event);
  if (E.isLeft(decoded) || EventMetadata.is(event.metadata)) return decoded;
  const metadata = EventMetadata.decode(event.metadata);
  return E.left(
    undecodable(event, 'has unreadable metadata', E.isLeft(metadata) ? report(metadata.left) : []),
  );
};
