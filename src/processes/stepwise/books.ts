/**
 * What a claim in a book is worth. The book says who may hold an address; the seat says whether they do.
 *
 * Only what can never change again makes a claim dead, so a claim may be judged by a seat that was read a
 * while ago. No clock is asked.
 */
import { type Address, address as addressDecider, type Claim } from '../../address';
import { replay } from '../../decider';
import { type RequestStatus, seat as seatDecider, type Seat } from '../../seat';
import type { EventMetadata } from '../../stored-event';
import type { EmailAddress } from '../../values/email-address';
import type { CommandId, UserId } from '../../values/ids';
import { settled } from '../outcome';
import type { Book } from '../streams';
import {
  append,
  type Append,
  type Approved,
  type Known,
  read,
  type Sighting,
  type Step,
} from './step';
import type { Trace } from './trace';

/** What becomes of a claim on an address as a mailbox. */
export type MailboxStanding =
  /** The seat holds the address. */
  | { readonly is: 'live' }
  /** Nobody will ever use it. */
  | { readonly is: 'dead' }
  /** It serves, or is about to serve, an approval that has yet to be finished. */
  | { readonly is: 'underWay'; readonly approval: Approved }
  /** A step must be taken before it can be told. */
  | { readonly is: 'untold'; readonly step: Step };

/** What becomes of a claim in either book. */
export type Standing =
  | MailboxStanding
  /** It serves this command, which has yet to take it. */
  | { readonly is: 'mine' };

const live: MailboxStanding = { is: 'live' };
const dead: MailboxStanding = { is: 'dead' };
const untold = (step: Step): MailboxStanding => ({ is: 'untold', step });

const over: ReadonlySet<RequestStatus> = new Set(['abandoned', 'rejected', 'withdrawn']);

/** A seat that has not come as far as its claim was read too early. */
const readAgain = (userId: UserId): MailboxStanding => untold(read({ on: 'seat', userId }));

/** As much of the seats as tells what a claim on a mailbox is worth. */
export interface KnownSeats {
  readonly seat: (userId: UserId) => KnownSeat | undefined;
}

interface KnownSeat {
  readonly state: Seat;
  readonly trace: Pick<Trace, 'surrendered'>;
}

/** The mailbox has left for another seat's request, which has the first right to the address. */
const surrendered = (from: KnownSeat, canonical: string, known: KnownSeats): MailboxStanding => {
  const to = from.trace.surrendered.get(canonical);
  if (to === undefined) return dead;
  const receiver = known.seat(to.toUserId);
  const status = receiver?.state.requests.get(to.requestId)?.status;
  if (status === 'approved') {
    return { is: 'underWay', approval: { userId: to.toUserId, requestId: to.requestId } };
  }
  return status === 'fulfilled' || (status !== undefined && over.has(status))
    ? dead
    : readAgain(to.toUserId);
};

/** What a claim on an address as a mailbox is worth. */
export const mailboxStanding = (
  { userId, requestId, address }: Claim,
  known: KnownSeats,
): MailboxStanding => {
  const seen = known.seat(userId);
  const status = seen?.state.requests.get(requestId)?.status;
  if (seen === undefined || status === undefined) return readAgain(userId);
  if (over.has(status)) return dead;
  if (status === 'approved') return { is: 'underWay', approval: { userId, requestId } };
  if (status !== 'fulfilled') return readAgain(userId);
  return seen.state.mailboxes.has(address.canonical)
    ? live
    : surrendered(seen, address.canonical, known);
};

/** Who asks about a login, and in whose name something may have to be cleaned up. */
export interface Asking {
  /** The command that asks, and the seat whose login it sets; a recovery has neither. */
  readonly command: { readonly commandId: CommandId; readonly userId?: UserId } | undefined;
  readonly housekeeping: EventMetadata;
}

/** What the claim on an address as a login is worth, when it is the `holding`th that the address has had. */
const loginStanding = (
  { userId, requestId, address }: Claim,
  holding: number,
  known: Known,
  { command, housekeeping }: Asking,
): Standing => {
  const seen = known.seat(userId);
  if (seen === undefined) return readAgain(userId);
  const { state, trace, revision } = seen;
  const { canonical } = address;
  const claimedBy: string = requestId;
  if (state.accountEmail?.canonical === canonical) return live;
  if ((trace.abandonedLogins.get(canonical) ?? 0) >= holding) return dead;
  // The login was taken, and has been left since.
  if (trace.commands.has(claimedBy as CommandId)) return dead;
  // An id may be used again on another seat.
  if (claimedBy === command?.commandId && userId === command.userId) return { is: 'mine' };
  // Its writer may be dead or slow. From here on it is too late for them, and the claim is dead.
  const events = settled(
    seatDecider.decide(
      { type: 'AbandonAccountEmail', userId, accountEmail: address, holding },
      state,
    ),
  );
  return untold(append({ on: 'seat', userId, events }, revision, housekeeping, true));
};

export const standingIn = (
  book: Book,
  claim: Claim,
  claims: number,
  known: Known,
  asking: Asking,
): Standing =>
  book === 'address' ? mailboxStanding(claim, known) : loginStanding(claim, claims, known, asking);

interface ToClaim extends Approved {
  readonly address: EmailAddress;
}

/** Takes an address whose claim, if it has one, is dead. */
export const claim = (
  book: Book,
  { address, userId, requestId }: ToClaim,
  seen: Sighting<Address>,
  by: EventMetadata,
): Append => {
  const events = freed(seen.state);
  const claimed = settled(
    addressDecider.decide(
      { type: 'ClaimAddress', address, userId, requestId },
      replay(addressDecider, events, seen.state),
    ),
  );
  return append({ on: book, address, events: [...events, ...claimed] }, seen.revision, by);
};

/** Gives up a claim that is dead. */
export const release = (
  book: Book,
  address: EmailAddress,
  seen: Sighting<Address>,
  by: EventMetadata,
): Append => append({ on: book, address, events: freed(seen.state) }, seen.revision, by);

const freed = (state: Address) =>
  state.claim === undefined
    ? []
    : settled(addressDecider.decide({ type: 'ReleaseAddress', userId: state.claim.userId }, state));
