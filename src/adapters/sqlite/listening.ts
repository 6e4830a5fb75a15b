/**
 * Tells listeners that there are new events, whichever process wrote them.
 */
import { type Database, prepareQuery } from './driver';

export interface Listening {
  readonly add: (listener: () => void) => () => void;
  /** Call after a commit of this store. */
  readonly tell: () => void;
  readonly stop: () => void;
}

/**
 * SQLite does not announce commits of others, but a connection can ask cheaply whether there was
 * one. It does so only while somebody listens, on a timer that does not keep the process alive.
 */
export const listening = (database: Database, pollIntervalMs: number): Listening => {
  const dataVersion = prepareQuery(database, 'PRAGMA data_version');
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let seen: unknown;

  const currentVersion = (): unknown => {
    try {
      return dataVersion()[0]?.[0];
    } catch {
      // Locked for a moment, or broken for good: then the next read says so to somebody who can act.
      return seen;
    }
  };

  const tell = (): void => {
    // A commit on a thread is another connection's: it is not to be told once more at the next look.
    if (timer !== undefined) seen = currentVersion();
    for (const listener of listeners) {
      queueMicrotask(() => {
        if (listeners.has(listener)) listener();
      });
    }
  };

  const poll = (): void => {
    const current = currentVersion();
    if (current === seen) return;
    seen = current;
    tell();
  };

  const stop = (): void => {
    listeners.clear();
    clearInterval(timer);
    timer = undefined;
  };

  return {
    add: (listener) => {
      // A function of our own, so that adding the same one twice makes two listeners.
      const told = (): void => {
        listener();
      };
      if (timer === undefined) {
        seen = currentVersion();
        timer = setInterval(poll, pollIntervalMs).unref();
      }
      listeners.add(told);
      return () => {
        listeners.delete(told);
        if (listeners.size === 0) stop();
      };
    },
    tell,
    stop,
  };
};
