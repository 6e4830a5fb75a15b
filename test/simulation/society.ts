/** Processes that are opened, die and are opened again, and people who send commands through them. */
import * as E from 'fp-ts/lib/Either.js';
import { type Ledger, type StoreConnector, tryOpenLedger } from '../../src';
import type { Answer } from '../../src/application/outcome';
import type { CommandInput } from '../../src/commands';
import type { PrincipalInput } from '../../src/values/principal';
import { admin, type Step } from '../../src/testing';
import { SECRET } from './beginnings';
import type { Mortal } from './unreliable-store';
import type { World } from './world';

/** A command that is complete, with the id and the impact that it is sent with, again and again. */
export interface Errand {
  readonly by: PrincipalInput;
  readonly command: CommandInput;
}

/** One sending of a command. */
export interface Sending extends Errand {
  readonly at: string;
  /** Position of the log's last event when it was sent. */
  readonly since: bigint;
  /** `undefined` when the process died over it. */
  answer: Answer | undefined;
}

interface Running extends Mortal {
  ledger: Ledger | undefined;
  readonly death: Promise<undefined>;
}

/** Sendings of one command until somebody must have answered. */
const MOST_SENDS = 40;
const MOST_OPENINGS = 60;

export class Society {
  readonly sendings: Array<Sending> = [];
  readonly errands: Array<Errand> = [];
  readonly unanswered: Array<Errand> = [];
  readonly problems: Array<string> = [];
  private readonly slots: Array<Running> = [];
  private readonly twins: Array<Promise<unknown>> = [];
  private started = 0;

  constructor(
    private readonly world: World,
    private readonly connector: (by: Mortal) => StoreConnector,
    private readonly head: () => bigint,
  ) {
    for (let slot = 0; slot < world.temper.processes; slot += 1) void this.start(slot);
  }

  /** Tells stories one after the other; resolves when all were answered or their answers given up for now. */
  async tell(steps: ReadonlyArray<Step>, slot: number): Promise<void> {
    for (const [index, step] of steps.entries()) {
      await this.world.time.pass(this.world.latency());
      const errand = await this.ready(step, `c${slot}-${index}`, slot);
      this.errands.push(errand);
      const patience = 1 + this.world.chance.below(4);
      if (!(await this.isAnswered(errand, slot, patience))) this.unanswered.push(errand);
      if (this.world.chance.happens(0.1)) await this.glance(slot);
    }
  }

  /** Sends everything again that has no answer yet. */
  async finish(): Promise<void> {
    await Promise.all(this.twins);
    for (const [slot, errand] of this.unanswered.splice(0).entries()) {
      if (await this.isAnswered(errand, slot, MOST_SENDS)) continue;
      this.problems.push(`${errand.command.type} ${errand.command.commandId} is never answered`);
    }
  }

  /** Sends every command once more, through one ledger: its answer must stand. */
  async askAgain(ledger: Ledger): Promise<void> {
    for (const { by, command } of this.errands) {
      const at = this.world.stamp();
      const answer = await ledger.execute(by, command, { at });
      this.sendings.push({ by, command, at, since: this.head(), answer });
    }
  }

  /** A ledger that was not there before and knows nothing yet. */
  async newcomer(): Promise<Ledger> {
    const mortal: Mortal = { name: 'late', isAlive: true, die: () => undefined };
    const opened = await tryOpenLedger({
      store: this.connector(mortal),
      addressSecret: SECRET,
      clock: () => this.world.stamp(),
      recoverAtOpen: false,
    });
    if (E.isLeft(opened)) throw new Error(opened.left.message);
    return opened.right;
  }

  /** A ledger that lives; waits for one when all are dead or being opened. */
  async ledger(slot: number): Promise<{ readonly running: Running; readonly ledger: Ledger }> {
    for (let waits = 0; ; waits += 1) {
      for (let next = 0; next < this.slots.length; next += 1) {
        const running = this.slots[(slot + next) % this.slots.length];
        if (running?.isAlive === true && running.ledger !== undefined) {
          return { running, ledger: running.ledger };
        }
      }
      if (waits > 1000) throw new Error('No process is ever open again.');
      await this.world.time.pass(5);
    }
  }

