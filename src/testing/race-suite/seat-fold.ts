/**
 * One seat as the events of its stream tell it, read from the raw JSON: a fault in the library's own
 * states, codecs or rules must not be able to hide itself here.
 */

/** What an approval said would be lost. */
export interface Acknowledged {
  readonly drafts: ReadonlyArray<string>;
  readonly scheduled: ReadonlyArray<string>;
  readonly inFlight: ReadonlyArray<string>;
  readonly sequences: ReadonlyArray<string>;
}

/** The fields of any event of a seat that the fold reads; each type has some of them. */
export interface SeatFact {
  readonly requestId: string;
  readonly address: string | { readonly canonical: string };
  readonly accountEmail: { readonly canonical: string };
  readonly mailingId: string;
  readonly sequenceStateId: string;
  readonly state: string;
  readonly drafts: ReadonlyArray<string>;
  readonly scheduled: ReadonlyArray<string>;
  readonly sequenceStateIds: ReadonlyArray<string>;
  readonly fromUserId: string;
  readonly toUserId: string;
  readonly reassigned: ReadonlyArray<{ readonly sequenceStateId: string; readonly state: string }>;
}

interface Activity {
  readonly address: string;
  state: string;
  /** Its mailbox is gone. */
  detached: boolean;
}

type RequestStanding = 'open' | 'approved' | 'fulfilled' | 'closed';

export const canonicalOf = (address: SeatFact['address']): string =>
  typeof address === 'string' ? address : address.canonical;

const unsent: ReadonlySet<string> = new Set(['placeholder', 'drafted', 'scheduled', 'queued']);
const underWay: ReadonlySet<string> = new Set(['delivering']);
const running: ReadonlySet<string> = new Set(['pending', 'active']);

const idsAt = (
  activities: ReadonlyMap<string, Activity>,
  canonical: string,
  states: ReadonlySet<string>,
): ReadonlyArray<string> =>
  [...activities]
    .filter(
      ([, { address, state, detached }]) => address === canonical && !detached && states.has(state),
    )
    .map(([id]) => id);

export class SeatFold {
  login: string | undefined;
  /** The request that each mailbox was added for, by canonical address. */
  readonly mailboxes = new Map<string, string>();
  private locked = false;
  private readonly requests = new Map<string, RequestStanding>();
  private readonly mailings = new Map<string, Activity>();
  private readonly sequences = new Map<string, Activity>();
  /** Ids that a deletion took and no event of loss has named yet. */
  private readonly unnamed = new Set<string>();

  constructor(
    readonly userId: string,
    private readonly acknowledged: (requestId: string) => ReadonlyArray<Acknowledged>,
    private readonly report: (detail: string) => void,
  ) {}

  take(type: string, fact: SeatFact): void {
    switch (type) {
      case 'SeatRegistered':
        if (this.login !== undefined) this.report(`${this.userId} is registered twice`);
        this.login = fact.accountEmail.canonical;
        return;
      case 'AccountEmailChanged':
        this.login = fact.accountEmail.canonical;
        return;
      case 'SeatLocked':
      case 'SeatUnlocked':
        this.locked = type === 'SeatLocked';
        return;
      case 'MailingRecorded':
        this.record(this.mailings, fact.mailingId, fact);
        return;
      case 'SequenceStateRecorded':
        this.record(this.sequences, fact.sequenceStateId, fact);
        return;
      case 'ProspectsReassigned':
        this.reassigned(fact);
        return;
      case 'MailboxDeleted':
        this.deleted(fact);
        return;
      case 'DraftsLost':
        this.lost([...fact.drafts, ...fact.scheduled]);
        return;
      case 'SequencesStopped':
        this.lost(fact.sequenceStateIds);
        for (const id of fact.sequenceStateIds) {
          const entry = this.sequences.get(id);
          if (entry !== undefined) entry.state = 'failed';
        }
        return;
      default:
        this.request(type, fact);
    }
  }

  /** Whether the sequence state runs on this seat. */
  runs(sequenceStateId: string): boolean {
    const entry = this.sequences.get(sequenceStateId);
    return entry !== undefined && !entry.detached && running.has(entry.state);
  }

  /** Called when nothing is under way any more. */
  settle(): void {
    if (this.unnamed.size > 0) {
      this.report(`${this.userId} lost ${[...this.unnamed].join(', ')}, which no event names`);
    }
    this.unnamed.clear();
  }

