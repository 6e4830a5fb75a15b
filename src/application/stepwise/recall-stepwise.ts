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

/** A node that lags is asked again after each of these: what is known to stand there has to come. */
const LAG_MS = [5, 20, 80, 320];

/** The events, from a revision on, of a stream that is known to reach the revision `until`. */
const eventsIn = async (
  { store }: Engine,
  { command }: Issue,
  stream: string,
  until: bigint,
  from = 0n,
): Promise<Events> => {
  for (const wait of [...LAG_MS, undefined]) {
    const slice = await store.readStream(stream, from)();
    if (E.isLeft(slice)) return slice;
    if (slice.right.revision >= until) return E.traverseArray(decodeWhole)(slice.right.events);
    if (wait !== undefined) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return E.left(unread(command));
};

/** What was recorded cannot be read: nobody may be told that it was not. */
const unread = ({ commandId }: Command): Failure => ({
  type: 'OutcomeUnknown',
  commandId,
  message:
    'The command was recorded, and its answer could not be read back yet. ' +
    'Send the same command again: it is done once, and the answer tells.',
});

const isOf =
  ({ principal, command }: Issue) =>
  ({ metadata }: LedgerEvent): boolean =>
    metadata.commandId === command.commandId &&
    metadata.fingerprint === fingerprint(principal, command);

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

/** The answer of a command that added nothing, or of one that came to nothing. */
const recallAnswer = async (engine: Engine, issue: Issue): Promise<Answer> => {
  const { principal, command } = issue;
  const stream = answerStream(principal.orgId, command.commandId);
  const answers = await eventsIn(engine, issue, stream, 0n);
  if (E.isLeft(answers)) return answers;
  const own = answers.right.filter(isOf(issue));
  return own.length > 0 ? answerFrom(issue, own) : E.left(reused(issue));
};

export const recallStepwise = async (
  engine: Engine,
  issue: Issue,
  sight: Sight,
): Promise<Answer> => {
  const { command } = issue;
  const home = homeOf(command);
  const known = home.on === 'seat' ? sight.seat(home.userId) : sight.organization();
  const written = known?.trace.commands.get(command.commandId);
  if (known === undefined || written === undefined) return recallAnswer(engine, issue);
  if (written.fingerprint !== fingerprint(issue.principal, command)) return E.left(reused(issue));

  const stream = sight.streamOf(home);
  const events = await eventsIn(engine, issue, stream, known.revision, written.revision);
  if (E.isLeft(events)) return events;
  const atHome = events.right.filter(isOf(issue));
  if (cameToNothing(atHome)) return recallAnswer(engine, issue);

  const places = await otherPlaces(issue, atHome, sight);
  if (E.isLeft(places)) return places;
  const all = [...atHome];
  for (const place of places.right) {
    const there = await eventsIn(engine, issue, sight.streamOf(place), sight.revisionOf(place));
    if (E.isLeft(there)) return there;
    const [first] = atHome;
    const isLogin = place.on === 'account' && first !== undefined;
    all.push(
      ...(isLogin ? toldOfLogin(there.right, issue, first) : there.right.filter(isOf(issue))),
    );
  }
  return answerFrom(issue, all);
};
