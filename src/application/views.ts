/**
 * The views as people read them: caught up with the log before every answer, so that everyone sees what
 * they have just done, and cut down to what the reader may see.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Brand } from 'io-ts';
import {
  type AddressFilter,
  type AddressRow,
  type CountingView,
  type DraftsLostFilter,
  type DraftsLostKey,
  type DraftsLostRow,
  type DraftsLostTotals,
  LiveProjection,
  type ProjectedEvent,
  type RequestFilter,
  type RequestKey,
  type RequestRow,
  type SeatFilter,
  type SeatRow,
  type SequencesStoppedTotals,
  type SequenceStoppedFilter,
  type SequenceStoppedKey,
  type SequenceStoppedRow,
  type View,
  views as allViews,
} from '../../projections';
import { mayRead } from '../authorization';
import { frozen } from '../values/frozen';
import { Principal, type PrincipalInput } from '../values/principal';
import { decodeEvent, decodeWhole, type LedgerEvent } from './decode-event';
import type { Failure } from './failures';
import { read } from './input';
import { readFilter, readKey } from './query';
import { BEFORE_ALL, type EventStore, type RecordedEvent } from './ports';

/** The same, with plain strings where the library's own types are narrower. */
export type Plain<T> =
  T extends Brand<unknown>
    ? string
    : T extends object
      ? { readonly [Field in keyof T]: Plain<T[Field]> }
      : T;

type Reading<Row> = Promise<E.Either<Failure, Row>>;

/** One view. A user reads the rows of their own seat, everyone else those of the organization. */
export interface QueriedView<Row, Key, Filter> {
  /** The row with this key; `null` when there is none that the reader may see. */
  readonly get: (principal: PrincipalInput, key: Plain<Key>) => Reading<Row | null>;
  /** The rows that have every value that `filter` names; all without one. */
  readonly list: (principal: PrincipalInput, filter?: Plain<Filter>) => Reading<ReadonlyArray<Row>>;
}

/** A view that also counts for each user. */
export interface QueriedCountingView<Row, Key, Filter, Totals> extends QueriedView<
  Row,
  Key,
  Filter
> {
  readonly totals: (
    principal: PrincipalInput,
    filter?: { readonly userId?: string },
  ) => Reading<ReadonlyArray<Totals>>;
}

/** What is so now. Rows are plain JSON and never change once handed out. */
export interface Views {
  /** Who holds what, against which limit. By user id. */
  readonly seats: QueriedView<SeatRow, string, SeatFilter>;
  /** Unsent emails that went with deleted mailboxes (P17). */
  readonly draftsLost: QueriedCountingView<
    DraftsLostRow,
    DraftsLostKey,
    DraftsLostFilter,
    DraftsLostTotals
  >;
  /** Sequence states that stopped with their mailbox (P18), and what became of them. */
  readonly sequencesStopped: QueriedCountingView<
    SequenceStoppedRow,
    SequenceStoppedKey,
    SequenceStoppedFilter,
    SequencesStoppedTotals
  >;
  /** Requests to Support, open and closed. */
  readonly requests: QueriedView<RequestRow, RequestKey, RequestFilter>;
  /** Who holds an address. By canonical address; a free one has no row. */
  readonly addresses: QueriedView<AddressRow, string, AddressFilter>;
}

/** Runs a reading as a call of the ledger: refused once it is closed. */
type Track = <Row>(call: () => Reading<Row>) => Reading<Row>;

const PAGE = 1000;

const isProjected = (event: LedgerEvent): event is ProjectedEvent =>
  event.streamKind !== 'answer' && event.streamKind !== 'ledger';

/** All views behind one reader of the log: each event is read and decoded once. */
class LiveViews {
  readonly seats = new LiveProjection(allViews.seats.projection);
  readonly draftsLost = new LiveProjection(allViews.draftsLost.projection);
  readonly sequencesStopped = new LiveProjection(allViews.sequencesStopped.projection);
  readonly requests = new LiveProjection(allViews.requests.projection);
  readonly addresses = new LiveProjection(allViews.addresses.projection);

  private readonly all = [
    this.seats,
    this.draftsLost,
    this.sequencesStopped,
    this.requests,
    this.addresses,
  ];
  private position = BEFORE_ALL;
  private catchingUp: Promise<E.Either<Failure, void>> = Promise.resolve(E.right(undefined));

  private isFollowing = false;

  constructor(private readonly store: EventStore) {}

  /** Takes in everything that was in the log when this was called. */
  caughtUp(): Promise<E.Either<Failure, void>> {
    this.follow();
    const next = (): Promise<E.Either<Failure, void>> => this.catchUp();
    // After one that broke, the next one tries again.
    this.catchingUp = this.catchingUp.then(next, next);
    return this.catchingUp;
  }