  private request(type: string, fact: SeatFact): void {
    const { requestId } = fact;
    const standing = this.requests.get(requestId);
    const about = `request ${requestId} of ${this.userId}`;
    switch (type) {
      case 'MailboxAddRequested':
      case 'MailboxDeleteRequested':
        if (standing !== undefined) this.report(`${about} was made twice`);
        this.requests.set(requestId, 'open');
        return;
      case 'MailboxAddApproved':
        if (standing !== 'open') this.report(`${about} was approved while ${standing ?? 'unmade'}`);
        if (this.locked) this.report(`${about} was approved while the seat was locked`);
        this.requests.set(requestId, 'approved');
        return;
      case 'MailboxAdded': {
        if (standing !== 'approved') {
          this.report(`${about} was fulfilled while ${standing ?? 'unmade'}`);
        }
        const address = canonicalOf(fact.address);
        if (this.mailboxes.has(address)) this.report(`${this.userId} was given ${address} twice`);
        this.mailboxes.set(address, requestId);
        this.requests.set(requestId, 'fulfilled');
        return;
      }
      case 'MailboxDeleteApproved':
        if (standing !== 'open') this.report(`${about} was approved while ${standing ?? 'unmade'}`);
        this.requests.set(requestId, 'fulfilled');
        return;
      case 'MailboxAddRejected':
      case 'MailboxAddAbandoned':
      case 'MailboxDeleteRejected':
      case 'RequestWithdrawn':
        if (standing === 'fulfilled' || standing === 'closed') {
          this.report(`${about} got ${type} although it was ${standing}`);
        }
        this.requests.set(requestId, 'closed');
    }
  }

  private record(kept: Map<string, Activity>, id: string, fact: SeatFact): void {
    const address = canonicalOf(fact.address);
    const known = kept.get(id);
    if (known === undefined && !this.mailboxes.has(address)) {
      this.report(`${this.userId} got ${id} for ${address}, which is no mailbox of theirs`);
    }
    kept.set(id, { address, state: fact.state, detached: known?.detached ?? false });
  }

  private reassigned({ fromUserId, toUserId, address, reassigned }: SeatFact): void {
    for (const { sequenceStateId, state } of reassigned) {
      if (fromUserId === this.userId) {
        const entry = this.sequences.get(sequenceStateId);
        if (entry?.detached !== true) {
          this.report(`${this.userId} gave away ${sequenceStateId}, which had not stopped there`);
        }
        this.sequences.delete(sequenceStateId);
      }
      if (toUserId === this.userId) {
        const canonical = canonicalOf(address);
        const detached = !this.mailboxes.has(canonical);
        this.sequences.set(sequenceStateId, { address: canonical, state, detached });
        // It came too late for the mailbox that was to send it, and stops on arrival.
        if (detached && running.has(state)) this.unnamed.add(sequenceStateId);
      }
    }
  }

  private deleted({ requestId, address }: SeatFact): void {
    const canonical = canonicalOf(address);
    if (!this.mailboxes.delete(canonical)) {
      this.report(`${this.userId} lost ${canonical}, which they did not hold`);
    }
    const lost = [
      ...idsAt(this.mailings, canonical, unsent),
      ...idsAt(this.sequences, canonical, running),
    ];
    const atStake = [...lost, ...idsAt(this.mailings, canonical, underWay)];
    const shown = this.acknowledged(requestId).map(
      ({ drafts, scheduled, inFlight, sequences }) =>
        new Set([...drafts, ...scheduled, ...inFlight, ...sequences]),
    );
    if (!shown.some((ids) => atStake.every((id) => ids.has(id)))) {
      this.report(
        `${this.userId} lost ${canonical} with ${atStake.join(', ') || 'nothing on it'}, ` +
          `which nobody had acknowledged for ${requestId}`,
      );
    }
    for (const id of lost) this.unnamed.add(id);
    for (const activity of [...this.mailings.values(), ...this.sequences.values()]) {
      if (activity.address === canonical) activity.detached = true;
    }
  }

  private lost(ids: ReadonlyArray<string>): void {
    for (const id of ids) {
      if (this.unnamed.delete(id)) continue;
      this.report(`${id} is named as lost by ${this.userId}, but was not on a deleted mailbox`);
    }
  }
}
