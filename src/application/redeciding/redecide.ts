/** Goes through a log command by command, and decides each one again. */
import * as E from 'fp-ts/lib/Either.js';
import type { Command } from '../../commands';
import { decideCommand, HOUSEKEEPING, type Outcome, type States, Unsettled } from '../../processes';
import type { OrgId } from '../../values/ids';
import { decodeWhole, type LedgerEvent } from '../decode-event';
import type { Issue } from '../engine';
import type { Failure } from '../failures';
import { issueOf } from '../issued';
import { Continuity, storedPages } from '../log-pages';
import { appendKey, commandKey } from '../one-append';
import { BEFORE_ALL, type EventStore, type RecordedEvent } from '../ports';
import { type Decided, recordedDecision } from './decision';

/** One command as the log has it, with the events of the append in which it stands. */
export interface RecordedIssue {
  readonly orgId: OrgId;
  readonly issue: Issue;
  readonly first: LedgerEvent;
  readonly events: ReadonlyArray<LedgerEvent>;
  /** Told by what this append holds; on a store that appends to one stream at a time, others may follow. */
  readonly decision: Decided;
  /** It was given up after it had begun, or was finished by somebody else's steps: it cannot be judged alone. */
  readonly isEntangled: boolean;
  /**
   * It rests on streams that nothing held still until it was written, as answers and decisions on several
   * streams do on a store that appends to one at a time: it may be right and not fit what stands before it.
   */
  readonly isUnguarded: boolean;
}

/** Events that stand together because one append wrote them. */
interface Group {
  readonly key: string;
  readonly events: Array<LedgerEvent>;
}

/** Hears of the log, in its order. */
export interface Listener {
  /** Every event as it is stored, before anything is made of it. */
  readonly stored?: (event: RecordedEvent) => void;
  /** A command whose first event has come, before its events are taken in. */
  readonly command: (recorded: RecordedIssue) => Promise<void>;
  /** Events of which the command is not known: they are facts. */
  readonly facts: (orgId: OrgId, events: ReadonlyArray<LedgerEvent>) => void;
  readonly progress?: (position: bigint) => void;
}

/**
 * Decides a command on states that are in memory. `undefined` where they contradict one another, as only those
 * of a log can that somebody has edited: a seat that holds an address beside a book in which another does.
 */
export const decideOn = async (
  states: States<never>,
  { principal, command }: Pick<Issue, 'principal' | 'command'>,
): Promise<Outcome | undefined> => {
  try {
    const outcome = await decideCommand(principal, command, states)();
    return E.isLeft(outcome) ? outcome.left : outcome.right;
  } catch (error) {
    if (error instanceof Unsettled) return undefined;
    throw error;
  }
};

/**
 * Commands whose decision rests on streams beside their own. On a store that appends to one stream at a time
 * nothing holds those still until the first append is written.
 */
const restingOnOthers: ReadonlySet<Command['type']> = new Set<Command['type']>([
  'RegisterSeat',
  'ChangeAccountEmail',
  'RequestMailboxAdd',
  'RequestMailboxDelete',
  'GrantDeletePermission',
  'ApproveMailboxAdd',
  'ReassignProspects',
]);

/** Hands the log of `store` to `listener`; stops at what is missing or cannot be read. */
export const throughLog = async (
  store: EventStore,
  entangled: ReadonlySet<string>,
  listener: Listener,
): Promise<E.Either<Failure, bigint>> => {
  let group: Group | undefined;
  const flush = async (): Promise<void> => {
    const [first] = group?.events ?? [];
    const events = group?.events ?? [];
    group = undefined;
    if (first?.orgId === undefined) return;
    const { orgId, metadata } = first;
    const marked = events.find((event) => issueOf(event) !== undefined);
    const issue = marked === undefined ? undefined : issueOf(marked);
    if (issue === undefined || metadata.commandId === HOUSEKEEPING || marked === undefined) {
      listener.facts(orgId, events);
      return;
    }
    const decision = recordedDecision(events);
    await listener.command({
      orgId,
      issue,
      first: marked,
      events,
      decision,
      isEntangled: entangled.has(commandKey(marked)),
      isUnguarded:
        store.atomicity === 'oneStream' &&
        (decision.type !== 'accepted' || restingOnOthers.has(issue.command.type)),
    });
  };
  let position = BEFORE_ALL;
  const continuity = new Continuity(store);
  for await (const page of storedPages(store)) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right) {
      listener.stored?.(stored);
      const missing = continuity.take(stored);
      const decoded = missing === undefined ? decodeWhole(stored) : E.left(missing);
      // What stands directly before may be a part of what is missing or cannot be read: it is not judged.
      if (E.isLeft(decoded)) return decoded;
      const event = decoded.right;
      const key = appendKey(event, store.atomicity);
      if (group !== undefined && group.key !== key) await flush();
      group ??= { key, events: [] };
      group.events.push(event);
      position = stored.position;
    }
    listener.progress?.(position);
  }
  await flush();
  return E.right(position);
};

/**
 * Commands that the log shows to have been finished or given up by others' appends: what they were
 * answered rests on what came after they had begun.
 */
export const entangledIn = async (
  store: EventStore,
): Promise<E.Either<Failure, ReadonlySet<string>>> => {
  const entangled = new Set<string>();
  if (store.atomicity === 'anyStreams') return E.right(entangled);
  const homes = new Map<string, number>();
  const answer = await throughLog(store, entangled, {
    facts: () => undefined,
    command: ({ first }) => {
      const key = commandKey(first);
      homes.set(key, (homes.get(key) ?? 0) + 1);
      // A fact and an answer of the same command: it was begun, and then given up.
      if ((homes.get(key) ?? 0) > 1) entangled.add(key);
      return Promise.resolve();
    },
  });
  if (E.isLeft(answer) && answer.left.type !== 'UndecodableEvent') return answer;
  return E.right(entangled);
};
