/**
 * Keeps a thread from being ended while it is in the driver: the package then takes the whole process with
 * it. Whoever ends the thread waits until it is back, which is a page or a commit at most.
 */

/** A thread that has not come back by then has most likely died there, or its disk has. */
const LONGEST_MS = 10_000;

const IS_INSIDE = 0;
const IS_HELD = 1;

export class Pause {
  private readonly flags: Int32Array;

  constructor(readonly memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.flags = new Int32Array(memory);
  }

  /**
   * In the thread: does `work`.
   *
   * @throws Error once the thread is held
   */
  whileFree<A>(work: () => A): A {
    Atomics.store(this.flags, IS_INSIDE, 1);
    try {
      // Asked only now: whoever holds it looks afterwards whether it is inside.
      if (Atomics.load(this.flags, IS_HELD) === 1) throw new Error('This thread is being ended.');
      return work();
    } finally {
      Atomics.store(this.flags, IS_INSIDE, 0);
      Atomics.notify(this.flags, IS_INSIDE);
    }
  }

  /** In the other thread: waits until nothing is done there, and lets nothing be done any more. */
  hold(): void {
    Atomics.store(this.flags, IS_HELD, 1);
    const end = performance.now() + LONGEST_MS;
    while (Atomics.load(this.flags, IS_INSIDE) === 1 && performance.now() < end) {
      Atomics.wait(this.flags, IS_INSIDE, 1, 50);
    }
  }
}
