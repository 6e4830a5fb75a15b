/** Codecs between addresses as callers write them and as events store them. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closed, stringWhere } from './codec';
import { type EmailAddress, explainAddressFault, parseAddress } from './email-address';

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
