import { match } from 'ts-pattern';
import type { AddressFault, AddressPart, UnsupportedForm } from './address-fault';

const nameOf = (part: AddressPart): string =>
  part === 'localPart' ? 'the part before the @' : 'the domain';

const formNames: Readonly<Record<UnsupportedForm['form'], string>> = {
  mailtoLink: 'begins a mailto link',
  domainLiteral: 'begins a domain in square brackets',
  displayName: 'is an angle bracket, as in a name with an address',
  comment: 'is a parenthesis, as in a comment',
  list: 'is a comma or a semicolon, as in a list',
  route: 'is a colon, as in a route or a group',
  encodedWord: 'begins an encoded word (=?...?=)',
};

const octetLimitNames = {
  localPart: 'The part before the @',
  label: 'A label of the domain',
  address: 'The whole address',
} as const;

/** One sentence for a person: what is wrong with the address, and what to do about it. */
export const explainAddressFault = (fault: AddressFault): string =>
  match(fault)
    .with(
      { type: 'NotText' },
      ({ received }) => `An address is text and this is of type ${received}: pass a string.`,
    )
    .with(
      { type: 'InputTooLong' },
      ({ units, limit }) =>
        `The input is ${units} units long and the limit is ${limit}: give one bare address.`,
    )
    .with(
      { type: 'LoneSurrogate' },
      ({ offset, codePoint }) =>
        `Half a character (${codePoint}) stands at offset ${offset}: copy the address again from its source.`,
    )
    .with({ type: 'NothingGiven' }, () => 'The address is empty: enter one.')
    .with(
      { type: 'UnsupportedForm' },
      ({ form, offset }) =>
        `What stands at offset ${offset} ${formNames[form]}: give a bare address, such as ann@example.com.`,
    )
    .with(
      { type: 'ForbiddenCharacter' },
      ({ kind, offset, codePoint }) =>
        `There is ${kind === 'invisible' ? 'an' : 'a'} ${kind} character (${codePoint}) at offset ${offset}: remove it.`,
    )
    .with({ type: 'NotOneAtSign' }, ({ found, lookAlike }) =>
      lookAlike === undefined
        ? `An address has one @ and this has ${found}: write it as name@domain.`
        : `The character ${lookAlike} only looks like an @: replace it with an @.`,
    )
    .with(
      { type: 'PartMissing' },
      ({ part }) => `There is nothing in ${nameOf(part)}: write it as name@domain.`,
    )
    .with(
      { type: 'QuotesNeeded' },
      ({ offset }) =>
        `The quoted part holds something at offset ${offset} that only quotes allow: use an address that needs no quotes.`,
    )
    .with(
      { type: 'MisplacedDot' },
      ({ offset }) =>
        `A dot at offset ${offset} begins or ends the part before the @, or follows another: remove it.`,
    )
    .with({ type: 'CharacterNotAllowed' }, ({ part, reason, offset, codePoint }) =>
      reason === 'variant'
        ? `The character ${codePoint} at offset ${offset} in ${nameOf(part)} is a variant of a plain one: type the plain one.`
        : `The character ${codePoint} at offset ${offset} is not allowed in ${nameOf(part)}: remove it.`,
    )
    .with(
      { type: 'LeadingMark' },
      ({ part, offset, codePoint }) =>
        `The mark ${codePoint} at offset ${offset} in ${nameOf(part)} follows no letter or digit: remove it.`,
    )
    .with(
      { type: 'MixedScripts' },
      ({ part, excerpt, scripts }) =>
        `In ${nameOf(part)}, "${excerpt}" mixes scripts (${scripts.join(', ')}): type it in one script.`,
    )
    .with({ type: 'TrailingDot' }, () => 'The domain ends with a dot: remove it.')
    .with(
      { type: 'EmptyLabel' },
      ({ position }) => `Label ${position} of the domain is empty: remove the extra dot.`,
    )
    .with(
      { type: 'SingleLabel' },
      ({ excerpt }) => `The domain "${excerpt}" has no dot: give the full domain.`,
    )
    .with(
      { type: 'EdgeHyphen' },
      ({ excerpt }) =>
        `The domain label "${excerpt}" begins or ends with a hyphen: correct the domain.`,
    )
    .with(
      { type: 'InvalidPunycode' },
      ({ excerpt }) =>
        `The domain label "${excerpt}" encodes no valid name: give the domain in its own letters.`,
    )
    .with(
      { type: 'MixedDirections' },
      ({ excerpt }) =>
        `In the domain, "${excerpt}" mixes writing directions ambiguously: check how it is spelled.`,
    )
    .with(
      { type: 'NumericTopLabel' },
      ({ excerpt }) => `The domain ends with the number "${excerpt}": give a domain name.`,
    )
    .with(
      { type: 'TooManyOctets' },
      ({ part, octets, limit }) =>
        `${octetLimitNames[part]} is ${octets} octets long and the limit is ${limit}: use a shorter address.`,
    )
    .exhaustive();
