/**
 * Commits a group of appends as soon as nobody is in the way, and finds out what became of it.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { OutcomeUnknown } from '../../application/failures';
import { messageOf, toFailure } from './faults';
import { type Answer, CommitInDoubt, type LedgerWriter, type Request } from './ledger-writer';
import { type Patience, whenFree } from './patience';

/** A group ends here, so that one transaction does not hold up others for long. */
export const EVENTS_IN_A_GROUP = 1_000;

/** Requests that share a transaction; each is all or nothing. */
export type Group = ReadonlyArray<Request>;

/** Answers each request of a group, and never rejects. */
export type CommitGroup = (
  group: Group,
  /** A reading of `performance.now()`: when the first of them began to wait. */
  since: number,
) => Promise<ReadonlyArray<Answer>>;

/** What committing needs to know of the store. */
export type CommitSettings = Pick<Patience, 'name' | 'busyTimeoutMs'>;

export const commitGroupWith = (
  writer: LedgerWriter,
  { name, busyTimeoutMs }: CommitSettings,
): CommitGroup => {
  let lastProgress = 0;

  const settled = async ({
    answers,
    cause,
    firstId,
  }: CommitInDoubt): Promise<ReadonlyArray<Answer>> => {
    const since = performance.now();
    try {
      const isStored = await whenFree(() => writer.settle(firstId), { name, busyTimeoutMs, since });
      return isStored ? answers : answers.map(() => E.left(toFailure(name)(cause)));
    } catch {
      return answers.map(() => E.left(outcomeUnknown(name, cause)));
    }
  };

  return async (group, asked) => {
    // Time spent behind our own earlier groups is not time that another process made us wait.
    const since = Math.max(asked, lastProgress);
    try {
      return await whenFree(() => writer.write(group), { name, busyTimeoutMs, since });
    } catch (error) {
      if (error instanceof CommitInDoubt) return await settled(error);
      return group.map(() => E.left(toFailure(name)(error)));
    } finally {
      lastProgress = performance.now();
    }
  };
};

/** It cannot be found out whether a group was stored. */
export const outcomeUnknown = (name: string, cause: unknown): OutcomeUnknown => ({
  type: 'OutcomeUnknown',
  commandId: undefined,
  message: `${name} failed while committing (${messageOf(cause)}), and it is not known whether the events were stored. Check the disk, then repeat the append with the same event ids.`,
});
