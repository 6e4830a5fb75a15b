/** Act on SQLite: its store's own query, with the least that a fold can do. */
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access -- see loose.ts */
import type { Contender } from '../rounds';
import { loadPeer } from './loose';

const EVENTS_A_STREAM = 100;

interface Stored {
  readonly stream: string;
}

/** Writes `events` events into a file at `path`, and counts them by stream in each round. */
export const actRebuild = async (path: string, events: number): Promise<Contender> => {
  const { SqliteStore } = loadPeer('@rotorsoft/act-sqlite');
  const store = new SqliteStore({ url: `file:${path}` });
  await store.seed();
  for (let seat = 0; seat < events / EVENTS_A_STREAM; seat += 1) {
    const some = Array.from({ length: EVENTS_A_STREAM }, (_, at) => ({
      name: 'MailingRecorded',
      data: { userId: `u${seat}`, mailingId: `m${at}`, state: 'drafted' },
    }));
    await store.commit(`seat-u${seat}`, some, { correlation: 'bench', causation: {} });
  }
  return {
    name: 'act-sqlite',
    run: async () => {
      const counts = new Map<string, number>();
      let seen = 0;
      await store.query(({ stream }: Stored) => {
        seen += 1;
        counts.set(stream, (counts.get(stream) ?? 0) + 1);
      });
      if (seen !== events) throw new Error(`act saw ${seen} of ${events} events.`);
      return events;
    },
  };
};
