/** The views as they were: folded from the beginning of the log, in memory, once for each organization. */
import * as E from 'fp-ts/lib/Either.js';
import { LiveProjection, type Projection, projections, type Tables } from '../../../projections';
import type { OrgId } from '../../values/ids';
import { Principal, type PrincipalInput } from '../../values/principal';
import type { Failure } from '../failures';
import { readBy } from '../following/followers';
import { type Take, takeIn } from '../following/log-tail';
import { read } from '../input';
import type { EventStore, RecordedEvent } from '../ports';
import {
  type QueriedView,
  type Reading,
  type TablesOf,
  type Track,
  type ViewSource,
} from '../view-queries';
import { type Views, viewsFrom } from '../views';
import { type Extent, type Point, readMoment, readUntil } from './point';

/** The views as they were at a point. Each answers as it would have answered then. */
export interface ViewsAsOf extends Views {
  /** Which part of the organization's log the answers stand for. */
  readonly extent: (principal: PrincipalInput) => Reading<Extent>;
}

/** A view of the host's own. */
export interface HostView<Row, Key, Filter> extends QueriedView<Row, Key, Filter> {
  /** The view as it was at a position or a time. Each organization's log is folded when first asked for. */
  readonly asOf: (point: Point) => QueriedView<Row, Key, Filter>;
}

/** A projection whose entries do not matter here. */
export type AnyProjection = Projection<Record<string, unknown>>;

// Of all types in one list: their entries do not matter here.
const all = Object.values(projections) as unknown as ReadonlyArray<AnyProjection>;

/** One organization's tables, folded up to a point. */
interface Folded {
  readonly extent: Extent;
  readonly tablesOf: TablesOf;
}

/** Fresh tables of some projections, and what takes an event into all of them. */
const folding = (some: ReadonlyArray<AnyProjection>) => {
  const folds = new Map(
    some.map((projection) => [projection.name, new LiveProjection(projection)]),
  );
  const tablesOf: TablesOf = <Entries>({ name }: Projection<Entries>): Tables<Entries> => {
    const found = folds.get(name);
    if (found === undefined) throw new Error(`Defect: ${name} was not folded.`);
    return found.tables as Tables<Entries>;
  };
  const apply: Take = (_, event) => {
    if (event === undefined) return;
    for (const fold of folds.values()) fold.apply(event);
  };
  const taker = { reads: readBy(some), take: apply };
  const take = (stored: RecordedEvent) => takeIn(stored, taker);
  return { tablesOf, take };
};

/** What views are answered from, at one point: folded when it is first asked for, and kept. */
export class PastViews implements ViewSource {
  private readonly folds = new Map<OrgId, Promise<E.Either<Failure, Folded>>>();

  constructor(
    private readonly store: EventStore,
    private readonly point: unknown,
    private readonly some: ReadonlyArray<AnyProjection> = all,
  ) {}

  readonly ask: ViewSource['ask'] = async (question, { orgId }) => {
    const folded = await this.folded(orgId);
    return E.map(({ tablesOf }: Folded) => question(tablesOf))(folded);
  };

  async extent(orgId: OrgId): Reading<Extent> {
    return E.map(({ extent }: Folded) => extent)(await this.folded(orgId));
  }

  private folded(orgId: OrgId): Promise<E.Either<Failure, Folded>> {
    const known = this.folds.get(orgId);
    if (known !== undefined) return known;
    const folding = this.fold(orgId).then((folded) => {
      // After one that failed, the next one tries again.
      if (E.isLeft(folded)) this.folds.delete(orgId);
      return folded;
    });
    this.folds.set(orgId, folding);
    return folding;
  }

  private async fold(orgId: OrgId): Promise<E.Either<Failure, Folded>> {
    const moment = readMoment(this.point);
    if (E.isLeft(moment)) return moment;
    const { tablesOf, take } = folding(this.some);
    const extent = await readUntil(this.store, orgId, moment.right, take);
    return E.isLeft(extent) ? extent : E.right({ extent: extent.right, tablesOf });
  }
}

/** What a view of this projection is answered from, at `point`. Its tables are only handed on: their type is the view's. */
export const pastOf = <Entries>(
  store: EventStore,
  projection: Projection<Entries>,
  point: Point,
): ViewSource =>
  // As above: whoever asks knows what the entries are.
  new PastViews(store, point, [projection as unknown as AnyProjection]);

/** The views as they were at `point`. What is wrong with it is told when they are asked. */
export const viewsAsOf = (store: EventStore, point: Point, track: Track): ViewsAsOf => {
  const past = new PastViews(store, point);
  return {
    ...viewsFrom(past, track),
    extent: (principal) =>
      track(async () => {
        const who = read('principal', Principal, principal);
        return E.isLeft(who) ? who : past.extent(who.right.orgId);
      }),
  };
};
