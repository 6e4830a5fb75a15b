/**
 * Runs the protocol's own step functions through every interleaving of a few actors, with a crash possible
 * before every step, and judges every world that can be reached.
 */
import { nextStep, Unsettled } from '../../src/processes';
import type { Known, Step, Task } from '../../src/processes';
import { CommandRefused, CommandUnchanged } from '../../src/application/answers';
import { faultsIn, faultsAtRest } from './judging';
import {
  believed,
  knowledge,
  type Memory,
  type Name,
  nameOf,
  remember,
  type Stream,
  type Streams,
  write,
  type Write,
} from './world';

/**
 * How often a slow writer is stopped in mid-claim and begins anew. In life patience bounds it; here, where
 * there is no time, two writers could stop each other for ever.
 */
const MOST_FENCES = 2;

/** How actors take their steps: the protocol's own way, or a wrong one. */
export interface Variant {
  readonly name: string;
  /** Replaces the protocol's next step; by default it is taken as it is. */
  readonly step?: (task: Task, known: Known, right: Step) => Step;
  /** Replaces what an actor sees of what it has read. */
  readonly seen?: (known: Known, task: Task) => Known;
  /** Replaces how a store writes. */
  readonly write?: (streams: Streams, request: Write) => Streams | undefined;
  /** Whether somebody finishes what is left when all actors have ended; `true` unless it says otherwise. */
  readonly recovers?: boolean;
}

export interface Actor {
  readonly name: string;
  readonly task: Task;
}

export interface Scenario {
  readonly name: string;
  readonly streams: Streams;
  readonly actors: ReadonlyArray<Actor>;
  /** How many actors may crash. */
  readonly crashes: number;
  /** What a recovery would look at when all is over. */
  readonly leftovers: ReadonlyArray<Task>;
}

interface Running {
  readonly memory: Memory;
  readonly status: 'running' | 'done' | 'crashed';
}

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
  /** The first fault found, with the steps that led there. */
  readonly fault: { readonly what: string; readonly trace: ReadonlyArray<string> } | undefined;
}

const digest = (streams: Streams | Memory): string =>
  [...streams]
    .map(([name, { id }]) => `${name}=${id}`)
    .sort()
    .join(';');

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

const fresh: Memory = new Map<string, Stream>();

/** What the step writes, when it writes. */
export const writeOf = (step: Step, task: Task): Write | undefined => {
  if (step.do === 'append') {
    const { facts, after, by } = step;
    return { name: facts, after, facts: facts.events, by };
  }
  if (step.do !== 'answer' || task.type !== 'command') return undefined;
  const { command, by } = task.undertaking;
  const { rejections } = step;
  const answer = rejections === undefined ? CommandUnchanged({}) : CommandRefused({ rejections });
  const name: Name = { on: 'answer', commandId: command.commandId };
  return { name, after: -1n, facts: [answer as never], by };
};

/** The step that the variant takes, or `undefined` where what is known does not fit together. */
export const stepTaken = async (
  variant: Variant,
  task: Task,
  memory: Memory,
): Promise<Step | undefined> => {
  const all = knowledge(memory);
  const known = variant.seen?.(all, task) ?? all;
  try {
    const right = await nextStep(task, known);
    return variant.step?.(task, known, right) ?? right;
  } catch (error) {
    if (error instanceof Unsettled) return undefined;
    throw error;
  }
};

const describe = (step: Step | undefined): string => {
  if (step === undefined) return 'looks again';
  switch (step.do) {
    case 'read':
      return `reads ${step.wanted.map(({ on }) => on).join(', ')}`;
    case 'append':
      return `appends ${step.facts.events.map(({ type }) => type).join(', ')} to ${step.facts.on}`;
    case 'answer':
      return `answers ${JSON.stringify(step.rejections?.map(({ type }) => type) ?? 'already so')}`;
    case 'nothing':
      return 'is done';
  }
};

/** Every way in which one actor may go on with its step. */
const outcomes = (
  variant: Variant,
  streams: Streams,
  { task }: Actor,
  memory: Memory,
  step: Step | undefined,
): ReadonlyArray<{ readonly streams: Streams; readonly running: Running }> => {
  const going = (next: Memory, after: Streams = streams) => ({
    streams: after,
    running: { memory: next, status: 'running' as const },
  });
  if (step === undefined) return [going(fresh)];
  if (step.do === 'nothing') return [{ streams, running: { memory: fresh, status: 'done' } }];
  // Reads that are asked for together may be answered in any order, with writes of others in between.
  if (step.do === 'read') return step.wanted.map((one) => going(remember(memory, one, streams)));
  const request = writeOf(step, task);
  if (request === undefined) throw new Error('Only commands are answered.');
  const after = (variant.write ?? write)(streams, request);
  if (after === undefined) return [going(fresh)];
  const seen = new Map(memory).set(nameOf(request.name), believed(streams, request));
  if (step.do === 'append' || task.type !== 'command') return [going(seen, after)];
  const home = new Map(seen);
  home.delete(
    `seat ${'userId' in task.undertaking.command ? task.undertaking.command.userId : ''}`,
  );
  return [going(home, after)];
};

