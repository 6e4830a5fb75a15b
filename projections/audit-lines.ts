/**
 * Each type of event as a line of the audit trail: what of its data is kept, and how it is worded when it
 * is read. Complete by construction: a type without a line does not compile.
 */
import type { Clause } from '../src/values/policy';
import {
  about,
  acknowledgedOf,
  also,
  amount,
  heldBy,
  lossOf,
  requestOf,
  unsentOf,
  uses,
} from './audit-words';
import type { ProjectedEvent } from './projection';

type EventType = ProjectedEvent['type'];
type DataOf<Type extends EventType> = Extract<ProjectedEvent, { readonly type: Type }>['data'];
type StreamKind = ProjectedEvent['streamKind'];

/** What a sentence may say beside what was kept. */
export interface Circumstances {
  /** Who acted, as the subject of a sentence. */
  readonly who: string;
  readonly stream: StreamKind;
}

/** The line of one type of event. */
interface Line<Data, Kept> {
  /** Plain JSON of bounded size: amounts in the place of long lists. */
  readonly keep: (data: Data) => Kept;
  readonly say: (kept: Kept, circumstances: Circumstances) => string;
  /** The clauses that it follows from. */
  readonly clauses: (kept: Kept, circumstances: Circumstances) => ReadonlyArray<Clause>;
}

/** A line whose kept data nobody else looks into. */
export type AnyLine<Data> = Line<Data, unknown>;

/** Keeps the type of what is kept from `keep` to `say`. */
const line = <Data, Kept>(given: Line<Data, Kept>): AnyLine<Data> => given as AnyLine<Data>;

const always =
  (...clauses: ReadonlyArray<Clause>) =>
  (): ReadonlyArray<Clause> =>
    clauses;

const isLogin = ({ stream }: Circumstances): boolean => stream === 'account';

