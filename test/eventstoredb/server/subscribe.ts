/**
 * Subscriptions to the whole log: what is there, then what comes, until one side ends it.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { ServerContext } from './context';
import type { Ending, SubscriptionFault } from './faults';
import type { StoredRecord } from './log';
import { caughtUp, checkpoint, confirmation, fellBehind, readEvent } from './messages';
import { Sender } from './sender';
import * as statuses from './statuses';

type Matches = (record: StoredRecord) => boolean;

/** The window that a real server searches when the client names none. */
const DEFAULT_SEARCH_WINDOW = 32;

const matcher = (filter: ReadReq.Options.FilterOptions | undefined): Matches => {
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (!filter || !expression) return () => true;

  const pattern = expression.getRegex() === '' ? undefined : new RegExp(expression.getRegex());
  const prefixes = expression.getPrefixList();
  const subject = (record: StoredRecord): string =>
    filter.hasStreamIdentifier() ? record.stream : record.type;
  return (record) =>
    pattern
      ? pattern.test(subject(record))
      : prefixes.some((prefix) => subject(record).startsWith(prefix));
};

/** After how many events, matching or not, a checkpoint is due. */
const checkpointInterval = (filter: ReadReq.Options.FilterOptions | undefined): number => {
  if (!filter) return Infinity;
  const searchWindow = filter.hasMax() ? filter.getMax() : DEFAULT_SEARCH_WINDOW;
  return searchWindow * filter.getCheckpointintervalmultiplier();
};

/** One subscriber: where it is in the log, and what is to go wrong with it. */
class Subscriber {
  private sent = 0;
  private sinceCheckpoint = 0;
  private isCaughtUp = false;
  private wake: () => void = () => undefined;
  private readonly matches: Matches;
  private readonly interval: number;

  constructor(
    private readonly context: ServerContext,
    private readonly sender: Sender,
    private readonly fault: SubscriptionFault | undefined,
    filter: ReadReq.Options.FilterOptions | undefined,
    private index: number,
  ) {
    this.matches = matcher(filter);
    this.interval = checkpointInterval(filter);
  }

  async run(): Promise<void> {
    if (this.fault === 'silence') return;

    const stopWatching = this.context.log.watch(() => {
      this.wake();
    });
    const drop = (ending: Ending): void => void this.sender.end(ending);
    this.context.subscribers.add(drop);
    void this.sender.over.then(() => {
      this.wake();
    });
    await this.sender.send(confirmation(randomUUID()));
    await this.afterSending();
    while (!this.sender.isOver) await this.deliverNextOrWait();
    this.context.subscribers.delete(drop);
    stopWatching();
  }

  private async deliverNextOrWait(): Promise<void> {
    const record = this.context.log.records[this.index];
    if (record) {
      this.index += 1;
      await this.consider(record);
      return;
    }
    if (!this.isCaughtUp) {
      this.isCaughtUp = true;
      await this.sender.send(caughtUp());
      return;
    }
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }

  private async consider(record: StoredRecord): Promise<void> {
    this.sinceCheckpoint += 1;
    if (this.matches(record)) await this.deliver(record);
    if (this.sinceCheckpoint < this.interval) return;

    this.sinceCheckpoint = 0;
    await this.sender.send(checkpoint(record.position));
  }

  private async deliver(record: StoredRecord): Promise<void> {
    const { fault } = this;
    if (typeof fault === 'object' && 'delayMs' in fault) await sleep(fault.delayMs);
    await this.sender.send(readEvent(record));
    this.sent += 1;
    if (typeof fault === 'object' && 'duplicate' in fault && fault.duplicate === this.sent) {
      await this.sender.send(readEvent(record));
    }
    await this.afterSending();
  }

  /** What the fault wants at this number of events, be it 0. */
  private async afterSending(): Promise<void> {
    const { fault, sent } = this;
    if (typeof fault !== 'object') return;
    if ('ending' in fault && fault.after === sent) await this.sender.end(fault.ending);
    if ('fellBehindAfter' in fault && fault.fellBehindAfter === sent) {
      await this.sender.send(fellBehind());
      this.isCaughtUp = false;
    }
  }
}

/** Undefined for a position between two records, which a real server refuses. */
const startIndex = (
  context: ServerContext,
  from: ReadReq.Options.AllOptions,
): number | undefined => {
  const { log } = context;
  if (from.hasEnd()) return log.records.length;

  const position = BigInt(from.getPosition()?.getCommitPosition() ?? '0');
  const index = log.indexAfter(position);
  const isRecord = log.records[index - 1]?.position === position;
  return position === 0n || isRecord || index === log.records.length ? index : undefined;
};

export const subscribe = async (
  context: ServerContext,
  call: ServerWritableStream<ReadReq, ReadResp>,
  options: ReadReq.Options,
  from: ReadReq.Options.AllOptions,
): Promise<void> => {
  const sender = new Sender(context, call);
  const fromPosition = from.getPosition()?.getCommitPosition();
  const fault = context.faults.take('subscription', {
    fromPosition: fromPosition === undefined ? -1n : BigInt(fromPosition),
  });
  const index = startIndex(context, from);
  if (index === undefined) {
    sender.fail(statuses.invalidPosition);
    return;
  }
  await new Subscriber(context, sender, fault, options.getFilter(), index).run();
};
