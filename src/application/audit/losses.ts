/**
 * What a deletion took with it, as a log tells it: what was there, what was acknowledged, what was counted
 * and what was named. Kept apart from the library's own states, as the holders are.
 */
import type { AnyEvent, LedgerEvent } from '../decode-event';
import type { Atomicity } from '../ports';
import { MOST_IDS_AN_EVENT } from '../../values/policy';
import type { Audit, Report } from './violation';

const kinds = ['drafts', 'scheduled', 'sequences'] as const;
type Losses = Readonly<Record<(typeof kinds)[number], ReadonlyArray<string>>>;
type Amounts = Readonly<Record<(typeof kinds)[number], number>>;

type DataOf<Type extends AnyEvent['type']> = Extract<AnyEvent, { type: Type }>['data'];
type Deleted = DataOf<'MailboxDeleted'>;

/** One mailbox on its way out. */
interface Departure {
  readonly data: Deleted;
  /** What the log says depends on it. */
  readonly there: Losses;
  named: Losses;
}

interface Progress {
  readonly address: string;
  readonly state: string;
  readonly detached: boolean;
}

interface Activity {
  readonly mailings: Map<string, { readonly address: string; readonly state: string }>;
  readonly sequences: Map<string, Progress>;
}

const draftStates: ReadonlySet<string> = new Set(['placeholder', 'drafted']);
const scheduledStates: ReadonlySet<string> = new Set(['scheduled', 'queued']);
const runningStates: ReadonlySet<string> = new Set(['pending', 'active']);

const idsWhere = <Entry>(
  entries: ReadonlyMap<string, Entry>,
  isMeant: (entry: Entry) => boolean,
): ReadonlyArray<string> =>
  [...entries].flatMap(([id, entry]) => (isMeant(entry) ? [id] : [])).sort();

const countedIn = ({ draftsLost, scheduledLost, sequencesStopped }: Deleted): Amounts => ({
  drafts: draftsLost,
  scheduled: scheduledLost,
  sequences: sequencesStopped,
});

/** How many ids an event names; for those that name many. */
const idsIn = ({ type, data }: AnyEvent): number => {
  switch (type) {
    case 'DraftsLost':
      return data.drafts.length + data.scheduled.length;
    case 'SequencesStopped':
      return data.sequenceStateIds.length;
    case 'ProspectsTagged':
      return data.prospectIds.length;
    case 'ProspectsReassigned':
      return data.reassigned.length + data.skipped.length;
    default:
      return 0;
  }
};

const approvalOf = ({
  userId,
  requestId,
}: Pick<DataOf<'MailboxAdded'>, 'userId' | 'requestId'>): string => `${userId} ${requestId}`;

/** One organization's activity and losses. */
export class LossesAudit implements Audit {
  private readonly seats = new Map<string, Activity>();

  // Of the append under way:
  private acknowledged: Array<DataOf<'MailboxDeleteApproved'>> = [];
  private added: Array<DataOf<'MailboxAdded'>> = [];
  private departures: Array<Departure> = [];
  private arrivals: Array<DataOf<'ProspectsReassigned'>> = [];

  /** Approvals to add that are neither added nor given up: what a move may be for. */
  private readonly underWay = new Set<string>();

  constructor(private readonly atomicity: Atomicity) {}

  take(event: LedgerEvent, _kind: unknown, report: Report): void {
    if (idsIn(event) > MOST_IDS_AN_EVENT) {
      report('idsBounded', `${event.type} names ${idsIn(event)} ids`);
    }
    switch (event.type) {
      case 'MailingRecorded': {
        const { userId, mailingId, address, state } = event.data;
        this.seat(userId).mailings.set(mailingId, { address, state });
        return;
      }
      case 'SequenceStateRecorded': {
        const { userId, sequenceStateId, address, state } = event.data;
        const { sequences } = this.seat(userId);
        const detached = sequences.get(sequenceStateId)?.detached ?? false;
        sequences.set(sequenceStateId, { address, state, detached });
        return;
      }
      case 'ProspectsReassigned':
        this.takeReassignment(event.data, event.stream);
        return;
      case 'MailboxAddApproved':
        this.underWay.add(approvalOf(event.data));
        return;
      case 'MailboxAddAbandoned':
        this.underWay.delete(approvalOf(event.data));
        return;
      case 'MailboxAdded':
        this.underWay.delete(approvalOf(event.data));
        this.added.push(event.data);
        return;
      case 'MailboxDeleteApproved':
        this.acknowledged.push(event.data);
        return;
      case 'MailboxDeleted':
        this.takeDeletion(event.data);
        return;
      case 'DraftsLost': {
        const { drafts, scheduled } = event.data;
        this.takeLoss(event.data, { drafts, scheduled, sequences: [] }, report);
        return;
      }
      case 'SequencesStopped': {
        const sequences = event.data.sequenceStateIds;
        this.takeLoss(event.data, { drafts: [], scheduled: [], sequences }, report);
        return;
      }
      default:
    }
  }

