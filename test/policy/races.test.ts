/** Two processes on one file, approving at the same instant: exactly one of them gets it. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqliteStore } from '../../src/adapters/sqlite';
import { type Ledger } from '../../src/application/ledger';
import { openLedger } from '../../src/application/open-ledger';

import {
  admin,
  agent,
  approveAdd,
  type CommandDraft,
  registerSeat,
  requestAdd,
  system,
} from '../../src/testing/builders';
import { violationsIn } from '../../src/application/audit';
import type { PrincipalInput } from '../../src/values/principal';
import { runChild } from '../support/run-child';
import { addressSecret, contestants, type Round, roundsOf } from './race-plan';

const folder = mkdtempSync(join(tmpdir(), 'seatledger-races-'));
const path = join(folder, 'race.db');
const rounds = roundsOf();

type Told = ReadonlyArray<unknown>;
const told = new Map<string, Array<Told>>();
let ledger: Ledger;

const must = async (
  principal: PrincipalInput,
  command: CommandDraft,
  commandId: string,
): Promise<void> => {
  const answer = await ledger.execute(principal, { ...command, commandId });
  if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left));
};

const prepare = async (round: Round): Promise<void> => {
  for (const [index, { person, address }] of contestants(round).entries()) {
    const id = `${round.name}-${index}`;
    if (round.over === 'address' || index === 0)
      await must(system, registerSeat(person), `${id}-s`);
    if (round.over === 'slot' && index === 0) {
      const first = `${round.name}.first@acme.example`;
      await must(person, requestAdd(person, first), `${id}-f`);
      await must(agent, approveAdd(person, first), `${id}-fa`);
    }
    await must(person, requestAdd(person, address), `${id}-r`);
  }
};

beforeAll(async () => {
  ledger = await openLedger({ store: sqliteStore(path), addressSecret });
  await Promise.all(rounds.map(prepare));

  const runners = ['0', '1'].map((runner) =>
    runChild(join(__dirname, 'race-child.ts'), [path, runner]),
  );
  await Promise.all(runners.map(({ line }) => line('ready')));
  // Renamed into place, so that no runner reads half of it.
  writeFileSync(`${path}.tmp`, String(Date.now() + 100));
  renameSync(`${path}.tmp`, `${path}.go`);
  for (const { exit, lines } of runners) {
    expect(await exit).toMatchObject({ code: 0, errors: '' });
    for (const line of lines.filter((one) => one.startsWith('['))) {
      const [name, what] = JSON.parse(line) as [string, Told];
      told.set(name, [...(told.get(name) ?? []), what]);
    }
  }
}, 120_000);

afterAll(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const won = ['MailboxAddApproved', 'MailboxAdded', 'AddressClaimed'];
const isWin = (what: Told): boolean => JSON.stringify(what) === JSON.stringify(won);

const outcomesOf = (over: Round['over']) =>
  rounds
    .filter((round) => round.over === over)
    .map(({ name }) => [...(told.get(name) ?? [])].sort((a, b) => +isWin(b) - +isWin(a)));

describe('two processes approving at the same instant', () => {
  it('give one address to one of two users, and tell the other why not, 100 times of 100', () => {
    const lost = [
      { type: 'NotOwnedByTargetUser', knownAs: 'mailbox' },
      { type: 'AddressInUse', seatState: 'active' },
    ];
    expect(outcomesOf('address')).toEqual(Array.from({ length: 100 }, () => [won, lost]));
  });

  it('give the last slot to one of two requests, and tell the other why not, 100 times of 100', () => {
    const lost = [{ type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 }];
    expect(outcomesOf('slot')).toEqual(Array.from({ length: 100 }, () => [won, lost]));
  });

  it('were both fast enough to win, so that it was a race', () => {
    const winners = rounds.map(({ name }) => (told.get(name) ?? []).findIndex(isWin));
    expect(new Set(winners)).toEqual(new Set([0, 1]));
  });

  it('leave a log in which every invariant holds at every position', async () => {
    const store = await sqliteStore(path, { readOnly: true }).connect();
    if (store._tag === 'Left') throw new Error(store.left.message);
    expect(await violationsIn(store.right)).toEqual([]);
    await store.right.close();
  });

  it('leave every address with one holder, and every seat within its limit', async () => {
    const seats = await ledger.views.seats.list(admin);
    const addresses = await ledger.views.addresses.list(admin);
    if (seats._tag === 'Left' || addresses._tag === 'Left') throw new Error('no views');
    expect(seats.right.filter(({ overLimit }) => overLimit)).toEqual([]);
    const held = seats.right.flatMap(({ mailboxes }) => mailboxes.map(({ address }) => address));
    expect(held.sort()).toEqual(addresses.right.map(({ address }) => address).sort());
    // One for each address raced for; two for each seat whose last slot was.
    expect(held).toHaveLength(100 + 200);
  });
});
