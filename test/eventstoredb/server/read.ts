/**
 * Reads of one stream and of the whole log. Subscriptions come in by the same call.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { ServerContext } from './context';
import type { ReadFault } from './faults';
import type { StoredRecord } from './log';
import { nameOf, readEvent, streamNotFound } from './messages';
import { Sender } from './sender';
import * as statuses from './statuses';
import { subscribe } from './subscribe';

type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

/** What there is to read: events in the order asked for, or why there are none. */
type Found = Iterable<StoredRecord> | 'notFound' | 'deleted' | 'invalidPosition';

function* slice(
  records: ReadonlyArray<StoredRecord>,
  start: number,
  step: 1 | -1,
  maxCount: number,
): Iterable<StoredRecord> {
  for (let count = 0, index = start; count < maxCount; count += 1, index += step) {
    const record = records[index];
    if (!record) return;
    yield record;
  }
}

const stepOf = (options: ReadReq.Options): 1 | -1 =>
  options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS ? -1 : 1;

/** Both directions include `fromRevision`. */
const findInStream = (
  context: ServerContext,
  options: ReadReq.Options,
  from: ReadReq.Options.StreamOptions,
): Found => {
  const records = context.log.readStream(nameOf(from.getStreamIdentifier()));
  if (typeof records === 'string') return records;

  const step = stepOf(options);
  const first = Number(records[0]?.revision ?? 0n);
  const last = first + records.length - 1;
  const wanted = from.hasRevision() ? Number(from.getRevision()) : from.hasEnd() ? last : first;
  const start = step === 1 ? Math.max(wanted, first) : Math.min(wanted, last);
  return slice(records, start - first, step, Number(options.getCount()));
};

/**
 * Forwards includes the position, backwards does not: a real server takes it as the end of the record
 * before. Neither may point between two records.
 */
const findInLog = (
  context: ServerContext,
  options: ReadReq.Options,
  from: ReadReq.Options.AllOptions,
): Found => {
  const { records } = context.log;
  const step = stepOf(options);
  const maxCount = Number(options.getCount());
  if (from.hasEnd()) return step === 1 ? [] : slice(records, records.length - 1, step, maxCount);

  const position = BigInt(from.getPosition()?.getCommitPosition() ?? '0');
  const start = context.log.indexAfter(position - 1n);
  const found = records[start];
  if (position > 0n && found && found.position !== position) return 'invalidPosition';
  return slice(records, step === 1 ? start : start - 1, step, maxCount);
};

/** How many events get through before the fault strikes. */
const eventsBefore = (fault: ReadFault | undefined): number => {
  if (fault === 'silence') return 0;
  if (fault === undefined || 'delayMs' in fault) return Infinity;
  return 'ending' in fault ? fault.after : fault.silentAfter;
};

const send = async (
  context: ServerContext,
  call: ReadCall,
  found: Found,
  stream: string | undefined,
  fault: ReadFault | undefined,
): Promise<void> => {
  const sender = new Sender(context, call);
  if (typeof fault === 'object' && 'delayMs' in fault) await sleep(fault.delayMs);
  if (found === 'invalidPosition' || found === 'deleted') {
    const isDeleted = found === 'deleted';
    sender.fail(isDeleted ? statuses.streamDeleted(stream ?? '') : statuses.invalidPosition);
    return;
  }

  const limit = eventsBefore(fault);
  let sent = 0;
  for (const record of found === 'notFound' ? [] : found) {
    if (sent >= limit || sender.isOver) break;
    await sender.send(readEvent(record));
    sent += 1;
  }

  if (fault === 'silence') return;
  if (typeof fault === 'object' && 'silentAfter' in fault) return;
  if (typeof fault === 'object' && 'ending' in fault) return sender.end(fault.ending);
  if (found === 'notFound') await sender.send(streamNotFound(stream ?? ''));
  if (!sender.isOver) call.end();
};

export const read =
  (context: ServerContext) =>
  (call: ReadCall): void => {
    const options = call.request.getOptions() ?? new ReadReq.Options();
    const all = options.getAll();
    const from = options.getStream();
    if (options.hasSubscription() && all) {
      void subscribe(context, call, options, all);
      return;
    }
    if (options.hasSubscription() || options.hasFilter()) {
      call.emit('error', statuses.unimplemented);
      return;
    }

    const stream = from && nameOf(from.getStreamIdentifier());
    const direction = stepOf(options) === 1 ? 'forwards' : 'backwards';
    const fault = context.faults.take('read', { stream, direction });
    const found = from
      ? findInStream(context, options, from)
      : findInLog(context, options, all ?? new ReadReq.Options.AllOptions());
    void send(context, call, found, stream, fault);
  };
