/** What was meant as an address, and need not be one: as callers write it, and as it is recorded. */
import { hash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closed, oneOf, stringWhere, wholeNumber } from './codec';
import { type AddressFault, type EmailAddress, parseAddress } from './email-address';
import { taggedUnion } from './tagged-union';

const MOST_SHOWN = 80;

/** What makes a text unfit to be recorded as it is: it has no bounds, or is no text in any encoding. */
const unfit = {
  InputTooLong: closed({
    type: oneOf('InputTooLong'),
    units: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    limit: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  }),
  LoneSurrogate: closed({
    type: oneOf('LoneSurrogate'),
    offset: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    codePoint: stringWhere('a code point such as U+D800', (given) => /^U\+D[89A-F]..$/.test(given)),
  }),
};

/**
 * Stands in a recorded command for a text that cannot: its beginning, what is wrong with it, and the digest
 * of all of it (SHA-256 of UTF-16, little endian), so that no two are taken for one.
 */
const Unfit = closed({
  text: stringWhere(
    `text of at most ${MOST_SHOWN} characters`,
    (given) => given.length <= MOST_SHOWN && given.isWellFormed(),
  ),
  fault: taggedUnion('type', unfit),
  sha256: stringWhere('a SHA-256 in base64url', (given) => /^[\w-]{43}$/.test(given)),
});
type Unfit = t.TypeOf<typeof Unfit>;

/** A text that is no address. */
export interface NoAddress {
  /** Its beginning, well-formed: all that an answer shows of it. */
  readonly text: string;
  readonly fault: AddressFault;
  /** What is recorded of it: the whole, if that can be. */
  readonly recorded: string | Unfit;
}

/** A string that was meant as an address: the address, or the text and what is wrong with it. */
export type AddressAttempt = E.Either<NoAddress, EmailAddress>;

const noAddress =
  (input: string) =>
  (fault: AddressFault): NoAddress => {
    const text = input.slice(0, MOST_SHOWN).toWellFormed();
    if (fault.type !== 'InputTooLong' && fault.type !== 'LoneSurrogate') {
      return { text, fault, recorded: input };
    }
    const sha256 = hash('sha256', Buffer.from(input, 'utf16le'), 'base64url');
    return { text, fault, recorded: { text, fault, sha256 } };
  };

const isAttempt = (input: unknown): input is AddressAttempt => typeof input === 'object';

/**
 * Like `AddressText`, but a string that is no address is decoded as such: the policy answers it with a
 * rejection (P12) beside everything else that is wrong, not with a decode error.
 */
export const AddressAttempt = new t.Type<AddressAttempt, string>(
  'an email address',
  isAttempt,
  (input, context) =>
    typeof input === 'string'
      ? t.success(E.mapLeft(noAddress(input))(parseAddress(input)))
      : t.failure(input, context),
  (attempt) => (E.isRight(attempt) ? attempt.right.typed : attempt.left.text),
);

/** The same inside a recorded command: what is decoded from it is the attempt that was encoded. */
export const RecordedAttempt = new t.Type<AddressAttempt, string | Unfit>(
  'an email address, or what is recorded of a text that is none',
  isAttempt,
  (input, context) => {
    if (typeof input === 'string') return AddressAttempt.validate(input, context);
    const found = Unfit.validate(input, context);
    if (E.isLeft(found)) return found;
    const { text, fault } = found.right;
    return t.success(E.left({ text, fault, recorded: found.right }));
  },
  (attempt) => (E.isRight(attempt) ? attempt.right.typed : attempt.left.recorded),
);
