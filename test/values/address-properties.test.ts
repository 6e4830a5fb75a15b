import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { toASCII } from 'tr46';
import { parseAddress, partsOf } from '../../src/values/email-address';

const canonicalOf = (input: string): string | undefined => {
  const parsed = parseAddress(input);
  return E.isRight(parsed) ? parsed.right.canonical : undefined;
};

const textOf = (characters: string, size: { minLength?: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom(...Array.from(characters)), ...size });

const alphabets = [
  "abcxyzABCXYZ019-+_'~",
  'aekAEKäåéñøßẞİıǰỆ019',
  'αβσςΣΩϊΰΆ',
  'абвиёйяАБВИЁЙЯ01',
  '山田たろうヤマダー々aZ',
  '김이박金aZ',
  'مريم١٢',
];

const dotAtomOf = (alphabet: string) =>
  fc
    .array(textOf(alphabet, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 })
    .map((atoms) => atoms.join('.'));

const localPart = fc.oneof(...alphabets.map(dotAtomOf));

const plainLabel = fc
  .tuple(
    textOf('abzABZ09', { minLength: 1, maxLength: 1 }),
    textOf('abzABZ09-', { maxLength: 10 }),
    textOf('abzABZ09', { minLength: 1, maxLength: 1 }),
  )
  .map((pieces) => pieces.join(''));

/** Few labels beyond ASCII: they are the slow ones. */
const label = fc.oneof(
  { weight: 6, arbitrary: plainLabel },
  { weight: 1, arbitrary: textOf('abüßÉñ', { minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: textOf('почтаЁ', { minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: textOf('例えテスト', { minLength: 1, maxLength: 6 }) },
);
const domain = fc
  .array(label, { minLength: 1, maxLength: 2 })
  .map((labels) => [...labels, 'test'].join('.'));

const address = fc.tuple(localPart, domain).map((parts) => parts.join('@'));

/** Mostly no address, but close enough to one to reach every rule. */
const nearAddress = fc
  .tuple(
    fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.constantFrom('a', 'B', 'é', 'ß', 'я', 'σ', '山', 'ا', 'א', '1'),
        },
        { weight: 4, arbitrary: fc.constantFrom('@', '.', '-', '"', '+', 'xn--', 'XN--') },
        { weight: 2, arbitrary: fc.constantFrom('\u0301', '\u0345', '。', '١', 'İ', 'ẞ', 'ﬁ') },
        { weight: 1, arbitrary: fc.constantFrom(' ', '\t', '<', '\\', '[', '=?', '\u200d', '😀') },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 1 }) },
        { weight: 1, arbitrary: fc.constantFrom('\ud800', '\udc00', '\u0000', '\ufeff') },
        { weight: 1, arbitrary: fc.string({ maxLength: 3 }) },
      ),
      { maxLength: 12 },
    ),
    fc.boolean(),
  )
  .map(([pieces, completed]) => {
    const text = pieces.join('');
    return completed ? `${text}@${text.replaceAll('@', '')}b.test` : text;
  });

describe('any input', () => {
  const revoked = (): unknown => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const throws = (): never => {
    throw new Error('looked at');
  };
  const trap = new Proxy(() => undefined, {
    get: throws,
    has: throws,
    getPrototypeOf: throws,
    ownKeys: throws,
    getOwnPropertyDescriptor: throws,
    apply: throws,
  });

  it.each`
    input                                          | received
    ${{ toString: throws, valueOf: throws }}       | ${'object'}
    ${{ [Symbol.toPrimitive]: throws, length: 5 }} | ${'object'}
    ${{ toJSON: throws }}                          | ${'object'}
    ${revoked()}                                   | ${'object'}
    ${trap}                                        | ${'function'}
    ${Object.create(null)}                         | ${'object'}
    ${Symbol('x')}                                 | ${'symbol'}
    ${NaN}                                         | ${'number'}
  `(
    'that is hostile and of type $received is refused without being touched',
    ({ input, received }) => {
      expect(parseAddress(input)).toEqual(E.left({ type: 'NotText', received }));
    },
  );

  it('gets an answer and never an exception', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (input) => {
          const parsed = parseAddress(input);
          expect(E.isLeft(parsed) || typeof input === 'string').toBe(true);
        },
      ),
    );
  });

  it('that is accepted has a canonical form within every limit', () => {
    let acceptedCount = 0;
    fc.assert(
      fc.property(fc.oneof(nearAddress, address), (input) => {
        const canonical = canonicalOf(input);
        if (canonical === undefined) return;
        acceptedCount += 1;
        expect(canonical).toMatch(
          /^[^@\s"(),:;<>[\\\]]+@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d-]*[a-z-][a-z\d-]*$/u,
        );
        expect(Buffer.byteLength(partsOf({ canonical }).localPart)).toBeLessThanOrEqual(64);
        expect(Buffer.byteLength(canonical)).toBeLessThanOrEqual(254);
        expect(canonical).toBe(canonical.normalize('NFC'));
      }),
      { numRuns: 1000 },
    );
    expect(acceptedCount).toBeGreaterThan(300);
  });
});

