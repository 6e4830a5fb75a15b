/**
 * Gathers concurrent callers, so that they share one transaction and one sync of the disk.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { CommitBeside } from './commit-beside';
import { type CommitGroup, GroupSize } from './commit-group';
import type { Answer, Request } from './ledger-writer';

/** In requests. So many go to the thread as soon as they are there: it has work while more are decided. */
const PART = 16;

interface Waiting {
  readonly request: Request;
  readonly since: number;
  readonly answer: (answer: Answer) => void;
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
 *
 * While a thread commits, it is given what is asked in parts, and commits at once whatever is there when it
 * is done with the last: some callers wait for the disk, and others are answered and ask for more.
 */
export const groupCommit = ({
  here,
  beside,
  onCommit,
}: GroupCommitSettings): ((request: Request) => Promise<Answer>) => {
  const queue: Array<Waiting> = [];
  /** Groups under way. Here there is one at a time, and none while there are some at the thread. */
  const underWay = { here: 0, beside: 0 };
  let isTurnAwaited = false;

  const awaitTurn = (): void => {
    if (isTurnAwaited) return;
    isTurnAwaited = true;
    setImmediate(() => {
      isTurnAwaited = false;
      departAll();
    });
  };

  const departAll = (): void => {
    if (underWay.here > 0 || queue.length === 0) return;
    if (underWay.beside > 0 ? beside.isReady : beside.takes(queue.length)) {
      while (queue.length > 0) departBeside();
    } else if (underWay.beside === 0) {
      void depart('here', takeGroup(queue, queue.length), here);
    }
  };

  const departBeside = (): void => {
    void depart('beside', takeGroup(queue, PART), beside.commit);
  };

  const depart = async (
    where: keyof typeof underWay,
    group: ReadonlyArray<Waiting>,
    commit: CommitGroup,
  ): Promise<void> => {
    underWay[where] += 1;
    const callers = group.map(({ answer }) => answer);
    const requests = group.map(({ request }) => request);
    const answers = await commit(requests, group[0]?.since ?? 0);
    underWay[where] -= 1;
    if (where === 'here') beside.note(requests, answers);
    if (answers.some(E.isRight)) onCommit();
    for (const [index, answer] of answers.entries()) callers[index]?.(answer);
    if (queue.length > 0) awaitTurn();
  };

  return (request) =>
    new Promise((answer) => {
      queue.push({ request, since: performance.now(), answer });
      if (queue.length >= PART && underWay.beside > 0 && beside.isReady) departBeside();
      else awaitTurn();
    });
};

/** Removes the next group from the queue: at least one request, more while it is not full, `most` at most. */
const takeGroup = (queue: Array<Waiting>, most: number): ReadonlyArray<Waiting> => {
  const size = new GroupSize();
  let end = 0;
  for (; end < most && !size.isFull; end += 1) {
    const next = queue[end];
    if (next === undefined) break;
    size.add(next.request);
  }
  return queue.splice(0, end);
};
