/** What deleting a mailbox costs, and which stopped prospects could go on. Questions, not decisions. */
import type { EmailAddress } from '../values/email-address';
import type { MailingId, ProspectId, SequenceStateId, UserId } from '../values/ids';
import type { Impact, MailingState, SequenceProgress, Tag } from './commands';
import { isRunning, type Seat, type SequenceState } from './state';

type MailingFate = 'drafts' | 'scheduled' | 'inFlight' | 'history';

/** P17: what becomes of an email in each state. */
const fates: Readonly<Record<MailingState, MailingFate>> = {
  placeholder: 'drafts',
  drafted: 'drafts',
  scheduled: 'scheduled',
  queued: 'scheduled',
  delivering: 'inFlight',
  delivered: 'history',
  opened: 'history',
  replied: 'history',
  bounced: 'history',
  failed: 'history',
};

/** The cost of deleting `address` from the seat as it is now (P16 to P19, P29). */
export const impactOf = (seat: Seat, userId: UserId, { canonical }: EmailAddress): Impact => {
  const mailings: Record<MailingFate, Array<MailingId>> = {
    drafts: [],
    scheduled: [],
    inFlight: [],
    history: [],
  };
  for (const [id, { address, state, detached }] of seat.mailings) {
    if (address === canonical && !detached) mailings[fates[state]].push(id);
  }

  const sequences: Array<SequenceStateId> = [];
  const untagged = new Set<ProspectId>();
  for (const [id, entry] of seat.sequenceStates) {
    if (entry.address !== canonical || !isRunning(entry)) continue;
    sequences.push(id);
    if (!seat.tags.has(entry.prospectId)) untagged.add(entry.prospectId);
  }

  return {
    userId,
    address: canonical,
    revision: String(seat.revision),
    drafts: mailings.drafts.sort(),
    scheduled: mailings.scheduled.sort(),
    inFlight: mailings.inFlight.sort(),
    sequences: sequences.sort(),
    untaggedProspects: [...untagged].sort(),
    history: mailings.history.length,
  };
};

const within = (now: ReadonlyArray<string>, acknowledged: ReadonlyArray<string>): boolean => {
  const known = new Set(acknowledged);
  return now.every((id) => known.has(id));
};

/**
 * Whether everything that would be lost now was shown. An email that has been sent since is no longer
 * lost, and adds to the history instead: neither asks for a new acknowledgement.
 */
export const wasAcknowledged = (acknowledged: Impact, now: Impact): boolean =>
  acknowledged.userId === now.userId &&
  acknowledged.address === now.address &&
  within(now.drafts, acknowledged.drafts) &&
  within(now.scheduled, acknowledged.scheduled) &&
  within(now.sequences, acknowledged.sequences) &&
  within(now.untaggedProspects, acknowledged.untaggedProspects) &&
  within(now.inFlight, [...acknowledged.inFlight, ...acknowledged.scheduled]) &&
  // Nothing can have been shown at a revision that is still to come.
  BigInt(acknowledged.revision) <= BigInt(now.revision);

/** Which prospects are meant: those with the tag, those named, or those with both. */
export interface Selection {
  readonly tag: Tag | undefined;
  readonly prospectIds: ReadonlyArray<ProspectId> | undefined;
}

/** A detached sequence state of a selected prospect. `resumesAs` is missing when it has ended meanwhile. */
export interface Candidate {
  readonly sequenceStateId: SequenceStateId;
  readonly prospectId: ProspectId;
  readonly sequenceId: SequenceState['sequenceId'];
  readonly state: SequenceProgress;
  readonly resumesAs: SequenceProgress | undefined;
}

/** P20: a stopped one becomes active again at its step; a paused or disabled one stays so. */
const resumesAs = ({ state, stopped }: SequenceState): SequenceProgress | undefined => {
  if (state === 'failed' && stopped) return 'active';
  return state === 'paused' || state === 'disabled' ? state : undefined;
};

/** The sequence states of selected prospects whose mailbox was deleted. */
export const candidates = (
  seat: Seat,
  { tag, prospectIds }: Selection,
): ReadonlyArray<Candidate> => {
  const named = prospectIds === undefined ? undefined : new Set(prospectIds);
  const selected = (prospectId: ProspectId): boolean =>
    (named?.has(prospectId) ?? true) &&
    (tag === undefined || (seat.tags.get(prospectId)?.has(tag) ?? false));

  const found: Array<Candidate> = [];
  for (const [sequenceStateId, entry] of seat.sequenceStates) {
    const { prospectId, sequenceId, state } = entry;
    if (!entry.detached || !selected(prospectId)) continue;
    found.push({ sequenceStateId, prospectId, sequenceId, state, resumesAs: resumesAs(entry) });
  }
  return found.sort((a, b) => (a.sequenceStateId < b.sequenceStateId ? -1 : 1));
};
