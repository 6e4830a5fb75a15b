/** Finds what is recorded of a command, by its id alone. */
import * as E from 'fp-ts/lib/Either.js';
import { CommandId, type OrgId } from '../../values/ids';
import { answerStream, streamIdentity } from '../../values/stream-name';
import { eventId } from '../command-identity';
import { decodeWhole, type LedgerEvent } from '../decode-event';
import { homeStream, type Issue } from '../engine';
import type { Failure } from '../failures';
import { issueOf } from '../issued';
import type { Answer } from '../outcome';
import { wholePages } from '../log-pages';
import type { EventStore, RecordedEvent } from '../ports';
import { answerFrom, recall } from '../recall';

/** What is recorded of a command. */
export interface FoundCommand {
  /** The event that its answer was first told by. */
  readonly first: LedgerEvent;
  /** The command itself; `undefined` where this release cannot read it. */
  readonly issue: Issue | undefined;
  readonly answer: Answer;
}

type Found = Promise<E.Either<Failure, FoundCommand | undefined>>;

/** Whether it was written for the command; an event whose command cannot be read may have been. */
const isOf = ({ stream, metadata }: RecordedEvent, orgId: OrgId, commandId: CommandId): boolean => {
  if (streamIdentity(stream)?.orgId !== orgId) return false;
  const written = (metadata as { readonly commandId?: unknown } | null)?.commandId;
  return written === commandId || !CommandId.is(written);
};

/** The command's events, wherever they stand, by reading the log. */
const scanned = async (
  store: EventStore,
  orgId: OrgId,
  commandId: CommandId,
): Promise<E.Either<Failure, ReadonlyArray<LedgerEvent>>> => {
  const found: Array<LedgerEvent> = [];
  for await (const page of wholePages(store)) {
    if (E.isLeft(page)) return page;
    const own = page.right.filter((event) => isOf(event, orgId, commandId));
    const events = E.traverseArray(decodeWhole)(own);
    if (E.isLeft(events)) return events;
    found.push(...events.right);
  }
  return E.right(found);
};

/** The answer stands where the command is told: in its own stream, or else at home, before what follows. */
const gathered = (
  commandId: CommandId,
  events: ReadonlyArray<LedgerEvent>,
): FoundCommand | undefined => {
  const answers = events.filter(({ streamKind }) => streamKind === 'answer');
  const home = events.find(({ metadata }) => metadata.issued !== undefined) ?? events[0];
  const inHome = events.filter(({ stream }) => stream === home?.stream);
  const elsewhere = events.filter(({ stream }) => stream !== home?.stream);
  const told = answers.length > 0 ? answers : [...inHome, ...elsewhere];
  const [teller] = told;
  if (teller === undefined) return undefined;
  const issue = issueOf(teller);
  const first = answers[0] ?? events[0] ?? teller;
  // Nothing but the id is read of the command.
  const sent = { command: { commandId } } as Parameters<typeof answerFrom>[0];
  return { first, issue, answer: answerFrom(sent, told) };
};

/** Where ids are unique in the whole store, the first event is known by its own. */
const byFirstEvent = async (store: EventStore, orgId: OrgId, commandId: CommandId): Found => {
  const id = eventId(orgId, commandId, 0);
  const found = await store.findEvent(id, [answerStream(orgId, commandId)])();
  if (E.isLeft(found)) return found;
  if (found.right === undefined) return E.right(undefined);
  const first = decodeWhole(found.right);
  if (E.isLeft(first)) return first;
  const issue = issueOf(first.right);
  if (issue === undefined) return E.right(undefined);
  const answer = await recall(store, issue, homeStream(issue));
  if (E.isRight(answer) || answer.left.type === 'Refused') {
    return E.right({ first: first.right, issue, answer });
  }
  // An older release may have told commands apart in another way.
  return answer.left.type === 'CommandIdReused' ? E.right(undefined) : E.left(answer.left);
};

/** What is recorded of a command of this organization; `undefined` when nothing is. */
export const findCommand = async (store: EventStore, orgId: OrgId, commandId: CommandId): Found => {
  if (store.atomicity === 'anyStreams') {
    const found = await byFirstEvent(store, orgId, commandId);
    if (E.isLeft(found) || found.right !== undefined) return found;
  }
  const events = await scanned(store, orgId, commandId);
  return E.isLeft(events) ? events : E.right(gathered(commandId, events.right));
};
