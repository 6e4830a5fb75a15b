/**
 * When an append is refused, and that nothing of it is kept.
 */
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import { type EventStore, NO_STREAM, type StreamAppend } from '../../application/ports';
import {
  anEvent,
  append,
  appendTo,
  begin,
  contractCase,
  left,
  logHolds,
  same,
} from './contract-case';

/** A caller's bug rejects with a TypeError; it is no failure that could be handled. */
const rejects = async (
  store: EventStore,
  appends: NonEmptyArray<StreamAppend>,
  what: string,
): Promise<void> => {
  const outcome = await append(store, appends).then(
    () => 'answered',
    (error: unknown) => (error as { readonly name?: unknown } | undefined)?.name,
  );
  same(outcome, 'TypeError', `${what} rejects`);
};

const streamA = (events: StreamAppend['events']): StreamAppend => ({
  stream: 'a',
  expectedRevision: NO_STREAM,
  events,
});

export const refusingCases = [
  contractCase('only the exact expected revision is accepted', async (store) => {
    const a = await begin(store, 'a', 3);

    for (const expected of [NO_STREAM, 0n, 1n, 3n, 4n, 10n ** 20n]) {
      const what = `expecting ${String(expected)} of a stream at revision 2`;
      const failure = left(
        await appendTo(store, 'a', expected, [anEvent()]),
        'RevisionConflict',
        what,
      );
      same(
        { stream: failure.stream, expected: failure.expected, actual: failure.actual },
        { stream: 'a', expected: String(expected), actual: '2' },
        what,
      );
    }
    await logHolds(store, a, 'the log after refused appends');
  }),

  contractCase('a stream that does not exist is at NO_STREAM', async (store) => {
    for (const expected of [0n, 1n]) {
      const what = `expecting ${String(expected)} of a stream that does not exist`;
      const answer = await appendTo(store, 'a', expected, [anEvent()]);
      same(left(answer, 'RevisionConflict', what).actual, '-1', what);
    }
    await logHolds(store, [], 'the log after refused appends');
  }),

  contractCase(
    'an event id is stored once, whatever the stream',
    async (store) => {
      const a = await begin(store, 'a', 2);
      const again = { ...anEvent(), id: a[1]?.id ?? '' };

      for (const stream of ['a', 'b']) {
        const expected = stream === 'a' ? 1n : NO_STREAM;
        const answer = await appendTo(store, stream, expected, [anEvent(), again]);
        const { eventId } = left(answer, 'EventIdTaken', `a stored id again, in stream ${stream}`);
        same(eventId, again.id, 'the id that was taken');
      }
      await logHolds(store, a, 'the log after refused appends');
    },
    'anyStreams',
  ),

  contractCase(
    'an event id comes once within one append',
    async (store) => {
      const twice = anEvent();

      const inOne = await append(store, [streamA([twice, anEvent(), twice])]);
      same(left(inOne, 'EventIdTaken', 'an id twice in a stream').eventId, twice.id, 'the id');
      const inTwo = await append(store, [
        streamA([twice]),
        { stream: 'b', expectedRevision: NO_STREAM, events: [twice] },
      ]);
      left(inTwo, 'EventIdTaken', 'an id in two streams of one append');
      await logHolds(store, [], 'the log after refused appends');
    },
    'anyStreams',
  ),

  contractCase(
    'a moved stream is reported before a taken id',
    async (store) => {
      const a = await begin(store, 'a', 1);

      left(await appendTo(store, 'a', NO_STREAM, a), 'RevisionConflict', 'a blind retry');
      const answer = await append(store, [
        { stream: 'b', expectedRevision: NO_STREAM, events: a },
        { stream: 'a', expectedRevision: 7n, events: [] },
      ]);
      left(answer, 'RevisionConflict', 'a taken id in the first stream, a conflict in the second');
    },
    'anyStreams',
  ),

  contractCase("a caller's bug rejects with a TypeError and keeps nothing", async (store) => {
    await rejects(store, [streamA([anEvent()]), streamA([anEvent()])], 'a stream named twice');
    await rejects(store, [streamA([anEvent()]), streamA([])], 'a stream with its own guard');
    await rejects(store, [streamA([])], 'an append without any event');
    for (const id of ['\ud800', 'a\0b', null as never]) {
      await rejects(store, [streamA([{ ...anEvent(), id }])], `the id ${JSON.stringify(id)}`);
      const nameless = { ...anEvent(), type: id };
      await rejects(store, [streamA([nameless])], `the type ${JSON.stringify(id)}`);
    }
    const ofNumber = { ...streamA([anEvent()]), expectedRevision: -1 as never };
    await rejects(store, [ofNumber], 'an expected revision that is a number');
    for (const value of [undefined, () => 1, 1n, { deep: [1n] }]) {
      const data = [anEvent(), { ...anEvent(), data: value }];
      await rejects(store, [streamA(data)], `data of type ${typeof value}`);
      const metadata = [anEvent(), { ...anEvent(), metadata: value }];
      await rejects(store, [streamA(metadata)], `metadata of type ${typeof value}`);
    }
    await logHolds(store, [], 'the log after refused appends');
  }),
];
