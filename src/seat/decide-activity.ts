/** Decisions about what the host's platform reports, and about tagging and reassigning prospects. */
import * as E from 'fp-ts/lib/Either.js';
import { alreadySo, firstBroken } from '../decider';
import { inChunks } from '../values/chunks';
import type { EmailAddress } from '../values/email-address';
import type { CommandId, RequestId, UserId } from '../values/ids';
import { MOST_IDS_AN_EVENT } from '../values/policy';
import type {
  MailingState,
  RecordMailing,
  RecordSequenceState,
  SequenceProgress,
  Tag,
  TagProspects,
} from './commands';
import * as Events from './events';
import type { Candidate } from './impact';
import type { HandOverProspects, IssuedReassignment, ReceiveProspects } from './issued';
import {
  holdsMailbox,
  type RuleLists,
  type SeatDecision,
  seatExists,
  type SeatRule,
} from './rules';
import type { Seat } from './state';

/** The mailing is known, if at all, as sent from this address. */
const sameMailing: SeatRule<RecordMailing> = ({ mailingId, address }, seat) => {
  const known = seat.mailings.get(mailingId);
  return known === undefined || known.address === address.canonical
    ? undefined
    : { type: 'ActivityMismatch', id: mailingId, field: 'address', known: known.address };
};

const arrivals: ReadonlySet<MailingState> = new Set([
  'delivering',
  'delivered',
  'opened',
  'replied',
  'bounced',
  'failed',
]);

/** P17: without its mailbox an email that had been sent may still arrive or fail; a lost one stays lost. */
const mailingHasMailbox: SeatRule<RecordMailing> = (command, seat) => {
  const { mailingId, state } = command;
  const known = seat.mailings.get(mailingId);
  if (known === undefined) return holdsMailbox(command, seat);
  const mayBe = !known.detached || (!known.lost && arrivals.has(state));
  return mayBe ? undefined : { type: 'MailingLost', mailingId };
};

export const mailingRules: RuleLists<RecordMailing> = [
  { seatExists },
  { sameMailing, mailingHasMailbox },
];

const brokenForMailing = firstBroken(mailingRules);

export const recordMailing = (command: RecordMailing, seat: Seat): SeatDecision => {
  const broken = brokenForMailing(command, seat);
  if (broken !== undefined) return E.left(broken);
  const { userId, mailingId, address, state } = command;
  if (seat.mailings.get(mailingId)?.state === state) return alreadySo;

  return E.right([
    Events.MailingRecorded({ userId, mailingId, address: address.canonical, state }),
  ]);
};

/** A sequence state stays with its prospect, its sequence and its mailbox until it is reassigned. */
const sameSequenceState: SeatRule<RecordSequenceState> = (command, seat) => {
  const id = command.sequenceStateId;
  const known = seat.sequenceStates.get(id);
  if (known === undefined) return undefined;
  const given = { ...command, address: command.address.canonical };
  const field = (['address', 'prospectId', 'sequenceId'] as const).find(
    (name) => known[name] !== given[name],
  );
  return field === undefined
    ? undefined
    : { type: 'ActivityMismatch', id, field, known: known[field] };
};

const revivals: ReadonlySet<SequenceProgress> = new Set(['pending', 'active']);

/** P18, P20: nothing starts without its mailbox, and what stopped with one goes on only by reassignment. */
const sequenceHasMailbox: SeatRule<RecordSequenceState> = (command, seat) => {
  const { sequenceStateId, state } = command;
  const known = seat.sequenceStates.get(sequenceStateId);
  if (known === undefined) return holdsMailbox(command, seat);
  return known.detached && revivals.has(state)
    ? { type: 'SequenceNeedsReassignment', sequenceStateId }
    : undefined;
};

export const sequenceStateRules: RuleLists<RecordSequenceState> = [
  { seatExists },
  { sameSequenceState, sequenceHasMailbox },
];

const brokenForSequence = firstBroken(sequenceStateRules);

export const recordSequenceState = (command: RecordSequenceState, seat: Seat): SeatDecision => {
  const broken = brokenForSequence(command, seat);
  if (broken !== undefined) return E.left(broken);
  const { userId, sequenceStateId, prospectId, sequenceId, address, state } = command;
  if (seat.sequenceStates.get(sequenceStateId)?.state === state) return alreadySo;

  return E.right([
    Events.SequenceStateRecorded({
      userId,
      sequenceStateId,
      prospectId,
      sequenceId,
      address: address.canonical,
      state,
    }),
  ]);
};

