/** Rejections in words: the clause, what is wrong, and what the person can do about it. */
import { match } from 'ts-pattern';
import type { Rejection } from './rejection';
import type { Impact, Terms } from './seat';
import { shortened } from './values/codec';
import { explainAddressFault } from './values/explain-address-fault';
import type { Clause } from './values/policy';

/** A rejection as a support agent would put it. */
export interface Explanation {
  /** The clause of the policy that was broken; `null` where it is not the policy that refuses. */
  readonly clause: Clause | null;
  readonly sentence: string;
  readonly remedy: string;
}

const because = (clause: Clause | null, sentence: string, remedy: string): Explanation => ({
  clause,
  sentence,
  remedy,
});

const termNames: Readonly<Record<Terms, string>> = {
  eula: 'the EULA',
  termsOfService: 'the terms of service',
  acceptableUse: 'the acceptable use policy',
};

const many = (amount: number, one: string, more = `${one}s`): string =>
  `${amount} ${amount === 1 ? one : more}`;

/** One line that says what a deletion costs. */
export const describeImpact = (impact: Impact): string =>
  [
    many(impact.drafts.length, 'draft'),
    many(impact.scheduled.length, 'scheduled email'),
    many(impact.sequences.length, 'running sequence state'),
    `${many(impact.untaggedProspects.length, 'prospect')} without a tag`,
    `the history of ${many(impact.history, 'email')}`,
  ].join(', ');

const acknowledgeAgain =
  'Dry-run the approval, show the person what would be lost, and send the approval as a new command with that impact.';

