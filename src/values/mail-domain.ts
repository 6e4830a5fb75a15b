/**
 * Rule 4 of an address, and the domain's share of rules 5 to 7: which domains receive mail, and the
 * one spelling that each is stored in.
 */
import type { Either } from 'fp-ts/lib/Either.js';
import * as E from 'fp-ts/lib/Either.js';
import { toASCII, toUnicode } from 'tr46';
import type { AddressFault } from './address-fault';
import type { Piece } from './bare-text';
import { codePointName, excerptOf } from './code-points';
import { unlawfulMixture } from './script-mixing';

const MOST_LABEL_OCTETS = 63;

/**
 * UTS 46 as rule 4 asks. Not `checkHyphens`: it would also refuse hyphens in the third and fourth
 * place, which names in use have (`r3---sn-4g5e.example.com`); the edges are checked here.
 */
const processing = {
  transitionalProcessing: false,
  useSTD3ASCIIRules: true,
  checkBidi: true,
  checkJoiners: true,
  checkHyphens: false,
  ignoreInvalidPunycode: false,
} as const;

const isAscii = /^\p{ASCII}*$/u;
const plainDomain = /^[a-z\d.-]*$/i;
/** What most domains are: in lower case, and with nothing that a rule below has to look at. */
const ordinaryDomain =
  /^(?:(?!xn--)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?!xn--)[a-z](?:[a-z\d-]{0,61}[a-z\d])?$/;
const punycodeLabel = /(?:^|\.)xn--/i;
const leadingMark = /^\p{Mark}/u;

/** What UTS 46 reads as the dot between labels. */
const fullStop = /[.\u3002\uff0e\uff61]/;

/** As URL parsers read it, which take such a domain for an IP address; in digits of any script. */
const numeric = /^(?:\p{Decimal_Number}+|0x[\da-f]*)$/u;

/** The domain in U-labels, and in A-labels unless it is invalid. */
interface Mapped {
  readonly unicode: string;
  readonly ascii: string | null;
}

const mapDomain = (text: string): Mapped => {
  // UTS 46 would do no more than lower the case of such a domain, at many times the cost.
  if (plainDomain.test(text) && !punycodeLabel.test(text)) {
    const lower = text.toLowerCase();
    return { unicode: lower, ascii: lower };
  }
  const { domain, error } = toUnicode(text, processing);
  return { unicode: domain, ascii: error ? null : toASCII(text, processing) };
};

const emptyLabel = (labels: ReadonlyArray<string>): AddressFault | undefined => {
  const index = labels.indexOf('');
  if (index < 0) return undefined;
  return index === labels.length - 1
    ? { type: 'TrailingDot' }
    : { type: 'EmptyLabel', position: index + 1 };
};

const firstFault = (
  labels: ReadonlyArray<string>,
  judge: (label: string) => AddressFault | undefined,
): AddressFault | undefined => {
  for (const label of labels) {
    const fault = judge(label);
    if (fault) return fault;
  }
  return undefined;
};

const edgeHyphen = (label: string): AddressFault | undefined =>
  label.startsWith('-') || label.endsWith('-')
    ? { type: 'EdgeHyphen', excerpt: excerptOf(label) }
    : undefined;

const mixedScripts = (label: string): AddressFault | undefined => {
  const scripts = isAscii.test(label) ? undefined : unlawfulMixture(label);
  return scripts && { type: 'MixedScripts', part: 'domain', excerpt: excerptOf(label), scripts };
};

const tooLong = (label: string): AddressFault | undefined =>
  label.length > MOST_LABEL_OCTETS
    ? { type: 'TooManyOctets', part: 'label', octets: label.length, limit: MOST_LABEL_OCTETS }
    : undefined;

const topLabel = (labels: ReadonlyArray<string>): AddressFault | undefined => {
  const last = labels.at(-1) ?? '';
  if (labels.length < 2) return { type: 'SingleLabel', excerpt: excerptOf(last) };
  return numeric.test(last) ? { type: 'NumericTopLabel', excerpt: excerptOf(last) } : undefined;
};

/**
 * The first character that no domain may have. Directions are not its own fault: `a` goes before
 * it.
 */
const characterFault = ({ text, offset }: Piece): AddressFault | undefined => {
  let at = offset;
  for (const character of text) {
    if (toUnicode(`a${character}`, { ...processing, checkBidi: false }).error) {
      return {
        type: 'CharacterNotAllowed',
        part: 'domain',
        reason: 'notInAddresses',
        offset: at,
        codePoint: codePointName(character),
      };
    }
    at += character.length;
  }
  return undefined;
};

const labelFault = ({ text, offset }: Piece): AddressFault | undefined => {
  let at = offset;
  for (const label of text.split(fullStop)) {
    if (leadingMark.test(label)) {
      return { type: 'LeadingMark', part: 'domain', offset: at, codePoint: codePointName(label) };
    }
    if (toUnicode(label, processing).error) {
      const excerpt = excerptOf(label);
      return { type: punycodeLabel.test(label) ? 'InvalidPunycode' : 'MixedDirections', excerpt };
    }
    at += label.length + 1;
  }
  return undefined;
};

/**
 * Why UTS 46 refuses this domain: it says no more than that it does. Where every character and
 * every label is fine by itself, the labels disagree about the direction that they are read in.
 */
const invalidDomain = (piece: Piece): AddressFault =>
  characterFault(piece) ??
  labelFault(piece) ?? { type: 'MixedDirections', excerpt: excerptOf(piece.text) };

/**
 * The canonical form of a domain: lower-case A-labels.
 *
 * @param piece not empty, and free of what nobody sees
 */
export const readDomain = (piece: Piece): Either<AddressFault, string> => {
  if (ordinaryDomain.test(piece.text)) return E.right(piece.text);
  const empty = emptyLabel(piece.text.split(fullStop));
  if (empty) return E.left(empty);
  const { unicode, ascii } = mapDomain(piece.text);
  if (ascii === null) return E.left(invalidDomain(piece));

  const labels = unicode.split('.');
  const fault =
    firstFault(labels, edgeHyphen) ??
    firstFault(ascii.split('.'), tooLong) ??
    firstFault(labels, mixedScripts) ??
    topLabel(labels);
  return fault ? E.left(fault) : E.right(ascii);
};
