/**
 * An email address: read once at the edge, stored with every event, never recomputed from one.
 *
 * Spellings are folded into one only where people and mail systems alike take them for one. Dots,
 * tags and hyphens are never folded: an alias is a lawful second mailbox.
 */
import type { Either } from 'fp-ts/lib/Either.js';
import * as E from 'fp-ts/lib/Either.js';
import type { AddressFault } from './address-fault';
import { type Piece, readBareText } from './bare-text';
import { codePointName } from './code-points';
import { readLocalPart } from './local-part';
import { readDomain } from './mail-domain';

export type * from './address-fault';
export { explainAddressFault } from './explain-address-fault';

/** RFC 5321 allows a path 256 octets, and two are its angle brackets. */
const MOST_OCTETS = 254;

/** One bare email address: the identity it is compared by, and the form its owner typed. */
export interface EmailAddress {
  /** The form that identity is decided on. Never recomputed from a stored event. */
  readonly canonical: string;
  /** The form as typed, trimmed, kept for sending. */
  readonly typed: string;
}

/** What stands before the @ of a canonical address, and after it. */
export interface AddressParts {
  readonly localPart: string;
  readonly domain: string;
}

export const partsOf = ({ canonical }: Pick<EmailAddress, 'canonical'>): AddressParts => {
  const at = canonical.lastIndexOf('@');
  return { localPart: canonical.slice(0, at), domain: canonical.slice(at + 1) };
};

/** Fullwidth and small forms, as some keyboards type them. */
const atLookAlike = /[\uff20\ufe6b]/;

const noAtSign = (text: string): AddressFault => {
  const lookAlike = atLookAlike.exec(text)?.[0];
  return {
    type: 'NotOneAtSign',
    found: 0,
    ...(lookAlike !== undefined && { lookAlike: codePointName(lookAlike) }),
  };
};

const wrongAtSigns = (text: string, localPart: string): AddressFault | undefined => {
  if (!text.includes('@')) return noAtSign(text);
  if (!localPart.includes('@') || localPart.startsWith('"')) return undefined;
  return { type: 'NotOneAtSign', found: text.split('@').length - 1 };
};

const splitAtSign = ({
  text,
  offset,
}: Piece): Either<AddressFault, { readonly localPart: Piece; readonly domain: Piece }> => {
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, Math.max(at, 0));
  const domain = text.slice(at + 1);

  const fault = wrongAtSigns(text, localPart);
  if (fault) return E.left(fault);
  if (localPart === '') return E.left({ type: 'PartMissing', part: 'localPart' });
  if (domain === '') return E.left({ type: 'PartMissing', part: 'domain' });
  return E.right({
    localPart: { text: localPart, offset },
    domain: { text: domain, offset: offset + at + 1 },
  });
};

/**
 * Reads a bare address. Never throws, whatever it is given, and looks at no more than 1,024 units.
 *
 * @example
 * parseAddress(' Ann@Bücher.example ')
 * // => E.right({ canonical: 'ann@xn--bcher-kva.example', typed: 'Ann@Bücher.example' })
 */
export const parseAddress = (input: unknown): Either<AddressFault, EmailAddress> => {
  const bare = readBareText(input);
  if (E.isLeft(bare)) return bare;
  const split = splitAtSign(bare.right);
  if (E.isLeft(split)) return split;
  const localPart = readLocalPart(split.right.localPart);
  if (E.isLeft(localPart)) return localPart;
  const domain = readDomain(split.right.domain);
  if (E.isLeft(domain)) return domain;

  const canonical = `${localPart.right}@${domain.right}`;
  const octets = Buffer.byteLength(canonical);
  return octets > MOST_OCTETS
    ? E.left({ type: 'TooManyOctets', part: 'address', octets, limit: MOST_OCTETS })
    : E.right({ canonical, typed: bare.right.text });
};
