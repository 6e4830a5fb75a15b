/**
 * How an event is declared: one value that is its type tag, its codec and its constructor.
 */
import * as t from 'io-ts';
import { frozen } from './values/frozen';
import { closed, type Fields, type RecordOf, Revision, stringWhere } from './values/codec';
import { CommandId, UserId } from './values/ids';
import type { OrgId } from './values/ids';
import { Actor } from './values/principal';
import type { StreamKind } from './values/stream-name';
import { Timestamp } from './values/timestamp';

/** One fact as `evolve` sees it. */
export interface EventOf<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
}

/** A declared event: the tag it is stored under and the codec of its data. */
export interface StoredEvent<Type extends string, Data> {
  readonly type: Type;
  readonly data: t.Type<Data, unknown>;
  (data: Data): EventOf<Type, Data>;
}

/** The event that a declaration stands for. */
export type EventFrom<Declared> =
  Declared extends StoredEvent<infer Type, infer Data> ? EventOf<Type, Data> : never;

/**
 * Declares an event that is stored as `type` with exactly these fields. This is a contract with every
 * database that holds one: add an optional field or a new event; never rename, retype or remove.
 */
export const storedEvent = <
  Type extends string,
  R extends Fields,
  O extends Fields = Record<never, never>,
>(
  type: Type,
  required: R,
  optional?: O,
): StoredEvent<Type, RecordOf<R, O>> =>
  Object.assign((data: RecordOf<R, O>) => ({ type, data: frozen(data) }), {
    type,
    data: closed(required, optional),
  });

/** A command and its principal, as they came in. Older releases may have taken others: a reader decodes them. */
const Issued = closed({ principal: t.UnknownRecord, command: t.UnknownRecord });

/** What every event records beside its data: who acted, when, for which command, under which policy. */
export const EventMetadata = closed(
  {
    commandId: CommandId,
    commandType: t.string,
    actor: Actor,
    at: Timestamp,
    policyVersion: t.string,
    /** Tells whether a command sent again is the same command. */
    fingerprint: t.string,
  },
  {
    /**
     * The command as it was given, and by whom: with the first event of every command, and with every
     * answer that added nothing. What is left out repeats the event.
     */
    issued: Issued,
    /**
     * The seat that the mailbox of this approval leaves, and the revision at which its loss was
     * acknowledged: for whoever has to finish the move, on stores that append to one stream at a time.
     */
    movesFrom: closed({ userId: UserId, revision: Revision }),
    /**
     * The revision of the organization's stream at which this approval read the limit in force, where
     * no guard can hold that stream still until the approval is written; `-1` when there was none.
     */
    contractAt: stringWhere('a revision in decimal digits, or -1', (given) =>
      /^(-1|\d{1,19})$/.test(given),
    ),
  },
);
export type EventMetadata = t.TypeOf<typeof EventMetadata>;

/** A decoded event with its place: in its stream, and in the whole log. */
export type Recorded<Event extends EventOf<string, unknown>> = Event & {
  readonly id: string;
  readonly stream: string;
  readonly streamKind: StreamKind;
  /** `undefined` for the ledger's own settings. */
  readonly orgId: OrgId | undefined;
  readonly revision: bigint;
  readonly position: bigint;
  /** Read on first use: most folds never ask. */
  readonly metadata: EventMetadata;
};
