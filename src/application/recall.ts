/** The answer that a command got when it was first sent, read back from the log. */
import { isNonEmpty } from 'fp-ts/lib/Array.js';
import * as E from 'fp-ts/lib/Either.js';
import type { Command } from '../commands';
import type { Principal } from '../values/principal';
import { answerStream } from '../values/stream-name';
import { eventId, fingerprint } from './command-identity';
import { decodeWhole, type LedgerEvent } from './decode-event';
import type { CommandIdReused, Failure } from './failures';
import { isLastPage } from './log-pages';
import { type Answer, recorded, refused } from './outcome';
import type { EventStore, RecordedEvent } from './ports';

export interface Sent {
  readonly principal: Principal;
  readonly command: Command;
}

const SMALLEST_PAGE = 8;
const LARGEST_PAGE = 1000;

export const reused = ({ command }: Sent): CommandIdReused => ({
  type: 'CommandIdReused',
  commandId: command.commandId,
  message:
    `The command id ${command.commandId} has been used for another command or by somebody else. ` +
    'Send this command under a new id.',
});

/** Everything that the command added: it was appended at once, so it stands together in the log. */
const allEvents = async (
  store: EventStore,
  { principal, command }: Sent,
  first: RecordedEvent,
): Promise<E.Either<Failure, ReadonlyArray<LedgerEvent>>> => {
  const found: Array<LedgerEvent> = [];
  let after = first.position - 1n;
  // Most commands add a handful of events, a few add thousands.
  for (let size = SMALLEST_PAGE; ; size = LARGEST_PAGE) {
    const page = await store.readAll(after, size)();
    if (E.isLeft(page)) return page;
    for (const event of page.right) {
      const decoded = decodeWhole(event);
      if (E.isLeft(decoded)) return decoded;
      const { orgId, metadata } = decoded.right;
      // Another organization may use the same command id, and may have been next.
      const isOfCommand = orgId === principal.orgId && metadata.commandId === command.commandId;
      if (!isOfCommand) return E.right(found);
      found.push(decoded.right);
    }
    const last = page.right.at(-1);
    if (last === undefined || isLastPage(store, page.right, size)) return E.right(found);
    after = last.position;
  }
};

/** What a recorded command was told, from the events that it added. */
export const answerFrom = ({ command }: Sent, events: ReadonlyArray<LedgerEvent>): Answer => {
  const [first] = events;
  const position = events.reduce(
    (last, event) => (event.position > last ? event.position : last),
    -1n,
  );
  if (first?.type === 'CommandRefused') {
    const rejections = [...first.data.rejections];
    // A refusal always has its reasons; an empty list would be a damaged event.
    if (isNonEmpty(rejections)) return refused(command, rejections, position);
  }
  return recorded(
    command,
    events.filter(({ streamKind }) => streamKind !== 'answer'),
    position,
  );
};

export const recall = async (store: EventStore, sent: Sent, home: string): Promise<Answer> => {
  const { principal, command } = sent;
  const id = eventId(principal.orgId, command.commandId, 0);
  const answers = answerStream(principal.orgId, command.commandId);
  const first = await store.findEvent(id, [answers, home])();
  if (E.isLeft(first)) return first;
  if (first.right === undefined) return E.left(reused(sent));

  const events = await allEvents(store, sent, first.right);
  if (E.isLeft(events)) return events;
  const same = events.right[0]?.metadata.fingerprint === fingerprint(sent.principal, sent.command);
  return same ? answerFrom(sent, events.right) : E.left(reused(sent));
};
