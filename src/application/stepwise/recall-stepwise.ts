/** The answer to a command that was carried out one append at a time, read back from where it stands. */
import * as E from 'fp-ts/lib/Either.js';
import type { Command } from '../../commands';
import { homeOf, type Place, sourceOf } from '../../processes';
import type { EmailAddress } from '../../values/email-address';
import { answerStream } from '../../values/stream-name';
import { fingerprint } from '../command-identity';
import { decodeWhole, type LedgerEvent } from '../decode-event';
import type { Engine, Issue } from '../engine';
import type { Failure } from '../failures';
import type { Answer } from '../outcome';
import { answerFrom, reused } from '../recall';
import type { Sight } from './sight';

type Events = E.Either<Failure, ReadonlyArray<LedgerEvent>>;

const eventsIn = async ({ store }: Engine, stream: string, from = 0n): Promise<Events> => {
  const slice = await store.readStream(stream, from)();
  return E.isLeft(slice) ? slice : E.traverseArray(decodeWhole)(slice.right.events);
};

const isOf =
  ({ command }: Issue) =>
  ({ metadata }: LedgerEvent): boolean =>
    metadata.commandId === command.commandId;

/** The events of a stream, from a revision on, that the command wrote. */
const writtenIn = async (
  engine: Engine,
  stream: string,
  issue: Issue,
  from?: bigint,
): Promise<Events> => {
  const events = await eventsIn(engine, stream, from);
  return E.isLeft(events) ? events : E.right(events.right.filter(isOf(issue)));
};

const addressIn = (events: ReadonlyArray<LedgerEvent>): EmailAddress | undefined => {
  for (const { data } of events) if ('address' in data) return data.address as EmailAddress;
  return undefined;
};

/** Where else the command wrote, in the order in which it is told. */
const otherPlaces = async (
  { command }: Issue,
  home: ReadonlyArray<LedgerEvent>,
  sight: Sight,
): Promise<E.Either<Failure, ReadonlyArray<Place>>> => {
  const address = addressIn(home);
  const book: ReadonlyArray<Place> = address === undefined ? [] : [{ on: 'address', address }];
  const source = sourceOf(command);
  switch (command.type) {
    case 'ApproveMailboxAdd': {
      const from = home[0]?.metadata.movesFrom;
      return E.right(from === undefined ? book : [{ on: 'seat', userId: from.userId }, ...book]);
    }
    case 'ApproveMailboxDelete':
      return E.right(book);
    case 'ReassignProspects':
      return E.right(source === undefined ? [] : [{ on: 'seat', userId: source }]);
    case 'RegisterSeat':
      return E.right([{ on: 'account', address: command.accountEmail }]);
    case 'ChangeAccountEmail': {
      const { userId, accountEmail } = command;
      const revision = (home[0]?.revision ?? 0n) - 1n;
      const read = await sight.read([{ on: 'seatAsOf', userId, revision }]);
      if (E.isLeft(read)) return read;
      const old = sight.seatAsOf(userId, revision)?.accountEmail;
      const next: Place = { on: 'account', address: accountEmail };
      return E.right(old === undefined ? [next] : [next, { on: 'account', address: old }]);
    }
    default:
      return E.right([]);
  }
};

const isSame = (issue: Issue, [first]: ReadonlyArray<LedgerEvent>): boolean =>
  first?.metadata.fingerprint === fingerprint(issue.principal, issue.command);

/** An approval that was given up is answered like a refusal: the mailbox was not added. */
const cameToNothing = (events: ReadonlyArray<LedgerEvent>): boolean =>
  events.some(({ type }) => type === 'MailboxAddAbandoned');

/**
 * What a change of login, or a registration, did to a book: the claim that its seat took the login on, and
 * the release of the claim that it left. A slow copy may claim again when the seat has long left, and that
 * claim is released too: it changed nothing, so the answer stays as it is.
 */
const toldOfLogin = (
  book: ReadonlyArray<LedgerEvent>,
  issue: Issue,
  home: LedgerEvent,
): ReadonlyArray<LedgerEvent> => {
  const claims = book.filter(
    (event) =>
      event.type === 'AddressClaimed' && isOf(issue)(event) && event.position < home.position,
  );
  const released = book.find(
    ({ type, position }) => type === 'AddressReleased' && position > home.position,
  );
  return [
    ...claims.slice(-1),
    ...(released !== undefined && isOf(issue)(released) ? [released] : []),
  ];
};

/** Commands that write to their home stream and nowhere else. */
export const isAlone = ({ type }: Command): boolean =>
  type !== 'ApproveMailboxAdd' &&
  type !== 'ApproveMailboxDelete' &&
  type !== 'ReassignProspects' &&
  type !== 'RegisterSeat' &&
  type !== 'ChangeAccountEmail';

export const recallStepwise = async (
  engine: Engine,
  issue: Issue,
  sight: Sight,
): Promise<Answer> => {
  const { principal, command } = issue;
  const home = homeOf(command);
  const known = home.on === 'seat' ? sight.seat(home.userId) : sight.organization();
  const from = known?.trace.commands.get(command.commandId)?.revision;
  const atHome =
    from === undefined ? E.right([]) : await writtenIn(engine, sight.streamOf(home), issue, from);
  if (E.isLeft(atHome)) return atHome;

  if (from === undefined || cameToNothing(atHome.right)) {
    const answers = await writtenIn(
      engine,
      answerStream(principal.orgId, command.commandId),
      issue,
    );
    if (E.isLeft(answers)) return answers;
    return isSame(issue, answers.right) ? answerFrom(issue, answers.right) : E.left(reused(issue));
  }
  if (!isSame(issue, atHome.right)) return E.left(reused(issue));

  const places = await otherPlaces(issue, atHome.right, sight);
  if (E.isLeft(places)) return places;
  const all = [...atHome.right];
  for (const place of places.right) {
    const events = await eventsIn(engine, sight.streamOf(place));
    if (E.isLeft(events)) return events;
    const [first] = atHome.right;
    const isLogin = place.on === 'account' && first !== undefined;
    all.push(
      ...(isLogin ? toldOfLogin(events.right, issue, first) : events.right.filter(isOf(issue))),
    );
  }
  return answerFrom(issue, all);
};
