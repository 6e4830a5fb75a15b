/**
 * Rules 1 and 2 of an address: what is refused before anyone asks what stands on either side of the
 * @.
 */
import type { Either } from 'fp-ts/lib/Either.js';
import * as E from 'fp-ts/lib/Either.js';
import type { AddressFault, ForbiddenCharacter, UnsupportedForm } from './address-fault';
import { codePointName } from './code-points';

/** Longer input is refused unread, so the work on any input is bounded. */
const MOST_UNITS = 1024;

/** A piece of the input, and where it begins there. */
export interface Piece {
  readonly text: string;
  readonly offset: number;
}

const loneSurrogate = /\p{Surrogate}/u;

const isBlank = (unit: string | undefined): boolean => unit === ' ' || unit === '\t';

const printableAscii = /^[!-~]*$/;

const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const space = /\p{Zs}/u;

/** What nobody sees. Default-ignorables include joiners, variation selectors and Hangul fillers. */
const forbidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]/u;

const kindOf = (character: string): ForbiddenCharacter['kind'] => {
  if (control.test(character)) return 'control';
  return space.test(character) ? 'space' : 'invisible';
};

const forms: ReadonlyArray<readonly [UnsupportedForm['form'], RegExp]> = [
  ['mailtoLink', /^mailto:/i],
  ['domainLiteral', /@\[/],
  ['displayName', /[<>]/],
  ['comment', /[()]/],
  ['list', /[,;]/],
  ['route', /:/],
  // Plain dot-atom text by its characters, but some mail software decodes it into another address.
  ['encodedWord', /=\?[^?]*\?[bq]\?[^?]*\?=/i],
];

/** One quick look for the marks of all forms: most addresses have none. */
const anyFormMark = /[<>(),;:[?]/;

/** A quoted local part may hold any of those marks; it is judged by its own rule. */
const quotedLocalPart = /^"(?:[^"\\]|\\.)*"(?=@)/;

const unsupportedForm = ({ text, offset }: Piece): UnsupportedForm | undefined => {
  if (!anyFormMark.test(text)) return undefined;

  const quoted = quotedLocalPart.exec(text)?.[0].length ?? 0;
  const rest = text.slice(quoted);
  for (const [form, mark] of forms) {
    const found = mark.exec(rest);
    if (found) return { type: 'UnsupportedForm', form, offset: offset + quoted + found.index };
  }
  return undefined;
};

const forbiddenCharacter = ({ text, offset }: Piece): ForbiddenCharacter | null => {
  if (printableAscii.test(text)) return null;

  const found = forbidden.exec(text);
  return (
    found && {
      type: 'ForbiddenCharacter',
      kind: kindOf(found[0]),
      offset: offset + found.index,
      codePoint: codePointName(found[0]),
    }
  );
};

/** Scanned from both ends: a pattern for the trailing blanks would retry at every blank inside. */
const trimmed = (text: string): Piece => {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return { text: text.slice(start, end), offset: start };
};

/** The text of a bare address, without the spaces and tabs around it. */
export const readBareText = (input: unknown): Either<AddressFault, Piece> => {
  if (typeof input !== 'string') {
    return E.left({ type: 'NotText', received: input === null ? 'null' : typeof input });
  }
  if (input.length > MOST_UNITS) {
    return E.left({ type: 'InputTooLong', units: input.length, limit: MOST_UNITS });
  }
  const half = loneSurrogate.exec(input);
  if (half) {
    return E.left({
      type: 'LoneSurrogate',
      offset: half.index,
      codePoint: codePointName(half[0]),
    });
  }

  const bare = trimmed(input);
  if (bare.text === '') return E.left({ type: 'NothingGiven' });
  const fault = unsupportedForm(bare) ?? forbiddenCharacter(bare);
  return fault ? E.left(fault) : E.right(bare);
};