export const auditLines: { readonly [Type in EventType]: AnyLine<DataOf<Type>> } = {
  ContractSet: line({
    keep: ({ mailboxLimit, permittedSharedAddresses }) => ({
      mailboxLimit,
      shared: permittedSharedAddresses.length,
    }),
    say: ({ mailboxLimit, shared }, { who }) =>
      `${who} set the contract: a limit of ${mailboxLimit} for every user, and ${amount(shared, 'permitted shared address')}.`,
    clauses: always('P2', 'P6'),
  }),
  MailboxLimitGranted: line({
    keep: ({ userId, limit }) => ({ userId, limit }),
    say: ({ userId, limit }, { who }) =>
      `${who} granted ${userId} a limit of ${limit} by contract.`,
    clauses: always('P2'),
  }),

  SeatRegistered: line({
    keep: ({ userId, accountEmail, profile }) => ({
      userId,
      login: accountEmail.canonical,
      profile,
    }),
    say: ({ userId, login, profile }, { who }) =>
      `${who} registered the seat of ${userId} with the login ${login} and the profile ${profile}.`,
    clauses: always('P36'),
  }),
  AccountEmailChanged: line({
    keep: ({ userId, accountEmail }) => ({ userId, login: accountEmail.canonical }),
    say: ({ userId, login }, { who }) =>
      `${who} changed ${userId}'s login to ${login}; every mailbox stayed.`,
    clauses: always('P36', 'P38'),
  }),
  AccountEmailAbandoned: line({
    keep: ({ userId, accountEmail }) => ({ userId, login: accountEmail.canonical }),
    say: ({ userId, login }, { who }) =>
      `${who} gave up an unfinished claim of ${userId}'s seat on the login ${login}.`,
    clauses: always('P36'),
  }),
  ProfileChanged: line({
    keep: ({ userId, profile }) => ({ userId, profile }),
    say: ({ userId, profile }, { who }) => `${who} changed ${userId}'s profile to ${profile}.`,
    clauses: always('P9'),
  }),
  SeatLocked: line({
    keep: ({ userId }) => ({ userId }),
    say: ({ userId }, { who }) =>
      `${who} locked ${userId}'s seat; it holds its mailboxes as before.`,
    clauses: always('P22', 'P34'),
  }),
  SeatUnlocked: line({
    keep: ({ userId }) => ({ userId }),
    say: ({ userId }, { who }) => `${who} unlocked ${userId}'s seat.`,
    clauses: always('P34'),
  }),

  MailboxAddRequested: line({
    keep: (data) => ({
      ...about(data),
      byAdmin: data.requestedBy.role === 'admin',
      waits: data.status === 'awaitingPermission',
      deletePermission: data.deletePermission,
      caseId: data.caseId ?? null,
      heldBy: data.heldBy ?? null,
      declared: data.declarationMismatch?.declared ?? null,
    }),
    say: (kept, { who }) =>
      `${who} asked to add ${kept.address} to ${kept.userId}'s seat (request ${kept.requestId}${also(`, case ${kept.caseId}`, kept.caseId !== null)})` +
      also(`; it sat on another seat, which was ${kept.heldBy}`, kept.heldBy !== null) +
      also(`; the declared holder was ${kept.declared}`, kept.declared !== null) +
      also('; they permit its deletion there', kept.deletePermission) +
      `${also('; it awaits permission', kept.waits)}.`,
    clauses: ({ byAdmin, waits, deletePermission, declared }) => [
      byAdmin ? 'P9' : 'P8',
      'P10',
      'P12',
      ...(declared === null ? [] : (['P23'] as const)),
      ...(waits || deletePermission ? (['P24'] as const) : []),
    ],
  }),
  DeletePermissionGranted: line({
    keep: (data) => ({ ...about(data), toUserId: data.toUserId }),
    say: ({ toUserId, ...held }, { who }) =>
      `${who} permitted the deletion of ${heldBy(held)} for ${toUserId}'s request ${held.requestId}.`,
    clauses: always('P24'),
  }),
  DeletePermissionRevoked: line({
    keep: (data) => ({ ...about(data), toUserId: data.toUserId }),
    say: ({ toUserId, ...held }, { who }) =>
      `${who} revoked the permission to delete ${heldBy(held)} for ${toUserId}'s request ${held.requestId}.`,
    clauses: always('P24'),
  }),
  MailboxAddApproved: line({
    keep: (data) => ({
      ...about(data),
      evidence: data.evidence,
      verification: data.releaseVerification ?? null,
    }),
    say: ({ evidence, verification, ...request }, { who }) =>
      `${who} approved ${requestOf(request)}: evidence '${evidence}'` +
      `${also(`, release verified by '${verification}'`, verification !== null)}.`,
    clauses: ({ verification }) =>
      verification === null ? ['P4', 'P7', 'P13'] : ['P4', 'P7', 'P13', 'P24'],
  }),
  MailboxAdded: line({
    keep: (data) => ({ ...about(data), movedFrom: data.movedFrom ?? null }),
    say: ({ movedFrom, ...added }, { who }) =>
      `${who} added ${added.address} to ${added.userId}'s seat for request ${added.requestId}` +
      `${also(`; it came from ${movedFrom}'s seat`, movedFrom !== null)}.`,
    clauses: ({ movedFrom }) => (movedFrom === null ? ['P13'] : ['P13', 'P21', 'P32']),
  }),
  MailboxAddRejected: line({
    keep: (data) => ({ ...about(data), reason: data.reason }),
    say: ({ reason, ...request }, { who }) => `${who} rejected ${requestOf(request)}: '${reason}'.`,
    clauses: always('P13'),
  }),
  MailboxAddAbandoned: line({
    keep: about,
    say: (request, { who }) =>
      `${who} gave up the approval of ${requestOf(request)} before the mailbox was added.`,
    clauses: always('P21'),
  }),
  RequestWithdrawn: line({
    keep: about,
    say: (request, { who }) => `${who} withdrew ${requestOf(request)}.`,
    clauses: always('P8', 'P26'),
  }),
  MailboxConfigured: line({
    keep: ({ userId, address, use }) => ({ userId, address: address.canonical, use }),
    say: ({ use, ...held }, { who }) => `${who} configured ${heldBy(held)} as ${uses[use]}.`,
    clauses: always('P14', 'P27'),
  }),

  MailboxDeleteRequested: line({
    keep: (data) => ({
      ...about(data),
      byAdmin: data.requestedBy.role === 'admin',
      caseId: data.caseId ?? null,
    }),
    say: ({ caseId, ...asked }, { who }) =>
      `${who} asked to delete ${heldBy(asked)} (request ${asked.requestId}${also(`, case ${caseId}`, caseId !== null)}).`,
    clauses: ({ byAdmin }) => (byAdmin ? ['P9', 'P10', 'P15', 'P26'] : ['P10', 'P15', 'P26']),
  }),
  MailboxDeleteApproved: line({
    keep: (data) => ({ ...about(data), ...acknowledgedOf(data.acknowledged) }),
    say: ({ drafts, scheduled, sequences, untagged, ...asked }, { who }) =>
      `${who} approved ${asked.userId}'s request ${asked.requestId} to delete ${asked.address}, having acknowledged ${lossOf(drafts, scheduled, sequences)}` +
      `${also(`, with ${amount(untagged, 'untagged prospect')}`, untagged > 0)}.`,
    clauses: always('P15', 'P16', 'P19'),
  }),
  MailboxDeleteRejected: line({
    keep: (data) => ({ ...about(data), reason: data.reason }),
    say: ({ reason, ...asked }, { who }) =>
      `${who} rejected ${asked.userId}'s request ${asked.requestId} to delete ${asked.address}: '${reason}'.`,
    clauses: always('P15'),
  }),
  MailboxDeleted: line({
    keep: (data) => ({
      ...about(data),
      drafts: data.draftsLost,
      scheduled: data.scheduledLost,
      sequences: data.sequencesStopped,
      movedTo: data.movedTo ?? null,
    }),
    say: ({ drafts, scheduled, sequences, movedTo, ...held }, { who }) =>
      `${who} deleted ${heldBy(held)} for request ${held.requestId}` +
      also(` of ${movedTo}, to whose seat it went`, movedTo !== null) +
      `; it cost ${lossOf(drafts, scheduled, sequences)}, and its history.`,
    clauses: ({ movedTo }) => (movedTo === null ? ['P29', 'P30'] : ['P21', 'P29', 'P30', 'P32']),
  }),
  DraftsLost: line({
    keep: (data) => ({
      ...about(data),
      drafts: data.drafts.length,
      scheduled: data.scheduled.length,
    }),
    say: ({ userId, requestId, address, drafts, scheduled }) =>
      `With ${address} (request ${requestId}), ${userId} lost ${unsentOf(drafts, scheduled)}.`,
    clauses: always('P17'),
  }),
  SequencesStopped: line({
    keep: (data) => ({ ...about(data), stopped: data.sequenceStateIds.length }),
    say: ({ userId, requestId, address, stopped }) =>
      `With ${address} (request ${requestId}), ${amount(stopped, 'sequence state')} of ${userId} stopped.`,
    clauses: always('P18'),
  }),

  MailingRecorded: line({
    keep: ({ userId, mailingId, address, state }) => ({ userId, mailingId, address, state }),
    say: ({ mailingId, state, ...from }, { who }) =>
      `${who} recorded the email ${mailingId} from ${heldBy(from)} as ${state}.`,
    clauses: always('P17'),
  }),
  SequenceStateRecorded: line({
    keep: ({ userId, sequenceStateId, prospectId, sequenceId, address, state }) => ({
      userId,
      sequenceStateId,
      prospectId,
      sequenceId,
      address,
      state,
    }),
    say: ({ sequenceStateId, prospectId, sequenceId, state, ...from }, { who }) =>
      `${who} recorded prospect ${prospectId} in sequence ${sequenceId} (${sequenceStateId}) from ${heldBy(from)} as ${state}.`,
    clauses: always('P18'),
  }),
  ProspectsTagged: line({
    keep: ({ userId, tag, prospectIds }) => ({ userId, tag, prospects: prospectIds.length }),
    say: ({ userId, tag, prospects }, { who }) =>
      `${who} tagged ${amount(prospects, 'prospect')} of ${userId} with '${tag}'.`,
    clauses: always('P19'),
  }),
  ProspectsReassigned: line({
    keep: ({ fromUserId, toUserId, address, reassigned, skipped, tag }) => ({
      fromUserId,
      toUserId,
      address: address.canonical,
      reassigned: reassigned.length,
      skipped: skipped.length,
      tag: tag ?? null,
    }),
    say: ({ fromUserId, toUserId, address, reassigned, skipped, tag }, { who }) =>
      `${who} assigned ${amount(reassigned, 'stopped prospect')} of ${fromUserId}` +
      `${also(` tagged '${tag}'`, tag !== null)} to ${heldBy({ userId: toUserId, address })}` +
      `${also(`; ${skipped} had ended and ${skipped === 1 ? 'was' : 'were'} skipped`, skipped > 0)}.`,
    clauses: always('P20'),
  }),

  AddressClaimed: line({
    keep: about,
    say: ({ userId, requestId, address }, circumstances) =>
      isLogin(circumstances)
        ? `${circumstances.who} claimed ${address} as ${userId}'s login.`
        : `${circumstances.who} claimed ${address} for ${userId}'s seat (request ${requestId}).`,
    clauses: (_, circumstances) => (isLogin(circumstances) ? ['P36'] : ['P21']),
  }),
  AddressReleased: line({
    keep: about,
    say: ({ userId, requestId, address }, circumstances) =>
      isLogin(circumstances)
        ? `${circumstances.who} released ${address}, which was ${userId}'s login.`
        : `${circumstances.who} released ${address} from ${userId}'s seat (request ${requestId}).`,
    clauses: (_, circumstances) => (isLogin(circumstances) ? ['P36'] : ['P21']),
  }),
};
