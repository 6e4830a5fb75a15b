/** Codecs between addresses as callers write them and as events store them. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closed, stringWhere } from './codec';
import {
  type AddressFault,
  type EmailAddress,
  explainAddressFault,
  parseAddress,
} from './email-address';

const MOST_UNITS = 1024;

const storedText = stringWhere(
  `text of 1 to ${MOST_UNITS} characters`,
  (given) => given.length > 0 && given.length <= MOST_UNITS && given.isWellFormed(),
);

/** An address inside a stored event. Its canonical form was decided then and is never recomputed. */
export const StoredAddress: t.Type<EmailAddress> = closed({
  canonical: storedText,
  typed: storedText,
});

/** The canonical form alone, where nothing is ever sent to the address. */
export const CanonicalAddress = storedText;

/** An address as a caller writes it: one string. */
export const AddressText = new t.Type<EmailAddress, string>(
  'an email address',
  StoredAddress.is,
  (input, context) => {
    const parsed = parseAddress(input);
    if (E.isRight(parsed)) return t.success(parsed.right);
    return typeof input === 'string'
      ? t.failure(input, context, `an email address (${explainAddressFault(parsed.left)})`)
      : t.failure(input, context);
  },
  (address) => address.typed,
);

/** A string that was meant as an address: the address, or the text and what is wrong with it. */
export type AddressAttempt = E.Either<
  { readonly text: string; readonly fault: AddressFault },
  EmailAddress
>;

/**
 * Like {@link AddressText}, but a string that is no address is decoded as such: the policy answers it
 * with a rejection (P12) beside everything else that is wrong, not with a decode error.
 */
export const AddressAttempt = new t.Type<AddressAttempt, string>(
  'an email address',
  (input): input is AddressAttempt => typeof input === 'object',
  (input, context) => {
    if (typeof input !== 'string') return t.failure(input, context);
    const shortText = input.slice(0, 80).toWellFormed();
    return t.success(
      E.mapLeft((fault: AddressFault) => ({ text: shortText, fault }))(parseAddress(input)),
    );
  },
  (attempt) => (E.isRight(attempt) ? attempt.right.typed : attempt.left.text),
);
