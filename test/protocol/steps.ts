/** One actor's way through the protocol: the step that it takes, and what becomes of it in a store. */
import { CommandRefused, CommandUnchanged } from '../../src/application/answers';
import { nextStep, Unsettled } from '../../src/processes';
import type { Step, Task } from '../../src/processes';
import type { Variant } from './scenario';
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

/** What one actor knows, and whether it goes on. */
export interface Running {
  readonly memory: Memory;
  readonly status: 'running' | 'done' | 'crashed';
}

export interface Outcome {
  readonly streams: Streams;
  readonly running: Running;
}

/** Nobody who keeps to the protocol takes so many steps undisturbed. */
export const MOST_STEPS = 500;

export const fresh: Memory = new Map<string, Stream>();

/** What the step writes, when it writes. */
const writeOf = (step: Step, task: Task): Write | undefined => {
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

export const describeStep = (step: Step | undefined): string => {
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
export const outcomes = (
  variant: Variant,
  streams: Streams,
  task: Task,
  memory: Memory,
  step: Step | undefined,
): ReadonlyArray<Outcome> => {
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
      if (steps > MOST_STEPS) throw new Error(`A ${task.type} never ends.`);
      const step = await stepTaken(variant, task, memory);
      const [next] = outcomes(variant, streams, task, memory, step);
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
