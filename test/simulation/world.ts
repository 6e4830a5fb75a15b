/** What a simulated world is made of: its time, its chance, its trace, and how rough it is. */
import { Chance } from './chance';
import { VirtualTime } from './virtual-time';

/** Everything that can go wrong between a process and its store. */
export const faultKinds = [
  'read failed',
  'read answer lost',
  'append lost before commit',
  'append refused as unavailable',
  'acknowledgement lost',
  'append applied late, told unknown',
  'append delivered twice',
  'answer late',
  'request late',
  'store restarted',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** How rough a world is. Drawn from its seed, so that seeds differ in kind and not only in order. */
export interface Temper {
  readonly processes: number;
  readonly lanes: number;
  readonly commands: number;
  /** Most milliseconds that a message ordinarily takes. */
  readonly latency: number;
  /** How likely a call goes wrong. */
  readonly faulty: number;
  /** How likely a call takes much longer than usual. */
  readonly slow: number;
  /** How likely a process dies at a store call. */
  readonly deadly: number;
  readonly mostKills: number;
  /** How likely a command is sent by two processes at once. */
  readonly twins: number;
  /** How likely the store itself goes down at a call, and comes back with all that it has acknowledged. */
  readonly restarting: number;
  /** Store calls after which nothing goes wrong any more. */
  readonly calmAfter: number;
}

const drawnTemper = (chance: Chance, outages: Chance): Temper => {
  const processes = 2 + chance.below(3);
  return {
    processes,
    lanes: processes + chance.below(2),
    commands: 12 + chance.below(8),
    latency: chance.pick([1, 4, 20]),
    faulty: chance.pick([0, 0.02, 0.05, 0.1]),
    slow: chance.pick([0, 0.03, 0.1]),
    deadly: chance.pick([0, 0.01, 0.03]),
    mostKills: chance.below(4),
    twins: chance.pick([0.1, 0.3]),
    restarting: outages.pick([0, 0, 0.005, 0.01]),
    calmAfter: 150 + chance.below(250),
  };
};

/** No message takes longer than this, in milliseconds. */
export const LONGEST_JOURNEY = 320;
const SHORTEST_DELAY = 20;

/** The store is back after this many milliseconds at most. */
const LONGEST_OUTAGE = 200;

type Teller = () => string;

export class World {
  readonly time = new VirtualTime();
  readonly chance: Chance;
  /** Apart, so that a world without restarts is what its seed made of it before there were any. */
  private readonly outages: Chance;
  readonly temper: Temper;
  readonly faults: Record<FaultKind, number>;
  kills = 0;
  /** Store calls so far. */
  calls = 0;
  /** Set once every story has been told: what is left must finish by itself. */
  isCalm = false;
  /** How often the store has been started: what was under way in another life of it is cut. */
  storeLives = 1;
  private storeIsBackAt = 0;
  private readonly told: Array<readonly [number, string, Teller]> = [];
  private stamps = 0;

  constructor(seed: number, temper: Partial<Temper> = {}) {
    this.chance = new Chance(seed);
    this.outages = new Chance(~seed);
    this.temper = { ...drawnTemper(this.chance, this.outages), ...temper };
    this.faults = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<
      FaultKind,
      number
    >;
  }

  /** Notes what happens; the words are found only when somebody reads the trace. */
  tell(who: string, what: Teller): void {
    this.told.push([this.time.now, who, what]);
  }

  trace(): ReadonlyArray<string> {
    return this.told.map(([at, who, what]) => `${at.toFixed(3).padStart(9)} ${who} ${what()}`);
  }

  get isRough(): boolean {
    return !this.isCalm && this.calls < this.temper.calmAfter;
  }

  /** Whether this goes wrong now; once the world is calm, nothing does. */
  goesWrong(kind: FaultKind, probability: number): boolean {
    if (!this.isRough || !this.chance.happens(probability)) return false;
    this.faults[kind] += 1;
    return true;
  }

  get storeIsDown(): boolean {
    return this.time.now < this.storeIsBackAt;
  }

  /** Takes the store down, now and then; whether it did. */
  storeFails(): boolean {
    if (!this.isRough || !this.outages.happens(this.temper.restarting)) return false;
    this.faults['store restarted'] += 1;
    this.storeLives += 1;
    this.storeIsBackAt = this.time.now + this.outages.fraction() * LONGEST_OUTAGE;
    return true;
  }

  /** How long one message takes. */
  latency(): number {
    return this.chance.fraction() * this.temper.latency;
  }

  /** Long enough for others to lose their patience. */
  longLatency(): number {
    return SHORTEST_DELAY + this.chance.fraction() * (LONGEST_JOURNEY - SHORTEST_DELAY);
  }

  /** A time that no other command is recorded at: it tells which sending wrote an event. */
  stamp(): string {
    this.stamps += 1;
    return new Date(Date.UTC(2026, 5, 1) + this.stamps).toISOString();
  }
}
