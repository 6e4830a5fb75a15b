/** What is told of one organization: a fold of its events, in memory that does not grow with activity. */
import type { LedgerEvent } from '../application/decode-event';
import type { OrgId, UserId } from '../values/ids';
import { streamIdentity, userOfSeat } from '../values/stream-name';
import type { Timestamp } from '../values/timestamp';
import { DEFAULT_MAILBOX_LIMIT } from '../values/policy';
import { Refusals, seatConcerned } from './refusals';
import { newStory, type SeatFact, type SeatStory } from './seat-story';
import { tell } from './seat-telling';

/** From here on this is the limit: of two, the one that stands later in the log, whatever their times. */
export interface LimitStep {
  readonly position: bigint;
  readonly at: Timestamp;
  readonly limit: number;
}

/** The limits that a user has had, in the order of the log, and the one before there was any. */
export interface Limits {
  readonly before: number;
  readonly steps: ReadonlyArray<LimitStep>;
}

const isSeatFact = (event: LedgerEvent): event is LedgerEvent & SeatFact =>
  event.streamKind === 'seat';

const stepAt = ({ position, metadata: { at } }: LedgerEvent, limit: number): LimitStep => ({
  position,
  at,
  limit,
});

export class OrganizationStory {
  readonly seats = new Map<UserId, SeatStory>();
  readonly refusals = new Refusals();
  /** By the user id that the refused command named, whether or not there is such a seat. */
  readonly refusalsOfSeat = new Map<string, number>();
  readonly policyVersions = new Set<string>();
  private readonly contract: Array<LimitStep> = [];
  private readonly grants = new Map<UserId, Array<LimitStep>>();
  private first: Timestamp | undefined;
  private last: Timestamp | undefined;
  private taken = 0;

  constructor(readonly orgId: OrgId) {}

  /** Takes in one of the organization's events; they come in the order of the log. */
  take(event: LedgerEvent): void {
    this.taken += 1;
    this.place(event);
    if (isSeatFact(event)) this.takeSeatFact(event);
    else if (event.type === 'ContractSet') {
      this.contract.push(stepAt(event, event.data.mailboxLimit));
    } else if (event.type === 'MailboxLimitGranted') {
      const { userId, limit } = event.data;
      const known = this.grants.get(userId) ?? [];
      this.grants.set(userId, [...known, stepAt(event, limit)]);
    } else if (event.type === 'CommandRefused') {
      this.refusals.take(event);
      const userId = seatConcerned(event);
      if (userId === undefined) return;
      this.refusalsOfSeat.set(userId, (this.refusalsOfSeat.get(userId) ?? 0) + 1);
    }
  }

  get events(): number {
    return this.taken;
  }

  /** Instants of the earliest and the latest event; they need not be the first and last recorded. */
  get span(): { readonly from: Timestamp; readonly to: Timestamp } | undefined {
    return this.first === undefined || this.last === undefined
      ? undefined
      : { from: this.first, to: this.last };
  }

  /** A grant to the user stands above the contract from then on. */
  limitsOf(userId: UserId): Limits {
    const grants = this.grants.get(userId) ?? [];
    const firstGrant = grants[0];
    const general =
      firstGrant === undefined
        ? this.contract
        : this.contract.filter(({ position }) => position < firstGrant.position);
    return { before: DEFAULT_MAILBOX_LIMIT, steps: [...general, ...grants] };
  }

  private place({ metadata: { at, policyVersion } }: LedgerEvent): void {
    this.policyVersions.add(policyVersion);
    if (this.first === undefined || at < this.first) this.first = at;
    if (this.last === undefined || at > this.last) this.last = at;
  }

  private takeSeatFact(fact: SeatFact): void {
    // The seat that the stream belongs to: between two seats a fact names both, and stands in both streams.
    const identity = streamIdentity(fact.stream);
    if (identity?.kind !== 'seat') return;
    const userId = userOfSeat(fact.stream);
    let story = this.seats.get(userId);
    if (story === undefined) {
      story = newStory(userId, fact.metadata.at);
      this.seats.set(userId, story);
    }
    tell(story, fact);
  }
}
