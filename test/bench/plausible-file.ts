/**
 * A ledger file with the history of many seats, written straight into the tables: two histories are played
 * by a ledger, and told again for every seat under its own names.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import { memoryStore } from '../../src/adapters/memory';
import { sqliteStore } from '../../src/adapters/sqlite';
import { openLedger } from '../../src/application/open-ledger';
import { BEFORE_ALL, type EventStore, type RecordedEvent } from '../../src/application/ports';
import {
  agent,
  approveAdd,
  approveDelete,
  type CommandDraft,
  requestAdd,
  requestDelete,
  registerSeat,
  system,
  user,
} from '../../src/testing/builders';
import type { PrincipalInput } from '../../src/values/principal';
import { openByHand } from './by-hand';

/** The secret that the file is made with. */
export const SECRET = 'a secret for measuring only';
/** What stands for a seat in a history, as wide as every number that takes its place. */
const SOMEBODY = 'u000000';
const person = user(SOMEBODY);
const address = `${SOMEBODY}.work@acme.example`;

type Step = readonly [PrincipalInput, CommandDraft];

const mailed = (mailingId: string): Step => [
  system,
  { type: 'RecordMailing', userId: person.userId, mailingId, address, state: 'drafted' },
];

const beginning: ReadonlyArray<Step> = [
  [system, registerSeat(person)],
  [person, requestAdd(person, address)],
  [agent, approveAdd(person, address)],
  [person, { type: 'ConfigureMailbox', userId: person.userId, address, use: 'primary' }],
  mailed('m1'),
  [
    system,
    {
      type: 'RecordSequenceState',
      userId: person.userId,
      sequenceStateId: 's1',
      prospectId: 'p1',
      sequenceId: 'welcome',
      address,
      state: 'active',
    },
  ],
];

const connected = async (): Promise<EventStore> => {
  const store = await memoryStore().connect();
  if (isLeft(store)) throw new Error(store.left.message);
  return store.right;
};

/** The events of one seat's history, and whether it ends with the mailbox deleted. */
const history = async (
  endsDeleted: boolean,
  mailings: number,
): Promise<ReadonlyArray<RecordedEvent>> => {
  const store = await connected();
  const connector = {
    name: store.name,
    connect: () => Promise.resolve({ _tag: 'Right' as const, right: store }),
  };
  const ledger = await openLedger({ store: connector, addressSecret: SECRET });
  let sent = 0;
  const send = async ([principal, draft]: Step): Promise<void> => {
    const answer = await ledger.execute(principal, {
      ...draft,
      commandId: `${SOMEBODY}-${(sent += 1)}`,
    });
    if (isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  };
  for (const step of beginning) await send(step);
  for (let more = 1; more < mailings; more += 1) await send(mailed(`m${more + 1}`));
  if (endsDeleted) {
    await send([person, requestDelete(person, address)]);
    const impact = await ledger.impact(person, { userId: person.userId, address });
    if (isLeft(impact)) throw new Error(JSON.stringify(impact.left));
    await send([agent, approveDelete(person, address, { impact: impact.right })]);
  } else {
    await send([
      system,
      {
        type: 'RecordMailing',
        userId: person.userId,
        mailingId: 'm1',
        address,
        state: 'scheduled',
      },
    ]);
  }
  const events = await store.readAll(BEFORE_ALL, 1000)();
  await ledger.close();
  if (isLeft(events)) throw new Error(events.left.message);
  return events.right.filter(({ stream }) => stream !== 'ledger');
};

interface Told {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

const told = (events: ReadonlyArray<RecordedEvent>): ReadonlyArray<Told> =>
  events.map(({ stream, revision, type, data, metadata }) => ({
    // The streams of addresses are named by a key: it gets the seat's name in front.
    stream: stream.includes(SOMEBODY) ? stream : stream.replace(/\.(.{7})/, `.${SOMEBODY}`),
    revision: Number(revision),
    type,
    data: JSON.stringify(data),
    metadata: JSON.stringify(metadata),
  }));

/** The user id of a seat in the file. */
export const nameOf = (seat: number): string =>
  `u${String(seat).padStart(SOMEBODY.length - 1, '0')}`;

/** Seats whose histories go on side by side. */
const SIDE_BY_SIDE = 1_000;
/** One seat of so many has its mailbox deleted in the end. */
const DELETED_OF = 10;

const uuidOf = (number: number): string =>
  `00000000-0000-5000-8000-${number.toString(16).padStart(12, '0')}`;

/** Where a stream ends, and which it is. */
interface Head {
  readonly id: number;
  readonly revision: number;
  readonly position: number;
}

/**
 * Makes the file, with the whole history of each of `seats` seats. Answers how many events there are.
 *
 * @param mailings how many each seat drafts that keeps its mailbox
 */
export const writePlausibleFile = async (
  path: string,
  seats: number,
  mailings = 1,
): Promise<number> => {
  const ledger = await openLedger({ store: sqliteStore(path), addressSecret: SECRET });
  await ledger.close();
  const stories = {
    kept: told(await history(false, mailings)),
    deleted: told(await history(true, 1)),
  };

  const database = openByHand(path);
  database.exec('PRAGMA synchronous = OFF');
  const insertStream = database.prepare('INSERT INTO streams VALUES (?, ?)');
  const insertHead = database.prepare('INSERT INTO heads VALUES (?, ?, ?)');
  const insertEvent = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  // The ledger's own setting is the first event, in the first stream.
  let position = 0;
  let streams = 1;
  for (let start = 0; start < seats; start += SIDE_BY_SIDE) {
    database.exec('BEGIN');
    const known = new Map<string, Head>();
    const some = Array.from(
      { length: Math.min(SIDE_BY_SIDE, seats - start) },
      (_, at) => start + at,
    );
    const longest = Math.max(stories.kept.length, stories.deleted.length);
    for (let step = 0; step < longest; step += 1) {
      for (const seat of some) {
        const event = (seat % DELETED_OF === 0 ? stories.deleted : stories.kept)[step];
        if (event === undefined) continue;
        const name = nameOf(seat);
        const stream = event.stream.replaceAll(SOMEBODY, name);
        const { id, position: previous } = known.get(stream) ?? { id: ++streams, position: null };
        position += 1;
        known.set(stream, { id, revision: event.revision, position });
        insertEvent.run(
          position,
          id,
          event.revision,
          previous,
          uuidOf(position),
          event.type,
          event.data.replaceAll(SOMEBODY, name),
          event.metadata.replaceAll(SOMEBODY, name),
        );
      }
    }
    for (const [stream, head] of known) {
      insertStream.run(head.id, stream);
      insertHead.run(head.id, head.revision, head.position);
    }
    database.exec('COMMIT');
  }
  database.exec(
    `INSERT INTO event_ids SELECT id, position FROM events ORDER BY id;
     UPDATE event_ids_end SET position = ${String(position)};`,
  );
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return position + 1;
};
