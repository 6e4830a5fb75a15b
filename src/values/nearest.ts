/** What a person may have meant, when what they typed is not there. */

/** Letters to change, add, leave out or swap until one text is the other. */
const distance = (one: string, other: string): number => {
  let beforeLast: ReadonlyArray<number> = [];
  let last: ReadonlyArray<number> = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + same,
          swapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
};

/** Longer texts are nobody's slip of the finger, and costly to compare. */
const LONGEST = 100;

/** How far a slip leads from a name; of an address, whose domain others share, its local part counts. */
const slip = (name: string): number => {
  const [part = ''] = name.split('@', 1);
  return Math.max(1, Math.floor(part.length / 3));
};

/** The name that is nearest to what was typed; `undefined` when none is near. */
export const nearest = (typed: string, names: ReadonlyArray<string>): string | undefined => {
  if (typed.length > LONGEST) return undefined;
  const given = typed.toLowerCase();
  const near = names
    .map((name) => ({ name, far: distance(given, name.toLowerCase()) }))
    .filter(({ name, far }) => far <= slip(name))
    .sort((a, b) => a.far - b.far);
  return near[0]?.name;
};

const SHORTEST_PART = 4;

/** The name of a field that was meant: the nearest, or the only one of which a whole part was typed. */
export const meantField = (typed: string, names: ReadonlyArray<string>): string | undefined => {
  const near = nearest(typed, names);
  if (near !== undefined || typed.length < SHORTEST_PART) return near;
  const part = typed.toLowerCase();
  const [only, another] = names.filter((name) => name.toLowerCase().includes(part));
  return another === undefined ? only : undefined;
};

const MOST_NAMES = 20;

/** A sentence that helps on: the nearest name, or those that there are. */
export const didYouMean = (typed: string, names: ReadonlyArray<string>): string => {
  const near = nearest(typed, names);
  if (near !== undefined) return `Did you mean ${near}?`;
  if (names.length === 0) return 'There are none.';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `There are: ${names.slice(0, MOST_NAMES).join(', ')}${more}.`;
};
