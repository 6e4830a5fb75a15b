/** Decisions about asking for a mailbox: the request, its permission to release, and its withdrawal. */
import * as E from 'fp-ts/lib/Either.js';
import { alreadySo, firstBroken } from '../decider';
import { classifyAddress } from '../values/address-class';
import type { EmailAddress } from '../values/email-address';
import { inboxHint } from '../values/inbox-hint';
import { actorOf } from '../values/principal';
import type { WithdrawRequest } from './commands';
import * as Events from './events';
import type { IssuedAddRequest, IssuedPermission, OtherHolder } from './issued';
import {
  fromListedAddress,
  holdsMailbox,
  notAnothersLogin,
  notAskedAlready,
  openRequest,
  releaseGap,
  requestIdIsNew,
  type RuleLists,
  type SeatDecision,
  seatExists,
  seatIsActive,
  type SeatRule,
  withinLimit,
} from './rules';
import { isOpen, permissionKey, type Seat } from './state';

/** P12: the request names an address. */
const namesAnAddress: SeatRule<IssuedAddRequest> = ({ address }) => {
  if (E.isRight(address)) return undefined;
  const { text, fault } = address.left;
  return { type: 'InvalidAddress', text, fault };
};

/** P5, P6: a personal address, or a shared one that the contract permits. */
const personalOrPermitted: SeatRule<IssuedAddRequest> = ({ address, facts }) =>
  E.isLeft(address) || facts.sharedPermitted || classifyAddress(address.right) !== 'shared'
    ? undefined
    : { type: 'SharedAddressNotPermitted', address: address.right.canonical };

/** One open request for an address. */
const notRequestedAlready: SeatRule<IssuedAddRequest> = ({ address }, seat) =>
  E.isLeft(address) ? undefined : notAskedAlready('add', address.right, seat);

/** P1: room for one more, unless it is no more: the seat holds that address already. */
const roomOrHeld: SeatRule<IssuedAddRequest> = (command, seat) =>
  E.isRight(command.address) && seat.mailboxes.has(command.address.right.canonical)
    ? undefined
    : withinLimit(command, seat);

export const addRequestRules: RuleLists<IssuedAddRequest> = [
  { seatExists },
  {
    fromListedAddress,
    namesAnAddress,
    notAnothersLogin,
    personalOrPermitted,
    roomOrHeld,
    seatIsActive,
    notRequestedAlready,
    requestIdIsNew,
  },
];

const brokenForRequest = firstBroken(addRequestRules);

/** P23: what was declared, where it differs from what is so. */
const mismatch = (
  declared: IssuedAddRequest['declaredHolder'],
  otherHolder: OtherHolder | undefined,
) => {
  const actual: 'none' | 'active' | 'locked' = otherHolder?.seatState ?? 'none';
  return declared === undefined || declared === actual ? undefined : { declared, actual };
};

const requested = (
  command: IssuedAddRequest,
  address: EmailAddress,
  sender: EmailAddress,
): Events.SeatEvent => {
  const { userId, requestId, by, facts, deletePermission = false } = command;
  const requestedBy = actorOf(by);
  const permittedHolding = deletePermission ? facts.otherHolder?.holding : undefined;
  const asked = { deletePermission, permittedHolding, requestedBy };
  const waits =
    facts.otherHolder !== undefined &&
    releaseGap(asked, facts.otherHolder, undefined) === 'permission';
  const hint = inboxHint(address);
  const declarationMismatch = mismatch(command.declaredHolder, facts.otherHolder);
  return Events.MailboxAddRequested({
    userId,
    requestId,
    address,
    addressClass: classifyAddress(address),
    sender,
    requestedBy,
    status: waits ? 'awaitingPermission' : 'submitted',
    deletePermission,
    ...(by.role === 'support' && by.caseId !== undefined && { caseId: by.caseId }),
    ...(permittedHolding !== undefined && { permittedHolding }),
    ...(hint !== undefined && { inboxHint: hint }),
    ...(facts.otherHolder !== undefined && { heldBy: facts.otherHolder.seatState }),
    ...(declarationMismatch !== undefined && { declarationMismatch }),
  });
};

export const requestMailboxAdd = (command: IssuedAddRequest, seat: Seat): SeatDecision => {
  const broken = brokenForRequest(command, seat);
  if (broken !== undefined) return E.left(broken);
  // The rules let no unparsed address through; this tells the compiler.
  if (E.isLeft(command.address) || E.isLeft(command.sender)) return alreadySo;
  const address = command.address.right;
  if (seat.mailboxes.has(address.canonical)) return alreadySo;

  return E.right([requested(command, address, command.sender.right)]);
};

/** P24: there is such a request on the other seat, and it is still open. */
const forAnOpenRequest: SeatRule<IssuedPermission> = ({ facts, requestId }) => {
  const { requestStatus } = facts;
  if (requestStatus === undefined) return { type: 'RequestNotFound', requestId };
  return isOpen({ status: requestStatus })
    ? undefined
    : { type: 'RequestClosed', requestId, status: requestStatus };
};

/** P24: a locked seat's user permits nothing; an admin may. */
const activeOrByAdmin: SeatRule<IssuedPermission> = ({ by }, seat) =>
  by.role === 'user' && seat.locked ? { type: 'SeatIsLocked' } : undefined;

export const permissionRules: RuleLists<IssuedPermission> = [
  { seatExists },
  { activeOrByAdmin, holdsMailbox },
  // What another seat has asked for is told only to those who hold the address.
  { forAnOpenRequest },
];

const brokenForPermission = firstBroken(permissionRules);

export const setPermission = (command: IssuedPermission, seat: Seat): SeatDecision => {
  const broken = brokenForPermission(command, seat);
  if (broken !== undefined) return E.left(broken);
  const { userId, requestId, address, toUserId } = command;
  const wanted = command.type === 'GrantDeletePermission' ? 'granted' : 'revoked';
  if (seat.permissions.get(permissionKey(address, toUserId, requestId))?.standing === wanted) {
    return alreadySo;
  }

  const data = { userId, requestId, address, toUserId };
  return E.right([
    wanted === 'granted'
      ? Events.DeletePermissionGranted(data)
      : Events.DeletePermissionRevoked(data),
  ]);
};

export const withdrawRequest = (command: WithdrawRequest, seat: Seat): SeatDecision => {
  const request = openRequest()(command, seat);
  if (E.isLeft(request)) return request;

  const { userId, requestId } = command;
  return E.right([Events.RequestWithdrawn({ userId, requestId, address: request.right.address })]);
};
