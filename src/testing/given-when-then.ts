/**
 * Scenarios in the policy's words, for any test framework: what was sent before, what is sent now, and
 * what must come of it. A scenario runs on a real ledger; an expectation that fails throws an `Error`.
 */
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { memoryStore } from '../adapters/memory';
import type { AnyEvent } from '../application/decode-event';
import { type Ledger } from '../application/ledger';
import { wholeLogOf } from '../application/log-pages';
import { openLedger } from '../application/open-ledger';

import type { Answer, DryAnswer } from '../application/outcome';
import type { RecordedEvent, StoreConnector } from '../application/ports';
import type { Plain } from '../application/view-queries';
import type { CommandInput } from '../commands';
import { type Decider, type Decision, replay } from '../decider';
import type { Rejection } from '../rejection';
import type { PrincipalInput } from '../values/principal';
import type { Acknowledging, CommandDraft, Step } from './builders';
import { differences } from './differences';
import type { ContractSubject } from './store-contract';

/** Gives a store that holds nothing yet. */
export type FreshStore = () => Promise<ContractSubject>;

type Expected<Event> = Event extends { readonly type: infer Type; readonly data: infer Data }
  ? { readonly type: Type; readonly data?: Plain<Data> }
  : never;

/**
 * An event that must have been recorded, of this type. Where `data` is given the whole of it must be so, no
 * field more and none less; without it any data will do.
 */
export type ExpectedEvent = Expected<AnyEvent>;

/** A rejection that must have been given, whole. */
export type ExpectedRejection = Plain<Rejection>;

const inMemory: FreshStore = () =>
  Promise.resolve({ connector: memoryStore(), dispose: () => Promise.resolve() });

const SECRET = 'a secret for tests only';
const FIRST_MINUTE = Date.UTC(2026, 2, 1);
const MINUTE = 60_000;

/** A clock for tests: it shows midnight first, and every later look is one minute on. */
export const minuteByMinute = (): (() => string) => {
  let minutes = 0;
  return () => new Date(FIRST_MINUTE + MINUTE * minutes++).toISOString();
};

/** An open ledger, with what a test wants to know of it. */
export class Stage {
  private sent = 0;

  private constructor(
    readonly ledger: Ledger,
    /** The store behind the ledger, to open a second ledger on. */
    readonly connector: StoreConnector,
    private readonly dispose: () => Promise<void>,
  ) {}

  /** Opens a ledger on a store of its own. */
  static async open(fresh: FreshStore = inMemory): Promise<Stage> {
    const { connector, dispose } = await fresh();
    return new Stage(await ledgerOn(connector), connector, dispose);
  }

  /** Sends a command, with the next id unless it has one. */
  async send(by: PrincipalInput, command: CommandDraft | Acknowledging): Promise<Answer> {
    const draft = 'acknowledging' in command ? command.acknowledging : command;
    const numbered = this.numbered(draft);
    return this.ledger.execute(
      by,
      'acknowledging' in command ? await this.acknowledged(by, numbered) : numbered,
    );
  }

  async dryRun(by: PrincipalInput, command: CommandDraft): Promise<DryAnswer> {
    return this.ledger.dryRun(by, this.numbered(command));
  }

  /** Sends what has to succeed for the test to make sense. */
  async play(...steps: ReadonlyArray<Step>): Promise<void> {
    for (const [index, [by, command]] of steps.entries()) {
      const answer = await this.send(by, command);
      if (isRight(answer)) continue;
      const told = JSON.stringify('acknowledging' in command ? command.acknowledging : command);
      throw new Error(
        `Step ${index + 1} was meant to succeed: ${told}, sent by ${by.role}.\n` +
          `It was answered with ${JSON.stringify(answer.left, null, 2)}`,
      );
    }
  }

  /** Everything that is stored, oldest first. */
  async log(): Promise<ReadonlyArray<RecordedEvent>> {
    const connected = await this.connector.connect();
    if (isLeft(connected)) throw new Error(connected.left.message);
    const log = await wholeLogOf(connected.right);
    await connected.right.close();
    if (isLeft(log)) throw new Error(log.left.message);
    return log.right;
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.dispose();
  }

