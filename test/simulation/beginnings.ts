/**
 * Logs that a simulated world begins with. They are written once, by the library on a sound store, and
 * copied into every world: what is interesting starts where seats and mailboxes already are.
 */
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { memoryStore } from '../../src';
import type { CommandInput } from '../../src/commands';
import { BEFORE_ALL, type EventStore, type StreamAppend } from '../../src/application/ports';
import { openLedger } from '../../src';
import {
  acknowledging,
  admin,
  agent,
  approveAdd,
  configure,
  contractAgent,
  emailOf,
  recordMailing,
  recordSequence,
  requestAdd,
  seated,
  setContract,
  type Step,
  system,
} from '../../src/testing';
import { addresses, people } from './stories';
import type { Chance } from './chance';

export const SECRET = 'a secret for simulations';

const [kim, lee] = people as readonly [(typeof people)[0], (typeof people)[0]];
const [first, second] = addresses as readonly [string, string];

const asked = (person: (typeof people)[0], address: string): Step => [
  admin,
  requestAdd(person, address, {
    requestId: `before-${person.userId}-${addresses.indexOf(address)}`,
    sender: emailOf(admin),
    deletePermission: true,
  }),
];

const given = (person: (typeof people)[0], address: string): ReadonlyArray<Step> => [
  asked(person, address),
  [
    agent,
    acknowledging(
      approveAdd(person, address, {
        requestId: `before-${person.userId}-${addresses.indexOf(address)}`,
      }),
    ),
  ],
  [person, configure(person, address)],
];

const seats: ReadonlyArray<Step> = seated(admin, ...people);

const beginnings: ReadonlyArray<ReadonlyArray<Step>> = [
  seats,
  [...seats, [contractAgent, setContract({ mailboxLimit: 1 })], ...given(kim, first)],
  [
    ...seats,
    ...given(kim, first),
    [system, recordMailing(kim, first, 'm-kim-0-0', 'drafted')],
    [system, recordSequence(kim, first, 's-kim-0-0', 'active', { prospectId: 'p-0' })],
    ...given(lee, second),
  ],
];

const written = async (steps: ReadonlyArray<Step>): Promise<ReadonlyArray<StreamAppend>> => {
  const connector = memoryStore({ atomicity: 'oneStream' });
  let minutes = 0;
  const clock = (): string => new Date(Date.UTC(2026, 2, 1) + 60_000 * minutes++).toISOString();
  const options = { store: connector, addressSecret: SECRET, clock, recoverAtOpen: false };
  const ledger = await openLedger(options);
  for (const [index, [by, said]] of steps.entries()) {
    const draft = 'acknowledging' in said ? said.acknowledging : said;
    const command = { commandId: `before-${index}`, ...draft } as CommandInput;
    const answer = await ledger.execute(by, command);
    if (isLeft(answer)) throw new Error(`${command.type}: ${JSON.stringify(answer.left)}`);
  }
  const connected = await connector.connect();
  if (!isRight(connected)) throw new Error('A store in memory is always there.');
  const log = await connected.right.readAll(BEFORE_ALL, 1000)();
  await ledger.close();
  if (!isRight(log)) throw new Error('A store in memory can always be read.');
  return log.right.map(({ stream, revision, id, type, data, metadata }) => ({
    stream,
    expectedRevision: revision - 1n,
    events: [{ id, type, data, metadata }],
  }));
};

let prepared: Promise<ReadonlyArray<ReadonlyArray<StreamAppend>>> | undefined;

/** A sound store in memory, with one of the beginnings in it. */
export const begun = async (chance: Chance): Promise<EventStore> => {
  prepared ??= Promise.all(beginnings.map(written));
  const beginning = chance.pick(await prepared);
  const connected = await memoryStore({ atomicity: 'oneStream' }).connect();
  if (!isRight(connected)) throw new Error('A store in memory is always there.');
  for (const append of beginning) await connected.right.append([append])();
  return connected.right;
};
