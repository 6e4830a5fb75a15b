/** What a ledger does with each call: reads what was given, and asks whoever answers it. */
import * as E from 'fp-ts/lib/Either.js';
import { projections } from '../../projections';
import type { ReadModel } from '../../projections/read-model';
import { mayRead } from '../authorization';
import { Command } from '../commands';
import { HOUSEKEEPING } from '../processes';
import type { Rejection } from '../rejection';
import { type Impact, impactOf, type Seat } from '../seat';
import { AddressText } from '../values/address-codec';
import { closed } from '../values/codec';
import { UserId } from '../values/ids';
import { nearest } from '../values/nearest';
import { Principal } from '../values/principal';
import { seatStream } from '../values/stream-name';
import { Timestamp } from '../values/timestamp';
import { CallsUnderWay } from './calls-under-way';
import { dryRun } from './dry-run';
import { type Engine, homeStream, type Issue } from './engine';
import { execute } from './execute';
import { type Failure, invalidInput, type StoreClosed } from './failures';
import { Following } from './following';
import { hostProjection } from './following/host-projection';
import { demandView } from './following/host-view';
import { type HistoryEntry, readHistory } from './history';
import { read } from './input';
import { readProgress } from './reading-options';
import { KeyedQueue } from './keyed-queue';
import type { Answer, DryAnswer, Refused } from './outcome';
import { askWhatIf, type Verified, verify } from './redeciding';
import { housekeepingAt, recover, type Recovery } from './stepwise';
import { askDiff, askWhy, pastOf, timeline, type Timeline, TimelinePart, viewsAsOf } from './time';
import { UnitOfWork } from './unit-of-work';
import { queried } from './view-queries';
import { viewsFrom } from './views';
import type { Ledger, LedgerTasks, Promised, RebuiltView } from './ledger';

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
  private readonly underWay = new CallsUnderWay();
  private closing: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly following: Following,
    private readonly clock: () => E.Either<Failure, Timestamp>,
  ) {}

  execute(principal: unknown, command: unknown, options: unknown): Promise<Answer> {
    const issue = this.issue(principal, command, options);
    if (E.isLeft(issue)) return Promise.resolve(issue);
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

  async timeline(
    principal: unknown,
    userId: unknown,
    part: unknown,
  ): Promise<E.Either<Refused | Failure, Timeline>> {
    const who = read('principal', Principal, principal);
    if (E.isLeft(who)) return who;
    const whose = read('query', UserId, userId);
    if (E.isLeft(whose)) return whose;
    const which = read('options', TimelinePart, part ?? {});
    if (E.isLeft(which)) return which;
    const found = await this.readableSeat(who.right, whose.right);
    if (E.isLeft(found)) return found;
    return timeline(this.engine.store, who.right, whose.right, which.right);
  }

  async head(): Promise<E.Either<Failure, string>> {
    return E.map(String)(await this.engine.store.head());
  }

  recover(): Promise<E.Either<Failure, Recovery>> {
    const now = this.clock();
    if (E.isLeft(now)) return Promise.resolve(now);
    return recover(this.engine, housekeepingAt(now.right), () => this.closing !== undefined);
  }

  async verify(options: unknown): Promise<E.Either<Failure, Verified>> {
    const progress = readProgress(options);
    return E.isLeft(progress) ? progress : verify(this.engine.store, progress.right);
  }

  async rebuildView(name: unknown, options: unknown): Promise<E.Either<Failure, RebuiltView>> {
    const { names } = this.following;
    if (typeof name !== 'string' || !names.includes(name)) {
      const expected = `the name of a view (${names.join(', ')}; one of your own once ledger.view was given it)`;
      const got = typeof name === 'string' ? JSON.stringify(name) : typeof name;
      const meant = typeof name === 'string' ? nearest(name, names) : undefined;
      return E.left(invalidInput('query', [{ path: '', expected, got, ...(meant && { meant }) }]));
    }
    const progress = readProgress(options);
    if (E.isLeft(progress)) return progress;
    const rebuilt = await this.following.rebuild(name, progress.right);
    return E.isLeft(rebuilt) ? rebuilt : E.right({ name });
  }

  /** Counts a call as under way, so that closing waits for it; refuses it once closed. */
  readonly track = <Left, Right>(
    call: () => Promise<E.Either<Left, Right>>,
  ): Promise<E.Either<Left | StoreClosed, Right>> =>
    this.closing === undefined ? this.underWay.run(call) : Promise.resolve(E.left(closedFailure));

  readonly close = (): Promise<void> => {
    this.closing ??= this.finish();
    return this.closing;
  };

  private async finish(): Promise<void> {
    await this.underWay.none();
    await this.following.close();
    await this.engine.store.close();
  }

  private issue(principal: unknown, command: unknown, options: unknown): E.Either<Failure, Issue> {
    const who = read('principal', Principal, principal);
    if (E.isLeft(who)) return who;
    const what = read('command', Command, command);
    if (E.isLeft(what)) return what;
    if (what.right.commandId === HOUSEKEEPING) return E.left(reservedId);
    const now = this.timeOf(options);
    if (E.isLeft(now)) return now;
    return E.right({ principal: who.right, command: what.right, now: now.right });
  }

  /** The time that came with a command, or else the clock's. */
  private timeOf(options: unknown): E.Either<Failure, Timestamp> {
    if (options === undefined || options === null) return this.clock();
    const how = read('options', Options, options);
    if (E.isLeft(how)) return how;
    return how.right.at === undefined ? this.clock() : E.right(how.right.at);
  }

  private async readableSeat(
    principal: Principal,
    userId: UserId,
  ): Promise<E.Either<Refused | Failure, Seat>> {
    if (!mayRead(principal, userId)) return refusedRead({ type: 'NotOwnSeat' });
    const unit = new UnitOfWork(this.engine, principal.orgId, true);
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
export const ledgerOn = (
  engine: Engine,
  clock: () => E.Either<Failure, Timestamp>,
  readModel: ReadModel | undefined,
): Ledger => {
  const following = new Following(engine.store, readModel);
  for (const projection of Object.values(projections)) {
    following.add(projection as never);
  }
  const open = new OpenLedger(engine, following, clock);
  const { track } = open;
  const calls: Promised<LedgerTasks> = {
    execute: (...given) => track(() => open.execute(...given)),
    dryRun: (...given) => track(() => open.dryRun(...given)),
    impact: (...given) => track(() => open.impact(...given)),
    history: (...given) => track(() => open.history(...given)),
    timeline: (...given) => track(() => open.timeline(...given)),
    why: (...given) => track(() => askWhy(engine, ...given)),
    diff: (principal, view, from, to) =>
      track(() => askDiff(engine.store, principal, view, { from, to })),
    whatIf: (principal, policy, options) =>
      track(() => askWhatIf(engine.store, principal, policy, options)),
    verify: (options) => track(() => open.verify(options)),
    head: () => track(() => open.head()),
    recover: () => track(() => open.recover()),
    rebuildView: (name, options) => track(() => open.rebuildView(name, options)),
  };
  const tasks: LedgerTasks = {
    execute: lazily(calls.execute),
    dryRun: lazily(calls.dryRun),
    impact: lazily(calls.impact),
    history: lazily(calls.history),
    timeline: lazily(calls.timeline),
    why: lazily(calls.why),
    diff: lazily(calls.diff),
    whatIf: lazily(calls.whatIf),
    verify: lazily(calls.verify),
    head: lazily(calls.head),
    recover: lazily(calls.recover),
    rebuildView: lazily(calls.rebuildView),
  };
  return {
    ...calls,
    tasks,
    views: viewsFrom(following, track),
    asOf: (point) => viewsAsOf(engine.store, point, track),
    view: (view) => {
      demandView(view);
      const projection = hostProjection(view.projection);
      following.add(projection);
      return {
        ...queried(view, following, track),
        asOf: (point) => queried(view, pastOf(engine.store, projection, point), track),
      };
    },
    close: open.close,
  };
};
