/**
 * Appends on the batch path: one call for all that a client ever appends.
 */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  AllStreamPosition,
  MaximumAppendSizeExceeded,
  StreamDeleted,
  Timeout,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb';
import { type BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { describeAppend, refusal, takeTurn, type Refusal } from './append-turn';
import type { ServerContext } from './context';
import type { AppendOutcome, ProposedRecord } from './log';
import { batchError, expectedOf, identifierOf, nameOf, proposedRecord } from './messages';
import type { Failure } from './statuses';

const wrongVersion = (
  options: BatchAppendReq.Options,
  current: bigint | undefined,
): WrongExpectedVersion => {
  const wrong = new WrongExpectedVersion();
  if (current !== undefined) wrong.setCurrentStreamRevision(`${current}`);
  if (options.hasStreamPosition()) wrong.setExpectedStreamPosition(options.getStreamPosition());
  else if (options.hasNoStream()) wrong.setExpectedNoStream(options.getNoStream());
  else if (options.hasStreamExists()) wrong.setExpectedStreamExists(options.getStreamExists());
  else wrong.setExpectedAny(options.getAny());
  return wrong;
};

/** On the batch path everything that is not stored is an error of this one append. */
const batchAnswer = (options: BatchAppendReq.Options, outcome: AppendOutcome): BatchAppendResp => {
  const answer = new BatchAppendResp();
  switch (outcome.type) {
    case 'stored': {
      const success = new BatchAppendResp.Success().setCurrentRevision(`${outcome.revision}`);
      if (outcome.position !== undefined) {
        success.setPosition(
          new AllStreamPosition()
            .setCommitPosition(`${outcome.position}`)
            .setPreparePosition(`${outcome.position}`),
        );
      }
      return answer.setSuccess(success);
    }
    case 'wrongRevision': {
      const detail = wrongVersion(options, outcome.current).serializeBinary();
      return answer.setError(
        batchError('event_store.client.WrongExpectedVersion', detail, 'WrongExpectedVersion'),
      );
    }
    case 'tooLarge': {
      const detail = new MaximumAppendSizeExceeded().setMaxappendsize(outcome.maximum);
      return answer.setError(
        batchError(
          'event_store.client.MaximumAppendSizeExceeded',
          detail.serializeBinary(),
          `Maximum Append Size of ${outcome.maximum} Exceeded.`,
        ),
      );
    }
    case 'deleted': {
      const detail = new StreamDeleted().setStreamIdentifier(options.getStreamIdentifier());
      return answer.setError(
        batchError('event_store.client.StreamDeleted', detail.serializeBinary(), 'StreamDeleted'),
      );
    }
  }
};

/** What the server says of one append on the batch path, or what ends the whole path. */
const batchRefusal = (refused: Refusal, context: ServerContext): BatchAppendResp | Failure => {
  switch (refused) {
    case 'overloaded':
      return new BatchAppendResp().setError(
        batchError('google.protobuf.Empty', new Uint8Array(), 'Server Is Busy'),
      );
    case 'timeout':
      return new BatchAppendResp().setError(
        batchError('event_store.client.Timeout', new Timeout().serializeBinary(), 'Timeout'),
      );
    default:
      return refusal(refused, context);
  }
};

interface Batch {
  readonly options: BatchAppendReq.Options;
  readonly records: Array<ProposedRecord>;
}

export const batchAppend =
  (context: ServerContext) =>
  (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    // One append may come in several messages, and between those of others.
    const unfinished = new Map<string, Batch>();

    const finish = (request: BatchAppendReq, { options, records }: Batch): void => {
      const stream = nameOf(options.getStreamIdentifier());
      const revision = options.hasStreamPosition() ? options.getStreamPosition() : undefined;
      const commit = (): AppendOutcome =>
        context.log.append(stream, expectedOf(options, revision), records);
      const answer = (response: BatchAppendResp): void => {
        if (call.cancelled) return;
        call.write(
          response
            .setCorrelationId(request.getCorrelationId())
            .setStreamIdentifier(identifierOf(stream)),
        );
      };
      void takeTurn(context, describeAppend('batch', stream, records), commit, {
        outcome: (outcome) => {
          answer(batchAnswer(options, outcome));
        },
        refuse: (refused) => {
          const refusedBy = batchRefusal(refused, context);
          if (refusedBy instanceof BatchAppendResp) answer(refusedBy);
          else call.emit('error', refusedBy);
        },
        cut: () => {
          context.cut(call.getPeer());
        },
      });
    };

    call.on('data', (request: BatchAppendReq) => {
      const id = request.getCorrelationId()?.getString() ?? '';
      const options = request.getOptions();
      if (options) unfinished.set(id, { options, records: [] });
      const batch = unfinished.get(id);
      if (!batch) return;

      batch.records.push(...request.getProposedMessagesList().map(proposedRecord));
      if (!request.getIsFinal()) return;

      unfinished.delete(id);
      finish(request, batch);
    });
    call.on('end', () => {
      call.end();
    });
  };
