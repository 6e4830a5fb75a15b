/**
 * Tells listeners that there are new events, whoever stored them.
 */

export interface Listening {
  readonly add: (listener: () => void) => () => void;
  /** Call after an append of this connection. */
  readonly tell: () => void;
  readonly stop: () => Promise<void>;
}

/** @param subscribe to whatever is stored from now on; all listeners share it while there are any */
export const listening = (subscribe: (tell: () => void) => () => Promise<void>): Listening => {
  const listeners = new Set<() => void>();
  let unsubscribe: (() => Promise<void>) | undefined;
  let isTelling = false;

  const tell = (): void => {
    // One call stands for many events, so a burst of them is told of once.
    if (isTelling || listeners.size === 0) return;
    isTelling = true;
    queueMicrotask(() => {
      isTelling = false;
      for (const listener of listeners) {
        queueMicrotask(() => {
          if (listeners.has(listener)) listener();
        });
      }
    });
  };

  const stop = async (): Promise<void> => {
    const last = unsubscribe;
    unsubscribe = undefined;
    listeners.clear();
    await last?.();
  };

  return {
    add: (listener) => {
      // A function of our own, so that adding the same one twice makes two listeners.
      const told = (): void => {
        listener();
      };
      listeners.add(told);
      unsubscribe ??= subscribe(tell);
      return () => {
        if (listeners.delete(told) && listeners.size === 0) void stop();
      };
    },
    tell,
    stop,
  };
};
