/**
 * Several ledgers on one store, each on a connection of its own as separate processes would have it, and
 * a judge who reads the raw log after every race.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Ledger } from '../../application/ledger';
import { isLastPage } from '../../application/log-pages';
import type { EventStore, StoreConnector } from '../../application/ports';
import type { CommandInput } from '../../commands';
import type { PrincipalInput } from '../../values/principal';
import {
  admin,
  agent,
  approveAdd,
  type Person,
  registerSeat,
  requestAdd,
  type Step,
  system,
  user,
} from '../builders';
import { ledgerOn } from '../given-when-then';
import { connected, pause, right } from '../store-contract/contract-case';
import { answerProblems, type Sent, type Settled } from './answer-audit';
import { type Claim, LogAudit } from './log-audit';
import { Seeded } from './seeded';

/** How hard to race. */
export interface RaceSettings {
  /** How often each race is run, on a log that keeps growing. */
  readonly rounds: number;
  /** How many ledgers race. */
  readonly claimers: number;
  /** How many commands the storm sends in all. */
  readonly commands: number;
  /** Of the order of calls, and of the storm's commands. */
  readonly seed: number;
}

/** A step whose command is complete, with the id and the impact that it will be sent with. */
export type ReadyStep = readonly [PrincipalInput, CommandInput];

const MOST_SENDS = 8;
const PAGE = 1000;
/** How long a call may be held back, so that now one is first and now another. */
interface Pace {
  readonly turn: () => Promise<void>;
  readonly mostTurns: number;
}

const microtask = (): Promise<void> => Promise.resolve();
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** All at once; within one attempt of each other; about an attempt apart, where a store is fast or slow. */
const paces: ReadonlyArray<Pace> = [
  { turn: microtask, mostTurns: 0 },
  { turn: microtask, mostTurns: 16 },
  { turn: microtask, mostTurns: 64 },
  { turn: microtask, mostTurns: 512 },
  { turn: tick, mostTurns: 8 },
];

/** The world's failures after which the same command is sent again. */
const sentAgain: ReadonlySet<string> = new Set(['Contended', 'OutcomeUnknown', 'StoreBusy']);

const told = (value: unknown): string => JSON.stringify(value);

const settled = async (
  ledger: Ledger,
  by: PrincipalInput,
  command: CommandInput,
): Promise<Settled> => {
  for (let sends = 1; ; sends += 1) {
    const answer = await ledger.execute(by, command);
    if (answer._tag === 'Right') return answer;
    const { left } = answer;
    if (left.type === 'Refused') return { _tag: 'Left', left };
    if (!sentAgain.has(left.type) || sends === MOST_SENDS) {
      throw new Error(
        `${command.type} ${command.commandId}, sent ${sends} times, got no answer: ${told(left)}`,
      );
    }
    await pause(5 * sends);
  }
};

export class Race {
  readonly chance: Seeded;
  private numbered = 0;
  private newcomers = 0;
  /** Answers that have not been judged yet. */
  private unjudged: Array<Sent> = [];
  readonly audit: LogAudit;

  private constructor(
    readonly settings: RaceSettings,
    private readonly ledgers: ReadonlyArray<Ledger>,
    private readonly store: EventStore,
    private readonly connector: StoreConnector,
  ) {
    this.chance = new Seeded(settings.seed);
    this.audit = new LogAudit(store.atomicity);
  }

  static async open(connector: StoreConnector, settings: RaceSettings): Promise<Race> {
    const store = await connected(connector);
    const ledgers: Array<Ledger> = [];
    try {
      for (let count = 0; count < settings.claimers; count += 1) {
        ledgers.push(await ledgerOn(connector));
      }
    } catch (error) {
      await Promise.all([...ledgers, store].map((open) => open.close()));
      throw error;
    }
    return new Race(settings, ledgers, store, connector);
  }

  async close(): Promise<void> {
    await Promise.all([...this.ledgers, this.store].map((open) => open.close()));
  }

  /** Whether the store appends to several streams at once, so that no command is ever half done. */
  get isAtomic(): boolean {
    return this.store.atomicity === 'anyStreams';
  }

  /** Gives the command its id and, for an approval that says so, the impact that it has now. */
  async ready([by, draft]: Step): Promise<ReadyStep> {
    this.numbered += 1;
    const bare = 'acknowledging' in draft ? draft.acknowledging : draft;
    const command = { commandId: `race-${this.numbered}`, ...bare } as CommandInput;
    if (!('acknowledging' in draft)) return [by, command];
    const preview = await this.ledger(this.numbered).dryRun(by, command);
    const impact = preview._tag === 'Right' ? preview.right.impact : null;
    return [by, impact === null ? command : ({ ...command, impact } as CommandInput)];
  }

  /** Sends what has to succeed for the race to make sense, one after the other. */
  async prepare(...steps: ReadonlyArray<Step>): Promise<void> {
    for (const step of steps) {
      const answer = await this.sendReady(await this.ready(step), 0);
      if (isLeft(answer)) {
        throw new Error(`What was to come before the race was refused: ${told([step, answer])}`);
      }
    }
  }

  /** Sends one command when nothing else is under way. */
  async send(step: Step): Promise<Settled> {
    return this.sendReady(await this.ready(step), this.chance.below(this.ledgers.length));
  }