/** Carries tasks through, one after the other and undisturbed; each of them stops after `writes` writes. */
export const settledBy = async (
  variant: Variant,
  tasks: ReadonlyArray<Task>,
  from: Streams,
  writes = Number.POSITIVE_INFINITY,
): Promise<Streams> => {
  let streams = from;
  for (const task of tasks) {
    let memory = fresh;
    let left = writes;
    for (let steps = 0; left > 0; steps += 1) {
      if (steps > 500) throw new Error(`A ${task.type} never ends.`);
      const step = await stepTaken(variant, task, memory);
      const [next] = outcomes(variant, streams, { name: 'recovery', task }, memory, step);
      if (next === undefined || next.running.status === 'done') break;
      ({ streams } = next);
      ({ memory } = next.running);
      if (step?.do === 'append' || step?.do === 'answer') left -= 1;
      // Undisturbed, all that is asked for is read at once.
      if (step?.do === 'read') {
        for (const one of step.wanted) memory = remember(memory, one, streams);
      }
    }
  }
  return streams;
};

/** Visits every world that the scenario can come to. Stops at the first fault. */
export const explore = async (scenario: Scenario, variant: Variant): Promise<Explored> => {
  const { actors, leftovers } = scenario;
  const start: World = {
    streams: scenario.streams,
    actors: actors.map(() => ({ memory: fresh, status: 'running' })),
    crashes: scenario.crashes,
    fences: MOST_FENCES,
    path: undefined,
  };
  const visited = new Set([keyOf(start)]);
  const stores = new Set<string>();
  const steps = new Map<string, Step | undefined>();
  const open = [start];
  let transitions = 0;

  const stepFor = async (index: number, memory: Memory): Promise<Step | undefined> => {
    const key = `${index} ${digest(memory)}`;
    if (!steps.has(key)) {
      const task = actors[index]?.task;
      if (task !== undefined) steps.set(key, await stepTaken(variant, task, memory));
    }
    return steps.get(key);
  };

  const judged = async (streams: Streams): Promise<string | undefined> => {
    const key = digest(streams);
    if (stores.has(key)) return undefined;
    stores.add(key);
    const now = faultsIn(streams);
    if (now !== undefined) return now;
    // Everybody may die here: what is left must be enough to come to rest.
    const rest =
      variant.recovers === false ? streams : await settledBy(variant, leftovers, streams);
    const later = faultsIn(rest);
    return later ?? (variant.recovers === false ? undefined : faultsAtRest(rest));
  };

  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const current = world;
    const fault = await judged(current.streams);
    const atRest =
      variant.recovers === false && current.actors.every(({ status }) => status !== 'running')
        ? faultsAtRest(current.streams)
        : undefined;
    const what = fault ?? atRest;
    if (what !== undefined) {
      const found = { what, trace: traceOf(current.path) };
      return { worlds: visited.size, transitions, stores: stores.size, fault: found };
    }
    const reach = (next: Omit<World, 'path'>, happening: string): void => {
      transitions += 1;
      const reached = { ...next, path: { what: happening, before: current.path } };
      const key = keyOf(reached);
      if (visited.has(key)) return;
      visited.add(key);
      open.push(reached);
    };
    for (const [index, running] of current.actors.entries()) {
      const actor = actors[index];
      if (running.status !== 'running' || actor === undefined) continue;
      const with_ = (changed: Running): ReadonlyArray<Running> =>
        current.actors.map((one, at) => (at === index ? changed : one));
      const step = await stepFor(index, running.memory);
      const isFence = step?.do === 'append' && step.isFence;
      if (isFence && current.fences === 0) continue;
      const fences = current.fences - (isFence ? 1 : 0);
      for (const outcome of outcomes(variant, current.streams, actor, running.memory, step)) {
        const { streams } = outcome;
        const { crashes } = current;
        const next = { streams, actors: with_(outcome.running), crashes, fences };
        reach(next, `${actor.name} ${describe(step)}`);
      }
      if (current.crashes > 0) {
        const crashed = with_({ memory: fresh, status: 'crashed' });
        const { streams, crashes } = current;
        reach(
          { ...current, streams, actors: crashed, crashes: crashes - 1 },
          `${actor.name} crashes`,
        );
      }
    }
  }
  return { worlds: visited.size, transitions, stores: stores.size, fault: undefined };
};
