/**
 * Has large groups of appends committed on a thread of its own: while the disk takes one group, this
 * thread decides what is in the next.
 */
import * as E from 'fp-ts/lib/Either.js';
import { type CommitGroup, type Group, outcomeUnknown } from './commit-group';
import type { Place } from './connection';
import type { KnownEvent } from './driver-thread';
import type { Answer } from './ledger-writer';
import { type PackedAnswers, unpacked } from './packed-answers';
import { ThreadOnDemand } from './thread-on-demand';

/** In requests. A smaller group is on the disk before a thread has heard of it. */
const SMALLEST_GROUP = 8;
/** In requests. A group of so many has several parts, some of which can be decided while others are committed. */
const LARGE_GROUP = 24;
/** After so many large ones in a row a thread is worth the moment that it takes to start. */
const LARGE_GROUPS = 8;
/** Many callers come in bursts, and a new thread is slow until it is compiled again. */
const IDLE_MS = 10_000;

export class CommitBeside {
  private readonly thread: ThreadOnDemand<Group, PackedAnswers>;
  private largeInARow = 0;

  constructor(private readonly place: Place) {
    this.thread = new ThreadOnDemand('group-thread', place, IDLE_MS);
  }

  /** Whether it can be given groups. */
  get isReady(): boolean {
    return this.thread.isReady;
  }

  /** Whether so many requests are better committed there than here. */
  takes(requests: number): boolean {
    return requests >= SMALLEST_GROUP && this.isReady;
  }

  /**
   * Groups are committed in the order in which they are given, several at once where they are waiting. How
   * long they have waited here does not count: it was behind others of ours.
   */
  readonly commit: CommitGroup = async (group) => {
    const answers = await this.thread.ask(group);
    if (answers !== undefined) return unpacked(answers);
    const cause = new Error('the thread that wrote has ended');
    return group.map(() => E.left(outcomeUnknown(this.place.name, cause)));
  };

  /** Notes a group that was committed without it: when there are many large ones, it starts. */
  note(group: Group, answers: ReadonlyArray<Answer>): void {
    this.largeInARow = group.length >= LARGE_GROUP ? this.largeInARow + 1 : 0;
    if (this.largeInARow < LARGE_GROUPS) return;
    const known = lastOf(group, answers);
    if (known !== undefined) this.thread.need(known);
  }

  /** Ends the thread, for good. */
  close(): Promise<void> {
    return this.thread.close();
  }
}

/** The last event of the last request that was written. */
const lastOf = (group: Group, answers: ReadonlyArray<Answer>): KnownEvent | undefined => {
  const at = answers.findLastIndex(E.isRight);
  const answer = answers[at];
  const id = group[at]?.findLast(({ events }) => events.length > 0)?.events.at(-1)?.id;
  return answer === undefined || E.isLeft(answer) || id === undefined
    ? undefined
    : { position: Number(answer.right.position), id };
};
