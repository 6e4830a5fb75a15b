/** `items` in order, in parts of at most `most`. No items make no parts. */
export const inChunks = <Item>(
  items: ReadonlyArray<Item>,
  most: number,
): ReadonlyArray<ReadonlyArray<Item>> =>
  Array.from({ length: Math.ceil(items.length / most) }, (_, chunk) =>
    items.slice(chunk * most, (chunk + 1) * most),
  );
