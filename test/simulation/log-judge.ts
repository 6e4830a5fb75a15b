/**
 * Judges the raw log at every position at which somebody could have looked. It folds the raw JSON itself:
 * a fault in the library's states, codecs or rules must not be able to hide itself here.
 */
import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../src';
import {
  type Acknowledged,
  canonicalOf,
  type SeatFact,
  SeatFold,
} from '../../src/testing/race-suite/seat-fold';

interface Fact extends SeatFact {
  readonly userId: string;
  readonly movedTo?: string;
  readonly movedFrom?: string;
  readonly mailboxLimit: number;
  readonly limit: number;
}

interface Metadata {
  readonly commandId: string;
  readonly at: string;
}

interface Claim {
  readonly book: string;
  readonly canonical: string;
  readonly userId: string;
  readonly requestId: string;
}

interface Seat {
  readonly fold: SeatFold;
  locked: boolean;
  /** Requests that hold a slot and are no mailbox yet. */
  readonly approved: Set<string>;
}

interface Terms {
  readonly position: bigint;
  readonly general: number;
  readonly granted: ReadonlyMap<string, number>;
}

const POLICY_LIMIT = 2;

export const metadataOf = ({ metadata }: RecordedEvent): Metadata => metadata as Metadata;

/** What the judge must be told of those who sent the commands. */
export interface Senders {
  /** Impacts that were acknowledged for the request, on the holder's seat. */
  readonly acknowledged: (holder: string, requestId: string) => ReadonlyArray<Acknowledged>;
  /** Position of the log's last event when the command was sent that is recorded `at`. */
  readonly since: (at: string) => bigint | undefined;
}

export class LogJudge {
  readonly problems: Array<string> = [];
  private position = -1n;
  private readonly revisions = new Map<string, bigint>();
  private readonly seats = new Map<string, Seat>();
  private readonly claims = new Map<string, Claim>();
  private readonly terms: Array<Terms> = [
    { position: -1n, general: POLICY_LIMIT, granted: new Map() },
  ];
  /** Addresses between two seats, by the seat and the request that they are for. */
  private readonly moving = new Map<string, string>();
  /** Sequence states that came from another seat, by the command that sent them. */
  private readonly arrived = new Map<string, ReadonlySet<string>>();
  private readonly handedOver = new Map<string, Array<unknown>>();

  constructor(
    private readonly senders: Senders,
    /** Positions of the last event of each append. */
    private readonly ends: ReadonlySet<bigint>,
  ) {}

  take(event: RecordedEvent): void {
    const { stream, revision, position, type } = event;
    if (position !== this.position + 1n) this.report(`position ${position} is out of order`);
    this.position = position;
    const known = this.revisions.get(stream) ?? -1n;
    if (revision !== known + 1n) this.report(`revision ${revision} of ${stream} after ${known}`);
    this.revisions.set(stream, revision);

    const kind = stream.slice(0, Math.max(0, stream.indexOf('-')));
    const fact = event.data as Fact;
    if (kind === 'seat') this.takeOnSeat(stream.slice(stream.indexOf('.') + 1), event, fact);
    if (kind === 'address' || kind === 'account') this.takeClaim(kind, stream, type, fact);
    if (kind === 'organization') this.takeTerms(type, fact);
    if (this.ends.has(position)) this.judgePosition();
  }

  /** Judges what must be so once nothing is under way. */
  judgeRest(): void {
    for (const [userId, { approved, fold }] of this.seats) {
      for (const requestId of approved) this.report(`${requestId} of ${userId} stays approved`);
      fold.settle();
    }
    for (const { book, canonical, userId } of this.claims.values()) {
      const fold = this.seats.get(userId)?.fold;
      const isHeld =
        book === 'address' ? fold?.mailboxes.has(canonical) : fold?.login === canonical;
      if (isHeld !== true) this.report(`${book} ${canonical} stays claimed for ${userId}`);
    }
    for (const [to, address] of this.moving) this.report(`${address} never arrived at ${to}`);
    for (const [command, { length }] of this.handedOver) {
      if (length > 0) this.report(`prospects of ${command} never arrived`);
    }
  }

  /** Mailboxes and login of each seat, as lines that can be compared. */
  holdings(): ReadonlyMap<string, ReadonlyArray<string>> {
    return new Map(
      [...this.seats].map(([id, { fold }]) => [id, [...fold.mailboxes.keys()].sort()]),
    );
  }

  private seat(userId: string): Seat {
    const known = this.seats.get(userId);
    if (known !== undefined) return known;
    const fold = new SeatFold(
      userId,
      (requestId) => this.senders.acknowledged(userId, requestId),
      (detail) => {
        this.report(detail);
      },
    );
    const seat: Seat = { fold, locked: false, approved: new Set() };
    this.seats.set(userId, seat);
    return seat;
  }

