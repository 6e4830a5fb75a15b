/**
 * The decision skeleton that every room fills in: a decider, the rules it consults, and replay.
 */
import * as E from 'fp-ts/lib/Either.js';
import { isNonEmpty } from 'fp-ts/lib/Array.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';

/** What a decision answers: every rule that was broken, or the facts that follow. No facts is a yes. */
export type Decision<Event, Rejection> = E.Either<NonEmptyArray<Rejection>, ReadonlyArray<Event>>;

/**
 * Decides commands on a state that is nothing but a fold of events.
 *
 * `decide` is pure: time, ids and facts from other streams arrive inside the command.
 * `evolve` is total: it neither refuses nor throws, because history is not up for debate.
 */
export interface Decider<Command, State, Event, Rejection> {
  readonly initialState: State;
  readonly decide: (command: Command, state: State) => Decision<Event, Rejection>;
  readonly evolve: (state: State, event: Event) => State;
}

/** One clause of the policy: the rejection when it is broken, `undefined` when it is kept. */
export type Rule<Command, State, Rejection> = (
  command: Command,
  state: State,
) => Rejection | undefined;

/** The state after `events`, oldest first, on top of `state`. */
export const replay = <State, Event>(
  decider: Pick<Decider<never, State, Event, unknown>, 'evolve'>,
  events: Iterable<Event>,
  state: State,
): State => {
  let current = state;
  for (const event of events) current = decider.evolve(current, event);
  return current;
};

/**
 * Rules that are judged together, in order of precedence, each under its name. The name is a key because
 * whoever tells of a rule finds its words by it: what a function is called, a host's bundler may change.
 */
export type Stage<Command, State, Rejection> = Readonly<
  Record<string, Rule<Command, State, Rejection>>
>;

/**
 * The rejections that `stages` raise, in order of precedence; `undefined` when every rule is kept.
 *
 * All rules of a stage are reported together. A later stage is judged only when the earlier ones are
 * kept: where there is no such seat, nothing about its mailboxes can be right or wrong.
 */
export const firstBroken = <Command, State, Rejection>(
  stages: ReadonlyArray<Stage<Command, State, Rejection>>,
): ((command: Command, state: State) => NonEmptyArray<Rejection> | undefined) => {
  // Once, and not for each command.
  const lists = stages.map((rules) => Object.values(rules));
  return (command, state) => {
    for (const rules of lists) {
      const broken: Array<Rejection> = [];
      for (const rule of rules) {
        const rejection = rule(command, state);
        if (rejection !== undefined) broken.push(rejection);
      }
      if (isNonEmpty(broken)) return broken;
    }
    return undefined;
  };
};

/** The yes that adds nothing: what was asked for is already so. */
export const alreadySo: E.Either<never, ReadonlyArray<never>> = E.right([]);