/** Says why a rejection was given. Pure English: nothing here decides anything. */
export const explain = (rejection: Rejection): Explanation =>
  match(rejection)
    .with({ type: 'NotOwnSeat' }, () =>
      because(
        'P8',
        'A user acts for their own seat only.',
        'Ask an admin of the organization to send this.',
      ),
    )
    .with({ type: 'ConfigureByOwnerOnly' }, () =>
      because(
        'P14',
        'Only the owner configures a mailbox.',
        'Ask the user of the seat to configure it as primary or alias.',
      ),
    )
    .with({ type: 'SelfApproval' }, () =>
      because(
        'P13',
        'Nobody answers a request that they made or that is about themselves.',
        'Hand the request to another Support agent.',
      ),
    )
    .with({ type: 'CaseIdMissing' }, () =>
      because(
        'P10',
        "Support asks on a user's behalf under a case.",
        'Send it with the caseId in which the user asked.',
      ),
    )
    .with({ type: 'ScopeMissing' }, ({ scope }) =>
      because(
        'P2',
        `Contracts are changed only by Support with the scope "${scope}".`,
        'Hand it to an agent who holds that scope.',
      ),
    )
    .with({ type: 'NotPermitted' }, ({ role, command }) =>
      because(
        null,
        `The role ${role} may not send ${command}.`,
        'See the table of roles and commands, or contact Support.',
      ),
    )
    .with({ type: 'SeatNotFound' }, ({ userId }) =>
      because(
        'P31',
        `There is no seat for ${userId} in this organization.`,
        'Check the user id, or register the seat first; otherwise contact Support.',
      ),
    )
    .with({ type: 'SeatAlreadyRegistered' }, ({ userId }) =>
      because(
        'P39',
        `${userId} has a seat already, registered otherwise.`,
        'Change its login or profile instead; a seat is not handed to another person.',
      ),
    )
    .with({ type: 'AccountEmailTaken' }, ({ accountEmail }) =>
      because(
        'P36',
        `${accountEmail} is the login of another account.`,
        'Choose another account email, or change the other account first.',
      ),
    )
    .with({ type: 'ContractRequired' }, () =>
      because(
        'P2',
        'Another limit is granted only under a contract, and none is recorded.',
        'Record the contract first (SetContract).',
      ),
    )
    .with({ type: 'RequestNotFound' }, ({ requestId }) =>
      because(
        null,
        `The seat has no such request: ${requestId}.`,
        'Check the request id and the user it belongs to.',
      ),
    )
    .with({ type: 'DeleteRequestRequired' }, ({ requestId }) =>
      because(
        'P15',
        `A mailbox is deleted only on a request, and the seat has no delete request ${requestId}.`,
        'Have the user or an admin request the deletion first.',
      ),
    )
    .with({ type: 'RequestClosed' }, ({ requestId, status }) =>
      because(
        null,
        `The request ${requestId} is ${status} and can no longer be acted on.`,
        'Ask anew with a new request id if it is still wanted.',
      ),
    )
    .with({ type: 'PersonalSenderAddress' }, ({ sender }) =>
      because(
        'P11',
        `The request came from ${sender}, a personal address.`,
        'Send it from the email address that is listed for the account.',
      ),
    )
    .with({ type: 'SenderAddressMismatch' }, ({ sender }) =>
      because(
        'P10',
        `The request came from ${sender}, which is not the address listed for the account.`,
        'Send it from the email address that is listed for the account.',
      ),
    )
    .with({ type: 'InvalidAddress' }, ({ fault }) =>
      because(
        'P12',
        `What was named is not an email address. ${explainAddressFault(fault)}`,
        'Name the new address as it would be typed into an email, without a display name.',
      ),
    )
    .with({ type: 'AttestationMissing' }, () =>
      because(
        'P4',
        'Support has not said why the address identifies this person.',
        'Approve with attestation.evidence, such as where the address was seen and checked.',
      ),
    )
    .with({ type: 'TermsNotConfirmed' }, ({ which }) =>
      because(
        'P7',
        `Not confirmed: ${which.map((term) => termNames[term]).join(', ')}.`,
        'Confirm each in attestation.terms once it has been checked.',
      ),
    )
    .with({ type: 'NotOwnedByTargetUser' }, ({ knownAs }) =>
      because(
        'P3',
        knownAs === 'accountEmail'
          ? "The address is the login of another account, so it is not this user's own."
          : 'The address is a mailbox that another active user has not let go.',
        "Name an address that is the user's own.",
      ),
    )
    .with({ type: 'SharedAddressNotPermitted' }, ({ address }) =>
      because(
        'P5',
        `${address} is a shared or group address.`,
        'Use a personal address, or have the contract permit exactly this one (P6).',
      ),
    )
    .with({ type: 'MailboxLimitReached' }, ({ limit, held, reserved }) =>
      because(
        'P1',
        `The seat holds ${held} of ${many(limit, 'mailbox', 'mailboxes')}` +
          (reserved > 0 ? `, and ${reserved} more approved.` : '.'),
        'Delete one first, or agree another limit by contract (P2).',
      ),
    )
    .with({ type: 'SeatIsLocked' }, () =>
      because('P22', 'The seat is locked.', 'Have an admin unlock it, or ask for another seat.'),
    )
    .with({ type: 'DuplicateRequest' }, ({ requestId, kind }) =>
      because(
        null,
        `The request ${requestId} to ${kind} this mailbox is still open.`,
        'Wait for its answer, or withdraw it first.',
      ),
    )
    .with({ type: 'RequestIdTaken' }, ({ requestId }) =>
      because(
        null,
        `The seat had another request under the id ${requestId}.`,
        'Send it again under a new request id.',
      ),
    )
    .with({ type: 'MailboxNotFound' }, ({ address }) =>
      because(
        null,
        `The seat holds no mailbox ${address}.`,
        'Check the address against the seat; it may have been deleted or moved.',
      ),
    )
    .with({ type: 'TargetMailboxMissing' }, ({ address, found }) =>
      because(
        'P20',
        found === 'provisioned'
          ? `The mailbox ${address} has not been configured by its owner yet.`
          : `The seat holds no mailbox ${address} to assign prospects to.`,
        found === 'provisioned'
          ? 'Have the owner configure it, then assign the prospects.'
          : 'Have the mailbox added and configured first.',
      ),
    )
    .with({ type: 'SelectionMissing' }, () =>
      because(
        'P20',
        'Nothing says which prospects are meant.',
        'Name a tag, prospect ids, or both.',
      ),
    )
    .with({ type: 'AddressInUse' }, ({ seatState }) =>
      because(
        seatState === 'locked' ? 'P22' : 'P21',
        `The address sits on another seat, which is ${seatState}, and may not leave it yet.`,
        seatState === 'locked'
          ? "Have an admin permit its deletion there, or the requester with Support's verification (P24)."
          : 'Have its holder or an admin permit its deletion there (P24).',
      ),
    )
    .with({ type: 'ReleaseNotVerified' }, () =>
      because(
        'P24',
        'The requester permits deleting it on a locked seat, but Support has not recorded how it verified them.',
        'Approve with attestation.releaseVerification, or have an admin permit it.',
      ),
    )
    .with({ type: 'ImpactNotAcknowledged' }, ({ now }) =>
      because(
        'P16',
        `Nobody has acknowledged what would be lost: ${describeImpact(now)}.`,
        acknowledgeAgain,
      ),
    )
    .with({ type: 'ImpactChanged' }, ({ acknowledged, now }) =>
      because(
        'P16',
        `More would be lost than was acknowledged: ${describeImpact(now)}, instead of ${describeImpact(acknowledged)}.`,
        acknowledgeAgain,
      ),
    )
    .with({ type: 'ActivityMismatch' }, ({ id, field, known }) =>
      because(
        null,
        `${id} is known with another ${field}: ${known}.`,
        'Report it as it is known, or under an id of its own.',
      ),
    )
    .with({ type: 'MailingLost' }, ({ mailingId }) =>
      because(
        'P17',
        `The mailbox of ${mailingId} is gone; what was in flight may only arrive or fail.`,
        'Record the email under a mailbox that exists.',
      ),
    )
    .with({ type: 'SequenceNeedsReassignment' }, ({ sequenceStateId }) =>
      because(
        'P18',
        `${sequenceStateId} stopped with its mailbox and does not go on by itself.`,
        'Assign its prospect to a configured mailbox first (P20).',
      ),
    )
    .exhaustive();

/** {@link explain} for what a store holds: another release may have given reasons that have no words here. */
export const explainStored = (rejection: Rejection): Explanation => {
  try {
    return explain(rejection);
  } catch {
    const sentence = `This release has no words for the reason ${shortened(rejection.type)}.`;
    return because(null, sentence, 'Read the event with the release that wrote it.');
  }
};
