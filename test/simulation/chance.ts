/** Chance that can be repeated: xoshiro128**, seeded by SplitMix32. */

const rotated = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by));

export class Chance {
  private readonly state: [number, number, number, number];

  constructor(seed: number) {
    let mixing = seed | 0;
    const mixed = (): number => {
      mixing = (mixing + 0x9e3779b9) | 0;
      let bits = mixing ^ (mixing >>> 16);
      bits = Math.imul(bits, 0x21f0aaad);
      bits ^= bits >>> 15;
      bits = Math.imul(bits, 0x735a2d97);
      return bits ^ (bits >>> 15);
    };
    this.state = [mixed(), mixed(), mixed(), mixed()];
  }

  /** From 0 to below 1. */
  fraction(): number {
    const [first, second, third, fourth] = this.state;
    const drawn = Math.imul(rotated(Math.imul(second, 5), 7), 9) >>> 0;
    const shared = third ^ first;
    const other = fourth ^ second;
    this.state[0] = first ^ other;
    this.state[1] = second ^ shared;
    this.state[2] = shared ^ (second << 9);
    this.state[3] = rotated(other, 11);
    return drawn / 2 ** 32;
  }

  /** A whole number from 0 to below `bound`. */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** @throws Error when there is nothing to pick from */
  pick<Item>(items: ReadonlyArray<Item>): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }
}
