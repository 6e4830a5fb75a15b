/**
 * Who holds what, as a log tells it: mailboxes from the seats, claims from the address streams. Kept apart
 * from the library's own states on purpose: a fault in those must not be able to hide itself.
 */
import * as Persistent from 'immutable';
import type { AnyEvent, LedgerEvent } from '../decode-event';
import type { Atomicity } from '../ports';
import { DEFAULT_MAILBOX_LIMIT } from '../../values/policy';
import type { StreamKind } from '../../values/stream-name';
import type { Audit, Report } from './violation';

interface Holding {
  login: string | undefined;
  locked: boolean;
  /** Canonical. */
  readonly mailboxes: Set<string>;
  /** Every one that there ever was, to add or to delete. */
  readonly requests: Set<string>;
  /** Approved requests to add. */
  readonly approvals: Map<string, Approval>;
}

interface Approval {
  /** Canonical. */
  readonly address: string;
  /** The revision of the contract that it was decided by, where one was recorded. */
  readonly contractAt: string | undefined;
}

interface Terms {
  readonly limit: number;
  /** Of each user to whom another limit was granted. Every version of it may be kept: it is never copied. */
  readonly grants: Persistent.Map<string, number>;
}

type Claim = Extract<AnyEvent, { type: 'AddressClaimed' | 'AddressReleased' }>;
type Added = Extract<AnyEvent, { type: 'MailboxAdded' }>['data'];

/** Who an address is claimed for, and which of them an append has touched. */
class Claims {
  private readonly holders = new Map<string, string>();
  /** Addresses that are claimed and not held. */
  private readonly open = new Set<string>();
  readonly touched = new Set<string>();

  take({ type, data }: Claim, report: Report): void {
    const { userId, address } = data;
    const { canonical } = address;
    const holder = this.holders.get(canonical);
    this.touched.add(canonical);
    if (type === 'AddressClaimed') {
      if (holder !== undefined)
        report('oneHolder', `${holder} has ${canonical}, and so has ${userId}`);
      this.holders.set(canonical, userId);
      return;
    }
    if (holder !== userId) report('oneHolder', `${userId} gives up ${canonical} without having it`);
    this.holders.delete(canonical);
  }

  /** Compares each touched address with what the seats say, and starts afresh. */
  compare(
    invariant: 'claimsMatchMailboxes' | 'claimsMatchLogins',
    held: Held,
    atomicity: Atomicity,
    report: Report,
  ): void {
    for (const address of this.touched) {
      const holders = held(address);
      const claimed = this.holders.get(address);
      this.open.delete(address);
      if (holders.length === 0 && claimed !== undefined && atomicity === 'oneStream') {
        this.open.add(address);
        continue;
      }
      if (holders.length === (claimed === undefined ? 0 : 1) && holders[0] === claimed) continue;
      const said = claimed ?? 'nobody';
      report(
        invariant,
        `${address} is claimed for ${said} and held by ${holders.join(', ') || 'nobody'}`,
      );
    }
    this.touched.clear();
  }

  unused(): Iterable<string> {
    return this.open;
  }
}

/** Reports what is claimed and will not be held. */
const reportOpen = (claims: Claims, report: Report): void => {
  for (const address of claims.unused()) report('finished', `${address} is claimed and not held`);
};

type Held = (address: string) => ReadonlyArray<string>;

/** Which users have an address, by address: a seat is not searched for it. */
class UsersByAddress {
  private readonly users = new Map<string, Set<string>>();

  of(address: string): ReadonlyArray<string> {
    return [...(this.users.get(address) ?? [])];
  }

  add(address: string, userId: string): void {
    const known = this.users.get(address);
    if (known === undefined) this.users.set(address, new Set([userId]));
    else known.add(userId);
  }

  remove(address: string, userId: string): void {
    const known = this.users.get(address);
    known?.delete(userId);
    if (known?.size === 0) this.users.delete(address);
  }
}

/** One organization's holders and limits. */
export class HoldersAudit implements Audit {
  private terms: Terms = { limit: DEFAULT_MAILBOX_LIMIT, grants: Persistent.Map() };
  /** By revision of the organization's stream; only where an approval may be added under earlier terms. */
  private readonly contracts = new Map<string, Terms>([['-1', this.terms]]);
  private readonly seats = new Map<string, Holding>();
  private readonly mailboxHolders = new UsersByAddress();
  private readonly loginHolders = new UsersByAddress();
  private readonly mailboxClaims = new Claims();
  private readonly loginClaims = new Claims();

  constructor(private readonly atomicity: Atomicity) {}

