/**
 * What a read of one stream costs: one call, also where there is nothing new to find.
 */
import { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { append, event, onServer, right } from './adapter-fixture';

const fixture = onServer();
const readsOf = (): number => fixture.server.callsByMethod()['Read'] ?? 0;

describe('a read of a stream that has three events', () => {
  it.each`
    from    | found        | revision | calls
    ${0n}   | ${[0, 1, 2]} | ${2n}    | ${1}
    ${1n}   | ${[1, 2]}    | ${2n}    | ${1}
    ${2n}   | ${[2]}       | ${2n}    | ${1}
    ${3n}   | ${[]}        | ${2n}    | ${1}
    ${4n}   | ${[]}        | ${2n}    | ${2}
    ${900n} | ${[]}        | ${2n}    | ${2}
  `('from $from finds $found at $revision by $calls', async ({ from, found, revision, calls }) => {
    const store = await fixture.open();
    const events = [event(), event(), event()];
    right(await append(store, 'a', -1n, ...events));
    const slice = right(await store.readStream('a', from as bigint)());
    expect(slice.events.map(({ id }) => events.findIndex((one) => one.id === id))).toEqual(found);
    expect([slice.revision, readsOf()]).toEqual([revision, calls]);
  });
});

describe('a read of a stream that is not there', () => {
  it.each([0n, 1n, 7n])('from %s is one call', async (from) => {
    const store = await fixture.open();
    expect(right(await store.readStream('a', from)())).toEqual({ events: [], revision: -1n });
    expect(readsOf()).toBe(1);
  });

  it.each([0n, 1n, 3n])('any more is one call from %s', async (from) => {
    const store = await fixture.open();
    right(await append(store, 'a', -1n, event(), event(), event()));
    const client = EventStoreDBClient.connectionString(fixture.server.connectionString);
    await client.deleteStream('a', { expectedRevision: 2n });
    await client.dispose();
    expect(right(await store.readStream('a', from)())).toEqual({ events: [], revision: -1n });
    expect(readsOf()).toBe(1);
  });
});

it.each([500, 1_001])(
  'a stream of %i events is read whole, from its start and after its first page',
  async (count) => {
    const store = await fixture.open();
    const events = Array.from({ length: count }, () => event());
    right(await append(store, 'a', -1n, ...events));
    const ids = events.map(({ id }) => id);
    for (const from of [0n, 1n, 500n, 501n]) {
      const slice = right(await store.readStream('a', from)());
      expect(slice.events.map(({ id }) => id)).toEqual(ids.slice(Number(from)));
    }
  },
);

it('asks for the leader where something is decided, and for nobody in particular where views follow', async () => {
  const store = await fixture.open();
  right(await append(store, 'a', -1n, event()));
  right(await store.readStream('a')());
  right(await store.findEvent('00000000-0000-4000-8000-000000000000', ['a'])());
  right(await store.readAll(-1n, 10)());
  const asked = fixture.server
    .authorizations()
    .map(({ method, requiresLeader }) => [method, requiresLeader]);
  expect(asked).toEqual([
    ['Append', true],
    ['Read', true],
    ['Read', true],
    ['Read', false],
  ]);
});
