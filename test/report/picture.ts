/** Reads a picture that a browser made: a PNG file of eight bits a colour, not interlaced. */
import { inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of a pixel, by the type of colour: with an opacity, or without. */
const bytesAPixel = new Map([
  [2, 3],
  [6, 4],
]);

/** The byte that the three neighbours suggest. */
const paeth = (left: number, above: number, corner: number): number => {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((one) => Math.abs(guess - one)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
};

/** The rows of a picture, of which the file has only how each differs from its neighbours. */
const unfiltered = (data: Buffer, height: number, stride: number, pixel: number): Buffer => {
  const rows = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x >= pixel ? rows[at - pixel]! : 0;
      const above = y > 0 ? rows[at - stride]! : 0;
      const corner = x >= pixel && y > 0 ? rows[at - stride - pixel]! : 0;
      const expected = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter!];
      rows[at] = data[y * (stride + 1) + 1 + x]! + expected!;
    }
  }
  return rows;
};

export interface Seen {
  readonly width: number;
  readonly height: number;
  /** The colour that most of it has, as `#rrggbb`. */
  readonly ground: string;
  /** Share of the picture that has another colour. */
  readonly drawn: number;
}

export const seen = (png: Buffer): Seen => {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('This is no PNG file.');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const pixel = bytesAPixel.get(png[25]!);
  if (png[24] !== 8 || pixel === undefined || png[28] !== 0)
    throw new Error('Another kind of PNG.');
  const pieces: Array<Buffer> = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const end = at + 8 + png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') pieces.push(png.subarray(at + 8, end));
  }
  const rows = unfiltered(inflateSync(Buffer.concat(pieces)), height, width * pixel, pixel);
  const colours = new Map<string, number>();
  for (let at = 0; at < rows.length; at += pixel) {
    const colour = `#${rows.toString('hex', at, at + 3)}`;
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  const [ground, amount] = [...colours].sort(([, a], [, b]) => b - a)[0]!;
  return { width, height, ground, drawn: 1 - amount / (width * height) };
};