  take(event: LedgerEvent, kind: StreamKind, report: Report): void {
    switch (event.type) {
      case 'ContractSet':
        this.takeTerms({ ...this.terms, limit: event.data.mailboxLimit }, event);
        return;
      case 'MailboxLimitGranted': {
        const { userId, limit } = event.data;
        this.takeTerms({ ...this.terms, grants: this.terms.grants.set(userId, limit) }, event);
        return;
      }
      case 'AddressClaimed':
      case 'AddressReleased':
        (kind === 'account' ? this.loginClaims : this.mailboxClaims).take(event, report);
        return;
      case 'SeatRegistered':
      case 'AccountEmailChanged':
        this.takeLogin(event.data.userId, event.data.accountEmail.canonical);
        return;
      case 'SeatLocked':
      case 'SeatUnlocked':
        this.seat(event.data.userId).locked = event.type === 'SeatLocked';
        return;
      case 'MailboxAddRequested':
      case 'MailboxDeleteRequested': {
        const { userId, requestId } = event.data;
        const { requests } = this.seat(userId);
        if (requests.has(requestId)) {
          report('requestedOnce', `${userId} has had a request ${requestId} before`);
        }
        requests.add(requestId);
        return;
      }
      case 'MailboxAddApproved': {
        const { userId, requestId, address } = event.data;
        const { contractAt } = event.metadata;
        this.seat(userId).approvals.set(requestId, { address: address.canonical, contractAt });
        return;
      }
      case 'MailboxAddAbandoned':
      case 'MailboxAddRejected':
      case 'RequestWithdrawn':
        // A fence: whoever adds on this approval from here on is too late.
        this.seat(event.data.userId).approvals.delete(event.data.requestId);
        return;
      case 'MailboxAdded':
        this.add(event.data, report);
        return;
      case 'MailboxDeleted':
        this.remove(event.data.userId, event.data.address.canonical, report);
        return;
      default:
    }
  }

  endAppend(report: Report): void {
    for (const address of this.mailboxClaims.touched) {
      const holders = this.mailboxHolders.of(address);
      if (holders.length > 1) report('oneHolder', `${address} sits on ${holders.join(' and ')}`);
    }
    this.mailboxClaims.compare(
      'claimsMatchMailboxes',
      (held) => this.mailboxHolders.of(held),
      this.atomicity,
      report,
    );
    this.loginClaims.compare(
      'claimsMatchLogins',
      (login) => this.loginHolders.of(login),
      this.atomicity,
      report,
    );
  }

  end(report: Report): void {
    reportOpen(this.mailboxClaims, report);
    reportOpen(this.loginClaims, report);
    for (const [userId, { approvals }] of this.seats) {
      for (const [requestId] of approvals) {
        report('finished', `the approval of ${requestId} for ${userId} is still under way`);
      }
    }
  }

  private seat(userId: string): Holding {
    const known = this.seats.get(userId);
    if (known !== undefined) return known;
    const seat: Holding = {
      login: undefined,
      locked: false,
      mailboxes: new Set(),
      requests: new Set(),
      approvals: new Map(),
    };
    this.seats.set(userId, seat);
    return seat;
  }

  private takeTerms(terms: Terms, { revision }: LedgerEvent): void {
    this.terms = terms;
    if (this.atomicity === 'oneStream') this.contracts.set(String(revision), terms);
  }

  private takeLogin(userId: string, login: string): void {
    const seat = this.seat(userId);
    if (seat.login !== undefined) {
      this.loginClaims.touched.add(seat.login);
      this.loginHolders.remove(seat.login, userId);
    }
    this.loginClaims.touched.add(login);
    this.loginHolders.add(login, userId);
    seat.login = login;
  }

  private add({ userId, requestId, address: { canonical } }: Added, report: Report): void {
    const seat = this.seat(userId);
    const approval = seat.approvals.get(requestId);
    if (approval?.address !== canonical) {
      report('approvedBeforeAdded', `${canonical} is added to ${userId} without an approval`);
    }
    if (seat.locked) report('activeWhenAdded', `${canonical} is added to ${userId}, who is locked`);
    seat.approvals.delete(requestId);
    seat.mailboxes.add(canonical);
    this.mailboxHolders.add(canonical, userId);
    const { limit: general, grants } = this.contracts.get(approval?.contractAt ?? '') ?? this.terms;
    const limit = grants.get(userId) ?? general;
    if (seat.mailboxes.size > limit) {
      report('withinLimit', `${userId} now holds ${seat.mailboxes.size}, and may hold ${limit}`);
    }
    this.mailboxClaims.touched.add(canonical);
  }

  private remove(userId: string, address: string, report: Report): void {
    this.mailboxClaims.touched.add(address);
    this.mailboxHolders.remove(address, userId);
    if (this.seat(userId).mailboxes.delete(address)) return;
    report('oneHolder', `${address} is deleted from ${userId}, who does not hold it`);
  }
}
