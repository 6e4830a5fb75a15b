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

const ofScript = (scripts: ReadonlyArray<EverydayScript>, property: 'sc' | 'scx'): string =>
  scripts.map((script) => `\\p{${property}=${script}}`).join('');

const shared = '\\p{scx=Common}\\p{scx=Inherited}';

const onlyOf = (...scripts: ReadonlyArray<EverydayScript>): RegExp =>
  new RegExp(`^[${shared}${ofScript(scripts, 'scx')}]*$`, 'u');

const otherScript = `[^${ofScript(everydayScripts, 'sc')}]`;

const standsApart = (script: EverydayScript): boolean =>
  script === 'Cyrillic' || script === 'Greek';

const lawfulMixtures: ReadonlyArray<RegExp> = [
  onlyOf('Latin'),
  onlyOf('Latin', 'Han', 'Hiragana', 'Katakana'),
  onlyOf('Latin', 'Han', 'Hangul'),
  onlyOf('Latin', 'Han', 'Bopomofo'),
  ...everydayScripts.map((script) =>
    standsApart(script) ? onlyOf(script) : onlyOf('Latin', script),
  ),
  new RegExp(`^(?:${otherScript}|\\p{scx=Latin})*$`, 'u'),
];

const scriptNames: ReadonlyArray<readonly [string, RegExp]> = [
  ...everydayScripts.map((script) => [script, new RegExp(`\\p{sc=${script}}`, 'u')] as const),
  ['another script', new RegExp(`(?=${otherScript})[^\\p{sc=Common}\\p{sc=Inherited}]`, 'u')],
];

const MOST_NAMES = 4;

/** The scripts of `text` when they may not be mixed, the first four by name; otherwise `undefined`. */
export const unlawfulMixture = (text: string): ReadonlyArray<string> | undefined =>
  lawfulMixtures.some((mixture) => mixture.test(text))
    ? undefined
    : scriptNames
        .flatMap(([name, pattern]) => (pattern.test(text) ? name : []))
        .slice(0, MOST_NAMES);
