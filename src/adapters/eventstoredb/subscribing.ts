/**
 * A subscription that goes on: whatever ends one call to the server, the next begins after the last
 * event that was delivered.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BEFORE_ALL, type Deliver } from '../../application/ports';
import type { EventStoreDbClient, Place, ResolvedRecord, SubscriptionCall } from './client';
import { backoffMs } from './deadline';
import {
  isWanted,
  placeAt,
  placeOf,
  type Streams,
  subscriptionFilter,
  toRecorded,
} from './ledger-streams';

export interface SubscriptionSettings {
  readonly name: string;
  readonly timeoutMs: number;
  readonly streams: Streams;
}

/** What a subscriber is told. */
export interface Subscriber {
  /** The next event waits until this settles. What it rejects is delivered again. */
  readonly deliver: Deliver;
  /** From now on, events arrive as they are stored. Called again whenever that had been interrupted. */
  readonly onLive?: () => void;
}

/**
 * Subscribes to what comes after `start`, until the returned function is called. That one waits for
 * the delivery under way, though not for ever: it may be called from within it.
 */
export const keepSubscribed = (
  client: EventStoreDbClient,
  settings: SubscriptionSettings,
  start: bigint | 'end',
  subscriber: Subscriber,
): (() => Promise<void>) => {
  const stopping = new AbortController();
  const progress = new Progress(start);

  const run = async (): Promise<void> => {
    for (let failures = 1; !stopping.signal.aborted; failures += 1) {
      const before = progress.from;
      await new Life(client, settings, subscriber, progress, stopping.signal).over;
      if (progress.from !== before) failures = 1;
      await pause(backoffMs(failures), stopping.signal);
    }
  };

  const running = run();
  return async () => {
    stopping.abort();
    await Promise.race([running, sleep(settings.timeoutMs, undefined, { ref: false })]);
  };
};

/** Waits without keeping the process alive, until it is time or `signal` says stop. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { ref: false, signal }).catch(() => undefined);

/** How far deliveries have come. */
class Progress {
  from: 'start' | 'end' | Place;
  private seen: bigint;

  constructor(start: bigint | 'end') {
    this.from = start === 'end' ? 'end' : placeAt(start);
    this.seen = start === 'end' ? BEFORE_ALL : start;
  }

  isSeen({ commit }: Place): boolean {
    return commit <= this.seen;
  }

  reach(place: Place): void {
    if (this.isSeen(place)) return;
    this.seen = place.commit;
    this.from = place;
  }
}

/** One call to the server, from its start to whatever ends it. */
class Life {
  /** Resolves when the call is over and no delivery is under way. Never rejects. */
  readonly over: Promise<void>;
  private finish: () => void = () => undefined;
  private readonly call: SubscriptionCall | undefined;
  private isEnded = false;
  private isDelivering = false;
  private checkpoint: Place | undefined;
  private readonly wanted: ReturnType<typeof isWanted>;

  constructor(
    client: EventStoreDbClient,
    private readonly settings: SubscriptionSettings,
    private readonly subscriber: Subscriber,
    private readonly progress: Progress,
    private readonly stopped: AbortSignal,
  ) {
    this.wanted = isWanted(settings.streams);
    // A server that does not even confirm has not heard us.
    const timer = setTimeout(this.end, settings.timeoutMs).unref();
    this.over = new Promise<void>((resolve) => {
      this.finish = resolve;
    }).finally(() => {
      clearTimeout(timer);
      stopped.removeEventListener('abort', this.end);
    });
    stopped.addEventListener('abort', this.end);

    const filter = subscriptionFilter(settings.streams, (place) => {
      this.checkpoint = place;
      this.useCheckpoint();
    });
    try {
      this.call = client.subscribeToAll({ fromPosition: progress.from, filter: filter as never });
    } catch {
      this.end();
      return;
    }
    this.call.on('confirmation', () => {
      clearTimeout(timer);
      if (!this.isEnded) subscriber.onLive?.();
    });
    this.call.on('data', this.take);
    this.call.on('end', this.end);
    // Stays for good: an error that nobody hears ends the process.
    this.call.on('error', this.end);
  }

  private readonly end = (): void => {
    if (!this.isEnded) {
      this.isEnded = true;
      // Waits for the connection, which may never come about.
      this.call?.unsubscribe().catch(() => undefined);
    }
    if (!this.isDelivering) this.finish();
  };

  private readonly take = (resolved: ResolvedRecord): void => {
    const place = placeOf(resolved);
    if (this.isEnded || place === undefined || this.progress.isSeen(place)) return;

    const { event } = resolved;
    if (event === undefined || !this.wanted(event)) {
      this.progress.reach(place);
      return;
    }
    // Meanwhile the rest waits: a few events here, what fits the connection's window, and the server.
    this.isDelivering = true;
    this.call?.pause();
    void this.deliver({ ...resolved, event }, place);
  };

  private async deliver(resolved: Parameters<typeof toRecorded>[1], place: Place): Promise<void> {
    for (let failures = 1; failures === 1 || !this.isEnded; failures += 1) {
      try {
        await this.subscriber.deliver(toRecorded(this.settings.name, resolved));
        this.progress.reach(place);
        break;
      } catch {
        // Whoever takes the event in has their own trouble: this one is delivered again.
        if (!this.isEnded) await pause(backoffMs(failures), this.stopped);
      }
    }
    this.isDelivering = false;
    if (this.isEnded) {
      this.finish();
      return;
    }
    this.useCheckpoint();
    this.call?.resume();
  }

  /**
   * A checkpoint counts once every event that came before it has been delivered. Never throws: the client
   * would wait for ever for the end of what it called, and the subscription would stall without a word.
   */
  private useCheckpoint(): void {
    if (this.checkpoint === undefined || this.isDelivering) return;
    try {
      if ((this.call?.readableLength ?? 0) > 0) return;
      this.progress.reach(this.checkpoint);
    } catch {
      // No event is lost with it: the next call only begins further back.
    }
    this.checkpoint = undefined;
  }
}
