/** Counts the calls that have not been answered, so that closing can wait for them. */
export class CallsUnderWay {
  private count = 0;
  private readonly waiting: Array<() => void> = [];

  /** Makes a call, which counts until it is answered, however that ends. */
  async run<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.count += 1;
    try {
      return await call();
    } finally {
      this.count -= 1;
      if (this.count === 0) for (const wake of this.waiting.splice(0)) wake();
    }
  }

  /** Waits until there is none. */
  none(): Promise<void> {
    return this.count === 0
      ? Promise.resolve()
      : new Promise((wake) => {
          this.waiting.push(wake);
        });
  }
}
