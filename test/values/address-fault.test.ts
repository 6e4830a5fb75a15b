import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import {
  type AddressFault,
  explainAddressFault,
  parseAddress,
} from '../../src/values/email-address';
import { longDomain, n } from './long-text';
import { refusedParts } from './refused-parts';
import { refusedTexts } from './refused-texts';

type Row = readonly [input: unknown, sentence: string];

const bareAddress = 'give a bare address, such as ann@example.com.';

/** An input for every type of fault, and every form of its sentence. A type left out is an error. */
const sentences: Readonly<Record<AddressFault['type'], ReadonlyArray<Row>>> = {
  NotText: [
    [null, 'An address is text and this is of type null: pass a string.'],
    [7, 'An address is text and this is of type number: pass a string.'],
  ],
  InputTooLong: [
    [n(1025, 'a'), 'The input is 1025 units long and the limit is 1024: give one bare address.'],
  ],
  LoneSurrogate: [
    [
      'ann\ud800@example.com',
      'Half a character (U+D800) stands at offset 3: copy the address again from its source.',
    ],
  ],
  NothingGiven: [[' ', 'The address is empty: enter one.']],
  UnsupportedForm: [
    ['mailto:a@example.com', `What stands at offset 0 begins a mailto link: ${bareAddress}`],
    [
      'ann@[192.0.2.1]',
      `What stands at offset 3 begins a domain in square brackets: ${bareAddress}`,
    ],
    [
      'Ann <ann@example.com>',
      `What stands at offset 4 is an angle bracket, as in a name with an address: ${bareAddress}`,
    ],
    [
      'a(x)@example.com',
      `What stands at offset 1 is a parenthesis, as in a comment: ${bareAddress}`,
    ],
    [
      'a@example.com,',
      `What stands at offset 13 is a comma or a semicolon, as in a list: ${bareAddress}`,
    ],
    [
      'to:a@example.com',
      `What stands at offset 2 is a colon, as in a route or a group: ${bareAddress}`,
    ],
    [
      '=?utf-8?q?a?=@example.com',
      `What stands at offset 0 begins an encoded word (=?...?=): ${bareAddress}`,
    ],
  ],
  ForbiddenCharacter: [
    ['a\u200bb@example.com', 'There is an invisible character (U+200B) at offset 1: remove it.'],
    ['a\nb@example.com', 'There is a control character (U+000A) at offset 1: remove it.'],
    ['a b@example.com', 'There is a space character (U+0020) at offset 1: remove it.'],
  ],
  NotOneAtSign: [
    ['ann', 'An address has one @ and this has 0: write it as name@domain.'],
    ['a@b@example.com', 'An address has one @ and this has 2: write it as name@domain.'],
    ['a＠example.com', 'The character U+FF20 only looks like an @: replace it with an @.'],
  ],
  PartMissing: [
    ['@example.com', 'There is nothing in the part before the @: write it as name@domain.'],
    ['ann@', 'There is nothing in the domain: write it as name@domain.'],
  ],
  QuotesNeeded: [
    [
      '"a,b"@example.com',
      'The quoted part holds something at offset 2 that only quotes allow: use an address that needs no quotes.',
    ],
  ],
  MisplacedDot: [
    [
      'ann.@example.com',
      'A dot at offset 3 begins or ends the part before the @, or follows another: remove it.',
    ],
  ],
  CharacterNotAllowed: [
    [
      'a☃@example.com',
      'The character U+2603 at offset 1 is not allowed in the part before the @: remove it.',
    ],
    ['a@ex_ample.com', 'The character U+005F at offset 4 is not allowed in the domain: remove it.'],
    [
      'ａ@example.com',
      'The character U+FF41 at offset 0 in the part before the @ is a variant of a plain one: type the plain one.',
    ],
  ],
  LeadingMark: [
    [
      '\u0301a@example.com',
      'The mark U+0301 at offset 0 in the part before the @ follows no letter or digit: remove it.',
    ],
    [
      'a@\u0301a.example',
      'The mark U+0301 at offset 2 in the domain follows no letter or digit: remove it.',
    ],
  ],
  MixedScripts: [
    [
      'аnn@example.com',
      'In the part before the @, "аnn" mixes scripts (Cyrillic, Latin): type it in one script.',
    ],
    [
      'ann@xn--pple-43d.com',
      'In the domain, "аpple" mixes scripts (Cyrillic, Latin): type it in one script.',
    ],
  ],
  TrailingDot: [['ann@example.com.', 'The domain ends with a dot: remove it.']],
  EmptyLabel: [['ann@example..com', 'Label 2 of the domain is empty: remove the extra dot.']],
  SingleLabel: [['ann@localhost', 'The domain "localhost" has no dot: give the full domain.']],
  EdgeHyphen: [
    ['ann@-x.example', 'The domain label "-x" begins or ends with a hyphen: correct the domain.'],
  ],
  InvalidPunycode: [
    [
      'ann@xn--a.com',
      'The domain label "xn--a" encodes no valid name: give the domain in its own letters.',
    ],
  ],
  MixedDirections: [
    [
      'ann@אa.example',
      'In the domain, "אa" mixes writing directions ambiguously: check how it is spelled.',
    ],
  ],
  NumericTopLabel: [['ann@192.0.2.1', 'The domain ends with the number "1": give a domain name.']],
  TooManyOctets: [
    [
      `${n(65, 'a')}@example.com`,
      'The part before the @ is 65 octets long and the limit is 64: use a shorter address.',
    ],
    [
      `ann@${n(64, 'd')}.com`,
      'A label of the domain is 64 octets long and the limit is 63: use a shorter address.',
    ],
    [
      `${n(11, 'a')}@${longDomain}`,
      'The whole address is 255 octets long and the limit is 254: use a shorter address.',
    ],
  ],
};

