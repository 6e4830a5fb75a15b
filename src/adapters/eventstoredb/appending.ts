/**
 * Appends, each to one end: stored, refused, or openly unknown. Where an answer is lost, the stream is
 * read to see what became of it, and the same events are sent again: their ids make that harmless.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { AppendFailure } from '../../application/failures';
import { type Appended, NO_STREAM } from '../../application/ports';
import type { EncodedAppend } from '../append-request';
import { revisionConflict } from '../store-failures';
import type { AppendAnswer, ProposedEvent } from './client';
import { backOff, type Deadline, deadlineIn, TimedOut, within } from './deadline';
import {
  appendLimit,
  appendTooLarge,
  isLasting,
  mayBeOfOthers,
  outcomeUnknown,
  refusedAt,
  toFailure,
  wasNotTaken,
} from './faults';
import type { GuardedClient } from './guarded-client';
import { isKnown, LAST_PLACE } from './ledger-streams';
import { isSameId, PAGE, type Reader } from './reading';

export interface AppendSettings {
  readonly name: string;
  readonly timeoutMs: number;
  readonly appendTimeoutMs: number;
  readonly maxAttempts: number;
  readonly maxAppendBytes: number;
  readonly batchAppend: boolean;
}

type Answer = E.Either<AppendFailure, Appended>;

/** What reading a stream says of an append to it. */
type Found =
  | { readonly type: 'stored'; readonly position: bigint }
  /** Other events are where ours would be. */
  | { readonly type: 'moved'; readonly actual: bigint }
  /** Nothing is where ours would be: they may still come. */
  | { readonly type: 'absent' };

/** An append on its way. */
interface Request extends EncodedAppend {
  readonly proposed: Array<ProposedEvent>;
  readonly bytes: number;
  readonly deadline: Deadline;
  /** The first error that left it open whether the events are stored. */
  doubt: unknown;
}

/** After the shared call has fallen silent, how long appends go without it. */
const BATCH_REST_MS = 60_000;
/** Less time than this is not worth a call. */
const SHORTEST_CALL_MS = 5;

