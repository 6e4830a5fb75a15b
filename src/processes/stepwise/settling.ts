/** Bringing a book in line with the seats: a dead claim is given up, an approval under way is finished. */
import type { EventMetadata } from '../../stored-event';
import type { EmailAddress } from '../../values/email-address';
import type { Book } from '../streams';
import { finishOrRead } from './approvals';
import { type Asking, release, standingIn } from './books';
import { type Known, read, type Step } from './step';

const settle = (
  book: Book,
  address: EmailAddress,
  known: Known,
  asking: Asking,
  by: EventMetadata,
): Step | undefined => {
  const seen = known.book(book, address);
  if (seen === undefined) return read({ on: book, address });
  const { claim, claims } = seen.state;
  if (claim === undefined) return undefined;
  const standing = standingIn(book, claim, claims, known, asking);
  switch (standing.is) {
    case 'live':
    case 'mine':
      return undefined;
    case 'untold':
      return standing.step;
    case 'dead':
      return release(book, address, seen, by);
    case 'underWay':
      return finishOrRead(standing.approval, known, asking.housekeeping);
  }
};

/** The next step until the address, as a mailbox, is free or held by a seat; `undefined` when it is. */
export const settleMailbox = (
  address: EmailAddress,
  known: Known,
  by: EventMetadata,
): Step | undefined =>
  settle('address', address, known, { command: undefined, housekeeping: by }, by);

/** The next step until the address, as a login, is free or held by a seat; `undefined` when it is. */
export const settleLogin = (
  address: EmailAddress,
  known: Known,
  asking: Asking,
  by: EventMetadata,
): Step | undefined => settle('account', address, known, asking, by);
