/**
 * The test server's promises, held against the unmodified client. What goes wrong on request is in
 * `server/faults.test.ts`, subscriptions are in `server/subscriptions.test.ts`.
 */
import {
  ANY,
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  START,
  type Direction,
  type ReadRevision,
} from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { startTestServer } from './server';
import { at, byPath, driveServer, ending, eventOf, eventsOf, Heard, until } from './server/driving';

const driving = driveServer();

const seat = 'seat-acme.ann';

/** Positions of all that is stored, in order. */
const positions = (): ReadonlyArray<bigint> => driving.server.log().map(({ position }) => position);

describe.each(['plain', 'batch'] as const)('an append on the %s path', (path) => {
  const append = (
    expectedRevision: bigint | typeof NO_STREAM | typeof ANY,
    events: ReturnType<typeof eventsOf>,
  ) => driving.client.appendToStream(seat, events, byPath(path, { expectedRevision }));

  it('stores events and tells where they ended up', async () => {
    const answer = await append(NO_STREAM, eventsOf('A', 'B'));

    const last = driving.server.log().at(-1);
    expect(answer).toEqual({
      success: true,
      nextExpectedRevision: 1n,
      position: at(last?.position ?? 0n),
    });
    expect(driving.server.callsByMethod()).toMatchObject(
      path === 'plain' ? { Append: 1 } : { BatchAppend: 1 },
    );
  });

  it('leaves gaps between rising positions', async () => {
    await append(NO_STREAM, eventsOf('A', 'B', 'C'));
    const [first = 0n, second = 0n, third = 0n] = positions();
    expect([first >= 100n, second - first >= 100n, third - second >= 100n]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it.each<{
    readonly held: ReadonlyArray<string>;
    readonly expected: bigint | typeof NO_STREAM;
    readonly actual: unknown;
  }>`
    held          | expected     | actual
    ${[]}         | ${0n}        | ${'no_stream'}
    ${['A']}      | ${NO_STREAM} | ${0n}
    ${['A']}      | ${1n}        | ${0n}
    ${['A', 'B']} | ${0n}        | ${1n}
  `('expecting $expected of a stream of $held is wrong', async ({ held, expected, actual }) => {
    if (held.length > 0) await append(NO_STREAM, eventsOf(...held));

    await expect(append(expected, eventsOf('X'))).rejects.toMatchObject({
      type: 'wrong-expected-version',
      streamName: seat,
      expectedVersion: expected,
      actualVersion: actual,
    });
    expect(driving.server.log()).toHaveLength(held.length);
  });

  it('takes the next append at the exact revision', async () => {
    await append(NO_STREAM, eventsOf('A', 'B'));
    expect(await append(1n, eventsOf('C'))).toMatchObject({ nextExpectedRevision: 2n });
  });

  it('answers a repeated append as the first time, whatever its bodies', async () => {
    const [a, b, c] = eventsOf('A', 'B', 'C');
    await append(NO_STREAM, [a!]);
    const first = await append(0n, [b!]);
    await append(1n, [c!]);

    expect(await append(0n, [{ ...b!, data: { made: 'otherwise' } }])).toEqual(first);
    expect(driving.server.log()).toHaveLength(3);
  });

  it('refuses a repeat of which only some ids are the same', async () => {
    const [a, b] = eventsOf('A', 'B');
    await append(NO_STREAM, [a!, b!]);

    const wrong = { type: 'wrong-expected-version', actualVersion: 1n };
    await expect(append(NO_STREAM, [a!, eventOf('X')])).rejects.toMatchObject(wrong);
    await expect(append(NO_STREAM, [eventOf('X'), b!])).rejects.toMatchObject(wrong);
    await expect(append(NO_STREAM, [a!, b!, eventOf('X')])).rejects.toMatchObject(wrong);
    expect(driving.server.log()).toHaveLength(2);
  });

  it('refuses more than 1 MiB, and says what the most is', async () => {
    const large = { ...eventOf('A'), data: { made: 'x'.repeat(1024 * 1024) } };
    await expect(append(NO_STREAM, [large])).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 1024 * 1024,
    });
    expect(driving.server.log()).toEqual([]);
  });

  it('refuses a stream that was ended for ever', async () => {
    await append(NO_STREAM, eventsOf('A'));
    await driving.client.tombstoneStream(seat);
    await expect(append(ANY, eventsOf('B'))).rejects.toMatchObject({
      type: 'stream-deleted',
      streamName: seat,
    });
  });

  it('keeps 64 callers apart', async () => {
    const append = (index: number) =>
      driving.client.appendToStream(
        `seat-${index}`,
        eventsOf('A', 'B'),
        byPath(path, { expectedRevision: NO_STREAM }),
      );
    await Promise.all(Array.from({ length: 64 }, (_, index) => append(index)));

    const revisions = driving.server.log().map(({ revision }) => revision);
    expect(revisions).toEqual(Array.from({ length: 128 }, (_, index) => BigInt(index % 2)));
  });
});

/** A row of what can be asked of a read, and the types of the events that it answers, run together. */
interface Pages extends Record<string, unknown> {
  readonly direction: Direction;
  readonly maxCount: number;
  readonly types: string;
}

describe('a read', () => {
  it('gives back what was appended', async () => {
    const event = { ...eventOf('Á'), metadata: { by: 'Ann' } };
    await driving.client.appendToStream('seat-ünder', event);
    const heard = new Heard(driving.client.readStream('seat-ünder'));
    await until(() => heard.ended !== undefined);

    const { id, type, data, metadata } = event;
    expect(heard.events).toEqual([
      {
        ...{ streamId: 'seat-ünder', id, type, data, metadata, isJson: true, revision: 0n },
        position: at(positions()[0] ?? 0n),
        created: expect.any(Date),
      },
    ]);
    expect(heard.ended).toBe('end');
  });

  it.each<Pages & { readonly fromRevision: ReadRevision }>`
    direction    | fromRevision | maxCount | types
    ${FORWARDS}  | ${START}     | ${99}    | ${'ABCD'}
    ${FORWARDS}  | ${1n}        | ${2}     | ${'BC'}
    ${FORWARDS}  | ${3n}        | ${99}    | ${'D'}
    ${FORWARDS}  | ${4n}        | ${99}    | ${''}
    ${BACKWARDS} | ${END}       | ${1}     | ${'D'}
    ${BACKWARDS} | ${2n}        | ${99}    | ${'CBA'}
    ${BACKWARDS} | ${99n}       | ${2}     | ${'DC'}
  `(
    'of a stream, $direction from $fromRevision, $maxCount at most: $types',
    async ({ direction, fromRevision, maxCount, types }) => {
      await driving.client.appendToStream(seat, eventsOf('A', 'B', 'C', 'D'));
      const options = { direction, fromRevision, maxCount };
      const heard = new Heard(driving.client.readStream(seat, options));
      await until(() => heard.ended !== undefined);
      expect([heard.types.join(''), heard.ended]).toEqual([types, 'end']);
    },
  );

  it.each<Pages & { readonly from: number | typeof START | typeof END }>`
    direction    | from     | maxCount | types
    ${FORWARDS}  | ${START} | ${99}    | ${'ABCD'}
    ${FORWARDS}  | ${1}     | ${2}     | ${'BC'}
    ${FORWARDS}  | ${END}   | ${99}    | ${''}
    ${BACKWARDS} | ${END}   | ${2}     | ${'DC'}
    ${BACKWARDS} | ${2}     | ${99}    | ${'BA'}
    ${BACKWARDS} | ${START} | ${99}    | ${''}
  `(
    'of the log, $direction from event $from, $maxCount at most: $types',
    async ({ direction, from, maxCount, types }) => {
      await driving.client.appendToStream(seat, eventsOf('A', 'B', 'C', 'D'));
      const fromPosition = typeof from === 'number' ? at(positions()[from] ?? 0n) : from;
      const heard = new Heard(driving.client.readAll({ direction, fromPosition, maxCount }));
      await until(() => heard.ended !== undefined);
      expect([heard.types.join(''), heard.ended]).toEqual([types, 'end']);
    },
  );

  it('of the log refuses a position between two events', async () => {
    await driving.client.appendToStream(seat, eventsOf('A', 'B'));
    const fromPosition = at((positions()[0] ?? 0n) + 1n);
    const heard = new Heard(driving.client.readAll({ fromPosition }));
    await until(() => heard.ended !== undefined);
    expect(heard.ended).toEqual({ type: 'timeout', code: 10 });
  });

  it('of a stream that does not exist says so', async () => {
    const heard = new Heard(driving.client.readStream('seat-nobody'));
    await until(() => heard.ended !== undefined);
    expect(heard.ended).toEqual({ type: 'stream-not-found', code: undefined });
  });

  it('of a deleted stream finds nothing, until it starts again at the next revision', async () => {
    await driving.client.appendToStream(seat, eventsOf('A', 'B'));
    await driving.client.deleteStream(seat, { expectedRevision: 1n });
    const gone = new Heard(driving.client.readStream(seat));
    await until(() => gone.ended !== undefined);
    await driving.client.appendToStream(seat, eventsOf('C'), { expectedRevision: NO_STREAM });
    const again = new Heard(driving.client.readStream(seat));
    await until(() => again.ended !== undefined);

    expect(gone.ended).toMatchObject({ type: 'stream-not-found' });
    expect(again.events.map(({ type, revision }) => [type, revision])).toEqual([['C', 2n]]);
  });
});

it('is found by discovery too', async () => {
  const client = EventStoreDBClient.connectionString(driving.server.discoveryConnectionString);
  await client.appendToStream(seat, eventsOf('A'));
  await client.dispose();
  expect(driving.server.log()).toHaveLength(1);
});

it('without the batch path, takes every append plainly', async () => {
  const server = await startTestServer({ batchAppend: false });
  const client = EventStoreDBClient.connectionString(server.connectionString);
  await client.appendToStream(seat, eventsOf('A'));
  expect(server.callsByMethod()).toMatchObject({ Append: 1 });
  await client.dispose();
  await server.stop();
});

it('has no call open after all have ended, however they did', async () => {
  const { client, server } = driving;
  await client.appendToStream(seat, eventsOf('A', 'B', 'C'), byPath('plain', {}));
  const subscription = client.subscribeToAll();
  subscription.resume();
  for await (const resolved of client.readStream(seat, { maxCount: 1 }))
    expect(resolved).toBeDefined();
  await client.appendToStream(seat, eventsOf('D'));
  expect(server.openCallsByMethod()).toMatchObject({ BatchAppend: 1, Read: 1, Append: 0 });

  await subscription.unsubscribe();
  await client.dispose();
  await until(() => server.openCalls() === 0);
  expect(server.openCalls()).toBe(0);
});

it('is gone when killed, and back on the same port with the same log', async () => {
  const { client, server } = driving;
  await client.appendToStream(seat, eventsOf('A'), byPath('plain', {}));
  const heard = new Heard(client.subscribeToAll());
  await until(() => heard.events.length === 1);
  await server.kill();
  await until(() => heard.ended !== undefined && server.openCalls() === 0);
  expect([heard.ended, server.openCalls()]).toEqual([{ type: 'unavailable', code: 14 }, 0]);
  const whileDown = client.appendToStream(seat, eventsOf('B'), byPath('plain', {}));
  expect(await ending(whileDown)).toEqual({ type: 'unavailable', code: 14 });

  await server.restart();
  const again = client.appendToStream(
    seat,
    eventsOf('B'),
    byPath('plain', { expectedRevision: 0n }),
  );
  expect(await again).toMatchObject({ nextExpectedRevision: 1n });
});
