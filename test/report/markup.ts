/** A strict reading of a page: what a parser would forgive is a fault here. */

/** Elements that have no end tag. */
const empty = new Set(['meta', 'br', 'wbr']);
/** Elements whose content is not markup. */
const raw = new Set(['style']);

const tag = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/;
const attribute = /([a-zA-Z:-]+)(?:="([^"]*)")?/g;
const entity = /&(?!(?:amp|lt|gt|quot|#39);)/;

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

export interface Read {
  readonly elements: ReadonlyArray<Element>;
  /** What stands between tags, as it is shown. */
  readonly text: string;
  readonly faults: ReadonlyArray<string>;
}

const shown = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** Reads every tag of the page, and says what is not well-formed. */
export const readMarkup = (page: string): Read => {
  const elements: Array<Element> = [];
  const faults: Array<string> = [];
  const open: Array<string> = [];
  const texts: Array<string> = [];
  const text = (given: string) => {
    if (entity.test(given) || given.includes('>'))
      faults.push(`loose sign in: ${given.slice(0, 60)}`);
    texts.push(shown(given));
  };
  let at = page.startsWith('<!DOCTYPE html>') ? '<!DOCTYPE html>'.length : 0;
  if (at === 0) faults.push('no doctype');
  while (at < page.length) {
    const next = page.indexOf('<', at);
    if (next < 0) {
      text(page.slice(at));
      break;
    }
    if (next > at) text(page.slice(at, next));
    const found = tag.exec(page.slice(next, next + 20_000));
    if (found === null) {
      faults.push(`not a tag: ${page.slice(next, next + 60)}`);
      at = next + 1;
      continue;
    }
    const [whole, closing, name = '', attributes = '', selfClosing] = found;
    at = next + whole.length;
    if (closing === '/') {
      if (open.pop() !== name) faults.push(`</${name}> ends nothing: ${page.slice(next - 60, at)}`);
      continue;
    }
    const named = new Map<string, string>();
    for (const [, key = '', value = ''] of attributes.matchAll(attribute)) {
      if (named.has(key)) faults.push(`${key} twice: ${whole}`);
      if (entity.test(value)) faults.push(`loose sign in: ${whole}`);
      named.set(key, shown(value));
    }
    elements.push({ name, attributes: named });
    if (raw.has(name)) at = page.indexOf(`</${name}>`, at) + name.length + 3;
    else if (selfClosing !== '/' && !empty.has(name)) open.push(name);
  }
  if (open.length > 0) faults.push(`never ended: ${open.join(' ')}`);
  return { elements, text: texts.join(''), faults };
};

/** The levels of the headings, in their order. */
export const headingLevels = ({ elements }: Read): ReadonlyArray<number> =>
  elements.flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));

/** Ids that come twice, and links and references that lead nowhere. */
export const brokenReferences = ({ elements }: Read): ReadonlyArray<string> => {
  const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
  const known = new Set(ids);
  const references = elements.flatMap(({ attributes }) => [
    ...(attributes.get('href')?.startsWith('#') === true ? [attributes.get('href')!.slice(1)] : []),
    ...(attributes.get('aria-labelledby')?.split(' ') ?? []),
  ]);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} twice`),
    ...references.filter((id) => !known.has(id)).map((id) => `${id} leads nowhere`),
  ];
};

/** Whatever would run, or would be fetched from somewhere. */
export const outsideThings = (page: string, { elements }: Read): ReadonlyArray<string> => [
  ...elements
    .filter(({ name }) => /^(script|img|iframe|object|embed|link|base|form|image)$/i.test(name))
    .map(({ name }) => name),
  ...elements.flatMap(({ attributes }) =>
    [...attributes]
      .filter(
        ([key, value]) =>
          /^on/i.test(key) ||
          (/^(src|href|xlink:href|action|data)$/i.test(key) && !value.startsWith('#')),
      )
      .map(([key, value]) => `${key}=${value}`),
  ),
  ...(page.match(/@import|url\((?!#)[^)]*\)/g) ?? []),
];
