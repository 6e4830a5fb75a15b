/**
 * What a platform sends all day: 70 % emails, 20 % sequence states, 10 % requests for mailboxes and their
 * approvals, over many seats.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { CommandInput } from '../../src/commands';
import type { Ledger } from '../../src/application/ledger';
import {
  agent,
  approveAdd,
  attestation,
  type CommandDraft,
  contractAgent,
  type Person,
  registerSeat,
  requestAdd,
  setContract,
  system,
  user,
} from '../../src/testing/builders';
import type { PrincipalInput } from '../../src/values/principal';
import type { Contender } from './rounds';

export interface Sent {
  readonly principal: PrincipalInput;
  readonly command: CommandInput;
}

export const personAt = (seat: number): Person => user(`u${seat}`);

/** The mailbox that every seat starts with. */
export const firstMailbox = (seat: number): string => `first.${seat}@acme.example`;

const MAILINGS = ['drafted', 'scheduled', 'delivered'] as const;
const PROGRESS = ['pending', 'active', 'finished'] as const;
/** Of 20 commands: the kinds in turn. */
const TURNS = 20;
const EMAILS = 14;
const SEQUENCES = 18;

/** Says what is sent next. All of it is new, so that every command has something to record. */
export class Activity {
  private sent = 0;
  private turn = 0;
  private readonly recorded: Array<number>;
  /** Requests that wait for their approval. */
  private readonly waiting: Array<{ readonly seat: number; readonly address: string }> = [];
  private random: number;

  constructor(
    /** Tells its commands from those of others. */
    private readonly name: string,
    private readonly seats: number,
    seed: number,
  ) {
    this.recorded = Array.from({ length: seats }, () => 0);
    this.random = seed;
  }

  nextOnes(count: number): ReadonlyArray<Sent> {
    return Array.from({ length: count }, () => this.next());
  }

  private next(): Sent {
    const turn = this.turn++ % TURNS;
    if (turn < EMAILS) return this.mailing(this.anySeat());
    if (turn < SEQUENCES) return this.sequenceState(this.anySeat());
    return turn === SEQUENCES ? this.request(this.anySeat()) : this.approval();
  }

  private anySeat(): number {
    // A linear congruential generator: all that is asked of it is to spread, the same way each time.
    this.random = (Math.imul(this.random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.random % this.seats;
  }

  private with(principal: PrincipalInput, draft: CommandDraft): Sent {
    const commandId = `${this.name}-${(this.sent += 1)}`;
    return { principal, command: { ...draft, commandId } };
  }

  private stepOf(seat: number): { readonly item: string; readonly step: number } {
    const count = this.recorded[seat] ?? 0;
    this.recorded[seat] = count + 1;
    return { item: `${this.name}-${Math.floor(count / 3)}`, step: count % 3 };
  }

  private mailing(seat: number): Sent {
    const { item, step } = this.stepOf(seat);
    return this.with(system, {
      type: 'RecordMailing',
      userId: personAt(seat).userId,
      mailingId: `m-${item}`,
      address: firstMailbox(seat),
      state: MAILINGS[step] ?? 'drafted',
    });
  }

  private sequenceState(seat: number): Sent {
    const { item, step } = this.stepOf(seat);
    return this.with(system, {
      type: 'RecordSequenceState',
      userId: personAt(seat).userId,
      sequenceStateId: `s-${item}`,
      prospectId: `p-${item}`,
      sequenceId: 'welcome',
      address: firstMailbox(seat),
      state: PROGRESS[step] ?? 'pending',
    });
  }

  private request(seat: number): Sent {
    const address = `${this.name}.${this.sent}@acme.example`;
    this.waiting.push({ seat, address });
    const person = personAt(seat);
    return this.with(person, requestAdd(person, address));
  }

  private approval(): Sent {
    const { seat, address } = this.waiting.shift() ?? { seat: 0, address: '' };
    return this.with(agent, approveAdd(personAt(seat), address, { attestation }));
  }
}

const send = async (ledger: Ledger, { principal, command }: Sent): Promise<void> => {
  const answer = await ledger.execute(principal, command);
  if (isLeft(answer)) throw new Error(JSON.stringify(answer.left));
};

/**
 * Has `commands` commands sent a round, by as many callers as there are activities. They are made before
 * the round begins: what counts is what becomes of them.
 */
export const sending = (
  name: string,
  activities: ReadonlyArray<Activity>,
  commands: number,
  sendOne: (sent: Sent) => Promise<unknown>,
): Contender => {
  let lists: ReadonlyArray<ReadonlyArray<Sent>> = [];
  return {
    name,
    prepare: () => {
      lists = activities.map((activity) => activity.nextOnes(commands / activities.length));
    },
    run: async () => {
      await Promise.all(
        lists.map(async (list) => {
          for (const sent of list) await sendOne(sent);
        }),
      );
      return commands;
    },
  };
};

/** A ledger that is sent the commands. */
export const byLedger = (
  name: string,
  ledger: Ledger,
  activities: ReadonlyArray<Activity>,
  commands: number,
): Contender => sending(name, activities, commands, (sent) => send(ledger, sent));

/** The most callers that are measured. */
export const MOST_CALLERS = 64;

const setUpSeat = async (ledger: Ledger, seat: number): Promise<void> => {
  const person = personAt(seat);
  const address = firstMailbox(seat);
  const commandId = `setup-${seat}`;
  const steps: ReadonlyArray<readonly [PrincipalInput, CommandDraft]> = [
    [system, registerSeat(person)],
    [person, requestAdd(person, address)],
    [agent, approveAdd(person, address)],
    [person, { type: 'ConfigureMailbox', userId: person.userId, address, use: 'primary' }],
  ];
  for (const [step, [principal, draft]] of steps.entries()) {
    await send(ledger, { principal, command: { ...draft, commandId: `${commandId}-${step}` } });
  }
};

/**
 * Gives every seat its first mailbox, under a contract that lets it have many more. By no more callers than are
 * measured: after a set-up by 256 the ledger stays a ninth slower, for V8 then allocates what a command makes
 * among objects that are old.
 */
export const setUpSeats = async (ledger: Ledger, seats: number): Promise<void> => {
  const command = { ...setContract({ mailboxLimit: 1000 }), commandId: 'setup-contract' };
  await send(ledger, { principal: contractAgent, command });
  for (let start = 0; start < seats; start += MOST_CALLERS) {
    const group = Array.from({ length: Math.min(MOST_CALLERS, seats - start) }, (_, at) => at);
    await Promise.all(group.map((at) => setUpSeat(ledger, start + at)));
  }
};
