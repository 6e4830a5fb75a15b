/**
 * Time that passes only when somebody says so. What is to happen waits in a queue; the earliest is next,
 * and nothing else happens before everything that follows from it has been done.
 */

interface Happening {
  readonly at: number;
  /** Of two at the same time, the one that was planned first comes first. */
  readonly order: number;
  readonly run: () => void;
}

/** All promise reactions that are ready, and those that they make ready, come before the next tick. */
const everythingFollowed = (): Promise<void> =>
  new Promise((resolve) => {
    process.nextTick(resolve);
  });

export class VirtualTime {
  /** Milliseconds since the beginning. */
  now = 0;
  private planned = 0;
  private readonly waiting: Array<Happening> = [];

  after(milliseconds: number, run: () => void): void {
    this.waiting.push({ at: this.now + milliseconds, order: this.planned, run });
    this.planned += 1;
  }

  /** For whoever has to wait in virtual time. */
  readonly pass = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });

  /** Lets time pass until nothing is left to happen, or `isOver` says so after something has. */
  async run(isOver: () => boolean = () => false): Promise<void> {
    await everythingFollowed();
    for (let next = this.earliest(); next !== undefined; next = this.earliest()) {
      this.now = next.at;
      next.run();
      await everythingFollowed();
      if (isOver()) return;
    }
  }

  private earliest(): Happening | undefined {
    let index = 0;
    for (const [at, one] of this.waiting.entries()) {
      const best = this.waiting[index] ?? one;
      if (one.at < best.at || (one.at === best.at && one.order < best.order)) index = at;
    }
    return this.waiting.splice(index, 1)[0];
  }
}

/**
 * Runs `act` while the library's timers and its chance are those of the simulation. Nothing of the
 * library is replaced: it asks the globals, and they answer from the seed.
 */
export const withVirtualGlobals = async <Result>(
  time: VirtualTime,
  random: () => number,
  act: () => Promise<Result>,
): Promise<Result> => {
  const real = {
    setTimeout: globalThis.setTimeout,
    setImmediate: globalThis.setImmediate,
    random: Math.random,
  };
  const setTimeout = (run: () => void, milliseconds = 0): void => {
    time.after(milliseconds, run);
  };
  const setImmediate = (run: () => void): void => {
    time.after(0, run);
  };
  Object.assign(globalThis, { setTimeout, setImmediate });
  Math.random = random;
  try {
    return await act();
  } finally {
    Object.assign(globalThis, { setTimeout: real.setTimeout, setImmediate: real.setImmediate });
    Math.random = real.random;
  }
};