  private takeOnSeat(userId: string, event: RecordedEvent, fact: Fact): void {
    const seat = this.seat(userId);
    const { type } = event;
    const { requestId } = fact;
    const request = `${userId} ${requestId}`;
    if (type !== 'SequencesStopped' || !this.arrivedTooLate(event, fact))
      seat.fold.take(type, fact);
    switch (type) {
      case 'SeatLocked':
      case 'SeatUnlocked':
        seat.locked = type === 'SeatLocked';
        return;
      case 'MailboxAddApproved':
        seat.approved.add(requestId);
        this.judgeLimit(userId, seat, event);
        return;
      case 'MailboxAdded':
        if (!seat.approved.delete(requestId)) this.report(`${request} is added unapproved`);
        if (seat.locked) this.report(`${userId} gets a mailbox while locked`);
        if (this.moving.delete(request) !== (fact.movedFrom !== undefined)) {
          this.report(`${request} is added with a wrong origin`);
        }
        return;
      case 'MailboxAddAbandoned':
      case 'MailboxAddRejected':
      case 'RequestWithdrawn':
        seat.approved.delete(requestId);
        if (this.moving.has(request)) {
          this.report(`${canonicalOf(fact.address)} left for ${request}, which came to nothing`);
        }
        return;
      case 'MailboxDeleted':
        if (fact.movedTo !== undefined) {
          this.depart(fact.movedTo, requestId, canonicalOf(fact.address));
        }
        return;
      case 'ProspectsReassigned':
        if (fact.fromUserId !== fact.toUserId) this.handOver(userId, event, fact);
        return;
      default:
    }
  }

  private depart(to: string, requestId: string, canonical: string): void {
    this.moving.set(`${to} ${requestId}`, canonical);
    if (this.seats.get(to)?.approved.has(requestId) !== true) {
      this.report(`${canonical} leaves for ${requestId} of ${to}, which is not approved`);
    }
  }

  /** Prospects may arrive when the mailbox that they were to go on from is gone again: they stop there. */
  private arrivedTooLate(event: RecordedEvent, { sequenceStateIds }: Fact): boolean {
    const arrived = this.arrived.get(metadataOf(event).commandId);
    return arrived !== undefined && sequenceStateIds.every((id) => arrived.has(id));
  }

  /** P20: what leaves one seat arrives on the other, once, and as it left. */
  private handOver(userId: string, event: RecordedEvent, fact: Fact): void {
    const { commandId } = metadataOf(event);
    const under = this.handedOver.get(commandId) ?? [];
    this.handedOver.set(commandId, under);
    if (userId === fact.fromUserId) under.push(fact);
    else if (!isDeepStrictEqual(under.shift(), fact)) {
      this.report(`prospects of ${commandId} arrive as they did not leave`);
    } else {
      const ids = fact.reassigned.map(({ sequenceStateId }) => sequenceStateId);
      this.arrived.set(commandId, new Set([...(this.arrived.get(commandId) ?? []), ...ids]));
    }
  }

  private takeClaim(book: string, stream: string, type: string, fact: Fact): void {
    const live = this.claims.get(stream);
    const { userId, requestId } = fact;
    const canonical = canonicalOf(fact.address);
    if (type === 'AddressClaimed') {
      if (live !== undefined) this.report(`${canonical} is claimed over ${live.userId}`);
      this.claims.set(stream, { book, canonical, userId, requestId });
      return;
    }
    if (live?.userId !== userId) this.report(`${canonical} is released by ${userId}, not its own`);
    this.claims.delete(stream);
  }

  private takeTerms(type: string, fact: Fact): void {
    const { position } = this;
    const { general, granted } = this.terms.at(-1) ?? { general: 0, granted: new Map() };
    this.terms.push(
      type === 'ContractSet'
        ? { position, general: fact.mailboxLimit, granted }
        : { position, general, granted: new Map(granted).set(fact.userId, fact.limit) },
    );
  }

  /** P1, P2: the limit that was in force at some moment from the sending of the approval to its append. */
  private judgeLimit(userId: string, { fold, approved }: Seat, event: RecordedEvent): void {
    const since = this.senders.since(metadataOf(event).at) ?? this.position;
    const inForce = this.terms.filter(
      (_, index) => (this.terms[index + 1]?.position ?? this.position) >= since,
    );
    const most = Math.max(...inForce.map(({ general, granted }) => granted.get(userId) ?? general));
    const taken = fold.mailboxes.size + approved.size;
    if (taken > most) this.report(`${userId} has ${taken} slots taken, and ${most} allowed`);
  }

  /** P21, P36: each mailbox and each login is claimed for its seat, so that none has two holders. */
  private judgePosition(): void {
    const claimed = new Map(
      [...this.claims.values()].map((claim) => [`${claim.book} ${claim.canonical}`, claim]),
    );
    for (const [userId, { fold }] of this.seats) {
      for (const [canonical, requestId] of fold.mailboxes) {
        const claim = claimed.get(`address ${canonical}`);
        if (claim?.userId === userId && claim.requestId === requestId) continue;
        this.report(`${userId} holds ${canonical}, claimed for ${claim?.userId ?? 'nobody'}`);
      }
      const { login } = fold;
      if (login === undefined) continue;
      const holder = claimed.get(`account ${login}`)?.userId;
      if (holder !== userId)
        this.report(`${userId} is ${login}, claimed for ${holder ?? 'nobody'}`);
    }
  }

  private report(problem: string): void {
    this.problems.push(`at position ${this.position}: ${problem}`);
  }
}
