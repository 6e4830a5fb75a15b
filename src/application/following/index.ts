/**
 * Projections that follow the log of one store: in memory, or in a read model that outlasts the process.
 * Each event is read and decoded once for all of them.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { ProjectedEvent, Projection } from '../../../projections';
import {
  type ReadModel,
  ReadModelFault,
  type ReadModelSession,
} from '../../../projections/read-model';
import type { Tables } from '../../../projections/table';
import type { Failure, ReadModelUnavailable } from '../failures';
import { BEFORE_ALL, type EventStore, type RecordedEvent } from '../ports';
import type { TablesOf } from '../view-queries';
import { Follower } from './follower';
import { readOn, type Take, takeIn } from './log-tail';
import { isOfLog, lowest, type Making, startMaking } from './making';

/** After so many events, what the tables hold is written. */
const EVENTS_A_COMMIT = 1_000n;
/** So long after the last question, what the tables hold is written, and others can go on. */
const REST_MS = 500;

type AnyProjection = Projection<never>;
type AnyFollower = Follower<never>;
type Outcome<A> = Promise<E.Either<Failure, A>>;

export class Following {
  private readonly projections = new Map<string, AnyProjection>();
  private followers = new Map<string, AnyFollower>();
  private session: ReadModelSession | undefined;
  /** Whether the session's tables may be read and set. */
  private isBegun = false;
  private rest: NodeJS.Timeout | undefined;
  private committed = BEFORE_ALL;
  private turn: Promise<unknown> = Promise.resolve();
  /** Everything up to here has been read and taken in. */
  private read = BEFORE_ALL;
  private isSubscribed = false;

  constructor(
    private readonly store: EventStore,
    private readonly readModel: ReadModel | undefined,
  ) {}

  /** Names of the projections that are followed. */
  get names(): ReadonlyArray<string> {
    return [...this.projections.keys()];
  }

  /** Follows another projection from now on. */
  add<Entries>(projection: Projection<Entries>): void {
    const added = projection as unknown as AnyProjection;
    const known = this.projections.get(added.name);
    if (known === added) return;
    if (known !== undefined) {
      throw new TypeError(`Two projections are called ${added.name}. Give each a name of its own.`);
    }
    this.projections.set(added.name, added);
    if (this.readModel === undefined)
      this.followers.set(added.name, new Follower(added, undefined));
    // Opened again with the next question, with this one among them.
    else
      void this.inTurn(() =>
        this.rested(() => {
          this.leave();
        }),
      );
  }

  /**
   * Takes in everything that is in the log now, and answers the question before anything else changes
   * the tables.
   */
  ask<A>(question: (tablesOf: TablesOf) => A): Outcome<A> {
    return this.inTurn(async () => {
      const caughtUp = await this.caughtUp();
      if (E.isLeft(caughtUp)) return caughtUp;
      this.subscribe();
      const answer = question(this.tablesOf);
      this.restSoon();
      return E.right(answer);
    });
  }

  /** For use inside a question. */
  private readonly tablesOf = <Entries>({ name }: Projection<Entries>): Tables<Entries> => {
    const follower = this.followers.get(name);
    if (follower === undefined) throw new Error(`Defect: ${name} is not followed.`);
    return (follower as unknown as Follower<Entries>).tables;
  };

  /**
   * Makes the tables of a projection anew from the log. Questions are answered from the old ones until
   * the new ones have come as far.
   */
  async rebuild(name: string, onProgress: (position: bigint) => void): Outcome<void> {
    const projection = this.projections.get(name);
    if (projection === undefined) throw new Error(`Defect: ${name} is not followed.`);
    const { readModel } = this;
    return readModel === undefined
      ? this.rebuildInMemory(projection, onProgress)
      : this.rebuildKept(projection, readModel, onProgress);
  }

  /** Writes what the tables hold. */
  close(): Promise<void> {
    return this.inTurn(async () => {
      // What could not be written is folded again from the log.
      await this.rested(() => {
        this.leave();
      });
    });
  }

  private async rebuildInMemory(
    projection: AnyProjection,
    onProgress: (position: bigint) => void,
  ): Outcome<void> {
    const made = new Follower(projection, undefined);
    const take: Take = ({ position, id }, event) => {
      made.take(position, id, event);
    };
    const bringAlong = () =>
      readOn(this.store, made.checkpoint, take, (position) => {
        onProgress(position);
        return undefined;
      });
    const brought = await bringAlong();
    if (E.isLeft(brought)) return brought;
    return this.inTurn(async () => {
      const rest = await bringAlong();
      if (E.isLeft(rest)) return rest;
      this.followers.set(projection.name, made);
      return E.right(undefined);
    });
  }

  private async rebuildKept(
    projection: AnyProjection,
    readModel: ReadModel,
    onProgress: (position: bigint) => void,
  ): Outcome<void> {
    return this.unavailable(async () => {
      const started = await startMaking(this.store, readModel, projection, true);
      if (E.isLeft(started)) return started;
      const making = started.right;
      try {
        const brought = await making.bringAlong(this.store, onProgress);
        if (E.isLeft(brought)) return brought;
        return await this.inTurn(async () => {
          this.leave();
          const rest = await making.bringAlong(this.store, onProgress);
          if (E.isRight(rest)) making.finish();
          return rest;
        });
      } finally {
        making.close();
      }
    });
  }

  /** One call after the other: a question sees what the one before it has taken in. */
  private inTurn<A>(work: () => Promise<A>): Promise<A> {
    const running = this.turn.then(work);
    // Who comes after one that broke tries again.
    this.turn = running.catch(() => undefined);
    return running;
  }

