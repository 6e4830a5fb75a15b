/** Events that no command on record explains: who asked for them cannot be told. */
import { HOUSEKEEPING } from '../../processes';
import type { EventMetadata } from '../../stored-event';
import { actorOf } from '../../values/principal';
import type { LedgerEvent } from '../decode-event';
import { commandKey } from '../one-append';
import type { Atomicity } from '../ports';
import { housekeepingAt } from '../stepwise';
import { type Misgiven, saidOtherwise } from './given';
import type { RecordedIssue } from './redecide';

/** Events that stand in a row, none of which is explained. */
interface Row {
  readonly first: LedgerEvent;
  last: bigint;
}

/** What the ledger writes in its own name, when it cleans up what others left. */
const tidied: ReadonlySet<string> = new Set([
  'AddressReleased',
  'AccountEmailAbandoned',
  'DeletePermissionRevoked',
]);

const isHousekeeping = (event: LedgerEvent): boolean => {
  const { metadata, type } = event;
  const { commandType, actor } = housekeepingAt(metadata.at);
  return (
    tidied.has(type) &&
    metadata.fingerprint === '' &&
    saidOtherwise(event, { commandType, actor }).length === 0
  );
};

/** A claim may have been made for a command whose writer died, and may be given up by whoever comes next. */
const isClaim = ({ streamKind }: LedgerEvent): boolean =>
  streamKind === 'address' || streamKind === 'account';

export class Unexplained {
  /** Events that no command on record explains, so far. */
  events = 0;
  private readonly rows: Array<Row> = [];
  /** Of each command, by its key, what its events have to say of it. Only where they stand in several appends. */
  private readonly known = new Map<string, Pick<EventMetadata, 'commandType' | 'actor'>>();
  /** Events whose command has not come yet, by its key. */
  private readonly waiting = new Map<string, Array<LedgerEvent>>();

  constructor(private readonly atomicity: Atomicity) {}

  /** Takes a command over; answers what its events that came before it say otherwise. */
  command({ issue, first }: RecordedIssue): ReadonlyArray<Misgiven> {
    if (this.atomicity === 'anyStreams') return [];
    const key = commandKey(first);
    const known = { commandType: issue.command.type, actor: actorOf(issue.principal) };
    this.known.set(key, known);
    const earlier = this.waiting.get(key) ?? [];
    this.waiting.delete(key);
    return earlier.flatMap((event) => saidOtherwise(event, known));
  }

  /** Takes over events beside which no command stands; answers what they say otherwise than theirs. */
  facts(events: ReadonlyArray<LedgerEvent>): ReadonlyArray<Misgiven> {
    const [first] = events;
    if (first === undefined) return [];
    if (this.atomicity === 'anyStreams') {
      for (const event of events) this.add(event);
      return [];
    }
    if (first.metadata.commandId === HOUSEKEEPING) {
      for (const event of events) if (!isHousekeeping(event)) this.add(event);
      return [];
    }
    const key = commandKey(first);
    const known = this.known.get(key);
    if (known !== undefined) return events.flatMap((event) => saidOtherwise(event, known));
    this.waiting.set(key, [...(this.waiting.get(key) ?? []), ...events]);
    return [];
  }

  /** The log is at its end: what waits for a command will have none. */
  found(): ReadonlyArray<Misgiven> {
    const left = [...this.waiting.values()].flat();
    this.waiting.clear();
    const dead = left.filter(isClaim);
    this.events += dead.length;
    left
      .filter((event) => !isClaim(event))
      .sort((one, other) => (one.position < other.position ? -1 : 1))
      .forEach((event) => {
        this.add(event);
      });
    return this.rows.map(({ first: { type, position }, last }) => {
      const more = last - position;
      const others =
        more === 0n ? '' : ` and the ${more === 1n ? 'event' : `${more} events`} after it`;
      return { position, detail: `no command on record explains this ${type}${others}` };
    });
  }

  private add(event: LedgerEvent): void {
    this.events += 1;
    const row = this.rows.at(-1);
    if (row !== undefined && row.last + 1n === event.position) row.last = event.position;
    else this.rows.push({ first: event, last: event.position });
  }
}
