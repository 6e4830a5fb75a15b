/**
 * Errors that end a call, worded and coded as the real server does.
 */
import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import type { Endpoint } from './context';
import type { Ending } from './faults';

export type Failure = Pick<StatusObject, 'code' | 'details'> & { readonly metadata?: Metadata };

const failure = (
  code: status,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): Failure => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return { code, details, metadata };
};

export const notLeader = ({ host, port }: Endpoint): Failure =>
  failure(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': `${port}`,
  });

export const unavailable = failure(status.UNAVAILABLE, 'Server Is Not Ready');

export const tooBusy = failure(status.UNAVAILABLE, 'Server Is Too Busy');

export const deadlineExceeded = failure(status.DEADLINE_EXCEEDED, 'Deadline exceeded');

export const timedOut = failure(status.ABORTED, 'Operation timed out: Prepare phase timeout');

export const invalidPosition = failure(status.ABORTED, 'Trying to read from an invalid position.');

export const unimplemented = failure(status.UNIMPLEMENTED, 'Not part of the test server.');

export const tooLarge = (maximum: number): Failure =>
  failure(status.INVALID_ARGUMENT, `Maximum Append Size of ${maximum} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': `${maximum}`,
  });

export const streamDeleted = (stream: string): Failure =>
  failure(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

/** Answers a delete; an append answers with a message of its own. */
export const wrongRevision = (
  stream: string,
  expected: string,
  current: bigint | undefined,
): Failure =>
  failure(status.FAILED_PRECONDITION, `WrongExpectedVersion. Stream: ${stream}`, {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': expected,
    ...(current === undefined ? {} : { 'actual-version': `${current}` }),
  });

/** How a streaming call is ended from this side; a `cut` is no status. */
export const endingFailure = (ending: Exclude<Ending, 'cut'>, leader: Endpoint): Failure => {
  switch (ending) {
    case 'unavailable':
      return unavailable;
    case 'notLeader':
      return notLeader(leader);
    case 'cancelled':
      return failure(status.CANCELLED, 'The server is shutting down.');
    case 'tooSlow':
      // What servers up to 23.10 say to a live subscriber that is too far behind.
      return failure(
        status.ABORTED,
        'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
      );
  }
};
