/** Decisions about granting a mailbox: Support's approval or refusal, and the owner's configuration. */
import * as E from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import { alreadySo, firstBroken } from '../decider';
import type { ConfigureMailbox, RejectMailboxAdd } from './commands';
import * as Events from './events';
import type { AbandonMailboxAdd, CompleteMailboxAdd, IssuedAddApproval } from './issued';
import type { SeatRejection, Terms } from './rejections';
import {
  asHeld,
  holdsMailbox,
  notAnothersLogin,
  openRequest,
  type ReleaseGap,
  releaseGap,
  type RuleLists,
  type SeatDecision,
  seatExists,
  seatIsActive,
  type SeatRule,
  withinLimit,
} from './rules';
import type { Request, Seat } from './state';

/** An approval beside the request that it is about. */
type Approval = IssuedAddApproval & { readonly request: Request };

/** P4: Support says, with evidence, why the address is this person's. */
const attested: SeatRule<Approval> = ({ attestation }) =>
  (attestation?.evidence ?? '').trim() === '' ? { type: 'AttestationMissing' } : undefined;

const allTerms: ReadonlyArray<Terms> = ['eula', 'termsOfService', 'acceptableUse'];

/** P7: Support confirmed all three terms. */
const termsConfirmed: SeatRule<Approval> = ({ attestation }) => {
  const which = allTerms.filter((term) => attestation?.terms?.[term] !== true);
  return which.length === 0 ? undefined : { type: 'TermsNotConfirmed', which };
};

const gapOf = ({ facts, request, attestation }: Approval): ReleaseGap | undefined =>
  facts.otherHolder === undefined ? undefined : releaseGap(request, facts.otherHolder, attestation);

/** P3: it is not a colleague's: neither their login, nor a mailbox that they use and have not let go. */
const notAColleagues: SeatRule<Approval> = (command, seat) => {
  const login = notAnothersLogin(command, seat);
  if (login !== undefined) return login;
  return command.facts.otherHolder?.seatState === 'active' && gapOf(command) !== undefined
    ? { type: 'NotOwnedByTargetUser', knownAs: 'mailbox' }
    : undefined;
};

/** P5, P6: judged by the class that was recorded, and by the contract now in force. */
const personalOrPermitted: SeatRule<Approval> = ({ request, facts }) =>
  request.addressClass !== 'shared' || facts.sharedPermitted
    ? undefined
    : { type: 'SharedAddressNotPermitted', address: request.address.canonical };

/** P21, P22, P24: it sits on no other seat, or may leave it. */
const freeOrReleased: SeatRule<Approval> = (command) => {
  const { otherHolder } = command.facts;
  const gap = gapOf(command);
  if (otherHolder === undefined || gap === undefined) return undefined;
  return gap === 'verification'
    ? { type: 'ReleaseNotVerified' }
    : { type: 'AddressInUse', seatState: otherHolder.seatState };
};

export const addApprovalRules: RuleLists<Approval> = [
  {
    attested,
    termsConfirmed,
    notAColleagues,
    personalOrPermitted,
    withinLimit,
    seatIsActive,
    freeOrReleased,
  },
];

const brokenForApproval = firstBroken(addApprovalRules);

export const approveMailboxAdd = (command: IssuedAddApproval, seat: Seat): SeatDecision => {
  const request = openRequest('add')(command, seat);
  if (E.isLeft(request)) return request;
  const broken = brokenForApproval({ ...command, request: request.right }, seat);
  if (broken !== undefined) return E.left(broken);

  const { userId, requestId, attestation } = command;
  const releaseVerification = attestation?.releaseVerification;
  return E.right([
    Events.MailboxAddApproved({
      userId,
      requestId,
      address: request.right.address,
      evidence: attestation?.evidence ?? '',
      ...(releaseVerification !== undefined && { releaseVerification }),
    }),
  ]);
};

/** The request that holds a slot, and is neither added nor given up yet. */
const approvedRequest = (
  command: CompleteMailboxAdd | AbandonMailboxAdd,
  seat: Seat,
): E.Either<NonEmptyArray<SeatRejection>, Request> => {
  const request = openRequest('add')(command, seat);
  if (E.isLeft(request) || request.right.status === 'approved') return request;
  return E.left([{ type: 'RequestNotFound', requestId: command.requestId }]);
};

export const completeMailboxAdd = (command: CompleteMailboxAdd, seat: Seat): SeatDecision => {
  const request = approvedRequest(command, seat);
  if (E.isLeft(request)) return request;

  const { userId, requestId, movedFrom } = command;
  const { address } = request.right;
  return E.right([
    Events.MailboxAdded({
      userId,
      requestId,
      address,
      ...(movedFrom !== undefined && { movedFrom }),
    }),
  ]);
};

export const abandonMailboxAdd = (command: AbandonMailboxAdd, seat: Seat): SeatDecision => {
  const request = approvedRequest(command, seat);
  if (E.isLeft(request)) return request;

  const { userId, requestId } = command;
  const { address } = request.right;
  return E.right([Events.MailboxAddAbandoned({ userId, requestId, address })]);
};

export const rejectMailboxAdd = (command: RejectMailboxAdd, seat: Seat): SeatDecision => {
  const request = openRequest('add')(command, seat);
  if (E.isLeft(request)) return request;

  const { userId, requestId, reason } = command;
  const { address } = request.right;
  return E.right([Events.MailboxAddRejected({ userId, requestId, address, reason })]);
};

export const configurationRules: RuleLists<ConfigureMailbox> = [{ seatExists }, { holdsMailbox }];

const brokenForConfiguration = firstBroken(configurationRules);

export const configureMailbox = (command: ConfigureMailbox, seat: Seat): SeatDecision => {
  const broken = brokenForConfiguration(command, seat);
  if (broken !== undefined) return E.left(broken);
  const { userId, use } = command;
  const address = asHeld(command.address, seat);
  if (seat.mailboxes.get(address.canonical)?.use === use) return alreadySo;

  return E.right([Events.MailboxConfigured({ userId, address, use })]);
};