const faultOf = (input: unknown): AddressFault => {
  const parsed = parseAddress(input);
  if (E.isLeft(parsed)) return parsed.left;
  throw new Error('the input is an address');
};

describe.each(Object.entries(sentences))('%s is explained', (type, rows) => {
  it.each(rows.map(([input, sentence]) => [sentence, input] as const))('%s', (sentence, input) => {
    const fault = faultOf(input);
    expect(fault.type).toBe(type);
    expect(explainAddressFault(fault)).toBe(sentence);
  });
});

const textsIn = (fault: AddressFault): ReadonlyArray<string> =>
  Object.values(fault).flatMap((value: unknown) =>
    Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value : [],
  );

const expectPresentable = (fault: AddressFault) => {
  expect(JSON.parse(JSON.stringify(fault))).toEqual(fault);
  for (const text of textsIn(fault)) {
    expect(text.length).toBeLessThanOrEqual(80);
    expect(text.isWellFormed()).toBe(true);
  }
  expect(explainAddressFault(fault)).toMatch(/^[A-Z][^\p{Cc}\p{Zl}\p{Zp}]{10,220}[^.]\.$/u);
};

describe('every fault is JSON, short, and explained in a line', () => {
  const refused = { ...refusedTexts, ...refusedParts };

  it.each(Object.entries(refused))('that refuses %s', (_, cases) => {
    for (const [, fault] of cases) expectPresentable(fault);
  });

  it.each([
    ['one long wrong label', `ann@${n(900, 'ü')}א.example`],
    ['one long encoded label', `ann@xn--${n(900, '9')}.example`],
    ['one long single label', `ann@${n(63, 'd')}`],
    ['a long mixture of pairs', `a${n(50, '𐌰')}а@example.com`],
    ['a long label with hyphens', `ann@-${n(900, 'd')}.example`],
    ['a long number', `ann@example.${n(60, '1')}`],
    ['a long mixture', `${n(300, 'a')}а@example.com`],
  ])('that refuses %s', (_, input) => {
    expectPresentable(faultOf(input));
  });

  it('that refuses any text', () => {
    let refusals = 0;
    const text = fc.string({ unit: 'grapheme', maxLength: 90 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parsed = parseAddress(`${before}@${after}`);
        if (E.isRight(parsed)) return;
        refusals += 1;
        expectPresentable(parsed.left);
      }),
      { numRuns: 200 },
    );
    expect(refusals).toBeGreaterThan(100);
  });
});
