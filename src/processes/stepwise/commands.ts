/**
 * A command, one append at a time. Its first append to its home stream is what makes it done; whatever
 * else it changes follows from what stands there, so that anybody can finish it.
 */
import * as E from 'fp-ts/lib/Either.js';
import { isNonEmpty } from 'fp-ts/lib/Array.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import type { Command } from '../../commands';
import type { Rejection } from '../../rejection';
import { type ApproveMailboxAdd, seat as seatDecider } from '../../seat';
import type { Seat } from '../../seat';
import type { EventMetadata } from '../../stored-event';
import type { EmailAddress } from '../../values/email-address';
import type { CommandId, UserId } from '../../values/ids';
import type { Principal } from '../../values/principal';
import { decideCommand } from '../decide-command';
import { settled } from '../outcome';
import type { Book, Facts, Plan } from '../streams';
import { finishApproval } from './approvals';
import { type Asking, mailboxStanding, release, standingIn } from './books';
import { settleMailbox } from './settling';
import { statesOf } from './states';
import {
  append,
  type Known,
  nothing,
  type Place,
  read,
  type Sighting,
  type Step,
  type Wanted,
} from './step';
import { type Approval, type Handover, handoverKey } from './trace';

/** A command with who asks, and in whose names events are written. */
export interface Undertaking {
  readonly principal: Principal;
  readonly command: Command;
  readonly by: EventMetadata;
  readonly housekeeping: EventMetadata;
}

/** The stream that a command speaks about: what it does is done once it stands there. */
export const homeOf = (command: Command): Place =>
  command.type === 'SetContract' || command.type === 'GrantMailboxLimit'
    ? { on: 'organization' }
    : { on: 'seat', userId: command.userId };

/** The other seat that a reassignment takes prospects from. */
export const sourceOf = (command: Command): UserId | undefined =>
  command.type === 'ReassignProspects' && command.fromUserId !== command.userId
    ? command.fromUserId
    : undefined;

const sightingOf = (place: Place, known: Known): Sighting<unknown> | undefined => {
  switch (place.on) {
    case 'seat':
      return known.seat(place.userId);
    case 'organization':
      return known.organization();
    case 'address':
    case 'account':
      return known.book(place.on, place.address);
  }
};

/** What must be read before anything about the command can be told. */
const unread = (command: Command, known: Known): ReadonlyArray<Wanted> => {
  const { commandId } = command;
  const home = homeOf(command);
  const source = sourceOf(command);
  return [
    ...(known.answered(commandId) === undefined ? [{ on: 'answer' as const, commandId }] : []),
    ...(sightingOf(home, known) === undefined ? [home] : []),
    ...(source !== undefined && known.seat(source) === undefined
      ? [{ on: 'seat' as const, userId: source }]
      : []),
  ];
};

/**
 * What this very command, and no other with its id, has sent on its way from the other seat. It was decided
 * then, by whoever was allowed to.
 */
const departed = (
  { command, by }: Undertaking,
  known: Known,
): ReadonlyArray<Handover> | undefined => {
  const source = sourceOf(command);
  const trace = source === undefined ? undefined : known.seat(source)?.trace;
  return trace?.handovers.get(handoverKey(by));
};

/** P20: what has left the other seat arrives. */
export const received = (
  userId: UserId,
  handovers: ReadonlyArray<Handover>,
  by: EventMetadata,
  seen: Sighting<Seat>,
): Step => {
  const { commandId } = by;
  const events = handovers.flatMap((handover) =>
    settled(
      seatDecider.decide({ type: 'ReceiveProspects', userId, commandId, handover }, seen.state),
    ),
  );
  return append({ on: 'seat', userId, events }, seen.revision, by);
};

/** What was begun by this command, on whichever stream comes first. */
const begun = (plan: Plan, undertaking: Undertaking, known: Known): Step => {
  const { command, by } = undertaking;
  const home = plan[0];
  if (home === undefined) throw new Error('Defect: a plan without facts is an answer.');
  const others = plan.slice(1);
  switch (command.type) {
    case 'ApproveMailboxAdd':
      return approvalBegun(home, others, by, known);
    case 'RegisterSeat':
    case 'ChangeAccountEmail': {
      const claiming = others.find(({ events }) =>
        events.some(({ type }) => type === 'AddressClaimed'),
      );
      return inPlace(claiming ?? home, by, known);
    }
    case 'ReassignProspects':
      return inPlace(others[0] ?? home, by, known);
    default:
      return inPlace(home, by, known);
  }
};

