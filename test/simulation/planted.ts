/** Stores that break a promise, to prove that the simulation notices. Everything else about them is sound. */
import * as E from 'fp-ts/lib/Either.js';
import { type EventStore, NO_STREAM, type StreamAppend } from '../../src/application/ports';
import type { Chance } from './chance';
import type { Simulated } from './simulate';

type Plant = (sound: EventStore, chance: Chance) => EventStore;

type One = Parameters<EventStore['append']>[0];

const lastOf = async (store: EventStore, stream: string): Promise<bigint> => {
  const slice = await store.readStream(stream)();
  return E.isRight(slice) ? slice.right.revision : NO_STREAM;
};

/** Writes wherever the stream ends, whatever was expected; a repetition is still known. */
const blindly =
  (store: EventStore, isMeant: (append: StreamAppend) => boolean): EventStore['append'] =>
  (appends) =>
  async () => {
    const appended = await store.append(appends)();
    const [only] = appends;
    if (E.isRight(appended) || appended.left.type !== 'RevisionConflict' || !isMeant(only)) {
      return appended;
    }
    const expectedRevision = await lastOf(store, only.stream);
    return store.append([{ ...only, expectedRevision }] as One)();
  };

/** Now and then acknowledges an append that it never writes. */
const forgetful: Plant = (sound, chance) => ({
  ...sound,
  append: (appends) => async () => {
    if (appends[0].stream === 'ledger' || !chance.happens(0.02)) return sound.append(appends)();
    const head = await sound.head();
    return E.isRight(head) ? E.right({ position: head.right + 1n }) : head;
  },
});

/** Writes to streams of addresses and logins without looking at the expected revision. */
const blindOnBooks: Plant = (sound) => ({
  ...sound,
  append: blindly(sound, ({ stream }) => /^(address|account)-/.test(stream)),
});

/** Shows seats as they were a while ago, and lets such a reader write nevertheless. */
const staleSeats: Plant = (sound, chance) => ({
  ...sound,
  readStream: (stream, from) => async () => {
    const slice = await sound.readStream(stream, from)();
    if (!stream.startsWith('seat-') || E.isLeft(slice) || !chance.happens(0.3)) return slice;
    const events = slice.right.events.slice(0, -1);
    const revision = events.at(-1)?.revision ?? (from ?? 0n) - 1n;
    return E.right({ events, revision });
  },
  append: blindly(sound, ({ stream }) => stream.startsWith('seat-')),
});

/** Writes a request again that was delivered twice: ids mean nothing to it. */
const forgetsIds: Plant = (sound) => {
  const seen = new Set<string>();
  return {
    ...sound,
    append: (appends) => async () => {
      const [only] = appends;
      const isSecond = only.events.some(({ id }) => seen.has(id));
      for (const { id } of only.events) seen.add(id);
      if (!isSecond) return sound.append(appends)();
      const expectedRevision = await lastOf(sound, only.stream);
      return sound.append([{ ...only, expectedRevision }] as One)();
    },
  };
};

/** Leaves mailboxes out, now and then, when all of the log is read. */
const shortLog: Plant = (sound, chance) => ({
  ...sound,
  readAll: (position, most) => async () => {
    const page = await sound.readAll(position, most)();
    if (E.isLeft(page) || !chance.happens(0.5)) return page;
    return E.right(page.right.filter(({ type }) => type !== 'MailboxAdded'));
  },
});

interface Planted {
  readonly fault: string;
  readonly plant: Plant;
  /** What must be found, among others maybe: another problem would not show that this one is judged. */
  readonly problem: RegExp;
}

export const plants: ReadonlyArray<Planted> = [
  {
    fault: 'acknowledges what it never writes',
    plant: forgetful,
    problem: /was answered with \w+ in \S+, which is not there/,
  },
  {
    fault: 'ignores expected revisions on books',
    plant: blindOnBooks,
    problem: /holds \S+, claimed for \w+/,
  },
  {
    fault: 'shows stale seats and lets them be written',
    plant: staleSeats,
    problem: /request \S+ of \w+ was made twice/,
  },
  {
    fault: 'writes again what was delivered twice',
    plant: forgetsIds,
    problem: /was given \S+ twice/,
  },
  {
    fault: 'leaves events out when all is read',
    plant: shortLog,
    problem: /Events are missing/,
  },
];

const MOST_SEEDS = 300;

/** The first problem of that kind in any world, and where it is; `undefined` when there is none. */
export const noticed = async (
  simulating: (seed: number) => Promise<Simulated>,
  problem: RegExp,
): Promise<string | undefined> => {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const { problems } = await simulating(seed);
    const found = problems.find((one) => problem.test(one));
    if (found !== undefined) return `seed ${seed}: ${found}`;
    // The test runner may want to say something between two worlds.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return undefined;
};
