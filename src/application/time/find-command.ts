/** Finds what is recorded of a command, by its id alone. */
import * as E from 'fp-ts/lib/Either.js';
import type { CommandId, OrgId } from '../../values/ids';
import { answerStream, streamIdentity } from '../../values/stream-name';
import { eventId } from '../command-identity';
import { decodeWhole, type LedgerEvent } from '../decode-event';
import { homeStream, type Issue } from '../engine';
import type { Failure } from '../failures';
import { issueOf } from '../issued';
import type { Answer } from '../outcome';
import { BEFORE_ALL, type EventStore, type RecordedEvent } from '../ports';
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

const PAGE = 1000;

/** The command's events, wherever they stand, by reading the log. */
const scanned = async (
  store: EventStore,
  orgId: OrgId,
  commandId: CommandId,
): Promise<E.Either<Failure, ReadonlyArray<LedgerEvent>>> => {
  const found: Array<LedgerEvent> = [];
  const isOf = ({ stream, metadata }: RecordedEvent): boolean =>
    streamIdentity(stream)?.orgId === orgId &&
    (metadata as { readonly commandId?: unknown } | null)?.commandId === commandId;
  let position = BEFORE_ALL;
  for (;;) {
    const page = await store.readAll(position, PAGE)();
    if (E.isLeft(page)) return page;
    const events = E.traverseArray(decodeWhole)(page.right.filter(isOf));
    if (E.isLeft(events)) return events;
    found.push(...events.right);
    position = page.right.at(-1)?.position ?? position;
    if (page.right.length < PAGE) return E.right(found);
    // Long logs are read between other people's calls, not instead of them.
    await new Promise((resolve) => setImmediate(resolve));
  }
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
