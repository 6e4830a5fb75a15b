/** Questions to views: read what was asked, cut down to what the reader may see. */
import * as E from 'fp-ts/lib/Either.js';
import type { Brand } from 'io-ts';
import type { CountingView, Projection, View } from '../../projections';
import type { Tables } from '../../projections/table';
import { mayRead } from '../authorization';
import { frozen } from '../values/frozen';
import { Principal, type PrincipalInput } from '../values/principal';
import type { Failure } from './failures';
import { read } from './input';
import { readFilter, readKey } from './query';

/** The same, with plain strings where the library's own types are narrower. */
export type Plain<T> =
  T extends Brand<unknown>
    ? string
    : T extends object
      ? { readonly [Field in keyof T]: Plain<T[Field]> }
      : T;

export type Reading<Row> = Promise<E.Either<Failure, Row>>;

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

/** The tables of a projection, for use while a question is being answered. */
export type TablesOf = <Entries>(projection: Projection<Entries>) => Tables<Entries>;

/** Where the tables come from that questions are answered from: those of now, or those of a point in time. */
export interface ViewSource {
  /** @param who asks; a source that holds all organizations need not look */
  readonly ask: <Answer>(
    question: (tablesOf: TablesOf) => Answer,
    who: Principal,
  ) => Reading<Answer>;
}

/** Runs a reading as a call of the ledger: refused once it is closed. */
export type Track = <Row>(call: () => Reading<Row>) => Reading<Row>;

const ask = async <Asked, Answer>(
  source: ViewSource,
  principal: unknown,
  asked: E.Either<Failure, Asked>,
  question: (tablesOf: TablesOf, who: Principal, asked: Asked) => Answer,
): Reading<Answer> => {
  const who = read('principal', Principal, principal);
  if (E.isLeft(who)) return who;
  if (E.isLeft(asked)) return asked;
  return source.ask((tablesOf) => frozen(question(tablesOf, who.right, asked.right)), who.right);
};

type TotalsFilter = Parameters<CountingView<never, never, never, never, never>['totals']>[2] &
  object;

export const queried = <Entries, Row, Key, Filter>(
  view: View<Entries, Row, Key, Filter>,
  source: ViewSource,
  track: Track,
): QueriedView<Row, Key, Filter> => {
  const isFor = (who: Principal, row: Row): boolean => mayRead(who, view.owner?.(row) ?? undefined);
  return {
    get: (principal, key) =>
      track(() =>
        ask(source, principal, readKey<Key>(view.keyFields, key), (tablesOf, who, asked) => {
          const row = view.get(tablesOf(view.projection), who.orgId, asked);
          return row !== undefined && isFor(who, row) ? row : null;
        }),
      ),
    list: (principal, filter = {} as Plain<Filter>) =>
      track(() =>
        ask(
          source,
          principal,
          readFilter<Filter>(view.filterFields, filter),
          (tablesOf, who, asked) =>
            view.list(tablesOf(view.projection), who.orgId, asked).filter((row) => isFor(who, row)),
        ),
      ),
  };
};

export const counting = <Entries, Row, Key, Filter, Totals extends { readonly userId: string }>(
  view: CountingView<Entries, Row, Key, Filter, Totals>,
  source: ViewSource,
  track: Track,
): QueriedCountingView<Row, Key, Filter, Totals> => ({
  ...queried(view, source, track),
  totals: (principal, filter = {}) =>
    track(() =>
      ask(
        source,
        principal,
        readFilter<TotalsFilter>({ userId: true }, filter),
        (tablesOf, who, asked) =>
          view
            .totals(tablesOf(view.projection), who.orgId, asked)
            .filter(({ userId }) => mayRead(who, userId)),
      ),
    ),
});
