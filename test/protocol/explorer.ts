/**
 * Runs the protocol's own step functions through every interleaving of a few actors, with a crash possible
 * before every step, and judges every world that can be reached.
 */
import type { Step, Task } from '../../src/processes';
import { faultsAtRest, faultsIn, isAnswered, outcomeOf } from './judging';
import type { Scenario, Variant } from './scenario';
import {
  describeStep,
  fresh,
  MOST_STEPS,
  outcomes,
  type Running,
  settledBy,
  stepTaken,
} from './steps';
import type { Memory, Streams } from './world';

/**
 * How often a slow writer is stopped in mid-claim and begins anew. In life patience bounds it; here, where
 * there is no time, two writers could stop each other for ever.
 */
const MOST_FENCES = 2;

interface World {
  readonly streams: Streams;
  readonly actors: ReadonlyArray<Running>;
  readonly crashes: number;
  /** How many more slow writers may be stopped in mid-claim. */
  readonly fences: number;
  /** How it came to be, newest first: the trace of a fault. */
  readonly path: Path | undefined;
}

interface Path {
  readonly what: string;
  readonly before: Path | undefined;
}

export interface Explored {
  readonly worlds: number;
  readonly transitions: number;
  /** Distinct contents of the store. */
  readonly stores: number;
  /** What came of it, over all worlds in which nobody is left to act. */
  readonly cameTo: ReadonlyArray<string>;
  /** The first fault found, with the steps that led there. */
  readonly fault: { readonly what: string; readonly trace: ReadonlyArray<string> } | undefined;
}

const digests = new WeakMap<Streams | Memory, string>();

const digest = (streams: Streams | Memory): string => {
  const known = digests.get(streams);
  if (known !== undefined) return known;
  const made = [...streams]
    .map(([name, { id }]) => `${name}=${id}`)
    .sort()
    .join(';');
  digests.set(streams, made);
  return made;
};

const keyOf = ({ streams, actors, crashes, fences }: World): string =>
  [
    digest(streams),
    ...actors.map(({ memory, status }) => (status === 'running' ? digest(memory) : status)),
    crashes,
    fences,
  ].join('|');

const traceOf = (path: Path | undefined): ReadonlyArray<string> => {
  const steps: Array<string> = [];
  for (let at = path; at !== undefined; at = at.before) steps.push(at.what);
  return steps.reverse();
};

/** What is to be said of one content of the store. */
interface Judgement {
  /** What is wrong with it as it is. */
  readonly now: string | undefined;
  /** What is wrong once it has come to rest, and what it has come to. */
  readonly later: string | undefined;
  readonly comesTo: string;
}

