/** Everything that happened to one seat, in whichever stream it stands. */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { auditLines } from '../../../projections/audit-lines';
import { subjectOf } from '../../../projections/audit-words';
import { mayRead } from '../../authorization';
import { closed, Revision, wholeNumber } from '../../values/codec';
import type { UserId } from '../../values/ids';
import type { Clause } from '../../values/policy';
import type { Actor, Principal } from '../../values/principal';
import { seatStream, streamIdentity } from '../../values/stream-name';
import { type AnyEvent, decodeWhole, type LedgerEvent } from '../decode-event';
import type { Failure } from '../failures';
import { wholePages } from '../log-pages';
import type { EventStore, RecordedEvent } from '../ports';
import { ownerOf, type ToldReason, toldTo } from './veil';

/** One thing that happened. Plain JSON. */
export interface TimelineEntry {
  /** Decimal. */
  readonly position: string;
  readonly stream: string;
  /** Decimal. */
  readonly revision: string;
  readonly type: AnyEvent['type'];
  /** `null` where the command came to nothing: it was refused, or what it asked for was already so. */
  readonly data: AnyEvent['data'] | null;
  readonly at: string;
  readonly actor: Actor;
  readonly commandId: string;
  readonly commandType: string;
  readonly policyVersion: string;
  /** Plain English. For people: its words may change with any release. */
  readonly sentence: string;
  readonly clauses: ReadonlyArray<Clause>;
  readonly answer: 'recorded' | 'refused' | 'alreadySo';
  /** Why it was refused. */
  readonly reasons: ReadonlyArray<ToldReason>;
}

/** A part of a timeline. */
export interface Timeline {
  /** Oldest first. */
  readonly entries: ReadonlyArray<TimelineEntry>;
  /** Ask for what comes `after` this; `null` when this is the end. */
  readonly next: string | null;
}

/** Which part of a timeline: `limit` entries from the position `after` on, which is exclusive. */
export interface TimelineOptions {
  readonly after?: string;
  /** From 1 to 1,000; 100 by default. */
  readonly limit?: number;
}

export const TimelinePart = closed({}, { after: Revision, limit: wholeNumber(1, 1000) });

const DEFAULT_LIMIT = 100;

/** The seat that a recorded command was about; `undefined` where it was about none. */
const seatAsked = ({ metadata }: LedgerEvent): unknown => metadata.issued?.command['userId'];

/** Whether an event that stands on another seat concerns this one too. */
const reaches = (userId: UserId, event: LedgerEvent): boolean => {
  switch (event.type) {
    case 'DeletePermissionGranted':
    case 'DeletePermissionRevoked':
      return event.data.toUserId === userId;
    case 'MailboxAdded':
      return event.data.movedFrom === userId;
    case 'MailboxDeleted':
      return event.data.movedTo === userId;
    default:
      return false;
  }
};

const concerns = (userId: UserId, event: LedgerEvent): boolean => {
  switch (event.streamKind) {
    case 'seat':
      return ownerOf(event) === userId || reaches(userId, event);
    case 'answer':
      return seatAsked(event) === userId;
    default:
      return ownerOf(event) === userId;
  }
};

/** What stands on a colleague's seat is the colleague's. */
const isShownTo = (reader: Principal, event: LedgerEvent): boolean =>
  event.streamKind !== 'seat' || mayRead(reader, ownerOf(event));

type Told = Pick<TimelineEntry, 'data' | 'sentence' | 'clauses' | 'answer' | 'reasons'>;

const toldAnswer = (reader: Principal, event: LedgerEvent): Told => {
  const { actor, commandType } = event.metadata;
  const sent = `${subjectOf(actor)} sent ${commandType}`;
  if (event.type !== 'CommandRefused') {
    const sentence = `${sent}: what it asks for was already so.`;
    return { data: null, sentence, clauses: [], answer: 'alreadySo', reasons: [] };
  }
  const reasons = event.data.rejections.map((rejection) => toldTo(reader, rejection));
  return {
    data: null,
    sentence: `${sent} and was refused: ${reasons.map((reason) => reason.sentence).join(' ')}`,
    clauses: reasons.flatMap(({ clause }) => clause ?? []),
    answer: 'refused',
    reasons,
  };
};

const toldEvent = ({ type, data, metadata, streamKind }: LedgerEvent): Told => {
  const line = auditLines[type as keyof typeof auditLines];
  const kept = line.keep(data as never);
  const circumstances = { who: subjectOf(metadata.actor), stream: streamKind };
  return {
    data,
    sentence: line.say(kept, circumstances),
    clauses: line.clauses(kept, circumstances),
    answer: 'recorded',
    reasons: [],
  };
};

const entryOf = (reader: Principal, event: LedgerEvent): TimelineEntry => {
  const { at, actor, commandId, commandType, policyVersion } = event.metadata;
  const told = event.streamKind === 'answer' ? toldAnswer(reader, event) : toldEvent(event);
  return {
    position: String(event.position),
    stream: event.stream,
    revision: String(event.revision),
    type: event.type,
    at,
    actor,
    commandId,
    commandType,
    policyVersion,
    ...told,
  };
};

/** The events of the organization in a page that concern the seat. */
const concerning = (
  reader: Principal,
  userId: UserId,
  page: ReadonlyArray<RecordedEvent>,
): E.Either<Failure, ReadonlyArray<LedgerEvent>> => {
  const own = seatStream(reader.orgId, userId);
  const found: Array<LedgerEvent> = [];
  for (const stored of page) {
    const isOurs = streamIdentity(stored.stream)?.orgId === reader.orgId;
    // Of other seats, a user sees nothing: they need not be read.
    const isHidden =
      reader.role === 'user' && stored.stream.startsWith('seat-') && stored.stream !== own;
    if (!isOurs || isHidden) continue;
    const event = decodeWhole(stored);
    if (E.isLeft(event)) return event;
    if (concerns(userId, event.right) && isShownTo(reader, event.right)) found.push(event.right);
  }
  return E.right(found);
};

/** What happened to the seat of `userId`, oldest first: also on other seats, and what was refused. */
export const timeline = async (
  store: EventStore,
  reader: Principal,
  userId: UserId,
  { after, limit = DEFAULT_LIMIT }: t.TypeOf<typeof TimelinePart>,
): Promise<E.Either<Failure, Timeline>> => {
  const entries: Array<TimelineEntry> = [];
  const part = after === undefined ? {} : { after: BigInt(after) };
  for await (const page of wholePages(store, part)) {
    if (E.isLeft(page)) return page;
    const found = concerning(reader, userId, page.right);
    if (E.isLeft(found)) return found;
    for (const event of found.right) {
      const last = entries.at(-1);
      if (last !== undefined && entries.length === limit) {
        return E.right({ entries, next: last.position });
      }
      entries.push(entryOf(reader, event));
    }
  }
  return E.right({ entries, next: null });
};
