/**
 * What a process sees of the world: the states it asks for, and the facts it wants to add.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Address, AddressEvent } from '../address';
import type { Organization, OrganizationEvent } from '../organization';
import type { Seat, SeatEvent } from '../seat';
import type { EmailAddress } from '../values/email-address';
import type { UserId } from '../values/ids';

/** The two books that are kept on an address: who holds it as a mailbox, and whose login it is. */
export type Book = 'address' | 'account';

/** Reads states of one organization's streams. Reading one twice gives the same state. */
export interface States<Failure> {
  readonly seat: (userId: UserId) => TaskEither<Failure, Seat>;
  readonly organization: TaskEither<Failure, Organization>;
  readonly address: (book: Book, address: EmailAddress) => TaskEither<Failure, Address>;
}

/** Facts for one stream. A plan names a stream once for each decision; they apply in order. */
export type Facts =
  | {
      readonly on: 'seat';
      readonly userId: UserId;
      readonly events: ReadonlyArray<SeatEvent>;
    }
  | { readonly on: 'organization'; readonly events: ReadonlyArray<OrganizationEvent> }
  | {
      readonly on: Book;
      readonly address: EmailAddress;
      readonly events: ReadonlyArray<AddressEvent>;
    };

/** Everything that one command adds, to be appended whole. The first facts go to the command's own stream. */
export type Plan = ReadonlyArray<Facts>;

/** A seat's decision as a plan: its events on that seat, or nothing. */
export const onSeat = <Rejection>(
  userId: UserId,
  decision: E.Either<NonEmptyArray<Rejection>, ReadonlyArray<SeatEvent>>,
): E.Either<NonEmptyArray<Rejection>, Plan> => {
  if (E.isLeft(decision)) return decision;
  const events = decision.right;
  return E.right(events.length === 0 ? [] : [{ on: 'seat', userId, events }]);
};
