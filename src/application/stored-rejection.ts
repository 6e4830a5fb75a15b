/**
 * A rejection as it was stored. Another release may have given reasons that this one does not know: of
 * those only the tag is relied on. One that is known has what its type says, for that is read.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Rejection } from '../rejection';
import type { Impact } from '../seat';

type Forms<Value> = { readonly [Field in keyof Value]: t.Mixed };

const texts = t.array(t.string, 'a list of texts');

const impactForms: Forms<Impact> = {
  userId: t.string,
  address: t.string,
  revision: t.string,
  drafts: texts,
  scheduled: texts,
  inFlight: texts,
  sequences: texts,
  untaggedProspects: texts,
  history: t.number,
};

const impact = t.type(impactForms, 'an impact');
const fault = t.type({ type: t.string }, 'a fault with its type');

/**
 * Of each type, the form of its fields and no more: which words a field may hold is for the release that
 * wrote it, and it may have written other fields besides.
 */
const forms: {
  readonly [Type in Rejection['type']]: Forms<Omit<Extract<Rejection, { type: Type }>, 'type'>>;
} = {
  NotOwnSeat: {},
  ConfigureByOwnerOnly: {},
  SelfApproval: {},
  CaseIdMissing: {},
  ScopeMissing: { scope: t.string },
  NotPermitted: { role: t.string, command: t.string },
  SeatNotFound: { userId: t.string },
  SeatAlreadyRegistered: { userId: t.string },
  AccountEmailTaken: { accountEmail: t.string },
  ContractRequired: {},
  RequestNotFound: { requestId: t.string },
  DeleteRequestRequired: { requestId: t.string },
  RequestClosed: { requestId: t.string, status: t.string },
  PersonalSenderAddress: { sender: t.string },
  SenderAddressMismatch: { sender: t.string },
  InvalidAddress: { text: t.string, fault },
  AttestationMissing: {},
  TermsNotConfirmed: { which: texts },
  NotOwnedByTargetUser: { knownAs: t.string },
  SharedAddressNotPermitted: { address: t.string },
  MailboxLimitReached: { limit: t.number, held: t.number, reserved: t.number },
  SeatIsLocked: {},
  DuplicateRequest: { requestId: t.string, kind: t.string },
  RequestIdTaken: { requestId: t.string },
  MailboxNotFound: { address: t.string },
  TargetMailboxMissing: { address: t.string, found: t.string },
  SelectionMissing: {},
  AddressInUse: { seatState: t.string },
  ReleaseNotVerified: {},
  ImpactNotAcknowledged: { now: impact },
  ImpactChanged: { acknowledged: impact, now: impact },
  ActivityMismatch: { id: t.string, field: t.string, known: t.string },
  MailingLost: { mailingId: t.string },
  SequenceNeedsReassignment: { sequenceStateId: t.string },
};

const known: ReadonlyMap<string, t.Mixed> = new Map(
  Object.entries(forms).map(([type, fields]) => [type, t.type(fields)]),
);

const isTagged = (input: unknown): input is Rejection =>
  typeof input === 'object' && input !== null && 'type' in input && typeof input.type === 'string';

export const StoredRejection = new t.Type<Rejection>(
  'a rejection with its type',
  (input): input is Rejection => isTagged(input) && (known.get(input.type)?.is(input) ?? true),
  (input, context) => {
    if (!isTagged(input)) return t.failure(input, context);
    const read = known.get(input.type)?.validate(input, context);
    return read !== undefined && E.isLeft(read) ? read : t.success(input);
  },
  t.identity,
);
