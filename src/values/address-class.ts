import { foldCase } from './case-folding';
import { type EmailAddress, partsOf } from './email-address';
import { qualifierWords, roleWords } from './role-words';

/**
 * Whether an address names a person (`personal`), nobody in particular (`shared`), or a role
 * together with something that may be a person (`review`: the agent decides).
 */
export type AddressClass = 'personal' | 'review' | 'shared';

/** A tag needs something to follow: `+sales` is not an empty name with a tag. */
const plusTag = /(?<=[^+])\+.*$/u;

/** Rule 8 names `. _ -`; a role behind any other mark is no less a role. */
const betweenTokens = /[^\p{Letter}\p{Mark}\p{Decimal_Number}]+/u;

const digits = /\p{Decimal_Number}/gu;

const diacritics = /[\u0300-\u036f]/g;

/** Without digits, and without the diacritics that people leave out. It identifies nothing. */
const wordKey = (word: string): string =>
  foldCase(word).replace(digits, '').normalize('NFD').replace(diacritics, '');

const roles: ReadonlySet<string> = new Set(roleWords.map(wordKey));
const qualifiers: ReadonlySet<string> = new Set(qualifierWords.map(wordKey));

const tokensOf = (localPart: string): ReadonlyArray<string> =>
  localPart
    .replace(plusTag, '')
    .split(betweenTokens)
    .map(wordKey)
    .filter((token) => token !== '');

/**
 * P5 by rule 8: shared, personal, or for the agent to say.
 *
 * A qualifier alone is no role: `emea@` is as little a role word as `no@` or `us@`, which are also
 * someone's name or initials. Stored with the request and never recomputed, so words may be added.
 *
 * @example
 * classifyAddress({ canonical: 'sales-emea@example.com' }) // => 'shared'
 * classifyAddress({ canonical: 'anna.sales@example.com' }) // => 'review'
 * classifyAddress({ canonical: 'anna+sales@example.com' }) // => 'personal'
 */
export const classifyAddress = (address: Pick<EmailAddress, 'canonical'>): AddressClass => {
  const tokens = tokensOf(partsOf(address).localPart);
  if (!tokens.some((token) => roles.has(token))) return 'personal';
  return tokens.every((token) => roles.has(token) || qualifiers.has(token)) ? 'shared' : 'review';
};
