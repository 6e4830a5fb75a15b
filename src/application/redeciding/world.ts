/** The states of one organization in memory: as recorded, or as they would have become. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { address as addressDecider } from '../../address';
import type { Address, AddressEvent } from '../../address';
import { organization as organizationDecider } from '../../organization';
import type { Organization, OrganizationEvent } from '../../organization';
import { asBorneOut, type Book, type Plan, type States, type Surrendered } from '../../processes';
import { seat as seatDecider } from '../../seat';
import type { Seat, SeatEvent } from '../../seat';
import { userOfSeat } from '../../values/stream-name';
import type { LedgerEvent } from '../decode-event';
import type { Atomicity } from '../ports';

/** What a policy makes of the terms of an organization that are on record. */
export type Terms = (recorded: Organization) => Organization;

export const termsAsRecorded: Terms = (recorded) => recorded;

export class World {
  private readonly seats = new Map<string, Seat>();
  private readonly books = new Map<string, Address>();
  /** Mailboxes that left a seat for another's request, by that seat and the canonical address. */
  private readonly surrendered = new Map<string, Surrendered>();
  private recordedTerms: Organization = organizationDecider.initialState;

  constructor(private readonly atomicity: Atomicity) {}

  /** The states of now, under these terms. */
  states(terms: Terms): States<never> {
    const states: States<never> = {
      seat: (userId) => TE.right(this.seat(userId)),
      organization: () => TE.right(terms(this.recordedTerms))(),
      address: (book, { canonical }) => TE.right(this.book(book, canonical)),
    };
    return this.atomicity === 'oneStream'
      ? asBorneOut(states, (userId, canonical) =>
          TE.right(this.surrendered.get(`${userId} ${canonical}`)),
        )
      : states;
  }

  termsOnRecord(): Organization {
    return this.recordedTerms;
  }

  /** Takes a recorded event in. */
  take(event: LedgerEvent): void {
    switch (event.streamKind) {
      case 'seat':
        // Whose stream it stands in: a reassignment between two seats stands in both.
        // The kind of its stream says which events it may be: decoding has checked that. So below.
        this.onSeat(userOfSeat(event.stream), event as unknown as SeatEvent);
        return;
      case 'organization':
        this.onOrganization(event as unknown as OrganizationEvent);
        return;
      case 'address':
      case 'account':
        this.onBook(event.streamKind, event as unknown as AddressEvent);
        return;
      case 'answer':
      case 'ledger':
    }
  }

  /** Takes in what was decided. */
  takePlan(plan: Plan): void {
    for (const facts of plan) {
      if (facts.on === 'seat') for (const event of facts.events) this.onSeat(facts.userId, event);
      else if (facts.on === 'organization')
        facts.events.forEach((event) => {
          this.onOrganization(event);
        });
      else for (const event of facts.events) this.onBook(facts.on, event);
    }
  }

  private seat(userId: string): Seat {
    return this.seats.get(userId) ?? seatDecider.initialState;
  }

  private book(book: Book, canonical: string): Address {
    return this.books.get(`${book} ${canonical}`) ?? addressDecider.initialState;
  }

  private onSeat(userId: string, event: SeatEvent): void {
    this.seats.set(userId, seatDecider.evolve(this.seat(userId), event));
    if (event.type !== 'MailboxDeleted' && event.type !== 'MailboxAdded') return;
    const key = `${userId} ${event.data.address.canonical}`;
    const toUserId = event.type === 'MailboxDeleted' ? event.data.movedTo : undefined;
    if (toUserId === undefined) this.surrendered.delete(key);
    else this.surrendered.set(key, { toUserId, requestId: event.data.requestId });
  }

  private onOrganization(event: OrganizationEvent): void {
    this.recordedTerms = organizationDecider.evolve(this.recordedTerms, event);
  }

  private onBook(book: Book, event: AddressEvent): void {
    const { canonical } = event.data.address;
    const state = addressDecider.evolve(this.book(book, canonical), event);
    this.books.set(`${book} ${canonical}`, state);
  }
}
