/**
 * One attempt at a command: reads states, remembers at which revisions, and turns a plan into appends
 * that hold only if nothing that was read has moved.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { address } from '../address';
import { organization } from '../organization';
import {
  asBorneOut,
  type Book,
  type Facts,
  type Plan,
  type States,
  type SurrenderedTo,
} from '../processes';
import { seat } from '../seat';
import { type AddressKey, addressKey } from '../values/address-key';
import type { EmailAddress } from '../values/email-address';
import type { OrgId } from '../values/ids';
import {
  accountStream,
  addressStream,
  organizationStream,
  seatStream,
} from '../values/stream-name';
import { type AnyEvent, decodeEvent, gapBefore } from './decode-event';
import type { Failure } from './failures';
import { type EventStore, NO_STREAM } from './ports';
import type { CachedState, StateCache } from './state-cache';
import { Sight } from './stepwise/sight';

/** A decider of some room, seen through its fold alone. */
interface Fold {
  readonly initialState: unknown;
  readonly evolve: (state: never, event: never) => unknown;
}

interface Loaded extends CachedState {
  readonly fold: Fold;
}

/** New events of one stream, with what they are expected to follow. */
export interface StreamChange {
  readonly stream: string;
  readonly expectedRevision: bigint;
  readonly events: ReadonlyArray<AnyEvent>;
}

export interface Surroundings {
  readonly store: EventStore;
  readonly cache: StateCache;
  readonly addressSecret: string;
}

const folded = (fold: Fold, state: unknown, event: AnyEvent): unknown =>
  fold.evolve(state as never, event as never);

export class UnitOfWork {
  private readonly loaded = new Map<string, Loaded>();
  /** By canonical address: both books of it are read, and then one of them is written. */
  private readonly keys = new Map<string, AddressKey>();

  /** @param fresh trust no cached state without asking the store what came after it */
  constructor(
    private readonly around: Surroundings,
    private readonly orgId: OrgId,
    private readonly fresh: boolean,
  ) {
    const states: States<Failure> = {
      seat: (userId) => this.load(seatStream(orgId, userId), seat),
      organization: () => this.load(organizationStream(orgId), organization)(),
      address: (book, of) => this.load(this.bookOf(book, of), address),
    };
    // Where a claim and its mailbox are two appends, one may be there without the other.
    this.states =
      around.store.atomicity === 'oneStream' ? asBorneOut(states, this.surrenderedTo) : states;
  }

  readonly states: States<Failure>;

  /** What a plan adds to each stream, and what else it rests on: a guard for every stream only read. */
  changes(plan: Plan): ReadonlyArray<StreamChange> {
    const events = new Map<string, ReadonlyArray<AnyEvent>>();
    for (const facts of plan) {
      const stream = this.streamOf(facts);
      const earlier = events.get(stream);
      events.set(stream, earlier === undefined ? facts.events : [...earlier, ...facts.events]);
    }
    const changes: Array<StreamChange> = [];
    for (const [stream, added] of events) changes.push(this.change(stream, added));
    for (const stream of this.loaded.keys()) {
      if (!events.has(stream)) changes.push(this.change(stream, []));
    }
    return changes;
  }

  /** Whether a stream has grown since it was read: then its state may not fit the others'. */
  async hasMoved(): Promise<E.Either<Failure, boolean>> {
    for (const [stream, { revision }] of this.loaded) {
      const slice = await this.around.store.readStream(stream, revision + 1n)();
      if (E.isLeft(slice)) return slice;
      if (slice.right.revision !== revision) return E.right(true);
    }
    return E.right(false);
  }

  /** Takes appended changes into the cache. */
  remember(changes: ReadonlyArray<StreamChange>): void {
    for (const { stream, events } of changes) {
      const known = this.loaded.get(stream);
      if (known === undefined || events.length === 0) continue;
      let { state } = known;
      for (const event of events) state = folded(known.fold, state, event);
      const revision = known.revision + BigInt(events.length);
      this.around.cache.set(stream, { state, revision });
    }
  }

  private change(stream: string, events: ReadonlyArray<AnyEvent>): StreamChange {
    return { stream, expectedRevision: this.loaded.get(stream)?.revision ?? NO_STREAM, events };
  }

  /** Seldom asked: of a seat without the mailbox that its claim is for. */
  private readonly surrenderedTo: SurrenderedTo<Failure> = (userId, canonical) => async () => {
    const sight = new Sight(this.around, this.orgId);
    const read = await sight.read([{ on: 'seat', userId }]);
    return E.map(() => sight.seat(userId)?.trace.surrendered.get(canonical))(read);
  };

  private bookOf(book: Book, of: EmailAddress): string {
    let key = this.keys.get(of.canonical);
    if (key === undefined) {
      key = addressKey(this.around.addressSecret, of);
      this.keys.set(of.canonical, key);
    }
    return book === 'address' ? addressStream(this.orgId, key) : accountStream(this.orgId, key);
  }

  private streamOf(facts: Facts): string {
    switch (facts.on) {
      case 'seat':
        return seatStream(this.orgId, facts.userId);
      case 'organization':
        return organizationStream(this.orgId);
      case 'address':
      case 'account':
        return this.bookOf(facts.on, facts.address);
    }
  }

  private load<State>(
    stream: string,
    fold: { readonly initialState: State; readonly evolve: (state: State, event: never) => State },
  ): TE.TaskEither<Failure, State> {
    const known = this.loaded.get(stream);
    if (known !== undefined) return TE.right(known.state as State);
    const cached = this.around.cache.get(stream);
    if (cached !== undefined && !this.fresh) {
      // Field by field: a spread goes through the slow path, once for every command.
      this.loaded.set(stream, { state: cached.state, revision: cached.revision, fold });
      return TE.right(cached.state as State);
    }
    return pipe(
      this.readOn(stream, fold, cached),
      TE.map((loaded) => {
        this.loaded.set(stream, loaded);
        this.around.cache.set(stream, { state: loaded.state, revision: loaded.revision });
        return loaded.state as State;
      }),
    );
  }

  private readOn(
    stream: string,
    fold: Fold,
    cached: CachedState | undefined,
  ): TE.TaskEither<Failure, Loaded> {
    const from = (cached?.revision ?? NO_STREAM) + 1n;
    return pipe(
      this.around.store.readStream(stream, from),
      TE.flatMap((slice): TE.TaskEither<Failure, Loaded> => {
        let state = cached === undefined ? fold.initialState : cached.state;
        let expected = from;
        for (const event of slice.events) {
          if (event.revision !== expected) return TE.left(gapBefore(event, expected));
          expected += 1n;
          const decoded = decodeEvent(event);
          if (E.isLeft(decoded)) return TE.left(decoded.left);
          state = folded(fold, state, decoded.right);
        }
        // What was folded, not what the store says: an event may have come while it answered.
        return TE.right({ state, revision: expected - 1n, fold });
      }),
    );
  }
}
