/** The facade: a store, a secret, and everything the policy lets people do with them. */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { mayRead } from '../authorization';
import { Command, type CommandInput } from '../commands';
import { HOUSEKEEPING } from '../processes';
import type { Rejection } from '../rejection';
import { type Impact, impactOf, type Seat } from '../seat';
import { AddressText } from '../values/address-codec';
import { closed } from '../values/codec';
import { UserId } from '../values/ids';
import { Principal, type PrincipalInput } from '../values/principal';
import { seatStream } from '../values/stream-name';
import { Timestamp } from '../values/timestamp';
import { dryRun } from './dry-run';
import { type Engine, homeStream, type Issue } from './engine';
import { execute, unitOfWork } from './execute';
import { type Failure, invalidInput, type StoreClosed } from './failures';
import { type HistoryEntry, readHistory } from './history';
import { read } from './input';
import { KeyedQueue } from './keyed-queue';
import type { Answer, DryAnswer, Preview, RecordedCommand, Refused } from './outcome';
import { housekeepingAt, recover, type Recovery } from './stepwise';
import { openViews, type Views } from './views';

export interface ExecuteOptions {
  /** The time to record, instead of the clock's: for commands that were given earlier. */
  readonly at?: string;
}

/** A mailbox of a seat. */
export interface MailboxQuery {
  readonly userId: string;
  readonly address: string;
}

/** The ledger's questions and commands as fp-ts `TaskEither`s: lazy, and never rejecting. */
export interface LedgerTasks {
  readonly execute: (
    principal: PrincipalInput,
    command: CommandInput,
    options?: ExecuteOptions,
  ) => TaskEither<Refused | Failure, RecordedCommand>;
  readonly dryRun: (
    principal: PrincipalInput,
    command: CommandInput,
  ) => TaskEither<Refused | Failure, Preview>;
  readonly impact: (
    principal: PrincipalInput,
    mailbox: MailboxQuery,
  ) => TaskEither<Refused | Failure, Impact>;
  readonly history: (
    principal: PrincipalInput,
    userId: string,
  ) => TaskEither<Refused | Failure, ReadonlyArray<HistoryEntry>>;
  readonly head: () => TaskEither<Failure, string>;
  readonly recover: () => TaskEither<Failure, Recovery>;
}

type Promised<Tasks> = {
  readonly [Name in keyof Tasks]: Tasks[Name] extends (
    ...inputs: infer Inputs
  ) => TaskEither<infer Left, infer Right>
    ? (...inputs: Inputs) => Promise<E.Either<Left, Right>>
    : never;
};

/**
 * One open ledger. Its promises resolve to an `Either`: `_tag` is `Right` for a yes and `Left` for a
 * refusal or a failure, told apart by `type`. They reject only for a defect of this library.
 *
 * - `execute` decides a command and records what follows. Sending it again gives the same answer.
 * - `dryRun` decides without recording, and shows what a deletion would cost.
 * - `impact` is what deleting one mailbox would cost now.
 * - `history` is everything that ever happened on a seat, oldest first.
 * - `head` is the position of the log's last event. What is recorded later has a higher one.
 * - `recover` finishes what dead processes left half done, on a store that appends to one stream at a
 *   time. It runs by itself when a ledger is opened, and may run at any time, beside anything else.
 */
export interface Ledger extends Promised<LedgerTasks> {
  readonly views: Views;
  readonly tasks: LedgerTasks;
  /** Finishes what is under way and closes the store. */
  readonly close: () => Promise<void>;
}

const closedFailure: StoreClosed = {
  type: 'StoreClosed',
  message: 'The ledger has been closed. Open it again with openLedger.',
};

const reservedId = invalidInput('command', [
  {
    path: 'commandId',
    expected: 'an id that the ledger does not use itself',
    got: JSON.stringify(HOUSEKEEPING),
  },
]);

const refusedRead = (rejection: Rejection): E.Either<Refused, never> =>
  E.left({ type: 'Refused', commandId: null, rejections: [rejection], position: null });

const Mailbox = closed({ userId: UserId, address: AddressText });
const Options = closed({}, { at: Timestamp });

