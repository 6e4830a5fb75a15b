/**
 * Rule 3 of an address, and the local part's share of rules 5 to 7: what may stand before the @,
 * and which spellings of it are one address.
 */
import type { Either } from 'fp-ts/lib/Either.js';
import * as E from 'fp-ts/lib/Either.js';
import type { AddressFault, CharacterNotAllowed, LeadingMark, MisplacedDot } from './address-fault';
import type { Piece } from './bare-text';
import { foldCase } from './case-folding';
import { codePointName, excerptOf } from './code-points';
import { unlawfulMixture } from './script-mixing';

const MOST_OCTETS = 64;

const isAscii = /^\p{ASCII}*$/u;

const asciiDotAtom = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

const atomText = /[\w!#$%&'*+/=?^`{|}~-]/;
const letterOrDigit = /[\p{Letter}\p{Decimal_Number}]/u;
const mark = /\p{Mark}/u;

const isVariant = (character: string): boolean =>
  character.normalize('NFKC') !== character.normalize('NFC');

const misplacedDot = ({ text, offset }: Piece): MisplacedDot | undefined => {
  const index = text.search(/^\.|\.(?=\.|$)/);
  return index < 0 ? undefined : { type: 'MisplacedDot', offset: offset + index };
};

/** Judges every character as typed, so that a fault can say where it stands. */
const wrongCharacter = ({ text, offset }: Piece): CharacterNotAllowed | LeadingMark | undefined => {
  let at = offset;
  let carriesMarks = false;
  for (const character of text) {
    const isMark = mark.test(character);
    const where = { part: 'localPart', offset: at, codePoint: codePointName(character) } as const;
    if (isMark && !carriesMarks) return { type: 'LeadingMark', ...where };

    carriesMarks = isMark || letterOrDigit.test(character);
    if (!carriesMarks && character !== '.' && !atomText.test(character)) {
      return { type: 'CharacterNotAllowed', reason: 'notInAddresses', ...where };
    }
    if (isVariant(character)) return { type: 'CharacterNotAllowed', reason: 'variant', ...where };
    at += character.length;
  }
  return undefined;
};

const mixedScripts = (text: string): AddressFault | undefined => {
  const scripts = unlawfulMixture(text);
  return scripts && { type: 'MixedScripts', part: 'localPart', excerpt: excerptOf(text), scripts };
};

const unquoted = ({ text, offset }: Piece): Piece | undefined =>
  text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? { text: text.slice(1, -1), offset: offset + 1 }
    : undefined;

const readDotAtom = (piece: Piece): Either<AddressFault, string> => {
  if (asciiDotAtom.test(piece.text)) return E.right(piece.text.toLowerCase());

  const fault = misplacedDot(piece) ?? wrongCharacter(piece);
  if (fault) return E.left(fault);
  const mixed = isAscii.test(piece.text) ? undefined : mixedScripts(piece.text.normalize('NFC'));
  return mixed ? E.left(mixed) : E.right(foldCase(piece.text));
};

const needsQuotes = (fault: AddressFault): fault is CharacterNotAllowed | MisplacedDot =>
  fault.type === 'MisplacedDot' ||
  (fault.type === 'CharacterNotAllowed' && fault.reason === 'notInAddresses');

/** Quotes are an empty gesture around a dot-atom; around anything else they would carry meaning. */
const readQuoted = (content: Piece): Either<AddressFault, string> => {
  if (content.text === '') return E.left({ type: 'QuotesNeeded', offset: content.offset });

  return E.mapLeft((fault: AddressFault): AddressFault =>
    needsQuotes(fault) ? { type: 'QuotesNeeded', offset: fault.offset } : fault,
  )(readDotAtom(content));
};

/**
 * The canonical form of a local part.
 *
 * @param piece not empty, and free of what nobody sees
 */
export const readLocalPart = (piece: Piece): Either<AddressFault, string> => {
  const content = unquoted(piece);
  const read = content ? readQuoted(content) : readDotAtom(piece);
  if (E.isLeft(read)) return read;

  // Measured on the canonical form, so that all spellings of one address get the same answer.
  const octets = Buffer.byteLength(read.right);
  return octets > MOST_OCTETS
    ? E.left({ type: 'TooManyOctets', part: 'localPart', octets, limit: MOST_OCTETS })
    : read;
};