export const appenderOn = (
  client: GuardedClient,
  reader: Reader,
  settings: AppendSettings,
): ((append: EncodedAppend) => Promise<Answer>) => {
  const { name, timeoutMs, maxAppendBytes } = settings;
  let batchRestsUntil = settings.batchAppend ? 0 : Infinity;

  /** Time for one call: what is left is kept for reading, should the answer be lost. */
  const callMs = ({ deadline }: Request): number => Math.min(timeoutMs, deadline.left() / 2);

  /** One attempt; the first may go by the shared call, another one does not risk that again. */
  const send = async (request: Request, asBatch: boolean): Promise<AppendAnswer> => {
    const { stream, expectedRevision, proposed } = request;
    const ms = callMs(request);
    try {
      return await within(ms, () =>
        (asBatch ? client.batch : client.plain).appendToStream(
          stream,
          // The client asks for JSON or binary by its type parameter; these are JSON, and it only reads the list.
          proposed as unknown as Array<never>,
          {
            expectedRevision: expectedRevision === NO_STREAM ? 'no_stream' : expectedRevision,
            deadline: Math.ceil(ms),
            requiresLeader: true,
          },
        ),
      );
    } catch (error) {
      if (asBatch && error instanceof TimedOut) {
        batchRestsUntil = performance.now() + BATCH_REST_MS;
      }
      throw error;
    }
  };

  const find = async (request: Request): Promise<Found> => {
    const { stream, expectedRevision, events } = request;
    let checked = 0;
    for (;;) {
      const page = await reader.readPart(
        {
          stream,
          from: expectedRevision + 1n + BigInt(checked),
          maxCount: Math.min(events.length - checked, PAGE),
        },
        Math.min(timeoutMs, request.deadline.left()),
      );
      const last = page.at(-1);
      if (last === undefined) {
        return checked === 0
          ? { type: 'absent' }
          : { type: 'moved', actual: expectedRevision + BigInt(checked) };
      }
      for (const event of page) {
        const ours = events[checked];
        if (ours === undefined || !isSameId(event.id, ours.id)) {
          return { type: 'moved', actual: last.revision };
        }
        checked += 1;
      }
      if (checked === events.length) return { type: 'stored', position: last.position };
    }
  };

  const conflict = ({ stream, expectedRevision }: Request, actual: bigint): Answer =>
    E.left(revisionConflict(stream, expectedRevision, actual));

  const unknown = ({ stream }: Request, error: unknown): Answer =>
    E.left(outcomeUnknown(name, stream, error));

  /** What is answered when an attempt has failed and no other will be made. */
  const givenUp = (request: Request, error: unknown): Answer =>
    request.doubt === undefined ? E.left(toFailure(name)(error)) : unknown(request, request.doubt);

  /** Says what the stream shows, or `undefined` where it leaves the question open. */
  const settledByReading = async (request: Request): Promise<Answer | undefined> => {
    const found = await find(request);
    switch (found.type) {
      case 'stored':
        return E.right({ position: found.position });
      case 'moved':
        return conflict(request, await lastRevision(request, found.actual));
      case 'absent':
        return undefined;
    }
  };

  const lastRevision = async ({ stream, deadline }: Request, least: bigint): Promise<bigint> => {
    const part = { stream, from: 'end', maxCount: 1, direction: 'backwards' } as const;
    const page = await reader.readPart(part, Math.min(timeoutMs, deadline.left()));
    return page.at(-1)?.revision ?? least;
  };

  const answered = async (request: Request, answer: AppendAnswer): Promise<Answer | undefined> => {
    const { success, position } = answer;
    if (success && position !== undefined && isKnown(position)) {
      return E.right({ position: position.commit });
    }
    // Older servers leave the position out when they have stored the events before.
    if (success) request.doubt ??= new Error('it gave no position');
    return settledByReading(request);
  };

  /** A stream that has moved refuses also what it has stored before: by us, a moment or a crash ago. */
  const refused = async (request: Request, actual: bigint): Promise<Answer> => {
    const { expectedRevision, events } = request;
    if (actual < expectedRevision + BigInt(events.length)) return conflict(request, actual);

    const found = await find(request);
    return found.type === 'stored'
      ? E.right({ position: found.position })
      : conflict(request, actual);
  };

  /** Makes one attempt, and answers unless another one is called for. */
  const attempt = async (request: Request, asBatch: boolean): Promise<Answer | undefined> => {
    try {
      return await answered(request, await send(request, asBatch));
    } catch (error) {
      const actual = refusedAt(error);
      if (actual !== undefined) return refused(request, actual);

      const limit = appendLimit(error);
      if (limit !== undefined) return E.left(appendTooLarge(name, request.bytes, limit));

      const isOurs = !asBatch || !mayBeOfOthers(error);
      if (isOurs && isLasting(error)) return givenUp(request, error);
      if (isOurs && wasNotTaken(error)) throw error;

      request.doubt ??= error;
      return settledByReading(request);
    }
  };

  const settle = async (request: Request): Promise<Answer> => {
    let lastError: unknown;
    for (let attempts = 1; ; attempts += 1) {
      try {
        const asBatch = attempts === 1 && performance.now() >= batchRestsUntil;
        const answer = await attempt(request, asBatch);
        if (answer !== undefined) return answer;
      } catch (error) {
        lastError = error;
        if (isLasting(error)) return givenUp(request, error);
      }
      if (attempts >= settings.maxAttempts) return givenUp(request, lastError);
      await backOff(attempts, request.deadline);
      if (callMs(request) < SHORTEST_CALL_MS) return givenUp(request, lastError);
    }
  };

  return (append) => {
    const request = requestOf(append, deadlineIn(settings.appendTimeoutMs));
    if (request.bytes > maxAppendBytes) {
      return Promise.resolve(E.left(appendTooLarge(name, request.bytes, maxAppendBytes)));
    }
    return isRevision(append.expectedRevision) ? settle(request) : refusedUnsent(request);
  };

  /** No stream can be at such a revision, and the protocol could not even carry it. */
  async function refusedUnsent(request: Request): Promise<Answer> {
    try {
      return conflict(request, await lastRevision(request, NO_STREAM));
    } catch (error) {
      return E.left(toFailure(name)(error));
    }
  }
};

const isRevision = (revision: bigint): boolean => revision >= NO_STREAM && revision <= LAST_PLACE;

const requestOf = (
  { stream, expectedRevision, events }: EncodedAppend,
  deadline: Deadline,
): Request => ({
  stream,
  expectedRevision,
  events,
  deadline,
  // Parsed again, for the client encodes it itself, and copied, for retries must send the same.
  proposed: events.map(({ id, type, data, metadata }) => ({
    id,
    type,
    contentType: 'application/json',
    data: JSON.parse(data) as unknown,
    metadata: bytesOf(metadata),
  })),
  bytes: events.reduce((sum, event) => sum + sizeOf(event), 0),
  doubt: undefined,
});

/** The client takes bytes as they are only where they are no `Buffer`; this is a view, not a copy. */
const bytesOf = (text: string): Uint8Array => {
  const { buffer, byteOffset, byteLength } = Buffer.from(text);
  return new Uint8Array(buffer, byteOffset, byteLength);
};

/** As servers count since 24.10; earlier ones forget to add the metadata and the type. */
const sizeOf = ({ type, data, metadata }: EncodedAppend['events'][number]): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * type.length;
