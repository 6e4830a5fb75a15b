/**
 * Projections that follow the log of one store: in memory, or in a read model that outlasts the process.
 * Each event is read and decoded once for all of them.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Projection } from '../../../projections';
import type { ReadModel, ReadModelSession } from '../../../projections/read-model';
import { giveTurn } from '../log-pages';
import { BEFORE_ALL, type EventStore, type RecordedEvent } from '../ports';
import type { TablesOf } from '../view-queries';
import { Follower } from './follower';
import { type AnyProjection, Followers } from './followers';
import { readOn, type Take, type Taker, takeIn } from './log-tail';
import { MakingInMemory, startMaking } from './making';
import { openTables } from './opening';
import { faultAsFailure, type Outcome } from './outcome';

/** After so many events, what the tables hold is written. */
const EVENTS_A_COMMIT = 1_000;
/** So long after a question, what the tables hold is written, and others can go on. */
const REST_MS = 500;

export class Following {
  private readonly projections = new Map<string, AnyProjection>();
  private followers = new Followers();
  private session: ReadModelSession | undefined;
  /** Whether the session's tables may be read and set. */
  private isBegun = false;
  private rest: NodeJS.Timeout | undefined;
  /** Events that were taken in since what the tables hold was written. */
  private unwritten = 0;
  private turn: Promise<unknown> = Promise.resolve();
  /** Everything up to here has been read and taken in. */
  private read = BEFORE_ALL;
  private isSubscribed = false;

  constructor(
    private readonly store: EventStore,
    private readonly readModel: ReadModel | undefined,
    private readonly eventsACommit = EVENTS_A_COMMIT,
  ) {}

  /** Names of the projections that are followed. */
  get names(): ReadonlyArray<string> {
    return [...this.projections.keys()];
  }