  /** The approval with the impact that it has now; as it is, when it would be refused anyhow. */
  private async acknowledged(by: PrincipalInput, command: CommandInput): Promise<CommandInput> {
    const preview = await this.ledger.dryRun(by, command);
    return isRight(preview) && preview.right.impact !== null
      ? ({ ...command, impact: preview.right.impact } as CommandInput)
      : command;
  }

  private numbered(command: CommandDraft): CommandInput {
    this.sent += 1;
    return { commandId: `command-${this.sent}`, ...command };
  }
}

/** Another ledger on the same store, as a second process would open it. */
export const ledgerOn = (store: StoreConnector): Promise<Ledger> =>
  openLedger({ store, addressSecret: SECRET, clock: minuteByMinute() });

/**
 * What must come of the command under test. Each of these runs the scenario. Awaited without any of them it
 * rejects: such a test would be green whatever came.
 */
export interface Then extends PromiseLike<never> {
  /**
   * It is recorded, as exactly these events in this order. A type alone, or `{ type }`, is enough for an
   * event; `{ type, data }` compares the whole data too.
   */
  readonly thenRecorded: (
    events: ReadonlyArray<ExpectedEvent | ExpectedEvent['type']>,
  ) => Promise<void>;
  /** It is refused for exactly these reasons in this order, and nothing but the refusal is recorded. */
  readonly thenRejected: (rejections: ReadonlyArray<ExpectedRejection>) => Promise<void>;
  /** It is a yes that adds nothing, because it is so already. */
  readonly thenNothing: () => Promise<void>;
  /** Neither yes nor no: it cannot be read, or its id has been used. Nothing is recorded at all. */
  readonly thenFailed: (type: string) => Promise<void>;
}

/** What has been sent before, all of it accepted. */
export interface Scenario {
  readonly when: (by: PrincipalInput, command: CommandDraft | Acknowledging) => Then;
  /** The same on another store than one in memory. */
  readonly on: (fresh: FreshStore) => Scenario;
  /** For a longer story: goes on with the ledger, which is closed afterwards whatever happens. */
  readonly onStage: <Result>(act: (stage: Stage) => Promise<Result>) => Promise<Result>;
}

interface Outcome {
  readonly answer: Answer;
  /** Kinds of the streams in which something was recorded, in order. */
  readonly recordedIn: ReadonlyArray<string>;
}

const outcomeOf = async (stage: Stage, ...[by, command]: Step): Promise<Outcome> => {
  const before = (await stage.log()).length;
  const answer = await stage.send(by, command);
  const added = (await stage.log()).slice(before);
  return { answer, recordedIn: added.map(({ stream }) => stream.slice(0, stream.indexOf('-'))) };
};

const expectations = (run: () => Promise<Outcome>): Then => ({
  thenRecorded: async (events) => {
    const wanted = events.map(asEvent);
    const { answer } = await run();
    const found = isRight(answer)
      ? answer.right.events.map(({ type, data }, place) => {
          const expected = wanted[place];
          return expected !== undefined && 'data' in expected ? { type, data } : { type };
        })
      : answer.left;
    demand('What is recorded', wanted, found);
  },

  thenRejected: async (rejections) => {
    const { answer, recordedIn } = await run();
    if (isRight(answer)) throw notRefused(answer.right.events);
    const found = answer.left.type === 'Refused' ? answer.left.rejections : answer;
    demand('The reasons of the refusal', rejections, found);
    demand('Where the refusal is recorded', ['answer'], recordedIn);
  },

  thenNothing: async () => {
    const { answer, recordedIn } = await run();
    demand('What is recorded', [], isRight(answer) ? answer.right.events : answer.left);
    demand('Where the answer is recorded', ['answer'], recordedIn);
  },

  thenFailed: async (type) => {
    const { answer, recordedIn } = await run();
    demand('The failure', type, isLeft(answer) ? answer.left.type : answer.right);
    demand('What is recorded', [], recordedIn);
  },

  then: (onFulfilled, onRejected) =>
    Promise.reject(new Error(NOTHING_EXPECTED)).then(onFulfilled, onRejected),
});

