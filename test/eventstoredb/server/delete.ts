/**
 * Deletes of a stream: soft, and for ever.
 */
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import {
  type DeleteReq,
  DeleteResp,
  type TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb';
import type { ServerContext } from './context';
import type { EventLog } from './log';
import { expectedOf, nameOf } from './messages';
import * as statuses from './statuses';

/** Position of what was written, or the error that answers. */
const remove = (
  how: (...parameters: Parameters<EventLog['softDelete']>) => ReturnType<EventLog['softDelete']>,
  options: DeleteReq.Options | TombstoneReq.Options | undefined,
): bigint | statuses.Failure => {
  const stream = nameOf(options?.getStreamIdentifier());
  const revision = options?.hasRevision() ? options.getRevision() : undefined;
  const expected = options ? expectedOf(options, revision) : 'any';
  const outcome = how(stream, expected);
  if (outcome.type === 'deleted') return statuses.streamDeleted(stream);
  if (outcome.type === 'wrongRevision') {
    // As the server numbers what is no revision; the client parses it as a number.
    const numbered = { any: '-2', noStream: '-1', streamExists: '-4' };
    const wanted = typeof expected === 'bigint' ? `${expected}` : numbered[expected];
    return statuses.wrongRevision(stream, wanted, outcome.current);
  }
  return outcome.position ?? 0n;
};

export const softDelete =
  ({ log }: ServerContext) =>
  (call: ServerUnaryCall<DeleteReq, DeleteResp>, callback: sendUnaryData<DeleteResp>): void => {
    const removed = remove(log.softDelete.bind(log), call.request.getOptions());
    if (typeof removed !== 'bigint') {
      callback(removed);
      return;
    }
    const position = new DeleteResp.Position()
      .setCommitPosition(`${removed}`)
      .setPreparePosition(`${removed}`);
    callback(null, new DeleteResp().setPosition(position));
  };

export const tombstone =
  ({ log }: ServerContext) =>
  (
    call: ServerUnaryCall<TombstoneReq, TombstoneResp>,
    callback: sendUnaryData<TombstoneResp>,
  ): void => {
    const removed = remove(log.tombstone.bind(log), call.request.getOptions());
    if (typeof removed !== 'bigint') {
      callback(removed);
      return;
    }
    const position = new TombstoneResp.Position()
      .setCommitPosition(`${removed}`)
      .setPreparePosition(`${removed}`);
    callback(null, new TombstoneResp().setPosition(position));
  };
