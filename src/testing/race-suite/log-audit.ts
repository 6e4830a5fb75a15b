/**
 * An independent fold of the raw log: who holds what at every position, and whether claims, seats,
 * limits and losses agree. It leans on nothing of the library but the names of streams and events.
 */
import { appendKey } from '../../application/one-append';
import { type Atomicity, BEFORE_ALL, type RecordedEvent } from '../../application/ports';
import type { EventMetadata } from '../../stored-event';
import { streamIdentity, userOfSeat } from '../../values/stream-name';
import { type Acknowledged, canonicalOf, type SeatFact, SeatFold } from './seat-fold';

type Book = 'address' | 'account';

/** A live claim of a book of addresses. */
export interface Claim {
  readonly book: Book;
  readonly canonical: string;
  readonly userId: string;
  readonly requestId: string;
}

const DEFAULT_LIMIT = 2;

const metadataOf = ({ metadata }: RecordedEvent): EventMetadata => metadata as EventMetadata;

export class LogAudit {
  position = BEFORE_ALL;
  readonly problems: Array<string> = [];
  private readonly revisions = new Map<string, bigint>();
  private readonly places = new Map<string, RecordedEvent>();
  private readonly byCommand = new Map<string, Array<RecordedEvent>>();
  private readonly seats = new Map<string, SeatFold>();
  /** By stream; `undefined` while the address is free. */
  private readonly claims = new Map<string, Claim | undefined>();
  /** The stream of each address, by book and canonical form. */
  private readonly books = new Map<string, string>();
  private readonly acknowledgements = new Map<string, Array<Acknowledged>>();
  private readonly limits: Array<{ readonly position: bigint; readonly limit: number }> = [];
  private raceBegan = BEFORE_ALL;
  private group: string | undefined;
  /** Addresses and logins that the present group has given to somebody. */
  private readonly given = new Set<string>();

  constructor(private readonly atomicity: Atomicity) {}

  /** From here on commands run beside each other; what was in force now may be what they decide by. */
  beginRace(): void {
    this.raceBegan = this.position;
  }

  /** The holder's loss was shown and acknowledged, for this request. */
  acknowledge(holder: string, requestId: string, impact: Acknowledged): void {
    const key = `${holder} ${requestId}`;
    this.acknowledgements.set(key, [...(this.acknowledgements.get(key) ?? []), impact]);
  }

  take(event: RecordedEvent): void {
    const { stream, revision, position, type } = event;
    if (position <= this.position) this.report(`it comes after ${this.position}`, position);
    this.position = position;
    const known = this.revisions.get(stream) ?? -1n;
    if (revision !== known + 1n) {
      this.report(`revision ${revision} of ${stream} comes after ${known}`);
    }
    this.revisions.set(stream, revision);
    this.places.set(`${stream} ${revision}`, event);
    if (stream === 'ledger') return;

    const command = metadataOf(event).commandId;
    this.byCommand.set(command, [...(this.byCommand.get(command) ?? []), event]);
    // What is appended at once becomes visible at once: only its end is a position that anybody sees.
    const group = appendKey({ stream, metadata: metadataOf(event) }, this.atomicity);
    if (group !== this.group) this.endGroup();
    this.group = group;
    this.takeInBook(stream, type, event);
  }

  /** Judges what may only be judged once nothing is under way. */
  settle(): void {
    this.endGroup();
    for (const seat of this.seats.values()) {
      seat.settle();
      for (const [address, requestId] of seat.mailboxes) {
        this.expectClaim('address', address, seat.userId, requestId);
      }
      if (seat.login !== undefined) this.expectClaim('account', seat.login, seat.userId);
    }
  }

  /** Live claims whose seat has no such mailbox, or no such login. */
  idleClaims(): ReadonlyArray<Claim> {
    return [...this.claims.values()].filter((claim) => {
      if (claim === undefined) return false;
      const seat = this.seats.get(claim.userId);
      return claim.book === 'address'
        ? seat?.mailboxes.has(claim.canonical) !== true
        : seat?.login !== claim.canonical;
    }) as ReadonlyArray<Claim>;
  }

  eventsOf(commandId: string): ReadonlyArray<RecordedEvent> {
    return this.byCommand.get(commandId) ?? [];
  }

  at(stream: string, revision: string): RecordedEvent | undefined {
    return this.places.get(`${stream} ${revision}`);
  }

  /** Canonical addresses that each seat holds, by user id. */
  holdings(): ReadonlyMap<string, ReadonlyArray<string>> {
    return new Map([...this.seats].map(([id, { mailboxes }]) => [id, [...mailboxes.keys()]]));
  }

  holdersOf(canonical: string): ReadonlyArray<string> {
    return this.usersWhere((seat) => seat.mailboxes.has(canonical));
  }

  loginOf(userId: string): string | undefined {
    return this.seats.get(userId)?.login;
  }

