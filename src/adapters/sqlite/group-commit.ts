/**
 * Gathers concurrent callers, so that they share one transaction and one sync of the disk.
 */
import * as E from 'fp-ts/lib/Either.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CommitBeside } from './commit-beside';
import type { CommitGroup } from './commit-group';
import type { Answer, Request } from './ledger-writer';

/** A group ends here, so that one transaction does not hold up the event loop for long. */
const EVENTS_IN_A_GROUP = 1_000;
const CHARACTERS_IN_A_GROUP = 4_000_000;

/**
 * The thread commits one group and has the next: it never waits for this one. A third of the callers have
 * been answered meanwhile and ask for more.
 */
const GROUPS_BESIDE = 2;

interface Waiting {
  readonly request: Request;
  readonly since: number;
  readonly answer: (answer: Answer) => void;
}

/** A group that is being committed: what was asked is not kept, which would be memory for each caller. */
interface Departed {
  readonly callers: ReadonlyArray<Waiting['answer']>;
  readonly answers: Promise<ReadonlyArray<Answer>>;
}

/** Who commits groups, and who is told of each that was. */
export interface GroupCommitSettings {
  /** On this thread. */
  readonly here: CommitGroup;
  /** On a thread of its own, while there is one. */
  readonly beside: CommitBeside;
  readonly onCommit: () => void;
}

/**
 * Answers the function that appends one request: it waits for its turn of the event loop, joins
 * all that were asked meanwhile, and resolves when the group is on the disk.
 */
export const groupCommit = ({
  here,
  beside,
  onCommit,
}: GroupCommitSettings): ((request: Request) => Promise<Answer>) => {
  const queue: Array<Waiting> = [];
  /** In the order in which they are committed. */
  const departed: Array<Departed> = [];
  let working = false;

  const work = async (): Promise<void> => {
    working = true;
    await nextTurn();
    for (;;) {
      departBeside(0);
      if (departed.length === 0) departHere();
      const first = departed.shift();
      if (first === undefined) break;
      const { callers } = first;
      const answers = await first.answers;
      if (answers.some(E.isRight)) onCommit();
      // Before these callers go on: so the thread has work while they do.
      departBeside(callers.length);
      for (const [index, answer] of answers.entries()) callers[index]?.(answer);
      if (departed.length === 0) await nextTurn();
    }
    working = false;
  };

  /** @param returning how many callers are about to be answered, and will most likely ask for more */
  const departBeside = (returning: number): void => {
    while (departed.length < GROUPS_BESIDE) {
      const others = departed.reduce((sum, { callers }) => sum + callers.length, returning);
      const share = Math.ceil((others + queue.length) / (GROUPS_BESIDE + 1));
      if (!beside.takes(Math.min(share, queue.length))) return;
      depart(takeGroup(queue, share), beside.commit);
    }
  };

  const departHere = (): void => {
    if (queue.length > 0) depart(takeGroup(queue, queue.length), commitHere);
  };

  const commitHere: CommitGroup = async (requests, since) => {
    const answers = await here(requests, since);
    beside.note(requests, answers);
    return answers;
  };

  const depart = (group: ReadonlyArray<Waiting>, commit: CommitGroup): void => {
    const requests = group.map(({ request }) => request);
    const callers = group.map(({ answer }) => answer);
    departed.push({ callers, answers: commit(requests, group[0]?.since ?? 0) });
  };

  return (request) =>
    new Promise((answer) => {
      queue.push({ request, since: performance.now(), answer });
      if (!working) void work();
    });
};

/** Removes the next group from the queue: at least one request, more while it stays small, `most` at most. */
const takeGroup = (queue: Array<Waiting>, most: number): ReadonlyArray<Waiting> => {
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
  return queue.splice(0, Math.min(most, end === -1 ? queue.length : end));
};