describe('the canonical form', () => {
  it('is its own canonical form, and so is that of the typed form', () => {
    fc.assert(
      fc.property(fc.oneof(nearAddress, address), (input) => {
        const parsed = parseAddress(input);
        if (E.isLeft(parsed)) return;
        const { canonical, typed } = parsed.right;
        expect(parseAddress(canonical)).toEqual(E.right({ canonical, typed: canonical }));
        expect(parseAddress(typed)).toEqual(parsed);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same for every case, composition and needless quoting', () => {
    /** Upper case spells some letters in several, which are other letters: those stay. */
    const capital = (letter: string): string =>
      letter.toUpperCase().length === 1 ? letter.toUpperCase() : letter;
    const respelled = (input: string): ReadonlyArray<string> => {
      const at = input.lastIndexOf('@');
      const [before, after] = [input.slice(0, at), input.slice(at)];
      return [
        Array.from(input, capital).join(''),
        input.normalize('NFD'),
        input.normalize('NFD').toLowerCase(),
        `"${before}"${after}`,
        `\t ${before}${Array.from(after, capital).join('')} `,
      ];
    };
    fc.assert(
      fc.property(address, (input) => {
        // Dotless i has the upper case of another letter: that pair is not one letter in two cases.
        fc.pre(!input.includes('ı'));
        const canonical = canonicalOf(input);
        expect(canonical).toBeDefined();
        for (const spelling of respelled(input)) expect(canonicalOf(spelling)).toBe(canonical);
      }),
      { numRuns: 600 },
    );
  });

  it.each`
    name                    | alias
    ${'a dot'}              | ${'.'}
    ${'a hyphen'}           | ${'-'}
    ${'an underscore'}      | ${'_'}
    ${'a plus'}             | ${'+'}
    ${'a tag'}              | ${'+tag'}
    ${'a digit'}            | ${'1'}
    ${'an apostrophe'}      | ${"'"}
    ${'a diacritic'}        | ${'\u0302'}
    ${'a Latin look-alike'} | ${'ɑ'}
  `('tells an address from the one with $name more', ({ alias }) => {
    fc.assert(
      fc.property(textOf('abc', { minLength: 1, maxLength: 5 }), plainLabel, (name, host) => {
        const rest = `x@${host}.test`;
        const aliased = canonicalOf(`${name}${String(alias)}${rest}`);
        expect(aliased).toBeDefined();
        expect(aliased).not.toBe(canonicalOf(`${name}${rest}`));
      }),
    );
  });

  it('of a plain domain is what UTS 46 makes of it', () => {
    fc.assert(
      fc.property(fc.array(plainLabel, { minLength: 1, maxLength: 4 }), (labels) => {
        const given = [...labels, 'test'].join('.');
        const flags = { useSTD3ASCIIRules: true, checkBidi: true, checkJoiners: true };
        expect(canonicalOf(`a@${given}`)).toBe(`a@${String(toASCII(given, flags))}`);
      }),
    );
  });
});

describe('every character there is', () => {
  /** Planes 0, 1 and 14, and the start of the ideographs beyond: all that is not more of the same. */
  const characters = function* (): Generator<string> {
    for (const [first, last] of [
      [0x0, 0xd7ff],
      [0xe000, 0x203ff],
      [0x2f800, 0x2fa1f],
      [0xe0000, 0xe01ff],
    ] as const) {
      for (let code = first; code <= last; code += 1) yield String.fromCodePoint(code);
    }
  };

  const atomText = /^[\w!#$%&'*+/=?^`{|}~.-]$/;
  const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
  const mayStand = (character: string): boolean =>
    atomText.test(character) ||
    (/^[^\p{ASCII}]$/u.test(character) &&
      /[\p{L}\p{M}\p{Nd}]/u.test(character) &&
      !unseen.test(character) &&
      character.normalize('NFC') === character.normalize('NFKC'));

  it('stands in a local part exactly if it is atom text, a letter, a mark or a digit', () => {
    const wrong: Array<string> = [];
    let standing = 0;
    for (const character of characters()) {
      const accepted = canonicalOf(`1${character}1@example.com`) !== undefined;
      if (accepted) standing += 1;
      if (accepted !== mayStand(character)) wrong.push(character);
    }
    expect(wrong).toEqual([]);
    expect(standing).toBeGreaterThan(50_000);
  });

  it('folds with its lower case and its compositions, once and for all', () => {
    const wrong: Array<string> = [];
    for (const character of characters()) {
      const canonical = canonicalOf(`1${character}1@example.com`);
      if (canonical === undefined) continue;
      const spellings = [
        canonical,
        `1${character.normalize('NFD')}1@example.com`,
        `1${character.toLowerCase()}1@example.com`,
      ];
      if (spellings.some((spelling) => canonicalOf(spelling) !== canonical)) wrong.push(character);
    }
    expect(wrong).toEqual([]);
  });
});