type AnyExpected = ExpectedEvent | ExpectedEvent['type'];

const asEvent = (expected: AnyExpected, place: number): { readonly type: string } => {
  if (typeof expected === 'string') return { type: expected };
  if (isEventLike(expected)) return expected;
  throw new TypeError(
    `Expected event ${place + 1} is neither the type of an event, such as 'MailboxAdded', nor { type } or { type, data }.`,
  );
};

const isEventLike = (expected: unknown): expected is { readonly type: string } =>
  typeof expected === 'object' && expected !== null && 'type' in expected;

const notRefused = (events: ReadonlyArray<unknown>): Error => {
  const types = events.map((event) => (isEventLike(event) ? event.type : String(event)));
  const added = types.length === 0 ? 'as already so, with nothing to add' : types.join(', ');
  return new Error(`It was expected to be refused, and was accepted: ${added}.`);
};

const NOTHING_EXPECTED =
  'The scenario expects nothing, and was not run. Say what must come of it after .when(...): ' +
  '.thenRecorded(events), .thenRejected(rejections), .thenNothing() or .thenFailed(type).';

/**
 * What has been sent before, each of which has to be accepted; then what is sent now; then what comes of
 * it. Nothing runs before the expectation, which is a promise to be awaited.
 *
 * @example
 * await scenario(...seated(ann), ...holding(ann, 'ann.two@acme.example', 'ann.three@acme.example'))
 *   .when(ann, requestAdd(ann, 'ann.four@acme.example'))
 *   .thenRejected([{ type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 }]);
 */
export const scenario = (...steps: ReadonlyArray<Step>): Scenario => scenarioOn(inMemory, steps);

const scenarioOn = (fresh: FreshStore, steps: ReadonlyArray<Step>): Scenario => {
  const onStage: Scenario['onStage'] = async (act) => {
    const stage = await Stage.open(fresh);
    try {
      await stage.play(...steps);
      return await act(stage);
    } finally {
      await stage.close();
    }
  };
  return {
    onStage,
    when: (by, command) => expectations(() => onStage((stage) => outcomeOf(stage, by, command))),
    on: (other) => scenarioOn(other, steps),
  };
};

/** What must come of a decision. */
export interface ThenDecided<Event, Rejection> {
  readonly thenRecorded: (events: ReadonlyArray<Event>) => void;
  readonly thenRejected: (rejections: ReadonlyArray<Rejection>) => void;
  readonly thenNothing: () => void;
}

/** The same three questions of one decider alone, without a ledger: events before, and a command. */
export const given = <Command, State, Event, Rejection>(
  decider: Decider<Command, State, Event, Rejection>,
  ...events: ReadonlyArray<Event>
): { readonly when: (command: Command) => ThenDecided<Event, Rejection> } => ({
  when: (command) => {
    const decision = (): Decision<Event, Rejection> =>
      decider.decide(command, replay(decider, events, decider.initialState));
    const recorded = (expected: ReadonlyArray<Event>): void => {
      const found = decision();
      demand('What is decided', expected, isRight(found) ? found.right : found);
    };
    return {
      thenRecorded: recorded,
      thenRejected: (expected) => {
        const found = decision();
        if (isRight(found)) throw notRefused(found.right);
        demand('The reasons of the refusal', expected, found.left);
      },
      thenNothing: () => {
        recorded([]);
      },
    };
  },
});

/** @throws Error when `found` is not what was expected, naming every difference */
const demand = (what: string, expected: unknown, found: unknown): void => {
  const all = differences(expected, found);
  if (all.length === 0) return;
  throw new Error(
    `${what} is not what was expected:\n${all.map((one) => `  ${one}`).join('\n')}\n` +
      `expected ${JSON.stringify(expected, null, 2)}\nfound ${JSON.stringify(found, null, 2)}`,
  );
};