  /** Takes one event in, or says what is wrong with it. */
  private applied(event: ProjectedEvent, stored: RecordedEvent): Failure | undefined {
    try {
      for (const view of this.all) view.apply(event);
      return undefined;
    } catch (error) {
      // Metadata is read only when a view asks for it; when it is damaged, that is what broke the view.
      const whole = decodeWhole(stored);
      if (E.isLeft(whole)) return whole.left;
      throw error;
    }
  }

  /**
   * Lets the store bring what is new from the first question on, so that later ones find little to read.
   * What was read already is delivered again, and passed over.
   */
  private follow(): void {
    if (this.isFollowing || this.store.subscribe === undefined) return;
    this.isFollowing = true;
    const stop = this.store.subscribe(this.position, async (event) => {
      const taken = await (this.catchingUp = this.catchingUp.then(() => this.take(event)));
      // A question will read it again, and say what is wrong with it.
      if (E.isLeft(taken)) void stop();
    });
  }

  /** Takes the next event in; one that came before changes nothing. */
  private take(event: RecordedEvent): E.Either<Failure, void> {
    if (event.position <= this.position) return E.right(undefined);
    const decoded = decodeEvent(event);
    if (E.isLeft(decoded)) return decoded;
    const { right } = decoded;
    const damage = isProjected(right) ? this.applied(right, event) : undefined;
    if (damage !== undefined) return E.left(damage);
    this.position = event.position;
    return E.right(undefined);
  }

  private async catchUp(): Promise<E.Either<Failure, void>> {
    for (;;) {
      const page = await this.store.readAll(this.position, PAGE)();
      if (E.isLeft(page)) return page;
      for (const event of page.right) {
        const taken = this.take(event);
        if (E.isLeft(taken)) return taken;
      }
      if (page.right.length < PAGE) return E.right(undefined);
      // Long logs are read between other people's calls, not instead of them.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Answers a question once the views are caught up. */
const ask = async <Asked, Row>(
  live: LiveViews,
  principal: unknown,
  asked: E.Either<Failure, Asked>,
  question: (who: Principal, asked: Asked) => Row,
): Reading<Row> => {
  const who = read('principal', Principal, principal);
  if (E.isLeft(who)) return who;
  if (E.isLeft(asked)) return asked;
  const caughtUp = await live.caughtUp();
  return E.isLeft(caughtUp) ? caughtUp : E.right(frozen(question(who.right, asked.right)));
};

type TotalsFilter = Parameters<CountingView<never, never, never, never, never>['totals']>[2] &
  object;

/** The user whose row it is. */
type Owner<Row> = (row: Row) => string;

const queried = <State, Row, Key, Filter>(
  view: View<State, Row, Key, Filter>,
  projection: LiveProjection<State>,
  owner: Owner<Row>,
  live: LiveViews,
  track: Track,
): QueriedView<Row, Key, Filter> => ({
  get: (principal, key) =>
    track(() =>
      ask(live, principal, readKey<Key>(view.keyFields, key), (who, asked) => {
        const row = view.get(projection.state, who.orgId, asked);
        return row !== undefined && mayRead(who, owner(row)) ? row : null;
      }),
    ),
  list: (principal, filter = {} as Plain<Filter>) =>
    track(() =>
      ask(live, principal, readFilter<Filter>(view.filterFields, filter), (who, asked) =>
        view.list(projection.state, who.orgId, asked).filter((row) => mayRead(who, owner(row))),
      ),
    ),
});

const counting = <State, Row, Key, Filter, Totals extends { readonly userId: string }>(
  view: CountingView<State, Row, Key, Filter, Totals>,
  projection: LiveProjection<State>,
  owner: Owner<Row>,
  live: LiveViews,
  track: Track,
): QueriedCountingView<Row, Key, Filter, Totals> => ({
  ...queried(view, projection, owner, live, track),
  totals: (principal, filter = {}) =>
    track(() =>
      ask(live, principal, readFilter<TotalsFilter>({ userId: true }, filter), (who, asked) =>
        view
          .totals(projection.state, who.orgId, asked)
          .filter(({ userId }) => mayRead(who, userId)),
      ),
    ),
});

export const openViews = (store: EventStore, track: Track): Views => {
  const live = new LiveViews(store);
  const byUser = ({ userId }: { readonly userId: string }): string => userId;
  const byHolder = ({ holder }: { readonly holder: string }): string => holder;
  return {
    seats: queried(allViews.seats, live.seats, byUser, live, track),
    draftsLost: counting(allViews.draftsLost, live.draftsLost, byUser, live, track),
    sequencesStopped: counting(
      allViews.sequencesStopped,
      live.sequencesStopped,
      byUser,
      live,
      track,
    ),
    requests: queried(allViews.requests, live.requests, byUser, live, track),
    addresses: queried(allViews.addresses, live.addresses, byHolder, live, track),
  };
};