  /** Follows another projection from now on. */
  add<Entries>(projection: Projection<Entries>): void {
    // Projections of all types in one map: their entries do not matter here.
    const added = projection as unknown as AnyProjection;
    const known = this.projections.get(added.name);
    if (known === added) return;
    if (known !== undefined) {
      throw new TypeError(`Two projections are called ${added.name}. Give each a name of its own.`);
    }
    this.projections.set(added.name, added);
    if (this.readModel === undefined) this.followers.put(new Follower(added, undefined));
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
   * the tables. The promise rejects when the question is about a projection that threw.
   */
  ask<A>(question: (tablesOf: TablesOf) => A): Outcome<A> {
    return this.inTurn(async () => {
      const caughtUp = await this.caughtUp();
      if (E.isLeft(caughtUp)) return caughtUp;
      this.subscribe();
      this.restSoon();
      return this.available(() => Promise.resolve(E.right(question(this.followers.tablesOf))));
    });
  }

  /**
   * Makes the tables of a projection anew from the log. Questions are answered from the old ones until
   * the new ones have come as far.
   */
  async rebuild(name: string, onProgress: (position: bigint) => void): Outcome<void> {
    const projection = this.projections.get(name);
    if (projection === undefined) throw new Error(`Defect: ${name} is not followed.`);
    let told = BEFORE_ALL;
    const tell = (position: bigint): void => {
      if (position > told) onProgress((told = position));
    };
    const { readModel } = this;
    return readModel === undefined
      ? this.rebuildInMemory(projection, tell)
      : this.rebuildKept(projection, readModel, tell);
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
    const making = new MakingInMemory(projection);
    const brought = await making.bringAlong(this.store, onProgress);
    if (E.isLeft(brought)) return brought;
    return this.inTurn(async () => {
      const rest = await making.bringAlong(this.store, onProgress);
      if (E.isRight(rest)) this.followers.put(making.follower);
      return rest;
    });
  }

  private async rebuildKept(
    projection: AnyProjection,
    readModel: ReadModel,
    onProgress: (position: bigint) => void,
  ): Outcome<void> {
    return faultAsFailure(async () => {
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
    const first = await this.available(() => this.catchUp());
    // The tables may have been made anew by somebody else: then they are there to be opened again.
    return E.isLeft(first) && first.left.type === 'ReadModelUnavailable'
      ? this.available(() => this.catchUp())
      : first;
  }

  private async catchUp(): Outcome<void> {
    // What others record from now on is for the next question: this one comes to an end.
    const head = await this.store.head();
    if (E.isLeft(head)) return head;
    const isEnough = (position: bigint) => position >= head.right || this.isMuchUnwritten;
    for (;;) {
      const ready = await this.begin();
      if (E.isLeft(ready)) return ready;
      const { position } = this.followers;
      if (position === undefined) return E.right(undefined);
      this.noteRead(position);
      if (position >= head.right) return E.right(undefined);
      const read = await readOn(this.store, position, this.taker, (last) =>
        isEnough(last) ? 'stop' : undefined,
      );
      if (E.isLeft(read)) return read;
      this.noteRead(read.right);
      if (!this.isMuchUnwritten) return E.right(undefined);
      // Others may have brought the tables somewhere else meanwhile: it reads on from there.
      this.commit();
      await giveTurn();
    }
  }

  private get taker(): Taker {
    return { reads: this.followers.reads, take: this.take };
  }

  private readonly take: Take = (stored, event) => {
    this.followers.take(stored, event);
    this.unwritten += 1;
  };

  private get isMuchUnwritten(): boolean {
    return this.readModel !== undefined && this.unwritten >= this.eventsACommit;
  }

  private noteRead(position: bigint): void {
    if (position > this.read) this.read = position;
  }

  /** Opens what has to be opened, so that the tables may be read and set. */
  private async begin(): Outcome<void> {
    if (this.readModel === undefined || this.isBegun) return E.right(undefined);
    if (this.session === undefined) {
      const opened = await openTables(this.store, this.readModel, [...this.projections.values()]);
      if (E.isLeft(opened)) return opened;
      ({ session: this.session, followers: this.followers } = opened.right);
    }
    this.session.begin();
    this.isBegun = true;
    this.followers.resume();
    return E.right(undefined);
  }

  /** Writes what was set, unless somebody else has brought the tables further. */
  private commit(): void {
    this.unwritten = 0;
    if (!this.isBegun) return;
    this.isBegun = false;
    this.followers.advance();
    this.session?.commit();
  }

  /** Writes what was set, and lets go of the read model. */
  private leave(): void {
    clearTimeout(this.rest);
    this.rest = undefined;
    try {
      this.commit();
    } finally {
      this.session?.close();
      this.session = undefined;
    }
  }

  private restSoon(): void {
    if (this.readModel === undefined) return;
    this.rest ??= setTimeout(() => {
      this.rest = undefined;
      void this.inTurn(() =>
        this.rested(() => {
          this.commit();
        }),
      );
    }, REST_MS).unref();
  }

  private rested(work: () => void): Outcome<void> {
    return this.available(() => {
      work();
      return Promise.resolve(E.right(undefined));
    });
  }

  /** Does `work`, and forgets the session when it had a fault. */
  private async available<A>(work: () => Outcome<A>): Outcome<A> {
    const done = await faultAsFailure(work);
    if (E.isLeft(done) && done.left.type === 'ReadModelUnavailable') this.forget();
    return done;
  }

  private forget(): void {
    if (this.readModel === undefined) return;
    const { session } = this;
    this.session = undefined;
    this.isBegun = false;
    this.unwritten = 0;
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
      const taken = await this.inTurn(() => this.available(() => this.delivered(stored)));
      // A question will read it again, and say what is wrong with it.
      if (E.isLeft(taken)) void stop();
    });
  }

  private async delivered(stored: RecordedEvent): Outcome<void> {
    const ready = await this.begin();
    if (E.isLeft(ready)) return ready;
    const { position } = this.followers;
    // The tables were set back to what was committed: a question will read on from there.
    if (position === undefined || position < this.read) return E.right(undefined);
    this.noteRead(stored.position);
    const taken = takeIn(stored, this.taker);
    if (this.isMuchUnwritten) this.commit();
    this.restSoon();
    return taken;
  }
}