/** One exploration, and what it has found out so far. */
class Exploration {
  private readonly steps = new Map<string, Step | undefined>();
  private readonly judgements = new Map<string, Judgement>();
  private readonly cameTo = new Set<string>();
  /** Where an actor that is left alone has been found to come to an end. */
  private readonly ending = new Set<string>();
  private readonly visited = new Set<string>();
  private readonly open: Array<World> = [];
  private transitions = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly variant: Variant,
  ) {}

  async run(): Promise<Explored> {
    const { streams, actors, crashes } = this.scenario;
    const running = actors.map((): Running => ({ memory: fresh, status: 'running' }));
    this.reach({ streams, actors: running, crashes, fences: MOST_FENCES, path: undefined });
    for (let world = this.open.pop(); world !== undefined; world = this.open.pop()) {
      const what = (await this.faultIn(world)) ?? (await this.endlessIn(world));
      if (what !== undefined) return this.explored({ what, trace: traceOf(world.path) });
      for (const index of world.actors.keys()) await this.goOn(world, index);
    }
    const missed = this.scenario.comesTo.filter((one) => !this.cameTo.has(one));
    const [first] = missed;
    return this.explored(
      first === undefined ? undefined : { what: `never comes to ${first}`, trace: [] },
    );
  }

  private explored(fault: Explored['fault']): Explored {
    const { visited, transitions, judgements } = this;
    const cameTo = [...this.cameTo].sort();
    return { worlds: visited.size, transitions, stores: judgements.size, cameTo, fault };
  }

  private reach(world: World): void {
    const key = keyOf(world);
    if (this.visited.has(key)) return;
    this.visited.add(key);
    this.open.push(world);
  }

  private async stepFor(index: number, memory: Memory): Promise<Step | undefined> {
    const key = `${index} ${digest(memory)}`;
    if (!this.steps.has(key)) {
      this.steps.set(key, await stepTaken(this.variant, this.task(index), memory));
    }
    return this.steps.get(key);
  }

  private task(index: number): Task {
    const actor = this.scenario.actors[index];
    if (actor === undefined) throw new Error(`There is no actor ${index}.`);
    return actor.task;
  }

  private async faultIn({ streams, actors }: World): Promise<string | undefined> {
    const { now, later, comesTo } = await this.judgement(streams);
    const isOver = actors.every(({ status }) => status !== 'running');
    // Everybody may die here: what is left must be enough to come to rest.
    const fault = now ?? (isOver || this.variant.recovers !== false ? later : undefined);
    if (fault !== undefined || !isOver) return fault;
    this.cameTo.add(comesTo);
    return this.scenario.comesTo.includes(comesTo) ? undefined : `comes to ${comesTo}`;
  }

  private async judgement(streams: Streams): Promise<Judgement> {
    const { scenario, variant, judgements } = this;
    const key = digest(streams);
    const known = judgements.get(key);
    if (known !== undefined) return known;
    const now = faultsIn(streams, scenario);
    const isLeft = variant.recovers === false || now !== undefined;
    const rest = isLeft ? streams : await settledBy(variant, scenario.leftovers, streams);
    const later = faultsIn(rest, scenario) ?? faultsAtRest(rest);
    const judged = { now, later, comesTo: outcomeOf(rest) };
    judgements.set(key, judged);
    return judged;
  }

  /** Whoever is left alone must come to an end, and have an answer then. */
  private async endlessIn(world: World): Promise<string | undefined> {
    for (const [index, { memory, status }] of world.actors.entries()) {
      if (status !== 'running') continue;
      const fault = await this.endless(index, world.streams, memory);
      if (fault !== undefined) return `${this.scenario.actors[index]?.name ?? ''} ${fault}`;
    }
    return undefined;
  }

  private async endless(index: number, from: Streams, then: Memory): Promise<string | undefined> {
    const task = this.task(index);
    const way = new Set<string>();
    for (let [streams, memory] = [from, then]; ;) {
      const key = `${index} ${digest(streams)} ${digest(memory)}`;
      if (this.ending.has(key)) break;
      if (way.has(key)) return 'goes round in circles, though nobody disturbs it';
      if (way.size > MOST_STEPS) return 'never comes to an end, though nobody disturbs it';
      way.add(key);
      const step = await this.stepFor(index, memory);
      const [next] = outcomes(this.variant, streams, task, memory, step);
      if (next === undefined) return 'reads nothing';
      if (next.running.status === 'done') {
        if (isAnswered(task, streams)) break;
        return 'is done, and has no answer';
      }
      ({ streams } = next);
      ({ memory } = next.running);
    }
    for (const key of way) this.ending.add(key);
    return undefined;
  }

  /** Everything that the actor, or its death, can make of the world. */
  private async goOn(world: World, index: number): Promise<void> {
    const running = world.actors[index];
    if (running?.status !== 'running') return;
    const step = await this.stepFor(index, running.memory);
    const isFence = step?.do === 'append' && step.isFence;
    const fences = world.fences - (isFence ? 1 : 0);
    const name = this.scenario.actors[index]?.name ?? '';
    const reach = (changed: Partial<World>, becomes: Running, what: string): void => {
      this.transitions += 1;
      const actors = world.actors.map((one, at) => (at === index ? becomes : one));
      this.reach({ ...world, ...changed, actors, path: { what, before: world.path } });
    };
    const { streams } = world;
    const happening = `${name} ${describeStep(step)}`;
    const ways =
      fences < 0 ? [] : outcomes(this.variant, streams, this.task(index), running.memory, step);
    for (const way of ways) reach({ streams: way.streams, fences }, way.running, happening);
    if (world.crashes === 0) return;
    const crashes = world.crashes - 1;
    reach({ crashes }, { memory: fresh, status: 'crashed' }, `${name} crashes`);
  }
}

/** Visits every world that the scenario can come to. Stops at the first fault. */
export const explore = (scenario: Scenario, variant: Variant): Promise<Explored> =>
  new Exploration(scenario, variant).run();
