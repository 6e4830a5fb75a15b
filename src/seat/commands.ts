/**
 * What may be asked of a seat. `userId` is the seat concerned; who asks travels beside the command.
 */
import * as t from 'io-ts';
import { AddressAttempt, RecordedAttempt } from '../values/address-attempt';
import { AddressText, CanonicalAddress } from '../values/address-codec';
import { closed, listOf, note, oneOf, Revision, text, wholeNumber } from '../values/codec';
import { CommandId, MailingId, ProspectId, RequestId, UserId } from '../values/ids';
import { SequenceId, SequenceStateId } from '../values/ids';

const MOST_IDS_A_COMMAND = 100_000;

const command = <Type extends string>(type: Type) => ({
  type: t.literal(type),
  commandId: CommandId,
  userId: UserId,
});

export const Profile = oneOf('user', 'admin');
export type Profile = t.TypeOf<typeof Profile>;

/** Where the requester says the address sits today (P23). */
export const DeclaredHolder = oneOf('none', 'active', 'locked');

/** How its owner uses the mailbox (P14). */
export const MailboxUse = oneOf('primary', 'alias', 'aliasWithGmail2Step');
export type MailboxUse = t.TypeOf<typeof MailboxUse>;

/** Where one email of the host's platform stands. */
export const MailingState = oneOf(
  'placeholder',
  'drafted',
  'scheduled',
  'queued',
  'delivering',
  'delivered',
  'opened',
  'replied',
  'bounced',
  'failed',
);
export type MailingState = t.TypeOf<typeof MailingState>;

/** Where one prospect stands in one sequence. */
export const SequenceProgress = oneOf(
  'pending',
  'active',
  'paused',
  'disabled',
  'failed',
  'bounced',
  'finished',
  'optedOut',
);
export type SequenceProgress = t.TypeOf<typeof SequenceProgress>;

/** A word that a user marks prospects with, to find them again (P19). */
export const Tag = text(100);
export type Tag = t.TypeOf<typeof Tag>;

/** Support's confirmation: why the address is this person's (P4), and which terms are met (P7). */
export const Attestation = closed(
  {},
  {
    evidence: note(4000),
    terms: closed({}, { eula: t.boolean, termsOfService: t.boolean, acceptableUse: t.boolean }),
    /** How Support verified that the requester may release the address from a locked seat (P24). */
    releaseVerification: note(4000),
  },
);
export type Attestation = t.TypeOf<typeof Attestation>;

/** What deleting one mailbox costs: shown by a dry run, and handed back as what was acknowledged. */
export const Impact = closed({
  userId: UserId,
  address: CanonicalAddress,
  /** Revision of the seat's stream that this was computed at, as a decimal string. */
  revision: Revision,
  /** P17: unsent drafts that would be deleted. */
  drafts: listOf(MailingId, 0, MOST_IDS_A_COMMAND),
  /** P17: scheduled emails that would be deleted. */
  scheduled: listOf(MailingId, 0, MOST_IDS_A_COMMAND),
  /** Being delivered at this moment: neither lost nor safe. */
  inFlight: listOf(MailingId, 0, MOST_IDS_A_COMMAND),
  /** P18: sequence states that would fail and stop. */
  sequences: listOf(SequenceStateId, 0, MOST_IDS_A_COMMAND),
  /** P19: prospects of those that carry no tag, and so could not be found again. */
  untaggedProspects: listOf(ProspectId, 0, MOST_IDS_A_COMMAND),
  /** P29: emails of the past whose history goes with the mailbox. */
  history: wholeNumber(0, Number.MAX_SAFE_INTEGER),
});
export type Impact = t.TypeOf<typeof Impact>;

// The seat:

/** A user of the organization gets a seat, and with it a login. */
export const RegisterSeat = closed({
  ...command('RegisterSeat'),
  accountEmail: AddressText,
  profile: Profile,
});
export type RegisterSeat = t.TypeOf<typeof RegisterSeat>;

/** Changes the login; no mailbox changes with it (P38). */
export const ChangeAccountEmail = closed({
  ...command('ChangeAccountEmail'),
  accountEmail: AddressText,
});
export type ChangeAccountEmail = t.TypeOf<typeof ChangeAccountEmail>;

export const ChangeProfile = closed({ ...command('ChangeProfile'), profile: Profile });
export type ChangeProfile = t.TypeOf<typeof ChangeProfile>;

/** The user leaves; the seat keeps its mailboxes and holds their addresses (P22, P34). */
export const LockSeat = closed(command('LockSeat'));
export type LockSeat = t.TypeOf<typeof LockSeat>;

export const UnlockSeat = closed(command('UnlockSeat'));
export type UnlockSeat = t.TypeOf<typeof UnlockSeat>;

// Adding:

const addRequest = <Output>(attempt: t.Type<AddressAttempt, Output>) =>
  closed(
    {
      ...command('RequestMailboxAdd'),
      requestId: RequestId,
      address: attempt,
      sender: attempt,
    },
    {
      /** The requester permits deleting it on the seat where it sits now (P24). */
      deletePermission: t.boolean,
      declaredHolder: DeclaredHolder,
    },
  );

