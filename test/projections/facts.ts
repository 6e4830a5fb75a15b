/** The cast of the projection tests, and the facts they are told with. */
import { AddressClaimed, type AddressEvent, AddressReleased } from '../../src/address/events';
import type { SeatEvent } from '../../src/seat/events';
import * as Seat from '../../src/seat/events';
import type { EmailAddress } from '../../src/values/email-address';
import type {
  MailingId,
  OrgId,
  ProspectId,
  RequestId,
  SequenceId,
  SequenceStateId,
  UserId,
} from '../../src/values/ids';
import type { Actor } from '../../src/values/principal';
import { address } from '../support/recorded';

export const acme = 'acme' as OrgId;
export const globex = 'globex' as OrgId;
export const ann = 'ann' as UserId;
export const bob = 'bob' as UserId;
export const cyd = 'cyd' as UserId;

export const work = address('Ann@acme.example');
export const alias = address('ann.a@acme.example');
export const third = address('ann+news@acme.example');

export const requestId = (given: string) => given as RequestId;
export const mailingId = (given: string) => given as MailingId;
export const sequenceStateId = (given: string) => given as SequenceStateId;

export const byUser = (userId: UserId): Actor => ({ role: 'user', id: userId });

export const registered = (userId: UserId): SeatEvent =>
  Seat.SeatRegistered({
    userId,
    accountEmail: address(`${userId}@login.example`),
    profile: 'user',
  });

type AskedToAdd = Parameters<typeof Seat.MailboxAddRequested>[0];

export const askedToAdd = (
  userId: UserId,
  request: string,
  wanted: EmailAddress,
  more: Partial<AskedToAdd> = {},
): SeatEvent =>
  Seat.MailboxAddRequested({
    userId,
    requestId: requestId(request),
    address: wanted,
    addressClass: 'personal',
    sender: address(`${userId}@login.example`),
    requestedBy: byUser(userId),
    status: 'submitted',
    deletePermission: false,
    ...more,
  });

export const approved = (userId: UserId, request: string, wanted: EmailAddress): SeatEvent =>
  Seat.MailboxAddApproved({
    userId,
    requestId: requestId(request),
    address: wanted,
    evidence: 'Passport seen.',
  });

export const added = (
  userId: UserId,
  request: string,
  wanted: EmailAddress,
  movedFrom?: UserId,
): SeatEvent =>
  Seat.MailboxAdded({
    userId,
    requestId: requestId(request),
    address: wanted,
    ...(movedFrom !== undefined && { movedFrom }),
  });

export const claimed = (userId: UserId, request: string, wanted: EmailAddress): AddressEvent =>
  AddressClaimed({ userId, requestId: requestId(request), address: wanted });

export const released = (userId: UserId, request: string, held: EmailAddress): AddressEvent =>
  AddressReleased({ userId, requestId: requestId(request), address: held });

export const configured = (userId: UserId, held: EmailAddress): SeatEvent =>
  Seat.MailboxConfigured({ userId, address: held, use: 'alias' });

export const askedToDelete = (userId: UserId, request: string, held: EmailAddress): SeatEvent =>
  Seat.MailboxDeleteRequested({
    userId,
    requestId: requestId(request),
    address: held,
    sender: address(`${userId}@login.example`),
    requestedBy: byUser(userId),
  });

export const deleted = (
  userId: UserId,
  request: string,
  held: EmailAddress,
  movedTo?: UserId,
): SeatEvent =>
  Seat.MailboxDeleted({
    userId,
    requestId: requestId(request),
    address: held,
    draftsLost: 0,
    scheduledLost: 0,
    sequencesStopped: 0,
    ...(movedTo !== undefined && { movedTo }),
  });

export const draftsLost = (
  userId: UserId,
  request: string,
  held: EmailAddress,
  drafts: ReadonlyArray<string>,
  scheduled: ReadonlyArray<string> = [],
): SeatEvent =>
  Seat.DraftsLost({
    userId,
    requestId: requestId(request),
    address: held,
    drafts: drafts.map(mailingId),
    scheduled: scheduled.map(mailingId),
  });

type Progress = Parameters<typeof Seat.SequenceStateRecorded>[0]['state'];

/** Sequence state `s1` is of prospect `prospect-s1`, in one sequence. */
export const sequence = (
  userId: UserId,
  state: string,
  held: EmailAddress,
  progress: Progress,
): SeatEvent =>
  Seat.SequenceStateRecorded({
    userId,
    sequenceStateId: sequenceStateId(state),
    prospectId: `prospect-${state}` as ProspectId,
    sequenceId: 'welcome' as SequenceId,
    address: held.canonical,
    state: progress,
  });

export const stopped = (
  userId: UserId,
  request: string,
  held: EmailAddress,
  states: ReadonlyArray<string>,
): SeatEvent =>
  Seat.SequencesStopped({
    userId,
    requestId: requestId(request),
    address: held,
    sequenceStateIds: states.map(sequenceStateId),
  });

interface Reassignment {
  readonly from: UserId;
  readonly to: UserId;
  readonly onto: EmailAddress;
  readonly reassigned: ReadonlyArray<string>;
  readonly skipped?: ReadonlyArray<readonly [state: string, progress: Progress]>;
}

export const reassignment = ({
  from,
  to,
  onto,
  reassigned,
  skipped = [],
}: Reassignment): SeatEvent =>
  Seat.ProspectsReassigned({
    fromUserId: from,
    toUserId: to,
    address: onto,
    reassigned: reassigned.map((state) => ({
      sequenceStateId: sequenceStateId(state),
      prospectId: `prospect-${state}` as ProspectId,
      sequenceId: 'welcome' as SequenceId,
      state: 'active',
    })),
    skipped: skipped.map(([state, progress]) => ({
      sequenceStateId: sequenceStateId(state),
      state: progress,
    })),
  });
