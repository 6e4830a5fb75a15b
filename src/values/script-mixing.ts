/**
 * Which scripts may stand together in one local part or label.
 *
 * The level that UTS 39 calls moderately restrictive: Latin with one other script, but never with
 * Cyrillic or Greek, whose letters imitate it; Chinese, Japanese and Korean as they are written.
 * Marks and digits that several scripts share count for each of them (`Script_Extensions`).
 */

/** Scripts in everyday use by UAX 31. All others are taken together as one. */
const everydayScripts = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Bopomofo',
  'Cyrillic',
  'Devanagari',
  'Ethiopic',
  'Georgian',
  'Greek',
  'Gujarati',
  'Gurmukhi',
  'Han',
  'Hangul',
  'Hebrew',
  'Hiragana',
  'Kannada',
  'Katakana',
  'Khmer',
  'Lao',
  'Latin',
  'Malayalam',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thaana',
  'Thai',
  'Tibetan',
] as const;

type EverydayScript = (typeof everydayScripts)[number];

const setOf = (property: 'sc' | 'scx', scripts: ReadonlyArray<string>): string =>
  `[${scripts.map((script) => `\\p{${property}=${script}}`).join('')}]`;

/** Characters of these scripts, and those that belong to no script. */
const onlyOf = (...scripts: ReadonlyArray<EverydayScript>): RegExp =>
  new RegExp(`^${setOf('scx', ['Common', 'Inherited', ...scripts])}*$`, 'u');

/** Their letters imitate Latin ones. */
const imitators: ReadonlyArray<EverydayScript> = ['Cyrillic', 'Greek'];

const otherEverydayScripts = everydayScripts.filter((script) => script !== 'Latin');
const ofImitatorsOnly = `(?!\\p{scx=Latin})${setOf('scx', imitators)}`;

/**
 * Each step excludes and then takes one character: alternatives that overlap would backtrack for
 * ever.
 */
const latinAndRareScripts = new RegExp(
  `^(?:(?!${setOf('sc', otherEverydayScripts)}|${ofImitatorsOnly}).)*$`,
  'su',
);

const lawfulMixtures: ReadonlyArray<RegExp> = [
  onlyOf('Latin', 'Han', 'Hiragana', 'Katakana'),
  onlyOf('Latin', 'Han', 'Hangul'),
  onlyOf('Latin', 'Han', 'Bopomofo'),
  ...everydayScripts.map((script) =>
    imitators.includes(script) ? onlyOf(script) : onlyOf('Latin', script),
  ),
  latinAndRareScripts,
];

const scriptless = setOf('sc', ['Common', 'Inherited']);

/**
 * A character names a script when it is of that script, or shared by some scripts and not by
 * Latin.
 */
const scriptNames: ReadonlyArray<readonly [string, RegExp]> = [
  ...everydayScripts.map(
    (script) =>
      [
        script,
        new RegExp(`\\p{sc=${script}}|(?=${scriptless})(?!\\p{scx=Latin})\\p{scx=${script}}`, 'u'),
      ] as const,
  ),
  ['another script', new RegExp(`(?!${scriptless}|${setOf('sc', everydayScripts)}).`, 'su')],
];

const MOST_NAMES = 4;

/** The scripts of `text`, the first four by name, when they may not be mixed. */
export const unlawfulMixture = (text: string): ReadonlyArray<string> | undefined =>
  lawfulMixtures.some((mixture) => mixture.test(text))
    ? undefined
    : scriptNames
        .flatMap(([name, pattern]) => (pattern.test(text) ? name : []))
        .slice(0, MOST_NAMES);
