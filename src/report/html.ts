/**
 * Markup that holds nothing unescaped: text from data becomes part of a page only through {@link markup},
 * which escapes it. What would steer a reader, such as a mark that turns a line around, is spelt out.
 */

/** A piece of a page that is safe as it stands. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | false | null | undefined | ReadonlyArray<Part>;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Controls, formats, lone surrogates, unassigned and private characters, and whatever shows as nothing.
const unsafe = /[&<>"'\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const spelt = (character: string): string =>
  entities[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** Text as it may stand between tags and inside quoted attributes. */
export const escaped = (text: string): string => text.replace(unsafe, spelt);

const textOf = (part: Part): string => {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return Array.isArray(part) ? (part as ReadonlyArray<Part>).map(textOf).join('') : '';
};

const compact = new WeakMap<TemplateStringsArray, ReadonlyArray<string>>();

/** The edges of tags and parts: between two of them a line break is for the author alone. */
const edges = new Set(['', '>', '<']);

/** The literal parts of a template without the line breaks and indentation that its author sees. */
const literalsOf = (template: TemplateStringsArray): ReadonlyArray<string> => {
  const known = compact.get(template);
  if (known !== undefined) return known;
  const literals = template.map((text) =>
    text.replace(/\s*\n\s*/g, (found, at: number) => {
      const isBetween = edges.has(text.charAt(at - 1)) && edges.has(text.charAt(at + found.length));
      return isBetween ? '' : ' ';
    }),
  );
  compact.set(template, literals);
  return literals;
};

/** Markup as it is written, with every text in it escaped; `undefined`, `null` and `false` leave nothing. */
export const markup = (template: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Markup => {
  const literals = literalsOf(template);
  let text = literals[0] ?? '';
  for (const [index, part] of parts.entries()) text += textOf(part) + (literals[index + 1] ?? '');
  return new Markup(text);
};

/** Text of somebody's making inside a sentence: letters that run from right to left stay within it. */
export const quoted = (text: string): Markup => markup`<bdi>${text}</bdi>`;

/** Pieces with something between them. */
export const joined = (pieces: ReadonlyArray<Markup>, between = new Markup(', ')): Markup =>
  new Markup(pieces.map(({ text }) => text).join(between.text));