class OpenLedger {
  private readonly queue = new KeyedQueue();
  private readonly underWay = new Set<Promise<unknown>>();
  private closing: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly clock: () => E.Either<Failure, Timestamp>,
  ) {}

  async execute(principal: unknown, command: unknown, options: unknown): Promise<Answer> {
    const issue = this.issue(principal, command, options);
    if (E.isLeft(issue)) return issue;
    // One after the other on one seat: callers of this process need not race each other.
    return this.queue.run(homeStream(issue.right), () => execute(this.engine, issue.right));
  }

  async dryRun(principal: unknown, command: unknown): Promise<DryAnswer> {
    const issue = this.issue(principal, command, {});
    return E.isLeft(issue) ? issue : dryRun(this.engine, issue.right);
  }

  async impact(principal: unknown, mailbox: unknown): Promise<E.Either<Refused | Failure, Impact>> {
    const who = read('principal', Principal, principal);
    if (E.isLeft(who)) return who;
    const which = read('query', Mailbox, mailbox);
    if (E.isLeft(which)) return which;
    const { userId, address } = which.right;
    const found = await this.readableSeat(who.right, userId);
    if (E.isLeft(found)) return found;
    return found.right.mailboxes.has(address.canonical)
      ? E.right(impactOf(found.right, userId, address))
      : refusedRead({ type: 'MailboxNotFound', address: address.canonical });
  }

  async history(
    principal: unknown,
    userId: unknown,
  ): Promise<E.Either<Refused | Failure, ReadonlyArray<HistoryEntry>>> {
    const who = read('principal', Principal, principal);
    if (E.isLeft(who)) return who;
    const whose = read('query', UserId, userId);
    if (E.isLeft(whose)) return whose;
    const found = await this.readableSeat(who.right, whose.right);
    if (E.isLeft(found)) return found;
    return readHistory(this.engine.store, seatStream(who.right.orgId, whose.right));
  }

  async head(): Promise<E.Either<Failure, string>> {
    return E.map(String)(await this.engine.store.head());
  }

  recover(): Promise<E.Either<Failure, Recovery>> {
    const now = this.clock();
    if (E.isLeft(now)) return Promise.resolve(now);
    return recover(this.engine, housekeepingAt(now.right), () => this.closing !== undefined);
  }

  /** Counts a call as under way, so that closing waits for it; refuses it once closed. */
  readonly track = async <Left, Right>(
    call: () => Promise<E.Either<Left, Right>>,
  ): Promise<E.Either<Left | StoreClosed, Right>> => {
    if (this.closing !== undefined) return E.left(closedFailure);
    const running = call();
    this.underWay.add(running);
    try {
      return await running;
    } finally {
      this.underWay.delete(running);
    }
  };

  readonly close = (): Promise<void> => {
    this.closing ??= Promise.allSettled(this.underWay).then(() => this.engine.store.close());
    return this.closing;
  };

  private issue(principal: unknown, command: unknown, options: unknown): E.Either<Failure, Issue> {
    const who = read('principal', Principal, principal);
    if (E.isLeft(who)) return who;
    const what = read('command', Command, command);
    if (E.isLeft(what)) return what;
    if (what.right.commandId === HOUSEKEEPING) return E.left(reservedId);
    const how = read('options', Options, options ?? {});
    if (E.isLeft(how)) return how;
    const now = how.right.at === undefined ? this.clock() : E.right(how.right.at);
    if (E.isLeft(now)) return now;
    return E.right({ principal: who.right, command: what.right, now: now.right });
  }

  private async readableSeat(
    principal: Principal,
    userId: UserId,
  ): Promise<E.Either<Refused | Failure, Seat>> {
    if (!mayRead(principal, userId)) return refusedRead({ type: 'NotOwnSeat' });
    const unit = unitOfWork(this.engine, principal.orgId, true);
    const found = await unit.states.seat(userId)();
    if (E.isLeft(found)) return found;
    return found.right.userId === undefined ? refusedRead({ type: 'SeatNotFound', userId }) : found;
  }
}

/** A call as a task: it starts when the task is run. */
const lazily =
  <Inputs extends ReadonlyArray<unknown>, Output>(call: (...given: Inputs) => Promise<Output>) =>
  (...given: Inputs) =>
  () =>
    call(...given);

/** The ledger on an engine that is ready. */
export const ledgerOn = (engine: Engine, clock: () => E.Either<Failure, Timestamp>): Ledger => {
  const open = new OpenLedger(engine, clock);
  const { track } = open;
  const calls: Promised<LedgerTasks> = {
    execute: (...given) => track(() => open.execute(...given)),
    dryRun: (...given) => track(() => open.dryRun(...given)),
    impact: (...given) => track(() => open.impact(...given)),
    history: (...given) => track(() => open.history(...given)),
    head: () => track(() => open.head()),
    recover: () => track(() => open.recover()),
  };
  const tasks: LedgerTasks = {
    execute: lazily(calls.execute),
    dryRun: lazily(calls.dryRun),
    impact: lazily(calls.impact),
    history: lazily(calls.history),
    head: lazily(calls.head),
    recover: lazily(calls.recover),
  };
  return { ...calls, tasks, views: openViews(engine.store, track), close: open.close };
};