/** Asks Support for one more mailbox (P8 to P12). `sender` is the address the request was sent from. */
export const RequestMailboxAdd = addRequest(AddressAttempt);
export type RequestMailboxAdd = t.TypeOf<typeof RequestMailboxAdd>;

const permission = { address: AddressText, toUserId: UserId, requestId: RequestId };

/** On the seat `userId` that holds the address: lets it go to `toUserId`, for that one request (P24). */
export const GrantDeletePermission = closed({ ...command('GrantDeletePermission'), ...permission });
export type GrantDeletePermission = t.TypeOf<typeof GrantDeletePermission>;

/** Takes a permission back, however it was given, until it has been used. */
export const RevokeDeletePermission = closed({
  ...command('RevokeDeletePermission'),
  ...permission,
});
export type RevokeDeletePermission = t.TypeOf<typeof RevokeDeletePermission>;

/** Support adds the mailbox, after attesting (P4, P7, P13). */
export const ApproveMailboxAdd = closed(
  { ...command('ApproveMailboxAdd'), requestId: RequestId },
  {
    attestation: Attestation,
    /** When the address moves here: what leaving its old seat costs, as acknowledged. */
    impact: Impact,
  },
);
export type ApproveMailboxAdd = t.TypeOf<typeof ApproveMailboxAdd>;

export const RejectMailboxAdd = closed({
  ...command('RejectMailboxAdd'),
  requestId: RequestId,
  reason: text(4000),
});
export type RejectMailboxAdd = t.TypeOf<typeof RejectMailboxAdd>;

/** Takes back an open request, to add or to delete. */
export const WithdrawRequest = closed({ ...command('WithdrawRequest'), requestId: RequestId });
export type WithdrawRequest = t.TypeOf<typeof WithdrawRequest>;

/** The owner says how they use the mailbox (P14). */
export const ConfigureMailbox = closed({
  ...command('ConfigureMailbox'),
  address: AddressText,
  use: MailboxUse,
});
export type ConfigureMailbox = t.TypeOf<typeof ConfigureMailbox>;

// Deleting:

const deleteRequest = <Output>(attempt: t.Type<AddressAttempt, Output>) =>
  closed({
    ...command('RequestMailboxDelete'),
    requestId: RequestId,
    address: AddressText,
    sender: attempt,
  });

/** Asks Support to delete a mailbox (P15, P26). */
export const RequestMailboxDelete = deleteRequest(AddressAttempt);
export type RequestMailboxDelete = t.TypeOf<typeof RequestMailboxDelete>;

/** Support deletes it, and hands back the impact that was acknowledged (P16, P19). */
export const ApproveMailboxDelete = closed(
  { ...command('ApproveMailboxDelete'), requestId: RequestId },
  { impact: Impact },
);
export type ApproveMailboxDelete = t.TypeOf<typeof ApproveMailboxDelete>;

export const RejectMailboxDelete = closed({
  ...command('RejectMailboxDelete'),
  requestId: RequestId,
  reason: text(4000),
});
export type RejectMailboxDelete = t.TypeOf<typeof RejectMailboxDelete>;

// Activity, recorded from the host's platform:

export const RecordMailing = closed({
  ...command('RecordMailing'),
  mailingId: MailingId,
  address: AddressText,
  state: MailingState,
});
export type RecordMailing = t.TypeOf<typeof RecordMailing>;

export const RecordSequenceState = closed({
  ...command('RecordSequenceState'),
  sequenceStateId: SequenceStateId,
  prospectId: ProspectId,
  sequenceId: SequenceId,
  address: AddressText,
  state: SequenceProgress,
});
export type RecordSequenceState = t.TypeOf<typeof RecordSequenceState>;

/** Marks prospects so that they can be found after a deletion (P19). */
export const TagProspects = closed({
  ...command('TagProspects'),
  tag: Tag,
  prospectIds: listOf(ProspectId, 1, MOST_IDS_A_COMMAND),
});
export type TagProspects = t.TypeOf<typeof TagProspects>;

/**
 * Assigns stopped prospects to a configured mailbox of `userId` (P20): those with `tag`, those in
 * `prospectIds`, or those with both. They are sought on `fromUserId`, or on the seat itself.
 */
export const ReassignProspects = closed(
  { ...command('ReassignProspects'), address: AddressText },
  {
    tag: Tag,
    prospectIds: listOf(ProspectId, 1, MOST_IDS_A_COMMAND),
    fromUserId: UserId,
  },
);
export type ReassignProspects = t.TypeOf<typeof ReassignProspects>;

export const seatCommands = {
  RegisterSeat,
  ChangeAccountEmail,
  ChangeProfile,
  LockSeat,
  UnlockSeat,
  RequestMailboxAdd,
  GrantDeletePermission,
  RevokeDeletePermission,
  ApproveMailboxAdd,
  RejectMailboxAdd,
  WithdrawRequest,
  ConfigureMailbox,
  RequestMailboxDelete,
  ApproveMailboxDelete,
  RejectMailboxDelete,
  RecordMailing,
  RecordSequenceState,
  TagProspects,
  ReassignProspects,
};

/** The same where they are recorded: those that may hold what is no address are written otherwise. */
export const recordedSeatCommands = {
  ...seatCommands,
  RequestMailboxAdd: addRequest(RecordedAttempt),
  RequestMailboxDelete: deleteRequest(RecordedAttempt),
};
