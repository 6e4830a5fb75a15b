/**
 * Gathers concurrent callers, so that they share one transaction and one sync of the disk.
 */
import * as E from 'fp-ts/lib/Either.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OutcomeUnknown } from '../../application/failures';
import { messageOf, toFailure } from './faults';
import { type Answer, CommitInDoubt, type LedgerWriter, type Request } from './ledger-writer';
import { whenFree } from './patience';

/** A group ends here, so that one transaction does not hold up the event loop for long. */
const EVENTS_IN_A_GROUP = 1_000;
const CHARACTERS_IN_A_GROUP = 4_000_000;

interface Waiting {
  readonly request: Request;
  readonly since: number;
  readonly answer: (answer: Answer) => void;
}

/** What a group commit needs to know of its store. */
export interface GroupCommitSettings {
  readonly name: string;
  readonly busyTimeoutMs: number;
  readonly onCommit: () => void;
}

/**
 * Answers the function that appends one request: it waits for its turn of the event loop, joins
 * all that were asked meanwhile, and resolves when the group is on the disk.
 */
export const groupCommit = (
  writer: LedgerWriter,
  { name, busyTimeoutMs, onCommit }: GroupCommitSettings,
): ((request: Request) => Promise<Answer>) => {
  const queue: Array<Waiting> = [];
  let working = false;
  let lastProgress = 0;

  const work = async (): Promise<void> => {
    working = true;
    await nextTurn();
    while (queue.length > 0) {
      const group = takeGroup(queue);
      const answers = await commit(group);
      for (const [index, answer] of answers.entries()) group[index]?.answer(answer);
      await nextTurn();
    }
    working = false;
  };

  const commit = async (group: ReadonlyArray<Waiting>): Promise<ReadonlyArray<Answer>> => {
    const requests = group.map(({ request }) => request);
    // Time spent behind our own earlier groups is not time that another process made us wait.
    const since = Math.max(group[0]?.since ?? 0, lastProgress);
    try {
      return committed(
        await whenFree(() => writer.write(requests), { name, busyTimeoutMs, since }),
      );
    } catch (error) {
      if (error instanceof CommitInDoubt) return settled(error);
      return requests.map(() => E.left(toFailure(name)(error)));
    }
  };

  const settled = async (doubt: CommitInDoubt): Promise<ReadonlyArray<Answer>> => {
    const since = performance.now();
    try {
      const isStored = await whenFree(() => writer.settle(doubt.firstId), {
        name,
        busyTimeoutMs,
        since,
      });
      if (isStored) return committed(doubt.answers);
      return doubt.answers.map(() => E.left(toFailure(name)(doubt.cause)));
    } catch {
      return doubt.answers.map(() => E.left(outcomeUnknown(name, doubt.cause)));
    }
  };

  const committed = (answers: ReadonlyArray<Answer>): ReadonlyArray<Answer> => {
    lastProgress = performance.now();
    if (answers.some(E.isRight)) onCommit();
    return answers;
  };

  return (request) =>
    new Promise((answer) => {
      queue.push({ request, since: performance.now(), answer });
      if (!working) void work();
    });
};

const outcomeUnknown = (name: string, cause: unknown): OutcomeUnknown => ({
  type: 'OutcomeUnknown',
  commandId: undefined,
  message: `${name} failed while committing (${messageOf(cause)}), and it is not known whether the events were stored. Check the disk, then repeat the append with the same event ids.`,
});

/** Removes the next group from the queue: at least one request, more while it stays small. */
const takeGroup = (queue: Array<Waiting>): ReadonlyArray<Waiting> => {
  let events = 0;
  let characters = 0;
  const end = queue.findIndex(({ request }) => {
    const isFull = events >= EVENTS_IN_A_GROUP || characters >= CHARACTERS_IN_A_GROUP;
    for (const append of request) {
      events += append.events.length;
      for (const { data, metadata } of append.events) characters += data.length + metadata.length;
    }
    return isFull;
  });
  return queue.splice(0, end === -1 ? queue.length : end);
};
