/** What differs between two values, as a person would point at it. */

const MOST_DIFFERENCES = 10;

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const between = (expected: unknown, found: unknown, path: string): ReadonlyArray<string> => {
  if (Object.is(expected, found)) return [];
  const comparable =
    isObject(expected) && isObject(found) && Array.isArray(expected) === Array.isArray(found);
  if (!comparable) {
    return [`${path === '' ? '' : `${path}: `}expected ${shown(expected)}, found ${shown(found)}`];
  }
  const fields = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...fields].flatMap((field) =>
    between(expected[field], found[field], path === '' ? field : `${path}.${field}`),
  );
};

/**
 * One sentence for each difference, at most ten. A field that is `undefined` is the same as one that is
 * missing, as it is in JSON.
 */
export const differences = (expected: unknown, found: unknown): ReadonlyArray<string> =>
  between(expected, found, '').slice(0, MOST_DIFFERENCES);
