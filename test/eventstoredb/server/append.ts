/**
 * Appends on the plain path: one call for each.
 */
import type { ServerReadableStream, sendUnaryData } from '@grpc/grpc-js';
import { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb';
import { describeAppend, refusal, takeTurn } from './append-turn';
import type { ServerContext } from './context';
import type { AppendOutcome, ProposedRecord } from './log';
import { empty, expectedOf, nameOf, proposedRecord } from './messages';
import * as statuses from './statuses';

/** A wrong revision is an answer on the plain path, everything else that is not stored an error. */
const answerPlainly = (
  options: AppendReq.Options,
  outcome: AppendOutcome,
  callback: sendUnaryData<AppendResp>,
): void => {
  switch (outcome.type) {
    case 'stored': {
      const success = new AppendResp.Success();
      if (outcome.revision < 0n) success.setNoStream(empty());
      else success.setCurrentRevision(`${outcome.revision}`);
      if (outcome.position === undefined) success.setNoPosition(empty());
      else {
        success.setPosition(
          new AppendResp.Position()
            .setCommitPosition(`${outcome.position}`)
            .setPreparePosition(`${outcome.position}`),
        );
      }
      callback(null, new AppendResp().setSuccess(success));
      return;
    }
    case 'wrongRevision': {
      const wrong = new AppendResp.WrongExpectedVersion();
      if (outcome.current === undefined) wrong.setCurrentNoStream(empty());
      else wrong.setCurrentRevision(`${outcome.current}`);
      if (options.hasRevision()) wrong.setExpectedRevision(options.getRevision());
      else if (options.hasNoStream()) wrong.setExpectedNoStream(empty());
      else if (options.hasStreamExists()) wrong.setExpectedStreamExists(empty());
      else wrong.setExpectedAny(empty());
      callback(null, new AppendResp().setWrongExpectedVersion(wrong));
      return;
    }
    case 'tooLarge':
      callback(statuses.tooLarge(outcome.maximum));
      return;
    case 'deleted':
      callback(statuses.streamDeleted(nameOf(options.getStreamIdentifier())));
  }
};

export const append =
  (context: ServerContext) =>
  (
    call: ServerReadableStream<AppendReq, AppendResp>,
    callback: sendUnaryData<AppendResp>,
  ): void => {
    let options = new AppendReq.Options();
    const records: Array<ProposedRecord> = [];
    call.on('data', (message: AppendReq) => {
      options = message.getOptions() ?? options;
      const proposed = message.getProposedMessage();
      if (proposed) records.push(proposedRecord(proposed));
    });
    call.on('end', () => {
      // A call that was cancelled half-way ends too, without all of its events.
      if (call.cancelled) return;

      const stream = nameOf(options.getStreamIdentifier());
      const revision = options.hasRevision() ? options.getRevision() : undefined;
      const commit = (): AppendOutcome =>
        context.log.append(stream, expectedOf(options, revision), records);
      void takeTurn(context, describeAppend('plain', stream, records), commit, {
        outcome: (outcome) => {
          answerPlainly(options, outcome, callback);
        },
        refuse: (refused) => {
          callback(refusal(refused, context));
        },
        cut: () => {
          context.cut(call.getPeer());
        },
      });
    });
  };