/** Appends facts to the stream that they are about; a dead claim there is given up first. */
const inPlace = (facts: Facts, by: EventMetadata, known: Known): Step => {
  if (facts.on !== 'address' && facts.on !== 'account') {
    const seen = sightingOf(facts, known);
    return seen === undefined ? read(facts) : append(facts, seen.revision, by);
  }
  const seen = known.book(facts.on, facts.address);
  if (seen === undefined) return read(facts);
  const { claim } = seen.state;
  const events =
    claim === undefined
      ? facts.events
      : [{ type: 'AddressReleased' as const, data: claim }, ...facts.events];
  return append({ ...facts, events }, seen.revision, by);
};

/** The approval takes its slot first. Which seat the mailbox leaves, and at what cost, is written with it. */
const approvalBegun = (home: Facts, others: Plan, by: EventMetadata, known: Known): Step => {
  if (home.on !== 'seat') throw new Error('Defect: an approval is a fact of its seat.');
  const events = home.events.filter(({ type }) => type === 'MailboxAddApproved');
  const from = others.flatMap((facts) => (facts.on === 'seat' ? [facts.userId] : []))[0];
  const holder = from === undefined ? undefined : known.seat(from);
  const movesFrom =
    from === undefined || holder === undefined
      ? undefined
      : { userId: from, revision: String(holder.revision) };
  const seen = known.seat(home.userId);
  if (seen === undefined) return read({ on: 'seat', userId: home.userId });
  const contractAt = String(known.organization()?.revision ?? -1n);
  return append({ ...home, events }, seen.revision, {
    ...by,
    contractAt,
    ...(movesFrom !== undefined && { movesFrom }),
  });
};

/**
 * Why an approval came to nothing: what its mailbox would have cost has grown, or the address sits
 * elsewhere by now, or did for a while.
 */
const answerAbandoned = (
  { userId: toUserId, requestId, impact }: ApproveMailboxAdd,
  address: EmailAddress,
  approval: Approval | undefined,
  known: Known,
): Step => {
  const claim = known.book('address', address)?.state.claim;
  const holder = claim === undefined ? undefined : known.seat(claim.userId);
  const isHeld = claim !== undefined && mailboxStanding(claim, known).is === 'live';
  if (!isHeld || holder === undefined) {
    return {
      do: 'answer',
      rejections: [{ type: 'RequestClosed', requestId, status: 'abandoned' }],
    };
  }
  if (approval?.by.movesFrom?.userId === claim.userId) {
    const { userId } = claim;
    const departure = seatDecider.decide(
      { type: 'SurrenderMailbox', userId, requestId, address, toUserId, impact },
      holder.state,
    );
    if (E.isLeft(departure)) return { do: 'answer', rejections: departure.left };
  }
  const rejections: NonEmptyArray<Rejection> = holder.state.locked
    ? [{ type: 'AddressInUse', seatState: 'locked' }]
    : [
        { type: 'NotOwnedByTargetUser', knownAs: 'mailbox' },
        { type: 'AddressInUse', seatState: 'active' },
      ];
  return { do: 'answer', rejections };
};

/** Gives up the claim with which the seat held a login until the command at this revision of it. */
const releasingLogin = (
  old: EmailAddress,
  at: bigint,
  { trace }: Sighting<Seat>,
  known: Known,
  undertaking: Undertaking,
): Step => {
  const seen = known.book('account', old);
  if (seen === undefined) return read({ on: 'account', address: old });
  const { claim } = seen.state;
  // A login is claimed in the name of the command that takes it. One taken later is left by another command.
  const taken = claim && trace.commands.get(claim.requestId as string as CommandId)?.revision;
  return claim !== undefined && taken !== undefined && taken < at
    ? releasing('account', old, claim.userId, known, undertaking)
    : nothing;
};

