/** Carries a task out, one step after the other, and begins anew when somebody else was faster. */
import * as E from 'fp-ts/lib/Either.js';
import { isNonEmpty } from 'fp-ts/lib/Array.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import {
  type Append,
  type Approved,
  hasWritten,
  homeOf,
  isSameCommand,
  nextStep,
  type Place,
  sourceOf,
  type Step,
  type Task,
  Unsettled,
} from '../../processes';
import type { Rejection } from '../../rejection';
import type { EventMetadata } from '../../stored-event';
import { answerStream } from '../../values/stream-name';
import { CommandRefused, CommandUnchanged } from '../answers';
import { placedEventId } from '../command-identity';
import { type AnyEvent, storedTypeOf } from '../decode-event';
import { contended, type Engine, MOST_ATTEMPTS, pause, unfinished, unfitting } from '../engine';
import { type AppendFailure, type Failure, naming } from '../failures';
import { withIssued } from '../issued';
import { type Appended, type EventToAppend, NO_STREAM } from '../ports';
import { Sight } from './sight';
import type { OrgId } from '../../values/ids';

/** No task takes more steps than this without being disturbed. */
const MOST_STEPS = 500;
/** A writer who is met in mid-claim is given this much time, over several looks, before it is stopped. */
const GRACE_MS = [5, 20, 80];

/** One append of a task, as it was made. */
export interface Done {
  readonly append: Append;
  readonly position: bigint;
}

/** An answer that was recorded because the command adds nothing. */
export interface Answered {
  readonly rejections: NonEmptyArray<Rejection> | undefined;
  readonly position: bigint;
}

/** What was done until nothing was left to do. */
export interface CarriedOut {
  readonly sight: Sight;
  readonly done: ReadonlyArray<Done>;
  readonly answered: Answered | undefined;
}

/** The world as one task meets it: knowledge, what was done, and how patient it still is. */
class Carrying {
  readonly done: Array<Done> = [];
  answered: Answered | undefined;
  /** A mailbox could not leave its seat, because too much would have been lost with it in one append. */
  tooLarge: Failure | undefined;
  private looks = 0;

  constructor(
    private readonly engine: Engine,
    readonly sight: Sight,
    private readonly task: Task,
  ) {}

  /** `true`: go on. `false`: somebody else was faster. */
  async take(step: Step): Promise<E.Either<Failure, boolean>> {
    switch (step.do) {
      case 'nothing':
        return E.right(true);
      case 'read':
        return E.map(() => true)(await this.sight.read(step.wanted));
      case 'answer':
        return this.answer(step.rejections);
      case 'append':
        return step.isFence && (await this.isPatient()) ? E.right(true) : this.append(step);
    }
  }

  /** Waits and looks again, a few times: the other writer may only be slow. */
  private async isPatient(): Promise<boolean> {
    const wait = GRACE_MS[this.looks];
    if (wait === undefined) return false;
    this.looks += 1;
    await new Promise((resolve) => setTimeout(resolve, wait));
    this.sight.forget();
    return true;
  }

  private async append(step: Append): Promise<E.Either<Failure, boolean>> {
    const stream = this.sight.streamOf(step.facts);
    const { events } = step.facts;
    const metadata = this.metadataOf(stream, events, step.by);
    const appended = await this.write(stream, step.after, events, metadata);
    const departsFor = departureIn(step);
    if (departsFor !== undefined && this.isOwn(step.by)) this.tooLarge = undefined;
    if (E.isRight(appended)) {
      this.sight.took(step, metadata[0]);
      this.done.push({ append: step, position: appended.right.position });
      return E.right(true);
    }
    if (appended.left.type !== 'AppendTooLarge' || departsFor === undefined) {
      return this.whether(appended.left);
    }
    // Whoever only meets such a move gives it up, and goes on with what they came for.
    if (this.isOwn(step.by)) this.tooLarge = appended.left;
    this.sight.tookTooLarge(departsFor);
    return E.right(true);
  }

  private async answer(
    rejections: NonEmptyArray<Rejection> | undefined,
  ): Promise<E.Either<Failure, boolean>> {
    if (this.task.type !== 'command') throw new Error('Defect: only commands are answered.');
    const { command, by } = this.task.undertaking;
    const answer = rejections === undefined ? CommandUnchanged({}) : CommandRefused({ rejections });
    const stream = answerStream(this.sight.orgId, command.commandId);
    const metadata = this.metadataOf(stream, [answer], by);
    const appended = await this.write(stream, NO_STREAM, [answer], metadata);
    if (E.isLeft(appended)) return this.whether(appended.left);
    this.answered = { rejections, position: appended.right.position };
    this.sight.tookAnswer(command.commandId, homeOf(command));
    return E.right(true);
  }

