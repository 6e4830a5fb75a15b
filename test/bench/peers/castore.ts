/** Castore in memory, used as its documentation does: load the aggregate, push the next event. */
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access -- see loose.ts */
import { type Activity, sending } from '../activity';
import type { Contender } from '../rounds';
import { loadPeer } from './loose';

interface Aggregate {
  readonly aggregateId: string;
  readonly version: number;
  readonly count: number;
}

interface Loaded {
  readonly aggregate: Aggregate | undefined;
}

export const castoreInMemory = (activity: Activity, commands: number): Contender => {
  const { EventStore, EventType } = loadPeer('@castore/core');
  const { InMemoryEventStorageAdapter } = loadPeer('@castore/event-storage-adapter-in-memory');
  const store = new EventStore({
    eventStoreId: 'SEATS',
    eventTypes: [new EventType({ type: 'RECORDED' })],
    reducer: (
      aggregate: Aggregate | undefined,
      { aggregateId, version }: Aggregate,
    ): Aggregate => ({ aggregateId, version, count: (aggregate?.count ?? 0) + 1 }),
    eventStorageAdapter: new InMemoryEventStorageAdapter({ initialEvents: [] }),
  });
  return sending('castore in memory', [activity], commands, async ({ command }) => {
    const aggregateId = 'userId' in command ? command.userId : 'nobody';
    const { aggregate } = (await store.getAggregate(aggregateId)) as Loaded;
    await store.pushEvent({
      aggregateId,
      version: (aggregate?.version ?? 0) + 1,
      type: 'RECORDED',
      payload: command,
    });
  });
};