  /** Sends all at once, each through another ledger. The answers come in the order of the steps. */
  async race(...steps: ReadonlyArray<Step>): Promise<ReadonlyArray<Settled>> {
    const ready: Array<ReadyStep> = [];
    for (const step of steps) ready.push(await this.ready(step));
    return this.raceReady(ready);
  }

  async raceReady(steps: ReadonlyArray<ReadyStep>): Promise<ReadonlyArray<Settled>> {
    await this.catchUp();
    this.audit.beginRace();
    const first = this.chance.below(this.ledgers.length);
    const { turn, mostTurns } = this.chance.pick(paces);
    // A long command would else hardly ever be the first to be through.
    const ahead = this.chance.below(2) === 0 ? 0 : this.chance.below(steps.length);
    const running = steps.map(async (step, index) => {
      const held = index === ahead ? 0 : this.chance.below(mostTurns + 1);
      for (let turns = held; turns > 0; turns -= 1) await turn();
      return this.sendReady(step, first + index);
    });
    return this.quiescent(running);
  }

  /** Runs `act` on every ledger at once. */
  async together(act: (ledger: number) => Promise<void>): Promise<void> {
    await this.catchUp();
    this.audit.beginRace();
    await this.quiescent(this.ledgers.map((_, index) => act(index)));
  }

  async sendReady([by, command]: ReadyStep, ledger: number): Promise<Settled> {
    // Before the answer is known: somebody else may finish what was acknowledged here.
    if ('impact' in command && command.impact !== undefined && 'requestId' in command) {
      this.audit.acknowledge(command.impact.userId, command.requestId, command.impact);
    }
    const answer = await settled(this.ledger(ledger), by, command);
    this.unjudged.push({ command, answer });
    return answer;
  }

  /** Compares everything that callers were told, and everything that is stored, since the last time. */
  async judge(): Promise<void> {
    await this.catchUp();
    this.audit.settle();
    for (const claim of this.audit.idleClaims()) await this.takeOver(claim);
    const problems = [
      ...this.audit.problems,
      ...this.unjudged.flatMap((sent) => answerProblems(sent, this.audit, this.store.atomicity)),
    ];
    this.unjudged = [];
    if (problems.length > 0) throw new Error(problems.slice(0, 5).join('\n'));
  }

  /** Compares the views, of a ledger that raced and of one that came later, with the log. */
  async judgeViews(): Promise<void> {
    const late = await ledgerOn(this.connector);
    try {
      for (const ledger of [this.ledger(1), late]) await this.judgeViewsOf(ledger);
    } finally {
      await late.close();
    }
  }

  private async judgeViewsOf({ views }: Ledger): Promise<void> {
    const rows = right(await views.seats.list(admin), 'reading the seats');
    const shown = new Map(rows.map(({ userId, mailboxes }) => [String(userId), mailboxes]));
    for (const [userId, held] of this.audit.holdings()) {
      const seen = shown.get(userId)?.map(({ address }) => address) ?? [];
      if ([...seen].sort().join() === [...held].sort().join()) continue;
      throw new Error(`The view shows ${told(seen)} on ${userId}, the log ${told(held)}`);
    }
    const addresses = right(await views.addresses.list(admin), 'reading the addresses');
    for (const { address, holder } of addresses) {
      if (this.audit.holdersOf(address).join() === holder) continue;
      throw new Error(`The view shows ${address} on ${holder}, the log does not`);
    }
    const heldInAll = [...this.audit.holdings().values()].flat().length;
    if (addresses.length !== heldInAll) {
      throw new Error(`The view shows ${addresses.length} held addresses, the log ${heldInAll}`);
    }
  }

  /**
   * A claim that serves nobody is a fault where it is appended together with what it serves; elsewhere
   * it may be left behind by a loser, but must yield to the next who asks.
   */
  private async takeOver({ book, canonical, userId }: Claim): Promise<void> {
    const idle = `${canonical} is claimed for ${userId}, whose ${book} it is not`;
    if (this.isAtomic) throw new Error(idle);
    this.newcomers += 1;
    const person: Person = user(`newcomer-${this.newcomers}`);
    const steps: ReadonlyArray<Step> =
      book === 'account'
        ? [[system, registerSeat(person, canonical)]]
        : [
            [system, registerSeat(person)],
            [person, requestAdd(person, canonical)],
            [agent, approveAdd(person, canonical)],
          ];
    for (const step of steps) {
      const answer = await this.send(step);
      if (isLeft(answer)) throw new Error(`${idle}, and it is lost for ever: ${told(answer)}`);
    }
    await this.catchUp();
    this.audit.settle();
  }

  private async catchUp(): Promise<void> {
    for (;;) {
      const read = this.store.readAll(this.audit.position, PAGE);
      const page = right(await read(), 'reading the log');
      for (const event of page) this.audit.take(event);
      if (isLastPage(this.store, page, PAGE)) return;
    }
  }

  /** All answers, once all are in: a failure does not leave others under way. */
  private async quiescent<Result>(running: ReadonlyArray<Promise<Result>>): Promise<Array<Result>> {
    await Promise.allSettled(running);
    return Promise.all(running);
  }

  private ledger(index: number): Ledger {
    const ledger = this.ledgers[index % this.ledgers.length];
    if (ledger === undefined) throw new Error('A race needs at least one ledger.');
    return ledger;
  }
}
