import { describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { parseAddress } from '../../src/values/email-address';
import { accepted } from './accepted-addresses';
import { refusedParts } from './refused-parts';
import { refusedTexts } from './refused-texts';

const refused = { ...refusedTexts, ...refusedParts };

/** Titles that are printable and short, whatever the input is. */
const shown = (input: unknown): string => {
  if (typeof input !== 'string') return typeof input;
  const escaped = input.replace(
    /[^\p{L}\p{Nd}\p{P}\p{S}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return escaped.length <= 60 ? escaped : `${escaped.slice(0, 60)}... (${input.length} units)`;
};

const trimmed = (input: string): string => input.replace(/^[ \t]+|[ \t]+$/g, '');

describe.each(Object.entries(accepted))('accepts %s', (_, cases) => {
  it.each(cases.map(([input, canonical]) => [shown(input), shown(canonical), input, canonical]))(
    '%s is %s',
    (_input, _canonical, input, canonical) => {
      expect(parseAddress(input)).toEqual(E.right({ canonical, typed: trimmed(input) }));
    },
  );
});

describe.each(Object.entries(refused))('refuses %s', (_, cases) => {
  it.each(cases.map(([input, fault]) => [shown(input), fault.type, input, fault] as const))(
    '%s is %s',
    (_input, _type, input, fault) => {
      expect(parseAddress(input)).toEqual(E.left(fault));
    },
  );
});

/** What a parser might wrongly do to its input first, each by one of the rules' opposites. */
const wrongSteps: Readonly<Record<string, (input: string) => string>> = {
  'trims every kind of blank': (input) => input.trim(),
  'trims nothing': (input) => `${input}${/^[ \t]|[ \t]$/.test(input) ? '\n' : ''}`,
  'drops invisible characters': (input) => input.replace(/\p{Default_Ignorable_Code_Point}/gu, ''),
  'drops control characters': (input) => input.replace(/\p{Cc}/gu, ''),
  'drops inner spaces': (input) => input.replace(/ /g, ''),
  'takes the address out of angle brackets': (input) => /<(.*)>/.exec(input)?.[1] ?? input,
  'drops comments': (input) => input.replace(/\([^)]*\)/g, ''),
  'takes the first of a list': (input) => input.replace(/[,;].*$/, ''),
  'drops mailto': (input) => input.replace(/^\s*mailto:/i, ''),
  'decodes percents': (input) => input.replace(/%40/g, '@').replace(/%20/g, '_'),
  'decodes entities': (input) => input.replace(/&#64;/g, '@'),
  'decodes encoded words': (input) => input.replace(/=\?utf-8\?.\?(.*)\?=/i, '$1'),
  'drops all quotes': (input) => input.replace(/"/g, ''),
  'keeps needless quotes': (input) => input.replace(/^\s*"([^"]*)"@/, '_$1_@'),
  'folds compatibility forms': (input) => input.normalize('NFKC'),
  'keeps compositions apart': (input) => input.normalize('NFD').replace(/\u0308/g, '_'),
  'drops diacritics': (input) => input.normalize('NFD').replace(/\p{M}/gu, ''),
  'drops dots': (input) => input.replace(/\.(?=[^@]*@)/g, ''),
  'drops tags': (input) => input.replace(/\+[^@]*/, ''),
  'drops hyphens': (input) => input.replace(/(?<=\w)-(?=\w)/g, ''),
  'spells sharp s out': (input) => input.replace(/[ßẞ]/g, 'ss'),
  'lowers case as Turkish does': (input) => input.toLocaleLowerCase('tr'),
  'raises case': (input) => input.toUpperCase(),
  'takes look-alikes for Latin': (input) => input.replace(/[аα]/g, 'a'),
  'knows one provider by another name': (input) => input.replace('googlemail', 'gmail'),
  'drops a trailing dot': (input) => input.replace(/\.$/, ''),
  'cuts what is too long': (input) => input.slice(0, 1024),
  'cuts a path off': (input) => input.replace(/[/?#].*$/, ''),
  'repairs half a character': (input) => input.toWellFormed(),
};

describe('the tables notice a parser that', () => {
  const rows = [
    ...Object.values(accepted).flatMap((cases) =>
      cases.map(([input, canonical]) => ({ input, answer: canonical })),
    ),
    ...Object.values(refused).flatMap((cases) =>
      cases.flatMap(([input, fault]) =>
        typeof input === 'string' && input.length < 2000 ? { input, answer: fault.type } : [],
      ),
    ),
  ];
  const answerTo = (input: string): string =>
    E.match(
      ({ type }: { readonly type: string }) => type,
      ({ canonical }: { readonly canonical: string }) => canonical,
    )(parseAddress(input));

  it.each(Object.entries(wrongSteps))('%s', (_, wrongStep) => {
    const noticed = rows.filter(({ input, answer }) => answerTo(wrongStep(input)) !== answer);
    expect(noticed).not.toEqual([]);
  });

  it('does nothing wrong: not at all', () => {
    expect(rows.filter(({ input, answer }) => answerTo(input) !== answer)).toEqual([]);
  });
});
