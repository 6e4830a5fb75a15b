/**
 * Random logs that could have been written: a small world of two organizations in which users ask, agents
 * answer and sequences run. Whatever could not happen as things stand is left out.
 */
import fc from 'fast-check';
import type { ProjectedEvent } from '../../projections';
import { AddressClaimed, AddressReleased } from '../../src/address/events';
import { ContractSet, MailboxLimitGranted } from '../../src/organization/events';
import * as Events from '../../src/seat/events';
import { evolve, initialState, isOpen, type Request, type Seat } from '../../src/seat/state';
import type { EmailAddress } from '../../src/values/email-address';
import type { OrgId, UserId } from '../../src/values/ids';
import { LogBuilder } from '../support/recorded';
import * as Fact from './facts';
import { type About, departure, reassignable } from './losses';

const organizations = [Fact.acme, Fact.globex] as const;
const users = [Fact.ann, Fact.bob, Fact.cyd] as const;
const addresses = [Fact.work, Fact.alias, Fact.third] as const;

const does = [
  'lock',
  'unlock',
  'setContract',
  'grantLimit',
  'askToAdd',
  'approveAdd',
  'rejectOrAbandon',
  'withdraw',
  'permit',
  'forbid',
  'configure',
  'askToDelete',
  'approveDelete',
  'rejectDelete',
  'draft',
  'sequence',
  'reassign',
] as const;

/** What is often done in a row; without these, long stories would be rare. */
const inARow: ReadonlyArray<ReadonlyArray<(typeof does)[number]>> = [
  ['askToAdd', 'approveAdd', 'configure', 'sequence', 'draft'],
  ['askToAdd', 'approveAdd', 'configure', 'sequence'],
  ['askToAdd'],
  ['askToAdd', 'rejectOrAbandon'],
  ['askToAdd', 'withdraw'],
  ['permit'],
  ['permit', 'forbid'],
  ['askToDelete', 'approveDelete'],
  ['askToDelete', 'rejectDelete'],
  ['reassign'],
];

