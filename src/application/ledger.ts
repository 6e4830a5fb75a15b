/** The facade: a store, a secret, and everything the policy lets people do with them. */
import type * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { View } from '../../projections';
import type { CommandInput } from '../commands';
import type { Impact } from '../seat';
import type { PrincipalInput } from '../values/principal';
import type { Failure } from './failures';
import type { HistoryEntry } from './history';
import type { ReadingOptions } from './reading-options';
import type { Preview, RecordedCommand, Refused } from './outcome';
import type { OtherPolicy, Verified, WhatIf } from './redeciding';
import type { Recovery } from './stepwise';
import type {
  HostView,
  Point,
  Timeline,
  TimelineOptions,
  ViewDiff,
  ViewName,
  ViewsAsOf,
  Why,
} from './time';
import type { Views } from './views';

export interface ExecuteOptions {
  /** The time to record, instead of the clock's: for commands that were given earlier. */
  readonly at?: string;
}

/** A view that has been made anew. */
export interface RebuiltView {
  readonly name: string;
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
  readonly timeline: (
    principal: PrincipalInput,
    userId: string,
    part?: TimelineOptions,
  ) => TaskEither<Refused | Failure, Timeline>;
  readonly why: (principal: PrincipalInput, commandId: string) => TaskEither<Failure, Why | null>;
  readonly diff: (
    principal: PrincipalInput,
    view: ViewName,
    from: Point,
    to: Point,
  ) => TaskEither<Failure, ViewDiff>;
  readonly whatIf: (
    principal: PrincipalInput,
    policy: OtherPolicy,
    options?: ReadingOptions,
  ) => TaskEither<Refused | Failure, WhatIf>;
  readonly verify: (options?: ReadingOptions) => TaskEither<Failure, Verified>;
  readonly head: () => TaskEither<Failure, string>;
  readonly recover: () => TaskEither<Failure, Recovery>;
  readonly rebuildView: (
    name: string,
    options?: ReadingOptions,
  ) => TaskEither<Failure, RebuiltView>;
}

export type Promised<Tasks> = {
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
 * - `timeline` is that and what concerns the seat elsewhere, such as what was refused; in parts.
 * - `why` tells what the answer to a command rests on; `null` where the asker may not know of it.
 * - `diff` is what changed in a view between two points.
 * - `whatIf` decides everything again under another policy, and lists what would have been otherwise.
 * - `verify` proves the whole log: readable, nothing missing, every invariant kept, every decision right.
 * - `head` is the position of the log's last event. What is recorded later has a higher one.
 * - `recover` finishes what dead processes left half done, on a store that appends to one stream at a
 *   time. It runs by itself when a ledger is opened, and may run at any time, beside anything else.
 * - `rebuildView` makes a view anew from the log, while questions are answered from the old one.
 */
export interface Ledger extends Promised<LedgerTasks> {
  readonly views: Views;
  /** The views as they were at a position or a time. Each organization's log is folded when first asked for. */
  readonly asOf: (point: Point) => ViewsAsOf;
  /**
   * A view of the host's own. It follows the log from now on, as the others do. A question to it rejects with
   * `BrokenProjection` once its fold has thrown.
   *
   * @throws TypeError when it is no view, or has no projection
   */
  readonly view: <Entries, Row, Key, Filter>(
    view: View<Entries, Row, Key, Filter>,
  ) => HostView<Row, Key, Filter>;
  readonly tasks: LedgerTasks;
  /** Finishes what is under way and closes the store. */
  readonly close: () => Promise<void>;
}
