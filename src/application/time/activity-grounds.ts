/** What was recorded of the emails, prospects and sequences of a seat. */
import { impactOf } from '../../seat';
import type { Impact } from '../../seat';
import type { LedgerEvent } from '../decode-event';
import { absent, found, type Grounds, none, orElse, said, together } from './grounds';
import type { Past, PastSeat } from './past';
import { mailbox } from './seat-grounds';

type SeatEvent = PastSeat['events'][number];

/** What the event says of an email or a sequence state: its id. */
const idsIn = (event: SeatEvent): ReadonlyArray<string> => {
  switch (event.type) {
    case 'MailingRecorded':
      return [event.data.mailingId];
    case 'DraftsLost':
      return [...event.data.drafts, ...event.data.scheduled];
    case 'SequenceStateRecorded':
      return [event.data.sequenceStateId];
    case 'SequencesStopped':
      return event.data.sequenceStateIds;
    case 'ProspectsReassigned':
      return event.data.reassigned.map(({ sequenceStateId }) => sequenceStateId);
    default:
      return [];
  }
};

/** The last event about each of these emails and sequence states. */
const lastOfEach = ({ events }: PastSeat, ids: Iterable<string>): ReadonlyArray<LedgerEvent> => {
  const wanted = new Set(ids);
  const found: Array<LedgerEvent> = [];
  for (let place = events.length - 1; place >= 0 && wanted.size > 0; place -= 1) {
    const event = events[place];
    if (event === undefined) continue;
    const about = idsIn(event).filter((id) => wanted.delete(id));
    if (about.length > 0) found.push(event);
  }
  return found;
};

/** What was recorded last of one email or sequence state, and what became of its mailbox. */
export const activity = (
  seat: PastSeat,
  id: string,
  type: 'MailingRecorded' | 'SequenceStateRecorded',
): Grounds => orElse(found(...lastOfEach(seat, [id])), absent(seat, type));

/** The activity, and the mailbox that it needs. */
export const activityAndMailbox = (seat: PastSeat, id: string, canonical: string): Grounds => {
  const known = lastOfEach(seat, [id]);
  const address =
    seat.state.mailings.get(id as never)?.address ??
    seat.state.sequenceStates.get(id as never)?.address ??
    canonical;
  return together(found(...known), mailbox(seat, address));
};

/** The seat that loses a mailbox by this command. */
const leavingSeat = (past: Past): PastSeat | undefined => {
  if (past.command.type === 'ApproveMailboxDelete') return past.target;
  const holder = past.mailbox?.holder;
  return holder?.userId === past.target.userId ? undefined : holder;
};

const leavingImpact = (past: Past, seat: PastSeat): Impact | undefined => {
  const { command, target } = past;
  if (!('requestId' in command)) return undefined;
  const address = target.state.requests.get(command.requestId)?.address;
  return address && impactOf(seat.state, seat.userId, address);
};

const idsOf = ({ drafts, scheduled, inFlight, sequences }: Impact): ReadonlyArray<string> => [
  ...drafts,
  ...scheduled,
  ...inFlight,
  ...sequences,
];

/** P16, P19: what was recorded of everything that would be lost. */
export const losses = (past: Past, now: Impact | undefined): Grounds => {
  const seat = leavingSeat(past);
  if (seat === undefined) return none;
  const impact = now ?? leavingImpact(past, seat);
  const recorded = impact === undefined ? [] : lastOfEach(seat, idsOf(impact));
  return together(found(...recorded), mailbox(seat, impact?.address ?? ''), said('impact'));
};

const added = (
  now: ReadonlyArray<string>,
  ...before: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<string> => {
  const known = new Set(before.flat());
  return now.filter((id) => !known.has(id));
};

/** What has come to it since it was shown; the mailbox, where another one was shown, or a later time. */
export const lossesSince = (past: Past, shown: Impact, now: Impact): Grounds => {
  const seat = leavingSeat(past);
  if (seat === undefined) return said('impact');
  const untagged = new Set(added(now.untaggedProspects, shown.untaggedProspects));
  const grown = [
    ...added(now.drafts, shown.drafts),
    ...added(now.scheduled, shown.scheduled),
    ...added(now.inFlight, shown.inFlight, shown.scheduled),
    ...added(now.sequences, shown.sequences),
    ...now.sequences.filter((id) =>
      untagged.has(seat.state.sequenceStates.get(id)?.prospectId ?? ''),
    ),
  ];
  const since = found(...lastOfEach(seat, grown));
  return together(orElse(since, mailbox(seat, now.address)), said('impact'));
};