  endAppend(report: Report): void {
    for (const departure of this.departures) this.judge(departure, report);
    this.acknowledged = [];
    this.added = [];
    this.departures = [];
    this.arrivals = [];
  }

  /** What is lost is lost in one append: nothing can be left open. */
  end(): void {
    this.underWay.clear();
  }

  private seat(userId: string): Activity {
    const known = this.seats.get(userId);
    if (known !== undefined) return known;
    const seat: Activity = { mailings: new Map(), sequences: new Map() };
    this.seats.set(userId, seat);
    return seat;
  }

  /** It stands on both seats: on one the prospects leave, on the other they arrive. */
  private takeReassignment(data: DataOf<'ProspectsReassigned'>, stream: string): void {
    const { fromUserId, toUserId, address, reassigned } = data;
    const isArrival = stream.endsWith(`.${toUserId}`);
    if (isArrival) this.arrivals.push(data);
    for (const { sequenceStateId, state } of reassigned) {
      if (!isArrival) this.seat(fromUserId).sequences.delete(sequenceStateId);
      else {
        const entry = { address: address.canonical, state, detached: false };
        this.seat(toUserId).sequences.set(sequenceStateId, entry);
      }
    }
  }

  private takeDeletion(data: Deleted): void {
    const { mailings, sequences } = this.seat(data.userId);
    const { canonical } = data.address;
    const ofMailbox =
      (states: ReadonlySet<string>) => (entry: { address: string; state: string }) =>
        entry.address === canonical && states.has(entry.state);
    const there = {
      drafts: idsWhere(mailings, ofMailbox(draftStates)),
      scheduled: idsWhere(mailings, ofMailbox(scheduledStates)),
      sequences: idsWhere(sequences, (entry) => !entry.detached && ofMailbox(runningStates)(entry)),
    };
    this.departures.push({ data, there, named: { drafts: [], scheduled: [], sequences: [] } });

    for (const [id, { address, state }] of mailings) {
      if (address === canonical && state !== 'delivering') mailings.delete(id);
    }
    const stopped = new Set(there.sequences);
    for (const [id, entry] of sequences) {
      if (entry.address !== canonical) continue;
      const state = stopped.has(id) ? 'failed' : entry.state;
      sequences.set(id, { ...entry, state, detached: true });
    }
  }

  private takeLoss(
    { userId, address }: Pick<Deleted, 'userId' | 'address'>,
    lost: Losses,
    report: Report,
  ): void {
    const departure = this.departures.find(
      ({ data }) => data.userId === userId && data.address.canonical === address.canonical,
    );
    if (departure === undefined) {
      if (this.arrivals.some(({ toUserId }) => toUserId === userId)) return;
      report('lossesCounted', `${userId} loses something of ${address.canonical}, which stays`);
      return;
    }
    const { named } = departure;
    departure.named = {
      drafts: [...named.drafts, ...lost.drafts],
      scheduled: [...named.scheduled, ...lost.scheduled],
      sequences: [...named.sequences, ...lost.sequences],
    };
  }

  private judge({ data, there, named }: Departure, report: Report): void {
    const about = `the deletion of ${data.address.canonical} from ${data.userId}`;
    const approval = this.acknowledged.find(
      ({ userId, requestId }) => userId === data.userId && requestId === data.requestId,
    );
    const { movedTo: userId, requestId } = data;
    const isAwaited =
      this.atomicity === 'oneStream' &&
      userId !== undefined &&
      this.underWay.has(approvalOf({ userId, requestId }));
    const isMove =
      isAwaited ||
      this.added.some(
        ({ userId, requestId, address }) =>
          userId === data.movedTo &&
          requestId === data.requestId &&
          address.canonical === data.address.canonical,
      );
    if (approval === undefined && !isMove) {
      report('approvedBeforeDeleted', `${about} was neither approved nor a move`);
    }

    const counted = countedIn(data);
    for (const kind of kinds) {
      const lost = named[kind].length;
      if (lost !== counted[kind]) {
        report('lossesCounted', `${about} counts ${counted[kind]} ${kind} and names ${lost}`);
      }
      const expected = there[kind].join(', ');
      if ([...named[kind]].sort().join(', ') !== expected) {
        const found = named[kind].join(', ');
        report('lossesComplete', `${about} should lose the ${kind} ${expected}, not ${found}`);
      }
      // The approval of a move stands on the other seat; what was acknowledged stands beside the loss.
      const acknowledged = (approval ?? data).acknowledged?.[kind] ?? 0;
      if (lost > acknowledged) {
        report('lossesAcknowledged', `${about} loses ${lost} ${kind}; ${acknowledged} were known`);
      }
    }
  }
}