export const tagProspects = (command: TagProspects, seat: Seat): SeatDecision => {
  const { userId, tag } = command;
  const missing = seatExists(command, seat);
  if (missing !== undefined) return E.left([missing]);

  const untagged = [...new Set(command.prospectIds)].filter(
    (id) => seat.tags.get(id)?.has(tag) !== true,
  );
  return E.right(
    inChunks(untagged, MOST_IDS_AN_EVENT).map((prospectIds) =>
      Events.ProspectsTagged({ userId, tag, prospectIds }),
    ),
  );
};

/** P20: the mailbox exists on the seat, and its owner has configured it. */
const targetIsConfigured: SeatRule<IssuedReassignment> = ({ address }, seat) => {
  const mailbox = seat.mailboxes.get(address.canonical);
  if (mailbox?.use !== undefined) return undefined;
  return {
    type: 'TargetMailboxMissing',
    address: address.canonical,
    found: mailbox === undefined ? 'nothing' : 'provisioned',
  };
};

/** P20: prospects are found by something: a tag, their ids, or both. */
const selectsProspects: SeatRule<IssuedReassignment> = ({ tag, prospectIds }) =>
  tag === undefined && prospectIds === undefined ? { type: 'SelectionMissing' } : undefined;

export const reassignmentRules: RuleLists<IssuedReassignment> = [
  { seatExists },
  { targetIsConfigured, selectsProspects },
];

const brokenForReassignment = firstBroken(reassignmentRules);

interface Reassignment {
  readonly fromUserId: UserId;
  readonly toUserId: UserId;
  readonly address: EmailAddress;
  readonly tag: Tag | undefined;
}

/** Those that can go on do; those that have ended in the meantime are skipped, and said to be. */
const reassigned = (
  { tag, ...reassignment }: Reassignment,
  candidates: ReadonlyArray<Candidate>,
): ReadonlyArray<Events.SeatEvent> => {
  // Nothing to go on with is nothing to record, however many have ended.
  if (candidates.every(({ resumesAs }) => resumesAs === undefined)) return [];
  return inChunks(candidates, MOST_IDS_AN_EVENT).map((chunk) =>
    Events.ProspectsReassigned({
      ...reassignment,
      reassigned: chunk.flatMap(({ sequenceStateId, prospectId, sequenceId, resumesAs }) =>
        resumesAs === undefined
          ? []
          : [{ sequenceStateId, prospectId, sequenceId, state: resumesAs }],
      ),
      skipped: chunk.flatMap(({ sequenceStateId, state, resumesAs }) =>
        resumesAs === undefined ? [{ sequenceStateId, state }] : [],
      ),
      ...(tag !== undefined && { tag }),
    }),
  );
};

export const reassignProspects = (command: IssuedReassignment, seat: Seat): SeatDecision => {
  const broken = brokenForReassignment(command, seat);
  if (broken !== undefined) return E.left(broken);

  const { userId: toUserId, address, tag, facts } = command;
  const { fromUserId, candidates } = facts;
  return E.right(reassigned({ fromUserId, toUserId, address, tag }, candidates));
};

export const handOverProspects = (command: HandOverProspects): SeatDecision => {
  const { userId: fromUserId, toUserId, address, tag, candidates } = command;
  return E.right(reassigned({ fromUserId, toUserId, address, tag }, candidates));
};

/**
 * Nothing can refuse what is on its way. Where the mailbox has gone meanwhile, what arrives stops at once,
 * and can be reassigned again; where the seat knows a sequence state by now, its own record stands.
 */
export const receiveProspects = (
  { commandId, handover }: ReceiveProspects,
  seat: Seat,
): SeatDecision => {
  const { toUserId: userId, address } = handover;
  const reassigned = handover.reassigned.filter(
    ({ sequenceStateId }) => !seat.sequenceStates.has(sequenceStateId),
  );
  const arrived = Events.ProspectsReassigned({ ...handover, reassigned });
  const stopping = reassigned.filter(({ state }) => revivals.has(state));
  if (seat.mailboxes.has(address.canonical) || stopping.length === 0) return E.right([arrived]);
  return E.right([
    arrived,
    Events.SequencesStopped({
      userId,
      requestId: commandId satisfies CommandId as string as RequestId,
      address,
      sequenceStateIds: stopping.map(({ sequenceStateId }) => sequenceStateId),
    }),
  ]);
};
