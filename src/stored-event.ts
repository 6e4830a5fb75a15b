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

/** One version of an event's data, as it may stand in somebody's database. */
export interface StoredVersion {
  /** What it is stored under: the event's type, and from the second version on its number, as in `MailboxAdded@2`. */
  readonly tag: string;
  readonly data: t.Mixed;
  /** Turns it into the next version; the newest one has none. */
  readonly upcast: ((data: never) => unknown) | undefined;
}

/** A declared event: its type, the codec of its data, and every version that was ever stored. */
export interface StoredEvent<Type extends string, Data> {
  readonly type: Type;
  readonly data: t.Type<Data, unknown>;
  /** Oldest first. */
  readonly versions: readonly [...ReadonlyArray<StoredVersion>, StoredVersion];
  (data: Data): EventOf<Type, Data>;
}

/** The event that a declaration stands for. */
export type EventFrom<Declared> =
  Declared extends StoredEvent<infer Type, infer Data> ? EventOf<Type, Data> : never;

const declared = <Type extends string, Data>(
  type: Type,
  data: t.Type<Data, unknown>,
  earlier: ReadonlyArray<StoredVersion>,
): StoredEvent<Type, Data> => {
  const tag = earlier.length === 0 ? type : `${type}@${earlier.length + 1}`;
  return Object.assign((given: Data) => ({ type, data: frozen(given) }), {
    type,
    data,
    versions: [...earlier, { tag, data, upcast: undefined }] as const,
  });
};

/**
 * Declares an event that is stored as `type` with exactly these fields. This is a contract with every
 * database that holds one: add an optional field or a new event; never rename, retype or remove. What
 * has to change all the same is declared with {@link nextVersion}.
 */
export const storedEvent = <
  Type extends string,
  R extends Fields,
  O extends Fields = Record<never, never>,
>(
  type: Type,
  required: R,
  optional?: O,
): StoredEvent<Type, RecordOf<R, O>> => declared(type, closed(required, optional), []);

/**
 * Declares the next version of an event: from now on it is stored with these fields, and what is stored
 * of `previous` is turned into it when it is read.
 *
 * @param previous the declaration of the version before, which stays in the code for ever
 * @param upcast total, and the same for ever: history is read through it
 */
export const nextVersion = <
  Type extends string,
  Previous,
  R extends Fields,
  O extends Fields = Record<never, never>,
>(
  previous: StoredEvent<Type, Previous>,
  required: R,
  upcast: (data: Previous) => RecordOf<R, O>,
  optional?: O,
): StoredEvent<Type, RecordOf<R, O>> => {
  const earlier = previous.versions.map((version) =>
    version.upcast === undefined ? { ...version, upcast } : version,
  );
  return declared(previous.type, closed<R, O>(required, optional), earlier);
};

/** What an event of this type is stored under: its newest version's tag. */
export const tagOf = ({ versions }: Pick<StoredEvent<string, never>, 'versions'>): string =>
  versions[versions.length - 1]?.tag ?? '';

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
     * The seat that the mailbox of this approval leaves, and the revision of it on which the approval
     * was decided: for whoever has to finish the move, on stores that append to one stream at a time.
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