const step = fc.record({
  does: fc.oneof(
    fc.constantFrom(...does).map((one) => [one]),
    fc.constantFrom(...inARow),
  ),
  orgId: fc.constantFrom(Fact.acme, Fact.acme, Fact.acme, Fact.globex),
  userId: fc.constantFrom(...users),
  other: fc.constantFrom(...users),
  address: fc.constantFrom(...addresses),
  number: fc.nat({ max: 7 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

class World {
  readonly log = new LogBuilder();
  private readonly seats = new Map<string, Seat>();
  private requests = 0;

  constructor() {
    for (const orgId of organizations) {
      for (const userId of users) this.tell(orgId, userId, Fact.registered(userId));
    }
  }

  seat(orgId: OrgId, userId: UserId): Seat {
    return this.seats.get(`${orgId} ${userId}`) ?? initialState;
  }

  tell(orgId: OrgId, userId: UserId, ...facts: ReadonlyArray<Events.SeatEvent>): void {
    if (facts.length === 0) return;
    this.log.seat(orgId, userId, ...facts);
    this.seats.set(`${orgId} ${userId}`, facts.reduce(evolve, this.seat(orgId, userId)));
  }

  holder(orgId: OrgId, { canonical }: EmailAddress): UserId | undefined {
    return users.find((userId) => this.seat(orgId, userId).mailboxes.has(canonical));
  }

  /** Unique within a seat only, as in life. */
  newRequest(): string {
    this.requests += 1;
    return `r${this.requests % 40}`;
  }

  take(given: Step): void {
    for (const what of given.does) this.do(what, given);
  }

  private do(
    what: Step['does'][number],
    { orgId, userId, other, address, number }: Omit<Step, 'does'>,
  ): void {
    const seat = this.seat(orgId, userId);
    const tell = (...facts: ReadonlyArray<Events.SeatEvent>) => {
      this.tell(orgId, userId, ...facts);
    };
    const holds = seat.mailboxes.has(address.canonical);
    switch (what) {
      case 'lock':
        if (!seat.locked) tell(Events.SeatLocked({ userId }));
        return;
      case 'unlock':
        if (seat.locked) tell(Events.SeatUnlocked({ userId }));
        return;
      case 'setContract': {
        const terms = { mailboxLimit: 1 + (number % 3), permittedSharedAddresses: [] };
        this.log.organization(orgId, ContractSet(terms));
        return;
      }
      case 'grantLimit':
        this.log.organization(orgId, MailboxLimitGranted({ userId, limit: 1 + (number % 4) }));
        return;
      case 'askToAdd': {
        const request = this.newRequest();
        if (holds || seat.requests.has(Fact.requestId(request))) return;
        const status =
          this.holder(orgId, address) === undefined ? 'submitted' : 'awaitingPermission';
        tell(Fact.askedToAdd(userId, request, address, { status, deletePermission: number > 5 }));
        return;
      }
      case 'approveAdd':
        this.approveAdd(orgId, userId);
        return;
      case 'rejectOrAbandon': {
        const about = this.openRequest(seat, userId, 'add');
        if (about === undefined) return;
        if (number % 2 === 0) tell(Events.MailboxAddRejected({ ...about, reason: 'Not theirs.' }));
        else
          tell(
            Events.MailboxAddApproved({ ...about, evidence: '' }),
            Events.MailboxAddAbandoned(about),
          );
        return;
      }
      case 'withdraw': {
        const about = this.openRequest(seat, userId, number % 2 === 0 ? 'add' : 'delete');
        if (about !== undefined) tell(Events.RequestWithdrawn(about));
        return;
      }
      case 'permit':
      case 'forbid': {
        const about = this.openRequest(this.seat(orgId, other), other, 'add');
        if (about === undefined || !seat.mailboxes.has(about.address.canonical)) return;
        const permission = { ...about, userId, toUserId: other };
        if (what === 'permit') tell(Events.DeletePermissionGranted(permission));
        else tell(Events.DeletePermissionRevoked(permission));
        return;
      }
      case 'configure':
        if (holds) tell(Fact.configured(userId, address));
        return;
      case 'askToDelete': {
        const request = this.newRequest();
        if (!holds || seat.requests.has(Fact.requestId(request))) return;
        tell(Fact.askedToDelete(userId, request, address));
        return;
      }
      case 'approveDelete': {
        const about = this.openRequest(seat, userId, 'delete');
        if (about === undefined || !seat.mailboxes.has(about.address.canonical)) return;
        tell(...departure(seat, about));
        const release = AddressReleased(about);
        this.log.address(orgId, `key${addresses.indexOf(about.address)}`, release);
        return;
      }
      case 'rejectDelete': {
        const about = this.openRequest(seat, userId, 'delete');
        if (about !== undefined) tell(Events.MailboxDeleteRejected({ ...about, reason: 'No.' }));
        return;
      }
      case 'draft': {
        if (!holds) return;
        const state = number % 2 === 0 ? 'drafted' : 'scheduled';
        const mailing = Fact.mailingId(`${userId}-${address.canonical.length}-${number}`);
        const of = { userId, mailingId: mailing, address: address.canonical };
        tell(Events.MailingRecorded({ ...of, state }));
        return;
      }
      case 'sequence':
        this.recordSequence(orgId, userId, address, number);
        return;
      case 'reassign': {
        if (seat.mailboxes.get(address.canonical)?.use === undefined) return;
        const [reassigned, skipped] = reassignable(this.seat(orgId, other));
        if (reassigned.length === 0) return;
        const fact = Fact.reassignment({
          from: other,
          to: userId,
          onto: address,
          reassigned,
          skipped,
        });
        tell(fact);
        if (other !== userId) this.tell(orgId, other, fact);
      }
    }
  }

  /** With the move from another seat, if it sits on one; the new seat is told first. */
  private approveAdd(orgId: OrgId, userId: UserId): void {
    const about = this.openRequest(this.seat(orgId, userId), userId, 'add');
    if (about === undefined) return;
    const { requestId, address } = about;
    const from = this.holder(orgId, address);
    if (from === userId) return;
    this.tell(
      orgId,
      userId,
      Fact.approved(userId, requestId, address),
      Fact.added(userId, requestId, address, from),
    );
    if (from !== undefined) {
      const leaving = { ...about, userId: from, movedTo: userId };
      this.tell(orgId, from, ...departure(this.seat(orgId, from), leaving));
    }
    this.log.address(orgId, `key${addresses.indexOf(address)}`, AddressClaimed(about));
  }

  private recordSequence(
    orgId: OrgId,
    userId: UserId,
    address: EmailAddress,
    number: number,
  ): void {
    const seat = this.seat(orgId, userId);
    const state = `${userId}-s${number % 4}`;
    const known = seat.sequenceStates.get(Fact.sequenceStateId(state));
    const progress = (['active', 'active', 'pending', 'paused', 'finished', 'bounced'] as const)[
      number % 6
    ];
    if (progress === undefined) return;
    if (known === undefined) {
      // It may run on another seat by now.
      const isElsewhere = users.some((other) =>
        this.seat(orgId, other).sequenceStates.has(Fact.sequenceStateId(state)),
      );
      if (!isElsewhere && seat.mailboxes.has(address.canonical)) {
        this.tell(orgId, userId, Fact.sequence(userId, state, address, progress));
      }
      return;
    }
    if (known.detached && (progress === 'active' || progress === 'pending')) return;
    const canonical = known.address;
    this.tell(
      orgId,
      userId,
      Fact.sequence(userId, state, { canonical, typed: canonical }, progress),
    );
  }

  private openRequest(seat: Seat, userId: UserId, kind: Request['kind']): About | undefined {
    for (const [requestId, request] of seat.requests) {
      if (request.kind !== kind || !isOpen(request)) continue;
      return { userId, requestId, address: request.address };
    }
    return undefined;
  }
}

/** A log, beside the seats as the seat's own fold knows them. */
export interface PlausibleLog {
  readonly events: ReadonlyArray<ProjectedEvent>;
  readonly seats: ReadonlyArray<{
    readonly orgId: OrgId;
    readonly userId: UserId;
    readonly seat: Seat;
  }>;
}

export const plausibleLog: fc.Arbitrary<PlausibleLog> = fc
  .array(step, { maxLength: 120, size: 'max' })
  .map((steps) => {
    const world = new World();
    for (const taken of steps) world.take(taken);
    return {
      events: world.log.events,
      seats: organizations.flatMap((orgId) =>
        users.map((userId) => ({ orgId, userId, seat: world.seat(orgId, userId) })),
      ),
    };
  });
