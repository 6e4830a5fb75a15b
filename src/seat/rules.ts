/** Rules that several commands of a seat share. One clause is one rule, named for what it demands. */
import * as E from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import type { Decision, Rule, Stage } from '../decider';
import type { AddressAttempt } from '../values/address-attempt';
import type { EmailAddress } from '../values/email-address';
import type { RequestId, UserId } from '../values/ids';
import { isPersonalProvider } from '../values/personal-provider';
import type { Attestation, Impact } from './commands';
import type { SeatEvent } from './events';
import { wasAcknowledged } from './impact';
import type { AddFacts, LoginFacts, OtherHolder, SenderFacts } from './issued';
import type { SeatRejection } from './rejections';
import { isOpen, type Request, type RequestKind, type Seat } from './state';

export type SeatRule<Command> = Rule<Command, Seat, SeatRejection>;
/** Rules in stages, in order of precedence: a later stage is judged only when the earlier ones are kept. */
export type RuleLists<Command> = ReadonlyArray<Stage<Command, Seat, SeatRejection>>;
export type SeatDecision = Decision<SeatEvent, SeatRejection>;

/** P31: the user has a seat. */
export const seatExists: SeatRule<{ readonly userId: UserId }> = ({ userId }, seat) =>
  seat.userId === undefined ? { type: 'SeatNotFound', userId } : undefined;

/** The seat holds the mailbox. */
export const holdsMailbox: SeatRule<{ readonly address: EmailAddress }> = ({ address }, seat) =>
  seat.mailboxes.has(address.canonical)
    ? undefined
    : { type: 'MailboxNotFound', address: address.canonical };

/** The address as the mailbox holds it: the form first typed is the one that is sent from. */
export const asHeld = (address: EmailAddress, seat: Seat): EmailAddress =>
  seat.mailboxes.get(address.canonical)?.address ?? address;

/** P3: the address is not another seat's login. */
export const notAnothersLogin: SeatRule<{
  readonly userId: UserId;
  readonly facts: LoginFacts;
}> = ({ facts, userId }) =>
  facts.accountHolder === undefined || facts.accountHolder === userId
    ? undefined
    : { type: 'NotOwnedByTargetUser', knownAs: 'accountEmail' };

interface About {
  readonly userId: UserId;
  readonly requestId: RequestId;
}

/** The open request that a command is about, or why there is none: no seat, no such request, or closed. */
export const openRequest =
  (kind?: RequestKind) =>
  (command: About, seat: Seat): E.Either<NonEmptyArray<SeatRejection>, Request> => {
    const noSeat = seatExists(command, seat);
    if (noSeat !== undefined) return E.left([noSeat]);
    const { requestId } = command;
    const request = seat.requests.get(requestId);
    if (request === undefined || (kind !== undefined && request.kind !== kind)) {
      return E.left([{ type: 'RequestNotFound', requestId }]);
    }
    return isOpen(request)
      ? E.right(request)
      : E.left([{ type: 'RequestClosed', requestId, status: request.status }]);
  };

/** A request id names one request of the seat for ever. */
export const requestIdIsNew: SeatRule<{ readonly requestId: RequestId }> = ({ requestId }, seat) =>
  seat.requests.has(requestId) ? { type: 'RequestIdTaken', requestId } : undefined;

/** The same is not asked for already: one open request for an address and kind. */
export const notAskedAlready = (
  kind: RequestKind,
  { canonical }: EmailAddress,
  seat: Seat,
): SeatRejection | undefined => {
  const twin = seat.requests.findEntry(
    (request) =>
      request.kind === kind && request.address.canonical === canonical && isOpen(request),
  );
  return twin === undefined ? undefined : { type: 'DuplicateRequest', requestId: twin[0], kind };
};

interface Sent {
  readonly sender: AddressAttempt;
  readonly facts: SenderFacts;
}

/** P10, P11: the request comes from the account's listed address. */
export const fromListedAddress: SeatRule<Sent> = ({ sender, facts }) => {
  if (E.isLeft(sender)) return { type: 'SenderAddressMismatch', sender: sender.left.text };
  if (sender.right.canonical === facts.listedAddress?.canonical) return undefined;
  const type = isPersonalProvider(sender.right) ? 'PersonalSenderAddress' : 'SenderAddressMismatch';
  return { type, sender: sender.right.typed };
};

/** P1, P2: the limit in force has room for one more. A request holds no slot; an approval does. */
export const withinLimit: SeatRule<{ readonly facts: Pick<AddFacts, 'mailboxLimit'> }> = (
  { facts },
  seat,
) => {
  const limit = facts.mailboxLimit;
  const held = seat.mailboxes.size;
  const reserved = seat.requests.count(
    ({ kind, status }) => kind === 'add' && status === 'approved',
  );
  return held + reserved < limit
    ? undefined
    : { type: 'MailboxLimitReached', limit, held, reserved };
};

/** A locked seat gets no new mailbox. */
export const seatIsActive: SeatRule<unknown> = (_, seat) =>
  seat.locked ? { type: 'SeatIsLocked' } : undefined;

/** P16, P19: everything that would be lost now was shown and acknowledged. */
export const impactAcknowledged = (
  acknowledged: Impact | undefined,
  now: Impact,
): SeatRejection | undefined => {
  if (acknowledged === undefined) return { type: 'ImpactNotAcknowledged', now };
  return wasAcknowledged(acknowledged, now)
    ? undefined
    : { type: 'ImpactChanged', acknowledged, now };
};

/** What a release from the other seat still lacks (P24). */
export type ReleaseGap = 'permission' | 'verification';

/**
 * P24: who may permit. On an active seat its holder, or an admin; on a locked one an admin, or the
 * requester once Support has recorded how it verified them. What was revoked does not stand.
 */
export const releaseGap = (
  {
    deletePermission,
    permittedHolding,
    requestedBy,
  }: Pick<Request, 'deletePermission' | 'permittedHolding' | 'requestedBy'>,
  { seatState, permission, holding }: OtherHolder,
  attestation: Attestation | undefined,
): ReleaseGap | undefined => {
  if (permission === 'granted') return undefined;
  if (permission === 'revoked' || !deletePermission) return 'permission';
  // The permission was for the seat that held the address then, not for whoever holds it now.
  if (permittedHolding !== holding) return 'permission';
  if (requestedBy.role === 'admin') return undefined;
  if (seatState === 'active') return 'permission';
  return (attestation?.releaseVerification ?? '').trim() === '' ? 'verification' : undefined;
};
