/** A ledger on a server: claimers that race for one address, and answers that are lost. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventStoreDb } from '../../src/adapters/eventstoredb';
import { type Answer, type Ledger, openLedger } from '../../src';
import {
  admin,
  agent,
  approveAdd,
  contractAgent,
  type Person,
  registerSeat,
  requestAdd,
  setContract,
  system,
  user,
  violationsIn,
} from '../../src/testing';
import { startTestServer, type TestServer } from './server';

const addressSecret = 'a secret of the servers, long enough';

let server: TestServer;
let ledgers: Array<Ledger> = [];
const unhandled: Array<unknown> = [];
const note = (error: unknown): void => {
  unhandled.push(error);
};

const open = async (options: Parameters<typeof eventStoreDb>[1] = {}): Promise<Ledger> => {
  const store = eventStoreDb(server.connectionString, options);
  const ledger = await openLedger({ store, addressSecret, recoverAtOpen: false });
  ledgers.push(ledger);
  return ledger;
};

beforeEach(async () => {
  server = await startTestServer();
  ledgers = [];
  unhandled.length = 0;
  process.on('unhandledRejection', note).on('uncaughtException', note);
});

afterEach(async () => {
  await Promise.all(ledgers.map((ledger) => ledger.close()));
  process.off('unhandledRejection', note).off('uncaughtException', note);
  // The server hears a moment later that a call was cancelled. One that stays open is a leak.
  const end = performance.now() + 3_000;
  while (server.openCalls() > 0 && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const leaked = server.openCalls();
  await server.stop();
  expect({ leaked, unhandled }).toEqual({ leaked: 0, unhandled: [] });
});

const violations = async (): Promise<unknown> => {
  const store = await eventStoreDb(server.connectionString).connect();
  if (store._tag === 'Left') throw new Error(store.left.message);
  try {
    return await violationsIn(store.right);
  } finally {
    await store.right.close();
  }
};

const right = (answer: Answer) => {
  if (answer._tag === 'Right') return answer.right;
  throw new Error(JSON.stringify(answer.left));
};

const register = async (ledger: Ledger, person: Person): Promise<void> => {
  const commandId = `seat-${person.userId}`;
  right(await ledger.execute(system, { ...registerSeat(person), commandId }));
};

const ask = async (ledger: Ledger, person: Person, address: string, round = 0): Promise<void> => {
  const commandId = `ask-${person.userId}-${round}`;
  right(await ledger.execute(person, { ...requestAdd(person, address), commandId }));
};

describe('8 ledgers that approve one address for 8 users', () => {
  it('give it to one of them, 200 times of 200', async () => {
    const racers = await Promise.all(Array.from({ length: 8 }, () => open()));
    const people = racers.map((_, index) => user(`u${index}`));
    const commandId = 'contract';
    const contract = { ...setContract({ mailboxLimit: 500 }), commandId } as never;
    right(await racers[0]!.execute(contractAgent, contract));
    for (const person of people) await register(racers[0]!, person);
    let winners = 0;
    for (let round = 0; round < 200; round += 1) {
      const address = `wanted${round}.person@acme.example`;
      await Promise.all(people.map((person, index) => ask(racers[index]!, person, address, round)));
      const answers = await Promise.all(
        people.map((person, index) =>
          racers[index]!.execute(agent, {
            ...approveAdd(person, address),
            commandId: `approve-${person.userId}-${round}`,
          }),
        ),
      );
      const yes = answers.filter(({ _tag }) => _tag === 'Right');
      expect(yes).toHaveLength(1);
      for (const answer of answers) {
        if (answer._tag === 'Left') expect(answer.left.type).toBe('Refused');
      }
      winners += yes.length;
    }
    expect(winners).toBe(200);
    expect(await violations()).toEqual([]);
    const held = await racers[0]!.views.addresses.list(admin);
    expect(held).toMatchObject({ _tag: 'Right' });
    if (held._tag === 'Right') expect(held.right).toHaveLength(200);
  }, 300_000);
});

describe('while answers are lost', () => {
  it('every command is done once, and says so', async () => {
    const ledger = await open();
    let calls = 0;
    server.faults.always('append', () => {
      calls += 1;
      if (calls % 3 === 0) return 'unavailableAfterCommit';
      if (calls % 7 === 0) return 'unavailable';
      return undefined;
    });
    const people = Array.from({ length: 40 }, (_, index) => user(`u${index}`));
    await Promise.all(
      people.map(async (person, index) => {
        const address = `person${index}@acme.example`;
        await register(ledger, person);
        await ask(ledger, person, address);
        const command = { ...approveAdd(person, address), commandId: `approve-${index}` };
        const answer = right(await ledger.execute(agent, command));
        expect(answer.events.map(({ type }) => type)).toEqual([
          'MailboxAddApproved',
          'MailboxAdded',
          'AddressClaimed',
        ]);
        expect(right(await ledger.execute(agent, command))).toEqual(answer);
      }),
    );
    server.faults.clear();
    expect(calls).toBeGreaterThan(200);
    expect(await violations()).toEqual([]);
  }, 120_000);

  it('an outcome that stays unknown is named with its command, and can be asked for again', async () => {
    const ledger = await open({ timeoutMs: 200, appendTimeoutMs: 600, maxAttempts: 3 });
    const command = { ...registerSeat(user('ann')), commandId: 'seat-ann' };
    let wasSent = false;
    server.faults.always('append', () => {
      wasSent = true;
      return 'dropReply';
    });
    // From then on nobody can look what became of it.
    server.faults.always('read', () => (wasSent ? 'silence' : undefined));
    const lost = await ledger.execute(system, command);
    server.faults.clear();
    server.faults.always('append', () => 'dropReply');
    const unknown = await ledger.execute(system, command);
    server.faults.clear();
    expect(lost).toMatchObject({ left: { type: 'OutcomeUnknown', commandId: 'seat-ann' } });
    // Reading tells what became of it, though its own answer was lost again.
    expect(right(unknown).events).toHaveLength(2);
    expect(right(await ledger.execute(system, command)).events).toHaveLength(2);
  }, 60_000);
});
