/** Decisions about deleting a mailbox, and about leaving it to another seat: what is lost is what was shown. */
import * as E from 'fp-ts/lib/Either.js';
import { alreadySo, firstBroken } from '../decider';
import { inChunks } from '../values/chunks';
import type { EmailAddress } from '../values/email-address';
import type { RequestId, UserId } from '../values/ids';
import { MOST_IDS_AN_EVENT } from '../values/policy';
import { actorOf } from '../values/principal';
import type { ApproveMailboxDelete, Impact, RejectMailboxDelete } from './commands';
import * as Events from './events';
import { impactOf } from './impact';
import type { IssuedDeleteRequest, SurrenderMailbox, WithholdMailbox } from './issued';
import {
  asHeld,
  fromListedAddress,
  holdsMailbox,
  impactAcknowledged,
  notAskedAlready,
  openRequest,
  requestIdIsNew,
  type RuleLists,
  type SeatDecision,
  seatExists,
  type SeatRule,
} from './rules';
import type { Seat } from './state';

/** One open request for an address. */
const notRequestedAlready: SeatRule<IssuedDeleteRequest> = ({ address }, seat) =>
  notAskedAlready('delete', address, seat);

export const deleteRequestRules: RuleLists<IssuedDeleteRequest> = [
  { seatExists },
  { fromListedAddress, notRequestedAlready, requestIdIsNew, holdsMailbox },
];

const brokenForRequest = firstBroken(deleteRequestRules);

export const requestMailboxDelete = (command: IssuedDeleteRequest, seat: Seat): SeatDecision => {
  const broken = brokenForRequest(command, seat);
  if (broken !== undefined) return E.left(broken);

  // The rules let no unparsed sender through; this tells the compiler.
  if (E.isLeft(command.sender)) return alreadySo;

  const { userId, requestId, by } = command;
  return E.right([
    Events.MailboxDeleteRequested({
      userId,
      requestId,
      address: asHeld(command.address, seat),
      sender: command.sender.right,
      requestedBy: actorOf(by),
      ...(by.role === 'support' && by.caseId !== undefined && { caseId: by.caseId }),
    }),
  ]);
};

interface Departure {
  readonly userId: UserId;
  readonly requestId: RequestId;
  readonly address: EmailAddress;
  readonly movedTo?: UserId;
  readonly acknowledged?: ReturnType<typeof acknowledgement>;
}

/** P17, P18: the mailbox goes, and every id that goes with it is named. */
const departed = (departure: Departure, impact: Impact): ReadonlyArray<Events.SeatEvent> => {
  const { userId, requestId, address } = departure;
  const about = { userId, requestId, address };
  const mailings = [
    ...impact.drafts.map((id) => ({ id, was: 'drafts' as const })),
    ...impact.scheduled.map((id) => ({ id, was: 'scheduled' as const })),
  ];
  return [
    Events.MailboxDeleted({
      ...departure,
      draftsLost: impact.drafts.length,
      scheduledLost: impact.scheduled.length,
      sequencesStopped: impact.sequences.length,
    }),
    ...inChunks(mailings, MOST_IDS_AN_EVENT).map((chunk) =>
      Events.DraftsLost({
        ...about,
        drafts: chunk.filter(({ was }) => was === 'drafts').map(({ id }) => id),
        scheduled: chunk.filter(({ was }) => was === 'scheduled').map(({ id }) => id),
      }),
    ),
    ...inChunks(impact.sequences, MOST_IDS_AN_EVENT).map((sequenceStateIds) =>
      Events.SequencesStopped({ ...about, sequenceStateIds }),
    ),
  ];
};

const acknowledgement = ({ revision, ...impact }: Impact) => ({
  revision,
  drafts: impact.drafts.length,
  scheduled: impact.scheduled.length,
  inFlight: impact.inFlight.length,
  sequences: impact.sequences.length,
  untaggedProspects: impact.untaggedProspects.length,
  history: impact.history,
});

/** P15: a mailbox is deleted only on a request. That none is found is, here, a clause of its own. */
const onRequest: SeatRule<ApproveMailboxDelete> = ({ requestId }, seat) =>
  seat.userId === undefined || seat.requests.get(requestId)?.kind === 'delete'
    ? undefined
    : { type: 'DeleteRequestRequired', requestId };

export const approveMailboxDelete = (command: ApproveMailboxDelete, seat: Seat): SeatDecision => {
  const requestless = onRequest(command, seat);
  if (requestless !== undefined) return E.left([requestless]);
  const request = openRequest('delete')(command, seat);
  if (E.isLeft(request)) return request;
  const { address } = request.right;
  const { userId, requestId } = command;
  const now = impactOf(seat, userId, address);
  const unacknowledged = impactAcknowledged(command.impact, now);
  if (unacknowledged !== undefined) return E.left([unacknowledged]);

  const acknowledged = acknowledgement(command.impact ?? now);
  return E.right([
    Events.MailboxDeleteApproved({ userId, requestId, address, acknowledged }),
    ...departed({ userId, requestId, address }, now),
  ]);
};

export const surrenderMailbox = (command: SurrenderMailbox, seat: Seat): SeatDecision => {
  const { userId, requestId, address, toUserId } = command;
  const now = impactOf(seat, userId, address);
  const broken = holdsMailbox(command, seat) ?? impactAcknowledged(command.impact, now);
  if (broken !== undefined) return E.left([broken]);

  const acknowledged = acknowledgement(command.impact ?? now);
  return E.right(departed({ userId, requestId, address, movedTo: toUserId, acknowledged }, now));
};

/** Also where a permission has been revoked: one that is just being given again must come too late. */
export const withholdMailbox = (command: WithholdMailbox): SeatDecision => {
  const { userId, requestId, address, toUserId } = command;
  return E.right([Events.DeletePermissionRevoked({ userId, requestId, address, toUserId })]);
};

export const rejectMailboxDelete = (command: RejectMailboxDelete, seat: Seat): SeatDecision => {
  const request = openRequest('delete')(command, seat);
  if (E.isLeft(request)) return request;

  const { userId, requestId, reason } = command;
  const { address } = request.right;
  return E.right([Events.MailboxDeleteRejected({ userId, requestId, address, reason })]);
};
