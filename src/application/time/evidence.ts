/** On what each reason of a refusal rests, and each rule that was kept: complete by construction. */
import type { Rejection } from '../../rejection';
import type { RequestId } from '../../values/ids';
import { activity, activityAndMailbox, losses, lossesSince } from './activity-grounds';
import { absent, type Grounds, none, orElse, said, together } from './grounds';
import type { Past, PastSeat } from './past';
import type { CataloguedRule } from './rule-catalogue';
import * as On from './seat-grounds';

type Given<Type> = Extract<Rejection, { readonly type: Type }>;

/** `given` is the reason as it was given; without it, the rule was kept. */
type GroundsOf<Type> = (past: Past, given: Given<Type> | undefined) => Grounds;

type Kept = (past: Past) => Grounds;

/** The field of the command that names a request, an address or an activity; none where it has none. */
const requestIn = ({ command }: Past): RequestId =>
  'requestId' in command ? command.requestId : ('' as RequestId);

const addressIn = ({ command }: Past): string =>
  'address' in command && 'canonical' in command.address ? command.address.canonical : '';

const activityIn = ({ command }: Past): string => {
  if (command.type === 'RecordMailing') return command.mailingId;
  return command.type === 'RecordSequenceState' ? command.sequenceStateId : '';
};

const activityType = ({ command }: Past): 'MailingRecorded' | 'SequenceStateRecorded' =>
  command.type === 'RecordMailing' ? 'MailingRecorded' : 'SequenceStateRecorded';

const isPermission = ({ command }: Past): boolean =>
  command.type === 'GrantDeletePermission' || command.type === 'RevokeDeletePermission';

/** The seat whose request the command is about. */
const askingSeat = (past: Past): PastSeat => (isPermission(past) ? past.other : past.target);

const ofPrincipal: Kept = () => said('principal');
const ofRequest: Kept = (past) => On.request(askingSeat(past), requestIn(past));
const ofSender: Kept = ({ sender }) => together(On.login(sender), said('sender'));
const ofTwin: Kept = ({ target }) =>
  absent(target, 'MailboxAddRequested', 'MailboxDeleteRequested');

const ofRelease: Kept = (past) => {
  const asked =
    past.command.type === 'ApproveMailboxAdd' ? On.asked(past.target, requestIn(past)) : none;
  return together(On.mailboxHolder(past), asked);
};

const grounds: { readonly [Type in Rejection['type']]: GroundsOf<Type> } = {
  NotOwnSeat: ofPrincipal,
  ConfigureByOwnerOnly: ofPrincipal,
  CaseIdMissing: ofPrincipal,
  ScopeMissing: ofPrincipal,
  NotPermitted: ofPrincipal,
  SelfApproval: (past) => together(said('principal'), On.asked(past.target, requestIn(past))),

  SeatNotFound: ({ target, other }, given) =>
    On.registered(given?.userId === other.userId ? other : target),
  SeatAlreadyRegistered: ({ target }) =>
    together(On.registered(target), On.login(target), On.profile(target)),
  AccountEmailTaken: ({ login }) => On.loginHolder(login),
  ContractRequired: ({ organization }) => On.contract(organization),

  RequestNotFound: ofRequest,
  DeleteRequestRequired: ofRequest,
  RequestClosed: ofRequest,
  RequestIdTaken: (past) => On.asked(past.target, requestIn(past)),
  DuplicateRequest: (past, given) =>
    given === undefined ? ofTwin(past) : On.asked(past.target, given.requestId),

  PersonalSenderAddress: ofSender,
  SenderAddressMismatch: ofSender,
  InvalidAddress: () => said('address'),
  AttestationMissing: () => said('attestation'),
  TermsNotConfirmed: () => said('attestation'),
  SelectionMissing: () => said('tag', 'prospectIds'),

  NotOwnedByTargetUser: (past, given) => {
    if (given?.knownAs === 'accountEmail') return On.loginHolder(past.login);
    return given?.knownAs === 'mailbox'
      ? ofRelease(past)
      : together(On.loginHolder(past.login), On.mailboxHolder(past));
  },
  SharedAddressNotPermitted: (past) =>
    together(
      past.command.type === 'ApproveMailboxAdd'
        ? On.asked(past.target, requestIn(past))
        : said('address'),
      On.contract(past.organization),
    ),
  MailboxLimitReached: (past) => On.slots(past),
  SeatIsLocked: ({ target }) => On.lock(target),
  AddressInUse: ofRelease,
  ReleaseNotVerified: (past) => together(ofRelease(past), said('attestation')),

  MailboxNotFound: (past) =>
    past.command.type === 'ApproveMailboxAdd'
      ? ofRelease(past)
      : On.mailbox(past.target, addressIn(past)),
  TargetMailboxMissing: (past) => On.configured(past.target, addressIn(past)),

  ImpactNotAcknowledged: (past, given) => orElse(losses(past, given?.now), ofRelease(past)),
  ImpactChanged: (past, given) =>
    given === undefined
      ? orElse(losses(past, undefined), ofRelease(past))
      : lossesSince(past, given.acknowledged, given.now),

  ActivityMismatch: (past) => activity(past.target, activityIn(past), activityType(past)),
  MailingLost: (past) => activityAndMailbox(past.target, activityIn(past), addressIn(past)),
  SequenceNeedsReassignment: (past) =>
    activityAndMailbox(past.target, activityIn(past), addressIn(past)),
};

/** Where what a kept rule rests on is not what its refusals would rest on. */
const kept: Readonly<Record<string, Kept>> = {
  mayIssue: ofPrincipal,
  sourceSeatExists: ({ other }) => On.registered(other),
};

const groundsOfReason = (past: Past, reason: Rejection): Grounds => {
  // A store may hold refusals of an older release, with reasons that are no more.
  if (!Object.hasOwn(grounds, reason.type)) return none;
  const groundsOf = grounds[reason.type] as GroundsOf<Rejection['type']>;
  return groundsOf(past, reason);
};

/** What a rule rests on: its `reasons` for refusing; without any, that it was kept. */
export const groundsOf = (
  past: Past,
  { name, raises }: CataloguedRule,
  reasons: ReadonlyArray<Rejection>,
): Grounds => {
  if (reasons.length > 0) {
    return together(...reasons.map((reason) => groundsOfReason(past, reason)));
  }
  const own = kept[name];
  if (own !== undefined) return own(past);
  return together(
    ...raises.map((type) => (grounds[type] as GroundsOf<Rejection['type']>)(past, undefined)),
  );
};
