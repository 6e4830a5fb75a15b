/**
 * Commits a group of appends as soon as nobody is in the way, and finds out what became of it.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { OutcomeUnknown } from '../../application/failures';
import { messageOf, toFailure } from './faults';
import { type Answer, CommitInDoubt, type LedgerWriter, type Request } from './ledger-writer';
import { type Patience, whenFree } from './patience';

const MOST_EVENTS = 1_000;
const MOST_CHARACTERS = 4_000_000;

/** How much is in a group: it ends where it is full, so that one transaction does not hold up others for long. */
export class GroupSize {
  private events = 0;
  private characters = 0;

  get isFull(): boolean {
    return this.events >= MOST_EVENTS || this.characters >= MOST_CHARACTERS;
  }

  readonly add = (request: Request): void => {
    for (const { events } of request) {
      this.events += events.length;
      for (const { data, metadata } of events) this.characters += data.length + metadata.length;
    }
  };
}

/** Requests that share a transaction; each is all or nothing. */
export type Group = ReadonlyArray<Request>;

/** Answers each request of a group, and never rejects. */
export type CommitGroup = (
  group: Group,
  /** A reading of `performance.now()` on the thread that commits: when the first of them began to wait. */
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
      return isStored ? answers : answers.map(() => E.left(toFailure({ name })(cause)));
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
      return group.map(() => E.left(toFailure({ name })(error)));
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
