/** Stores that break a promise, to prove that the simulation notices. Everything else about them is sound. */
import * as E from 'fp-ts/lib/Either.js';
import { type EventStore, NO_STREAM, type StreamAppend } from '../../src/application/ports';
import type { Chance } from './chance';

export type Plant = (sound: EventStore, chance: Chance) => EventStore;

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

export const plants: Readonly<Record<string, Plant>> = {
  'acknowledges what it never writes': forgetful,
  'ignores expected revisions on books': blindOnBooks,
  'shows stale seats and lets them be written': staleSeats,
  'writes again what was delivered twice': forgetsIds,
  'leaves events out when all is read': shortLog,
};
