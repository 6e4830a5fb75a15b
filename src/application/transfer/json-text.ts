/** What JSON.parse does not tell of a text: keys that come twice, numbers that do not survive, depth. */

/** Nesting that is more than any event has. */
export const DEEPEST = 32;

export type JsonFault =
  | { readonly is: 'duplicateKey'; readonly key: string }
  | { readonly is: 'forbiddenKey'; readonly key: string }
  | { readonly is: 'unsafeNumber'; readonly number: string };

const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\]:,]/g;

/** How deep a text nests, without parsing it: text in strings does not count. */
export const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isInString) {
      if (unit === 0x5c) at += 1;
      else if (unit === 0x22) isInString = false;
    } else if (unit === 0x22) isInString = true;
    else if (unit === 0x7b || unit === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
  return deepest;
};

/** The number that a text spells, whichever way it is spelt: `1.50e3` and `1500` are the same. */
const spelt = (text: string): string => {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  const exponent = Number(power) - fraction.length + digits.length - significant.length;
  return significant === '' ? `${sign}0` : `${sign}${significant}e${exponent}`;
};

const isUnsafe = (text: string): boolean => {
  const number = Number(text);
  // The neighbours of an integer beyond the safe ones are read as the same number.
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) return true;
  return spelt(JSON.stringify(number)) !== spelt(text);
};

/** The first fault of a text that is JSON; `undefined` when there is none of these. */
export const jsonFaultOf = (text: string): JsonFault | undefined => {
  /** The keys of each open object so far; `undefined` for a list. */
  const open: Array<Set<string> | undefined> = [];
  let isKey = false;
  for (const [token] of text.matchAll(tokens)) {
    const keys = open.at(-1);
    if (token === '{') {
      open.push(new Set());
      isKey = true;
    } else if (token === '[') {
      open.push(undefined);
      isKey = false;
    } else if (token === '}' || token === ']') {
      open.pop();
      isKey = false;
    } else if (token === ',') isKey = keys !== undefined;
    else if (token === ':') isKey = false;
    else if (token.startsWith('"')) {
      if (!isKey || keys === undefined) continue;
      const key = JSON.parse(token) as string;
      if (key === '__proto__') return { is: 'forbiddenKey', key };
      if (keys.has(key)) return { is: 'duplicateKey', key };
      keys.add(key);
    } else if (isUnsafe(token)) return { is: 'unsafeNumber', number: token };
  }
  return undefined;
};
