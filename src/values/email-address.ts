import type { Either } from 'fp-ts/lib/Either.js';
import * as E from 'fp-ts/lib/Either.js';

/** One bare email address: the identity it is compared by, and the form its owner typed. */
export interface EmailAddress {
  /** The form that identity is decided on. Never recomputed from a stored event. */
  readonly canonical: string;
  /** The form as typed, trimmed, kept for sending. */
  readonly typed: string;
}

export type AddressFault = { readonly type: 'NotAnAddress' };

export const parseAddress = (input: unknown): Either<AddressFault, EmailAddress> =>
  typeof input === 'string'
    ? E.right({ canonical: input.toLowerCase(), typed: input })
    : E.left({ type: 'NotAnAddress' });