  seatsRunning(sequenceStateId: string): ReadonlyArray<string> {
    return this.usersWhere((seat) => seat.runs(sequenceStateId));
  }

  private usersWhere(isSo: (seat: SeatFold) => boolean): ReadonlyArray<string> {
    return [...this.seats.values()].filter(isSo).map(({ userId }) => userId);
  }

  private takeInBook(stream: string, type: string, { data }: RecordedEvent): void {
    const identity = streamIdentity(stream);
    if (identity?.kind === 'seat') this.takeOnSeat(userOfSeat(stream), type, data as SeatFact);
    if (identity?.kind === 'address' || identity?.kind === 'account')
      this.takeClaim(identity.kind, stream, type, data as Claims);
    if (type === 'ContractSet') {
      const { mailboxLimit } = data as { readonly mailboxLimit: number };
      this.limits.push({ position: this.position, limit: mailboxLimit });
    }
  }

  private takeOnSeat(userId: string, type: string, fact: SeatFact): void {
    const seat = this.seats.get(userId) ?? this.newSeat(userId);
    seat.take(type, fact);
    if (type === 'MailboxAdded') {
      this.given.add(canonicalOf(fact.address));
      const most = this.mostAllowed();
      if (seat.mailboxes.size > most) {
        this.report(`${userId} holds ${seat.mailboxes.size} mailboxes, and ${most} were allowed`);
      }
    }
    if (type === 'SeatRegistered' || type === 'AccountEmailChanged') {
      this.given.add(fact.accountEmail.canonical);
    }
    const started =
      type === 'SequenceStateRecorded'
        ? [fact.sequenceStateId]
        : type === 'ProspectsReassigned'
          ? fact.reassigned.map(({ sequenceStateId }) => sequenceStateId)
          : [];
    for (const id of started) {
      const runners = this.seatsRunning(id);
      if (runners.length > 1) this.report(`${id} runs on ${runners.join(' and ')}`);
    }
  }

  private newSeat(userId: string): SeatFold {
    const seat = new SeatFold(
      userId,
      (requestId) => this.acknowledgements.get(`${userId} ${requestId}`) ?? [],
      (detail) => {
        this.report(detail);
      },
    );
    this.seats.set(userId, seat);
    return seat;
  }

  /** The highest limit that the addition may have been decided by. */
  private mostAllowed(): number {
    // Where several streams cannot be appended to at once, the contract may change under an approval.
    const since = this.atomicity === 'anyStreams' ? this.position : this.raceBegan;
    const before = this.limits.filter(({ position }) => position <= since).at(-1)?.limit;
    const later = this.limits.filter(({ position }) => position > since);
    return Math.max(before ?? DEFAULT_LIMIT, ...later.map(({ limit }) => limit));
  }

  private takeClaim(book: Book, stream: string, type: string, fact: Claims): void {
    const { userId, requestId } = fact;
    const { canonical } = fact.address;
    const key = `${book} ${canonical}`;
    const known = this.books.get(key) ?? stream;
    this.books.set(key, known);
    if (known !== stream) this.report(`${canonical} has two books, ${known} and ${stream}`);
    const live = this.claims.get(stream);
    if (type === 'AddressClaimed') {
      if (live !== undefined) {
        this.report(`${canonical} is claimed for ${userId} while ${live.userId} has it`);
      }
      this.claims.set(stream, { book, canonical, userId, requestId });
    }
    if (type === 'AddressReleased') {
      if (live?.userId !== userId) {
        this.report(`${userId} releases ${canonical}, which ${live?.userId ?? 'nobody'} has`);
      }
      this.claims.set(stream, undefined);
    }
  }

  private endGroup(): void {
    for (const address of this.given) {
      const holders = this.holdersOf(address);
      if (holders.length > 1) this.report(`${address} sits on ${holders.join(' and ')}`);
      const accounts = this.usersWhere(({ login }) => login === address);
      if (accounts.length > 1) this.report(`${address} is the login of ${accounts.join(' and ')}`);
    }
    this.given.clear();
    this.group = undefined;
  }

  private expectClaim(book: Book, canonical: string, userId: string, requestId?: string): void {
    const claim = this.claims.get(this.books.get(`${book} ${canonical}`) ?? '');
    const isFor = claim?.userId === userId && (requestId ?? claim.requestId) === claim.requestId;
    if (isFor) return;
    const what = claim === undefined ? 'nothing' : `${claim.userId} for ${claim.requestId}`;
    this.report(`${userId} has ${canonical} for ${requestId ?? 'login'}, but its claim is ${what}`);
  }

  private report(detail: string, position: bigint = this.position): void {
    this.problems.push(`at position ${position}: ${detail}`);
  }
}

interface Claims {
  readonly userId: string;
  readonly requestId: string;
  readonly address: { readonly canonical: string };
}