/** Gives up the seat's own claim on an address that it has left, and nobody else's. */
const releasing = (
  book: Book,
  address: EmailAddress,
  userId: UserId,
  known: Known,
  { command, by, housekeeping }: Undertaking,
): Step => {
  const seen = known.book(book, address);
  if (seen === undefined) return read({ on: book, address });
  const { claim, claims } = seen.state;
  if (claim?.userId !== userId) return nothing;
  const standing = standingIn(book, claim, claims, known, { command, housekeeping });
  return standing.is === 'dead' ? release(book, address, seen, by) : nothing;
};

/** What is left to do of a command that stands in its home stream. */
const finishing = (undertaking: Undertaking, seen: Sighting<Seat>, known: Known): Step => {
  const { command, housekeeping } = undertaking;
  switch (command.type) {
    case 'ApproveMailboxAdd': {
      const { userId, requestId } = command;
      const step = finishApproval({ userId, requestId }, known, housekeeping);
      if (step !== undefined) return step;
      const request = seen.state.requests.get(requestId);
      if (request?.status !== 'abandoned') return nothing;
      const { address } = request;
      const settling = settleMailbox(address, known, housekeeping);
      if (settling !== undefined) return settling;
      return known.answered(command.commandId) === true
        ? nothing
        : answerAbandoned(command, address, seen.trace.abandoned.get(requestId), known);
    }
    case 'ApproveMailboxDelete': {
      const { userId, commandId, requestId } = command;
      const address = seen.state.requests.get(requestId)?.address;
      if (address === undefined) return nothing;
      // Only what this deletion left: whoever has claimed the address since will settle it themselves.
      const isLast = seen.trace.deletions.get(address.canonical) === commandId;
      return isLast ? releasing('address', address, userId, known, undertaking) : nothing;
    }
    case 'ChangeAccountEmail': {
      const { userId, commandId } = command;
      const at = seen.trace.commands.get(commandId)?.revision ?? 0n;
      const before = known.seatAsOf(userId, at - 1n);
      if (before === undefined) return read({ on: 'seatAsOf', userId, revision: at - 1n });
      const old = before.accountEmail;
      return old === undefined ? nothing : releasingLogin(old, at, seen, known, undertaking);
    }
    default:
      return nothing;
  }
};

/** Decides the command on what is known. */
const deciding = async (undertaking: Undertaking, known: Known, asking: Asking): Promise<Step> => {
  const { principal, command } = undertaking;
  const outcome = await decideCommand(principal, command, statesOf(known, asking))();
  if (E.isLeft(outcome)) return outcome.left;
  if (E.isLeft(outcome.right)) return { do: 'answer', rejections: outcome.right.left };
  const plan = outcome.right.right.filter(({ events }) => events.length > 0);
  return plan.length === 0
    ? { do: 'answer', rejections: undefined }
    : begun(plan, undertaking, known);
};

/**
 * The next step of a command.
 *
 * @throws Unsettled when what is known was read at different times and does not fit together
 */
export const commandStep = async (undertaking: Undertaking, known: Known): Promise<Step> => {
  const { command, by, housekeeping } = undertaking;
  const { commandId } = command;
  const missing = unread(command, known);
  if (isNonEmpty([...missing])) return { do: 'read', wanted: missing as NonEmptyArray<Wanted> };

  const home = homeOf(command);
  const seen = sightingOf(home, known);
  const leaving = departed(undertaking, known);
  if (leaving !== undefined && home.on === 'seat') {
    const arriving = seen as Sighting<Seat>;
    const hasArrived = arriving.trace.arrivals.has(handoverKey(by));
    return hasArrived ? nothing : received(home.userId, leaving, by, arriving);
  }
  const written = seen?.trace.commands.get(commandId);
  if (written !== undefined) {
    // Another command with the same id: nothing of this one is begun.
    if (written.fingerprint !== by.fingerprint || home.on !== 'seat') return nothing;
    return finishing(undertaking, seen as Sighting<Seat>, known);
  }
  if (known.answered(commandId) === true) return nothing;
  return deciding(undertaking, known, { command, housekeeping });
};
