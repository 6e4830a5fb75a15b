/** Emmett, used as its documentation does: a command handler, and a consumer that folds from the beginning. */
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access -- see loose.ts */
import { type Activity, sending, type Sent } from '../activity';
import type { Contender } from '../rounds';
import { loadPeer, type Loose } from './loose';

interface Counted {
  readonly count: number;
}

const streamOf = ({ command }: Sent): string =>
  `seat-${'userId' in command ? command.userId : 'nobody'}`;

/** Decides and appends one event a command: no rules, no identity, no refusals. */
const commanding = (
  name: string,
  store: Loose,
  activity: Activity,
  commands: number,
): Contender => {
  const handle = loadPeer('@event-driven-io/emmett').CommandHandler({
    evolve: ({ count }: Counted): Counted => ({ count: count + 1 }),
    initialState: (): Counted => ({ count: 0 }),
  });
  return sending(name, [activity], commands, async (sent) => {
    const { type, ...data } = sent.command;
    await handle(store, streamOf(sent), () => ({ type, data }));
  });
};

export const emmettInMemory = (activity: Activity, commands: number): Contender =>
  commanding(
    'emmett in memory',
    loadPeer('@event-driven-io/emmett').getInMemoryEventStore(),
    activity,
    commands,
  );

const sqliteStore = (path: string): Loose =>
  loadPeer('@event-driven-io/emmett-sqlite').getSQLiteEventStore({ fileName: path });

export const emmettSqlite = (path: string, activity: Activity, commands: number): Contender =>
  commanding('emmett-sqlite', sqliteStore(path), activity, commands);

const BATCH = 1_000;

/** Writes `events` events, in batches, to be folded later. */
export const fillEmmett = async (path: string, events: number): Promise<void> => {
  const store = sqliteStore(path);
  for (let start = 0; start < events; start += BATCH) {
    const some = Array.from({ length: BATCH }, (_, at) => ({
      type: 'MailingRecorded',
      data: { userId: `u${start}`, mailingId: `m${at}`, state: 'drafted' },
    }));
    await store.appendToStream(`seat-u${start}`, some);
  }
};

/** Counts in memory, which is less than a view does and faster than its own SQL projections. */
export const emmettRebuild = (path: string, events: number): Contender => {
  const store = sqliteStore(path);
  let runs = 0;
  return {
    name: 'emmett-sqlite',
    run: async () => {
      const counts = new Map<string, number>();
      let seen = 0;
      const consumer = store.consumer({ pulling: { batchSize: BATCH, pullingFrequencyInMs: 1 } });
      consumer.processor({
        processorId: `rebuild-${(runs += 1)}`,
        startFrom: 'BEGINNING',
        eachMessage: ({ data }: { readonly data: { readonly userId: string } }) => {
          seen += 1;
          counts.set(data.userId, (counts.get(data.userId) ?? 0) + 1);
        },
        stopAfter: () => seen >= events,
      });
      await consumer.start();
      await consumer.close();
      if (seen !== events) throw new Error(`emmett saw ${seen} of ${events} events.`);
      return events;
    },
  };
};