  private async start(slot: number): Promise<void> {
    this.started += 1;
    const name = `p${slot}.${this.started}`;
    let dead: (nothing: undefined) => void = () => undefined;
    const running: Running = {
      name,
      isAlive: true,
      ledger: undefined,
      death: new Promise((resolve) => {
        dead = resolve;
      }),
      die: () => {
        running.isAlive = false;
        dead(undefined);
        this.world.time.after(this.world.longLatency(), () => void this.start(slot));
      },
    };
    this.slots[slot] = running;
    const store = this.connector(running);
    for (let openings = 0; openings < MOST_OPENINGS; openings += 1) {
      const clock = (): string => this.world.stamp();
      const opened = await tryOpenLedger({ store, addressSecret: SECRET, clock });
      if (E.isRight(opened)) {
        running.ledger = opened.right;
        this.world.tell(name, () => 'is open');
        return;
      }
      await this.world.time.pass(5);
    }
    this.problems.push(`${name} can never be opened`);
  }

  /** Asks for the impact that the command is to acknowledge. Without an answer it is sent without one. */
  private async ready([by, said]: Step, commandId: string, slot: number): Promise<Errand> {
    if (!('acknowledging' in said)) return { by, command: { commandId, ...said } as CommandInput };
    const command = { commandId, ...said.acknowledging } as CommandInput;
    for (let asked = 0; asked < 3; asked += 1) {
      const { ledger, running } = await this.ledger(slot + asked);
      const preview = await Promise.race([ledger.dryRun(by, command), running.death]);
      if (preview === undefined) continue;
      if (E.isRight(preview)) {
        const { impact } = preview.right;
        return { by, command: impact === null ? command : ({ ...command, impact } as never) };
      }
      if (preview.left.type === 'Refused') break;
    }
    return { by, command };
  }

  private async isAnswered(errand: Errand, slot: number, most: number): Promise<boolean> {
    for (let sends = 0; sends < most; sends += 1) {
      if (this.world.isRough && this.world.chance.happens(this.world.temper.twins)) {
        const elsewhere = slot + 1 + this.world.chance.below(this.slots.length);
        this.twins.push(this.send(errand, elsewhere));
      }
      if (await this.send(errand, slot + (sends > 0 ? this.world.chance.below(4) : 0))) return true;
      await this.world.time.pass(this.world.latency() * (sends + 1));
    }
    return false;
  }

  /** Sends it once; whether it was answered. */
  private async send(errand: Errand, slot: number): Promise<boolean> {
    const { running, ledger } = await this.ledger(slot);
    const { by, command } = errand;
    const at = this.world.stamp();
    const sending: Sending = { ...errand, at, since: this.head(), answer: undefined };
    this.sendings.push(sending);
    const { commandId, type } = command;
    this.world.tell(running.name, () => `> ${commandId} ${type} ${JSON.stringify(command)}`);
    const executed = ledger.execute(by, command, { at }).catch((error: unknown) => {
      this.problems.push(`${type} ${commandId} found a defect: ${String(error)}`);
      return undefined;
    });
    const answer = await Promise.race([executed, running.death]);
    sending.answer = answer;
    this.world.tell(running.name, () => `< ${commandId} ${type} ${toldAnswer(answer)}`);
    return answer !== undefined && (E.isRight(answer) || answer.left.type === 'Refused');
  }

  /** Looks at a view, so that views are fed now and then and not only in the end. */
  private async glance(slot: number): Promise<void> {
    const { ledger, running } = await this.ledger(slot);
    await Promise.race([ledger.views.seats.list(admin), running.death]);
  }
}

const toldAnswer = (answer: Answer | undefined): string => {
  if (answer === undefined) return 'nothing: the process is dead';
  if (E.isRight(answer)) {
    return `Recorded ${answer.right.events.map(({ type }) => type).join(', ')}`;
  }
  const { left } = answer;
  if (left.type !== 'Refused') return left.type;
  return `Refused ${left.rejections.map(({ type }) => type).join(', ')}`;
};