  private async caughtUp(): Outcome<void> {
    const first = await this.unavailable(() => this.catchUp());
    // The tables may have been made anew by somebody else: then they are there to be opened again.
    return E.isLeft(first) && first.left.type === 'ReadModelUnavailable'
      ? this.unavailable(() => this.catchUp())
      : first;
  }

  private async catchUp(): Outcome<void> {
    const ready = await this.begin();
    if (E.isLeft(ready)) return ready;
    const read = await readOn(this.store, this.reached(), (stored, event) => {
      this.takeByAll(stored, event);
    });
    if (E.isLeft(read)) return read;
    this.read = read.right;
    if (read.right - this.committed >= EVENTS_A_COMMIT) {
      this.commit();
      return this.begin();
    }
    return E.right(undefined);
  }

  /** Up to where every projection has come. */
  private reached(): bigint {
    return lowest([...this.followers.values()].map(({ checkpoint }) => checkpoint));
  }

  private takeByAll({ position, id }: RecordedEvent, event: ProjectedEvent | undefined): void {
    for (const follower of this.followers.values()) follower.take(position, id, event);
  }

  /** Opens what has to be opened, so that the tables may be read and set. */
  private async begin(): Outcome<void> {
    if (this.readModel === undefined || this.isBegun) return E.right(undefined);
    if (this.session === undefined) {
      const opened = await this.open(this.readModel);
      if (E.isLeft(opened)) return opened;
    }
    this.session?.begin();
    this.isBegun = true;
    for (const follower of this.followers.values()) follower.resume();
    this.committed = this.reached();
    return E.right(undefined);
  }

  /** Opens the tables of all projections. Those that are missing are made first. */
  private async open(readModel: ReadModel): Outcome<void> {
    const isReady = await this.makeMissing(readModel);
    if (E.isLeft(isReady)) return isReady;
    const session = readModel.connect();
    const followers = new Map<string, AnyFollower>();
    for (const projection of this.projections.values()) {
      const kept = session.open<never>(projection);
      if (kept === undefined) {
        session.close();
        throw new ReadModelFault(
          `${readModel.name}: ${projection.name} was made by another release. Ask again.`,
        );
      }
      followers.set(projection.name, new Follower(projection, kept));
    }
    this.session = session;
    this.followers = followers;
    return E.right(undefined);
  }

  private async makeMissing(readModel: ReadModel): Outcome<void> {
    const missing: Array<Making> = [];
    const session = readModel.connect();
    try {
      for (const projection of this.projections.values()) {
        const kept = session.open<never>(projection);
        const isOurs = kept === undefined ? E.right(false) : await isOfLog(this.store, kept.place);
        if (E.isLeft(isOurs)) return isOurs;
        if (isOurs.right) continue;
        const started = await startMaking(this.store, readModel, projection, false);
        if (E.isLeft(started)) return started;
        missing.push(started.right);
      }
      for (const making of missing) {
        const brought = await making.bringAlong(this.store, () => undefined);
        if (E.isLeft(brought)) return brought;
        making.finish();
      }
      return E.right(undefined);
    } finally {
      for (const making of missing) making.close();
      session.close();
    }
  }

  /** Writes what was set, unless somebody else has brought the tables further. */
  private commit(): void {
    if (!this.isBegun) return;
    this.isBegun = false;
    for (const follower of this.followers.values()) follower.advance();
    this.session?.commit();
  }

  /** Writes what was set, and lets go of the read model. */
  private leave(): void {
    clearTimeout(this.rest);
    try {
      this.commit();
    } finally {
      this.session?.close();
      this.session = undefined;
    }
  }

  private restSoon(): void {
    if (this.readModel === undefined) return;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      void this.inTurn(() =>
        this.rested(() => {
          this.commit();
        }),
      );
    }, REST_MS).unref();
  }

  private rested(work: () => void): Outcome<void> {
    return this.unavailable(() => {
      work();
      return Promise.resolve(E.right(undefined));
    });
  }

  /** Turns a fault of the read model into a failure, and forgets the session that had it. */
  private async unavailable<A>(work: () => Outcome<A>): Outcome<A> {
    try {
      return await work();
    } catch (error) {
      this.forget();
      if (!(error instanceof ReadModelFault)) throw error;
      const failure: ReadModelUnavailable = {
        type: 'ReadModelUnavailable',
        message: error.message,
      };
      return E.left(failure);
    }
  }

  private forget(): void {
    if (this.readModel === undefined) return;
    const { session } = this;
    this.session = undefined;
    this.isBegun = false;
    try {
      session?.close();
    } catch {
      // It is being given up because it is broken already.
    }
  }

  /**
   * Lets the store bring what is new from the first question on, so that later ones find little to read.
   * What was read already is delivered again, and passed over.
   */
  private subscribe(): void {
    if (this.isSubscribed || this.store.subscribe === undefined) return;
    this.isSubscribed = true;
    const stop = this.store.subscribe(this.read, async (stored) => {
      const taken = await this.inTurn(() => this.unavailable(() => this.delivered(stored)));
      // A question will read it again, and say what is wrong with it.
      if (E.isLeft(taken)) void stop();
    });
  }

  private async delivered(stored: RecordedEvent): Outcome<void> {
    const ready = await this.begin();
    if (E.isLeft(ready)) return ready;
    // The tables were set back to what was committed: a question will read on from there.
    if (this.reached() < this.read) return E.right(undefined);
    this.read = stored.position > this.read ? stored.position : this.read;
    return takeIn(stored, stored.position - 1n, false, (taken, event) => {
      this.takeByAll(taken, event);
    });
  }
}
