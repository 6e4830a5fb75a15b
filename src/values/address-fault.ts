/**
 * Why an input is no email address. Data: every fault is JSON, and none echoes more than a short,
 * well-formed excerpt of what was given, which may be huge or hostile.
 *
 * Offsets count UTF-16 units of the input as given; code points are written as in `U+200B`.
 */

/** The first thing found wrong, in the order in which an address is read. */
export type AddressFault =
  | NotText
  | InputTooLong
  | LoneSurrogate
  | NothingGiven
  | UnsupportedForm
  | ForbiddenCharacter
  | NotOneAtSign
  | PartMissing
  | QuotesNeeded
  | MisplacedDot
  | CharacterNotAllowed
  | LeadingMark
  | MixedScripts
  | TrailingDot
  | EmptyLabel
  | SingleLabel
  | EdgeHyphen
  | InvalidPunycode
  | MixedDirections
  | NumericTopLabel
  | TooManyOctets;

export type AddressPart = 'localPart' | 'domain';

/** The input is not a string. */
export interface NotText {
  readonly type: 'NotText';
  /** What it is, as `typeof` says, or `null`. */
  readonly received: string;
}

/** The input is too long to be looked at. */
export interface InputTooLong {
  readonly type: 'InputTooLong';
  readonly units: number;
  readonly limit: number;
}

/** Half of a surrogate pair stands alone, so the input is no text in any encoding. */
export interface LoneSurrogate {
  readonly type: 'LoneSurrogate';
  readonly offset: number;
  readonly codePoint: string;
}

/** The input is empty, or spaces and tabs only. */
export interface NothingGiven {
  readonly type: 'NothingGiven';
}

/** More than a bare address, or an address of another kind. */
export interface UnsupportedForm {
  readonly type: 'UnsupportedForm';
  readonly form:
    'mailtoLink' | 'domainLiteral' | 'displayName' | 'comment' | 'list' | 'route' | 'encodedWord';
  readonly offset: number;
}

/** A character that nobody sees, or a space inside the address. */
export interface ForbiddenCharacter {
  readonly type: 'ForbiddenCharacter';
  readonly kind: 'control' | 'invisible' | 'space';
  readonly offset: number;
  readonly codePoint: string;
}

/** An address has one `@` outside quotes. */
export interface NotOneAtSign {
  readonly type: 'NotOneAtSign';
  readonly found: number;
  /** A character that only looks like `@`, where there is none. */
  readonly lookAlike?: string;
}

/** Nothing stands before the `@`, or nothing after it. */
export interface PartMissing {
  readonly type: 'PartMissing';
  readonly part: AddressPart;
}

/** A quoted local part that would mean something else without its quotes. */
export interface QuotesNeeded {
  readonly type: 'QuotesNeeded';
  /** Where the first character stands that only quotes would allow. */
  readonly offset: number;
}

/** The local part begins or ends with a dot, or has two in a row. */
export interface MisplacedDot {
  readonly type: 'MisplacedDot';
  readonly offset: number;
}

/** A visible character that has no place in this part. */
export interface CharacterNotAllowed {
  readonly type: 'CharacterNotAllowed';
  readonly part: AddressPart;
  /** `variant`: a presentation form of another character, such as a fullwidth letter. */
  readonly reason: 'notInAddresses' | 'variant';
  readonly offset: number;
  readonly codePoint: string;
}

/** A combining mark without a letter or digit to sit on. */
export interface LeadingMark {
  readonly type: 'LeadingMark';
  readonly part: AddressPart;
  readonly offset: number;
  readonly codePoint: string;
}

/** The local part, or one label of the domain, mixes scripts that imitate one another. */
export interface MixedScripts {
  readonly type: 'MixedScripts';
  readonly part: AddressPart;
  /** The start of the part or label, in Unicode. */
  readonly excerpt: string;
  readonly scripts: ReadonlyArray<string>;
}

/** The domain ends with a dot. */
export interface TrailingDot {
  readonly type: 'TrailingDot';
}

/** Two dots of the domain stand together, or it begins with one. */
export interface EmptyLabel {
  readonly type: 'EmptyLabel';
  /** Which label, counted from 1. */
  readonly position: number;
}

/** The domain has one label only, as host names of an intranet do. */
export interface SingleLabel {
  readonly type: 'SingleLabel';
  readonly excerpt: string;
}

/** A label of the domain begins or ends with a hyphen. */
export interface EdgeHyphen {
  readonly type: 'EdgeHyphen';
  readonly excerpt: string;
}

/** A label beginning with `xn--` does not decode to a valid label. */
export interface InvalidPunycode {
  readonly type: 'InvalidPunycode';
  readonly excerpt: string;
}

/** Left-to-right and right-to-left characters are combined so that the domain reads ambiguously. */
export interface MixedDirections {
  readonly type: 'MixedDirections';
  readonly excerpt: string;
}

/** The last label is a number, as in an IP address. */
export interface NumericTopLabel {
  readonly type: 'NumericTopLabel';
  readonly excerpt: string;
}

/** A part is too long for mail: UTF-8 for the local part, A-labels for the domain. */
export interface TooManyOctets {
  readonly type: 'TooManyOctets';
  readonly part: 'localPart' | 'label' | 'address';
  readonly octets: number;
  readonly limit: number;
}