  /** What is written beside each event: with the first that counts of the command stands the command. */
  private metadataOf(
    stream: string,
    events: ReadonlyArray<AnyEvent>,
    by: EventMetadata,
  ): ReadonlyArray<EventMetadata> {
    const { task } = this;
    if (task.type !== 'command' || !this.isFirst(stream, by)) return events.map(() => by);
    return events.map((event, index) =>
      index === 0 ? withIssued(by, task.undertaking, event) : by,
    );
  }

  private write(
    stream: string,
    after: bigint,
    events: ReadonlyArray<AnyEvent>,
    metadata: ReadonlyArray<EventMetadata>,
  ): Promise<E.Either<AppendFailure, Appended>> {
    const owner = { orgId: this.sight.orgId, addressSecret: this.engine.addressSecret };
    const placed = metadata.flatMap((by, index): ReadonlyArray<EventToAppend> => {
      const event = events[index];
      if (event === undefined) return [];
      const place = { stream, revision: after + 1n + BigInt(index) };
      const id = placedEventId(owner, place, event, by);
      return [{ id, type: storedTypeOf(event.type), data: event.data, metadata: by }];
    });
    if (!isNonEmpty(placed)) throw new Error('Defect: a step appends nothing.');
    return this.engine.store.append([{ stream, expectedRevision: after, events: placed }])();
  }

  /** An id alone may be another command's, on another seat. */
  isOwn(by: EventMetadata): boolean {
    return this.task.type === 'command' && isSameCommand(this.task.undertaking.by, by);
  }

  /**
   * Whether what is written to `stream` now is the first that counts of the command: at home, in its answer,
   * or on the seat that prospects leave, for whoever lets them arrive does not know the command.
   */
  private isFirst(stream: string, by: EventMetadata): boolean {
    if (this.task.type !== 'command' || !this.isOwn(by)) return false;
    const { command } = this.task.undertaking;
    if (stream === answerStream(this.sight.orgId, command.commandId)) return true;
    const source = sourceOf(command);
    const first: Place = source === undefined ? homeOf(command) : { on: 'seat', userId: source };
    if (stream !== this.sight.streamOf(first)) return false;
    const known = first.on === 'seat' ? this.sight.seat(first.userId) : this.sight.organization();
    return known === undefined || !hasWritten(known.trace, by);
  }

  /** A conflict is no failure: it says to look again. */
  private whether(failure: AppendFailure): E.Either<Failure, false> {
    if (failure.type === 'RevisionConflict') return E.right(false);
    if (failure.type === 'EventIdTaken') throw new Error(`Defect: ${failure.message}`);
    return E.left(
      this.task.type === 'command' ? naming(failure, this.task.undertaking.command) : failure,
    );
  }
}

/** The approval of another seat that a mailbox leaves for: it can be given up instead. */
const departureIn = ({ facts }: Append): Approved | undefined => {
  for (const { type, data } of facts.events) {
    if (type !== 'MailboxDeleted' || data.movedTo === undefined) continue;
    return { userId: data.movedTo, requestId: data.requestId };
  }
  return undefined;
};

/** The next step, or why what was read, maybe at different times, does not fit together. */
const stepOf = async (task: Task, sight: Sight): Promise<Step | Unsettled> => {
  try {
    return await nextStep(task, sight);
  } catch (error) {
    if (error instanceof Unsettled) return error;
    throw error;
  }
};

export const carryOut = async (
  engine: Engine,
  orgId: OrgId,
  task: Task,
): Promise<E.Either<Failure, CarriedOut>> => {
  const sight = new Sight(engine, orgId);
  const carrying = new Carrying(engine, sight, task);
  let disturbed = 0;
  let conflicts = 0;
  let unsettled: Unsettled | undefined;
  let readsInARow = 0;
  for (let steps = 0; disturbed < MOST_ATTEMPTS; steps += 1) {
    if (steps === MOST_STEPS) {
      // It waits for what a stream would have to say by now, and does not: only a damaged log has that.
      if (readsInARow > MOST_STEPS / 2) return E.left(unfitting(readsInARow));
      throw new Error(`Defect: no end after ${MOST_STEPS} steps.`);
    }
    const step = await stepOf(task, sight);
    if (step instanceof Unsettled) unsettled = step;
    else if (step.do === 'nothing') {
      const { done, answered, tooLarge } = carrying;
      return tooLarge === undefined ? E.right({ sight, done, answered }) : E.left(tooLarge);
    } else {
      readsInARow = step.do === 'read' ? readsInARow + 1 : 0;
      const taken = await carrying.take(step);
      if (E.isLeft(taken)) return taken;
      if (taken.right) continue;
      conflicts += 1;
    }
    disturbed += 1;
    steps = 0;
    sight.forget();
    await pause(disturbed);
  }
  // Nobody was faster, not once: what never fits together is a defect, not a race.
  if (conflicts === 0 && unsettled !== undefined) throw unsettled;
  // What was finished for others on the way is nothing of this command.
  const isBegun = carrying.done.some(
    ({ append }) => task.type !== 'command' || carrying.isOwn(append.by),
  );
  return E.left(isBegun ? unfinished(disturbed) : contended(disturbed));
};
