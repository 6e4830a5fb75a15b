/**
 * What the unmodified client makes of each fault. Also a reference for whoever has to cope with it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { byPath, driveServer, ending, eventsOf, Heard, until } from './driving';
import {
  startTestServer,
  type AppendCall,
  type AppendFault,
  type Ending,
  type ReadFault,
  type SubscriptionFault,
} from './index';

const driving = driveServer();

const seat = 'seat-acme.ann';

describe('an append', () => {
  const unavailable = { type: 'unavailable', code: 14 };
  const deadline = { type: 'deadline-exceeded', code: 4 };
  const timeout = { type: 'timeout', code: 10 };
  // The client makes these of a message, not of a status: no code.
  const uncoded = { type: 'deadline-exceeded', code: undefined };
  const unknown = { type: 'unknown', code: undefined };
  const notLeader = { type: 'not-leader', code: 5 };

  it.each<{
    readonly fault: AppendFault;
    readonly path: AppendCall['path'];
    readonly answer: unknown;
    readonly stored: number;
  }>`
    fault                       | path       | answer         | stored
    ${'cutBeforeCommit'}        | ${'plain'} | ${unavailable} | ${0}
    ${'cutBeforeCommit'}        | ${'batch'} | ${unavailable} | ${0}
    ${'cutAfterCommit'}         | ${'plain'} | ${unavailable} | ${1}
    ${'cutAfterCommit'}         | ${'batch'} | ${unavailable} | ${1}
    ${'silence'}                | ${'plain'} | ${deadline}    | ${0}
    ${'silence'}                | ${'batch'} | ${'silent'}    | ${0}
    ${'dropReply'}              | ${'plain'} | ${deadline}    | ${1}
    ${'dropReply'}              | ${'batch'} | ${'silent'}    | ${1}
    ${'notLeader'}              | ${'plain'} | ${notLeader}   | ${0}
    ${'notLeader'}              | ${'batch'} | ${notLeader}   | ${0}
    ${'unavailable'}            | ${'plain'} | ${unavailable} | ${0}
    ${'unavailable'}            | ${'batch'} | ${unavailable} | ${0}
    ${'unavailableAfterCommit'} | ${'plain'} | ${unavailable} | ${1}
    ${'unavailableAfterCommit'} | ${'batch'} | ${unavailable} | ${1}
    ${'overloaded'}             | ${'plain'} | ${unavailable} | ${0}
    ${'overloaded'}             | ${'batch'} | ${unknown}     | ${0}
    ${'deadline'}               | ${'plain'} | ${deadline}    | ${0}
    ${'deadline'}               | ${'batch'} | ${deadline}    | ${0}
    ${'timeout'}                | ${'plain'} | ${timeout}     | ${0}
    ${'timeout'}                | ${'batch'} | ${uncoded}     | ${0}
    ${'timeoutAfterCommit'}     | ${'plain'} | ${timeout}     | ${1}
    ${'timeoutAfterCommit'}     | ${'batch'} | ${uncoded}     | ${1}
    ${{ delayMs: 30 }}          | ${'plain'} | ${'answered'}  | ${1}
    ${{ delayMs: 30 }}          | ${'batch'} | ${'answered'}  | ${1}
  `(
    '$fault on the $path path: $answer, $stored stored',
    async ({ fault, path, answer, stored }) => {
      const { client, server } = driving;
      const events = eventsOf('A');
      const isSilent = fault === 'silence' || fault === 'dropReply';
      const deadline = isSilent ? 600 : 10_000;
      const options = byPath(path, { expectedRevision: NO_STREAM, deadline });
      const append = () => client.appendToStream(seat, events, options);
      server.faults.next('append', fault);

      expect(await ending(append(), answer === 'silent' ? 700 : 5_000)).toEqual(answer);
      expect(server.log()).toHaveLength(stored);
      expect(server.faults.pending('append')).toBe(0);
      // The same client goes on, and the same ids are stored once.
      expect(await ending(append())).toBe('answered');
      expect(server.log()).toHaveLength(1);
    },
  );

  it.each(['plain', 'batch'] as const)(
    'under way when killed is not stored: %s path',
    async (path) => {
      const { client, server } = driving;
      server.faults.next('append', { delayMs: 200 });
      const append = client.appendToStream(seat, eventsOf('A'), byPath(path, {}));
      const ended = ending(append);
      await until(() => server.faults.pending('append') === 0);
      await server.kill();
      await sleep(250);

      expect(await ended).toEqual({ type: 'unavailable', code: 14 });
      expect(server.log()).toEqual([]);
    },
  );

  it('refused by a follower goes to the leader the next time', async () => {
    const { host, port } = { host: '127.0.0.1', port: driving.server.port };
    const follower = await startTestServer({ leader: { host, port } });
    const client = EventStoreDBClient.connectionString(follower.connectionString);
    follower.faults.always('append', () => 'notLeader');
    const append = () => client.appendToStream(seat, eventsOf('A'), byPath('plain', {}));

    await expect(append()).rejects.toMatchObject({ leader: { address: host, port } });
    expect(await ending(append())).toBe('answered');
    expect([follower.log().length, driving.server.log().length]).toEqual([0, 1]);
    await client.dispose();
    await follower.stop();
  });

  it('on the batch path, with the server down, is refused with a bare error', async () => {
    await driving.server.kill();
    const append = () => driving.client.appendToStream(seat, eventsOf('A'));
    expect(await ending(append())).toEqual({ type: undefined, code: 14 });
  });

  it('meets the fault that a rule chooses for it, after those that wait', async () => {
    const { client, server } = driving;
    const append = (stream: string) =>
      ending(client.appendToStream(stream, eventsOf('A'), byPath('plain', {})));
    server.faults.always('append', ({ stream, types }) =>
      stream === seat && types.includes('A') ? 'timeout' : undefined,
    );
    server.faults.next('append', undefined, 'deadline');

    const answers = [await append(seat), await append(seat), await append(seat), await append('x')];
    server.faults.clear();
    expect([...answers, await append(seat)]).toEqual([
      ...['answered', deadline, timeout, 'answered'],
      'answered',
    ]);
  });
});

const endings: ReadonlyArray<[Ending, unknown]> = [
  ['cut', { type: 'unavailable', code: 14 }],
  ['unavailable', { type: 'unavailable', code: 14 }],
  ['notLeader', { type: 'not-leader', code: 5 }],
  ['cancelled', { type: 'cancelled', code: 1 }],
  ['tooSlow', { type: 'timeout', code: 10 }],
];

describe('a read', () => {
  const ABC = () => driving.client.appendToStream(seat, eventsOf('A', 'B', 'C'));

  it.each(endings)('ends in the middle: %s', async (how, error) => {
    await ABC();
    driving.server.faults.next('read', { ending: how, after: 2 }, { ending: how, after: 0 });
    const heard = new Heard(driving.client.readStream(seat));
    await until(() => heard.ended !== undefined);
    const all = new Heard(driving.client.readAll());
    await until(() => all.ended !== undefined);

    expect([heard.types, heard.ended]).toEqual([['A', 'B'], error]);
    expect([all.types, all.ended]).toEqual([[], error]);
  });

  it.each<{ readonly fault: ReadFault; readonly types: ReadonlyArray<string> }>`
    fault                 | types
    ${'silence'}          | ${[]}
    ${{ silentAfter: 2 }} | ${['A', 'B']}
  `('falls silent after $types, and no deadline ends it', async ({ fault, types }) => {
    await ABC();
    driving.server.faults.next('read', fault);
    const stream = driving.client.readStream(seat, { deadline: 50 });
    const heard = new Heard(stream);
    await until(() => driving.server.openCallsByMethod()['Read'] === 1);
    await sleep(150);

    expect([heard.types, heard.ended]).toEqual([types, undefined]);
    expect(driving.server.openCallsByMethod()).toMatchObject({ Read: 1 });
    await stream.cancel();
    await until(() => driving.server.openCallsByMethod()['Read'] === 0);
    expect(driving.server.openCallsByMethod()).toMatchObject({ Read: 0 });
  });

  it('is slow', async () => {
    await ABC();
    driving.server.faults.next('read', { delayMs: 50 });
    const started = Date.now();
    const heard = new Heard(driving.client.readStream(seat));
    await until(() => heard.ended !== undefined);
    expect([heard.types.length, Date.now() - started >= 45]).toEqual([3, true]);
  });
});

describe('a subscription', () => {
  const ABC = () => driving.client.appendToStream(seat, eventsOf('A', 'B', 'C'));

  it.each(endings)('is dropped after two events: %s', async (how, error) => {
    await ABC();
    driving.server.faults.next('subscription', { ending: how, after: 2 });
    const heard = new Heard(driving.client.subscribeToAll());
    await until(() => heard.ended !== undefined);
    expect([heard.types, heard.ended]).toEqual([['A', 'B'], error]);
    await until(() => driving.server.openCallsByMethod()['Read'] === 0);
    expect(driving.server.openCallsByMethod()).toMatchObject({ Read: 0 });
  });

  it.each(endings)('is dropped when the test says so: %s', async (how, error) => {
    await ABC();
    const heard = new Heard(driving.client.subscribeToAll());
    await until(() => heard.signals.includes('caughtUp'));
    expect(driving.server.dropSubscribers(how)).toBe(1);
    await until(() => heard.ended !== undefined);
    expect([heard.types, heard.ended]).toEqual([['A', 'B', 'C'], error]);
    expect(driving.server.dropSubscribers(how)).toBe(0);
  });

  it.each<{
    readonly fault: SubscriptionFault;
    readonly types: ReadonlyArray<string>;
    readonly signals: ReadonlyArray<string>;
  }>`
    fault                     | types                   | signals
    ${'silence'}              | ${[]}                   | ${[]}
    ${{ duplicate: 2 }}       | ${['A', 'B', 'B', 'C']} | ${['confirmation', 'caughtUp']}
    ${{ fellBehindAfter: 2 }} | ${['A', 'B', 'C']}      | ${['confirmation', 'fellBehind', 'caughtUp']}
    ${{ delayMs: 10 }}        | ${['A', 'B', 'C']}      | ${['confirmation', 'caughtUp']}
  `('$fault: hears $types and $signals', async ({ fault, types, signals }) => {
    await ABC();
    driving.server.faults.next('subscription', fault);
    const heard = new Heard(driving.client.subscribeToAll());
    await until(() => heard.types.length >= types.length && heard.signals.length >= signals.length);
    await sleep(50);
    expect([heard.types, heard.signals]).toEqual([types, signals]);
  });

  it('may be dropped again and again', async () => {
    await ABC();
    driving.server.faults.always('subscription', () => ({ ending: 'unavailable', after: 0 }));
    for (let attempts = 0; attempts < 3; attempts += 1) {
      const heard = new Heard(driving.client.subscribeToAll());
      await until(() => heard.ended !== undefined);
      expect(heard.ended).toEqual({ type: 'unavailable', code: 14 });
    }
    expect(driving.server.callsByMethod()).toMatchObject({ Read: 3 });
  });
});
