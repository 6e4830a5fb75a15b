/** Short names for the rows of the table of refusals. */
import type { AddressFault } from '../../src/values/email-address';

export type Refused = readonly [input: unknown, fault: AddressFault];

export const form = (
  input: string,
  name: (AddressFault & { type: 'UnsupportedForm' })['form'],
  offset: number,
): Refused => [input, { type: 'UnsupportedForm', form: name, offset }];

export const unseen = (
  input: string,
  kind: 'control' | 'invisible' | 'space',
  offset: number,
  codePoint: string,
): Refused => [input, { type: 'ForbiddenCharacter', kind, offset, codePoint }];

export const misplaced = (
  input: string,
  part: 'localPart' | 'domain',
  offset: number,
  codePoint: string,
): Refused => [
  input,
  { type: 'CharacterNotAllowed', part, reason: 'notInAddresses', offset, codePoint },
];

export const variant = (input: string, offset: number, codePoint: string): Refused => [
  input,
  { type: 'CharacterNotAllowed', part: 'localPart', reason: 'variant', offset, codePoint },
];

export const mark = (
  input: string,
  part: 'localPart' | 'domain',
  offset: number,
  codePoint: string,
): Refused => [input, { type: 'LeadingMark', part, offset, codePoint }];

export const mixed = (
  input: string,
  part: 'localPart' | 'domain',
  excerpt: string,
  ...scripts: ReadonlyArray<string>
): Refused => [input, { type: 'MixedScripts', part, excerpt, scripts }];

export const octets = (
  input: string,
  part: 'localPart' | 'label' | 'address',
  found: number,
  limit: number,
): Refused => [input, { type: 'TooManyOctets', part, octets: found, limit }];

export const dot = (input: string, offset: number): Refused => [
  input,
  { type: 'MisplacedDot', offset },
];

export const quotes = (input: string, offset: number): Refused => [
  input,
  { type: 'QuotesNeeded', offset },
];

export const atSigns = (input: string, found: number, lookAlike?: string): Refused => [
  input,
  { type: 'NotOneAtSign', found, ...(lookAlike !== undefined && { lookAlike }) },
];

export const excerpted = (
  input: string,
  type: 'SingleLabel' | 'EdgeHyphen' | 'InvalidPunycode' | 'MixedDirections' | 'NumericTopLabel',
  excerpt: string,
): Refused => [input, { type, excerpt }];
