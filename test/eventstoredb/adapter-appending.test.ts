/**
 * Appends to EventStoreDB whose answer is lost: none is lost with it, and none is stored twice.
 */
import { describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import type { EventToAppend } from '../../src/application/ports';
import { append, event, failure, onServer, pause, right, typeOf } from './adapter-fixture';
import type { AppendFault } from './server';

const fixture = onServer();
const idsStored = () => fixture.server.log().map(({ id }) => id);
const idsOf = (events: ReadonlyArray<EventToAppend>) => events.map(({ id }) => id);

const quick = { timeoutMs: 150, appendTimeoutMs: 3_000 };

const ambiguous: ReadonlyArray<AppendFault> = [
  'cutBeforeCommit',
  'cutAfterCommit',
  'dropReply',
  'silence',
  'unavailable',
  'unavailableAfterCommit',
  'overloaded',
  'deadline',
  'timeout',
  'timeoutAfterCommit',
  'notLeader',
  { delayMs: 400 },
];

describe.each([{ batchAppend: false }, { batchAppend: true }])('an append with %j', (path) => {
  it.each(ambiguous)('that meets %j is stored once, and says where', async (fault) => {
    const store = await fixture.open({ ...quick, ...path });
    const before = event();
    right(await append(store, 'a', -1n, before));
    const events = [event(), event()];
    fixture.server.faults.next('append', fault);

    const { position } = right(await append(store, 'a', 0n, ...events));
    expect(fixture.server.faults.pending('append')).toBe(0);
    expect(idsStored()).toEqual(idsOf([before, ...events]));
    expect(position).toBe(fixture.server.log().at(-1)?.position);
    // What came late changed nothing.
    await pause(20);
    right(await append(store, 'a', 2n, event()));
    expect(idsStored()).toHaveLength(4);
  });

  it.each(ambiguous)(
    'that meets %j, and then another writer, is a conflict unless it was stored',
    async (fault) => {
      const store = await fixture.open({ ...quick, ...path });
      const other = event('Other');
      const ours = event('Ours');
      fixture.server.faults.next('append', fault);
      // The other writer comes in before the store can look what became of its append.
      fixture.server.faults.always('read', () => {
        const isFree = fixture.server.log().length === 0;
        if (isFree) fixture.server.putForeign('a', other.type);
        return undefined;
      });

      const answer = await append(store, 'a', -1n, ours);
      const types = fixture.server.log().map(({ type }) => type);
      const reached = typeOf(answer);
      expect(['succeeded', 'RevisionConflict']).toContain(reached);
      expect(types).toEqual(reached === 'succeeded' ? ['Ours'] : ['Other']);
    },
  );

  it('answers RevisionConflict with the revisions, before and after others wrote', async () => {
    const store = await fixture.open({ ...quick, ...path });
    expect(await append(store, 'a', 3n, event())).toMatchObject({
      left: { type: 'RevisionConflict', stream: 'a', expected: '3', actual: '-1' },
    });
    right(await append(store, 'a', -1n, event(), event()));
    expect(await append(store, 'a', -1n, event())).toMatchObject({
      left: { type: 'RevisionConflict', expected: '-1', actual: '1' },
    });
  });

  it('is OutcomeUnknown when nothing can be found out in time, and telling later is safe', async () => {
    const store = await fixture.open({ ...path, timeoutMs: 50, appendTimeoutMs: 300 });
    const ours = event();
    fixture.server.faults.always('append', () => 'dropReply');
    fixture.server.faults.always('read', () => 'silence');

    const started = performance.now();
    const answer = await append(store, 'a', -1n, ours);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(answer).toMatchObject({ left: { type: 'OutcomeUnknown', commandId: undefined } });
    fixture.server.faults.clear();
    right(await append(await fixture.open(path), 'a', -1n, ours));
    expect(idsStored()).toEqual([ours.id]);
  });

  it('is StoreUnavailable while nobody listens, for nothing was sent', async () => {
    const store = await fixture.open({ ...path, timeoutMs: 2_000, maxAttempts: 3 });
    await fixture.server.kill();
    expect(failure(await append(store, 'a', -1n, event()))).toBe('StoreUnavailable unavailable');
    await fixture.server.restart();
    right(await append(await fixture.open(path), 'a', -1n, event()));
  });

  it('is tried no more often than it may', async () => {
    const store = await fixture.open({ ...quick, ...path, maxAttempts: 3 });
    fixture.server.faults.always('append', () => 'unavailable');
    expect(typeOf(await append(store, 'a', -1n, event()))).toBe('OutcomeUnknown');
    const { Append = 0, BatchAppend = 0 } = fixture.server.callsByMethod();
    expect(Append + BatchAppend).toBe(3);
  });

  it('that is too large is refused unsent, and by the server', async () => {
    const large = event('Large', { text: 'é'.repeat(600) });
    const bytes = JSON.stringify(large.data).length + 600 + 'null'.length + 2 * 'Large'.length;
    const careful = await fixture.open({ ...path, maxAppendBytes: bytes - 1 });
    expect(await append(careful, 'a', -1n, large)).toMatchObject({
      left: { type: 'AppendTooLarge', bytes, limit: bytes - 1 },
    });
    expect(fixture.server.callsByMethod()).toEqual({});

    const huge = event('Huge', { text: 'x'.repeat(1_100_000) });
    const bold = await fixture.open({ ...path, maxAppendBytes: 2_000_000 });
    expect(await append(bold, 'a', -1n, huge)).toMatchObject({
      left: { type: 'AppendTooLarge', limit: 1_048_576 },
    });
    right(await append(await fixture.open({ ...path, maxAppendBytes: bytes }), 'a', -1n, large));
    expect(idsStored()).toEqual([large.id]);
  });

  it('to a stream that was deleted for good says so at once', async () => {
    const client = EventStoreDBClient.connectionString(fixture.server.connectionString);
    await client.tombstoneStream('gone');
    await client.dispose();
    const store = await fixture.open(path);
    const answer = await append(store, 'gone', -1n, event());
    expect(failure(answer)).toBe('StoreUnavailable stream-deleted');
    expect(failure(await store.readStream('gone')())).toBe('StoreUnavailable stream-deleted');
  });
});

describe('appends by the thousand of which every answer is lost in some way', () => {
  const faults: ReadonlyArray<AppendFault> = [
    'unavailable',
    'unavailableAfterCommit',
    'timeout',
    'timeoutAfterCommit',
    'overloaded',
    'deadline',
  ];
  // Each takes the calls of others with it, so that far more than one answer is lost.
  const cuts: ReadonlyArray<AppendFault> = ['cutBeforeCommit', 'cutAfterCommit'];

  it.each([
    { batchAppend: false, turns: 40n },
    { batchAppend: true, turns: 10n },
  ])(
    'lose nothing and store nothing twice: batchAppend $batchAppend, 50 callers of $turns',
    async ({ batchAppend, turns }) => {
      const store = await fixture.open({ batchAppend, timeoutMs: 1_000 });
      const seen = new Set<string>();
      let met = 0;
      fixture.server.faults.always('append', ({ ids: [id = ''] }) => {
        // A call that was cut in the middle comes without its events.
        if (id === '' || seen.has(id)) return undefined;
        seen.add(id);
        met += 1;
        if (met % 500 === 0) return met % 1_000 === 0 ? 'dropReply' : 'silence';
        return met % 20 === 0 ? cuts[(met / 20) % 2] : faults[met % faults.length];
      });

      const lanes = Array.from({ length: 50 }, (_, lane) => lane);
      const stored: Array<string> = [];
      await Promise.all(
        lanes.map(async (lane) => {
          for (let turn = 0n; turn < turns; turn += 1n) {
            const ours = event('Counted', { lane, turn: String(turn) });
            right(await append(store, `lane-${lane}`, turn - 1n, ours));
            stored.push(ours.id);
          }
        }),
      );

      expect(stored).toHaveLength(50 * Number(turns));
      expect(seen.size).toBe(stored.length);
      expect([...idsStored()].sort()).toEqual([...stored].sort());
    },
  );
});
