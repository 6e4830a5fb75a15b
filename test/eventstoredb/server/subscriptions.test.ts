/**
 * Subscriptions to the log, through the unmodified client.
 */
import { END, eventTypeFilter, streamNameFilter, type Filter } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { at, driveServer, eventsOf, Heard, until } from './driving';

const driving = driveServer();

const seat = 'seat-acme.ann';

/** Positions of all that is stored, in order. */
const positions = (): ReadonlyArray<bigint> => driving.server.log().map(({ position }) => position);

describe('a subscription to the log', () => {
  const names = streamNameFilter;
  it.each<{ readonly filter: Filter | undefined; readonly types: ReadonlyArray<string> }>`
    filter                                  | types
    ${undefined}                            | ${['A', 'AB', 'foreign', 'B']}
    ${names({ prefixes: ['seat-', 'x'] })}  | ${['A', 'AB']}
    ${names({ regex: '^(mail|seat)' })}     | ${['A', 'AB', 'B']}
    ${eventTypeFilter({ prefixes: ['A'] })} | ${['A', 'AB']}
    ${eventTypeFilter({ regex: 'B$' })}     | ${['AB', 'B']}
  `('delivers $types: what is there, and what comes', async ({ filter, types }) => {
    await driving.client.appendToStream(seat, eventsOf('A', 'AB'));
    const subscription = driving.client.subscribeToAll(filter && { filter });
    const heard = new Heard(subscription);
    await until(() => heard.signals.includes('caughtUp'));
    driving.server.putForeign('$stats', 'foreign');
    await driving.client.appendToStream('mail', eventsOf('B'));
    await until(() => heard.events.length >= types.length);

    expect(heard.types).toEqual(types);
    expect(heard.signals).toEqual(['confirmation', 'caughtUp']);
    await subscription.unsubscribe();
  });

  it('starts after the position, which must be that of an event', async () => {
    await driving.client.appendToStream(seat, eventsOf('A', 'B', 'C'));
    const [, second = 0n] = positions();
    const after = new Heard(driving.client.subscribeToAll({ fromPosition: at(second) }));
    const between = new Heard(driving.client.subscribeToAll({ fromPosition: at(second - 1n) }));
    const live = new Heard(driving.client.subscribeToAll({ fromPosition: END }));
    await until(() => live.signals.includes('caughtUp') && between.ended !== undefined);
    await driving.client.appendToStream(seat, eventsOf('D'));
    await until(() => live.events.length > 0 && after.events.length > 1);

    expect([after.types, live.types]).toEqual([['C', 'D'], ['D']]);
    expect(between.ended).toEqual({ type: 'timeout', code: 10 });
  });

  it('sends a checkpoint every so many events, whether they match or not', async () => {
    const checkpoints: Array<bigint> = [];
    const filter = streamNameFilter({
      prefixes: ['seat-'],
      maxSearchWindow: 5,
      checkpointInterval: 2,
      checkpointReached: (_, { commit }) => void checkpoints.push(commit),
    });
    const heard = new Heard(driving.client.subscribeToAll({ filter }));
    await driving.client.appendToStream(seat, eventsOf('A', 'B'));
    for (let count = 2; count < 25; count += 1) driving.server.putForeign('other', 'foreign');
    await until(() => checkpoints.length >= 2);

    expect(checkpoints).toEqual([positions()[9], positions()[19]]);
    expect(heard.types).toEqual(['A', 'B']);
  });
});
