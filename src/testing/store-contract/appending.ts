/**
 * What an append does when it may.
 */
import { NO_STREAM } from '../../application/ports';
import {
  anEvent,
  append,
  appendTo,
  begin,
  contractCase,
  left,
  logHolds,
  right,
  same,
  someEvents,
} from './contract-case';

export const appendingCases = [
  contractCase('an append at the exact revision is kept, event by event', async (store) => {
    const first = await begin(store, 'a', 2);
    const second = someEvents(3);
    right(await appendTo(store, 'a', 1n, second), 'appending at revision 1');

    await logHolds(store, [...first, ...second], 'the log');
  }),

  contractCase(
    'several streams are appended to at once, in the order given',
    async (store) => {
      const a = await begin(store, 'a', 1);
      const moreA = someEvents(2);
      const b = someEvents(2);
      right(
        await append(store, [
          { stream: 'b', expectedRevision: NO_STREAM, events: b },
          { stream: 'a', expectedRevision: 0n, events: moreA },
        ]),
        'appending to two streams',
      );

      await logHolds(store, [...a, ...b, ...moreA], 'the log');
      same(right(await store.readStream('a')(), 'reading a').revision, 2n, 'the revision of a');
      same(right(await store.readStream('b')(), 'reading b').revision, 1n, 'the revision of b');
    },
    'anyStreams',
  ),

  contractCase(
    'one conflicting stream of several leaves nothing of any',
    async (store) => {
      const a = await begin(store, 'a', 1);
      const good = { stream: 'b', expectedRevision: NO_STREAM, events: [anEvent()] };
      const stale = { stream: 'a', expectedRevision: NO_STREAM, events: [anEvent()] };

      left(
        await append(store, [good, stale]),
        'RevisionConflict',
        'a stale stream after a good one',
      );
      left(
        await append(store, [stale, good]),
        'RevisionConflict',
        'a stale stream before a good one',
      );
      await logHolds(store, a, 'the log after two refused appends');
      const { revision } = right(await store.readStream('b')(), 'reading b');
      same(revision, NO_STREAM, 'the revision of the stream that had no conflict');
    },
    'anyStreams',
  ),

  contractCase(
    'a guard that holds lets the append through and writes nothing',
    async (store) => {
      const a = await begin(store, 'a', 2);
      const b = [anEvent()];
      right(
        await append(store, [
          { stream: 'a', expectedRevision: 1n, events: [] },
          { stream: 'b', expectedRevision: NO_STREAM, events: b },
          { stream: 'never', expectedRevision: NO_STREAM, events: [] },
        ]),
        'appending with two guards that hold',
      );

      await logHolds(store, [...a, ...b], 'the log');
      same(right(await store.readStream('a')(), 'reading a').revision, 1n, 'the guarded stream');
      const { revision } = right(await store.readStream('never')(), 'reading never');
      same(revision, NO_STREAM, 'a stream that was only guarded');
      await begin(store, 'never');
    },
    'anyStreams',
  ),

  contractCase(
    'a guard that fails refuses the whole append',
    async (store) => {
      const a = await begin(store, 'a', 2);
      const good = { stream: 'b', expectedRevision: NO_STREAM, events: [anEvent()] };

      for (const expectedRevision of [NO_STREAM, 0n, 2n]) {
        const guard = { stream: 'a', expectedRevision, events: [] };
        for (const answer of [
          await append(store, [guard, good]),
          await append(store, [good, guard]),
        ]) {
          const what = `a guard at ${String(expectedRevision)} of a stream at 1`;
          const { stream, expected, actual } = left(answer, 'RevisionConflict', what);
          same(
            { stream, expected, actual },
            { ...conflict, expected: String(expectedRevision) },
            what,
          );
        }
      }
      const absent = { stream: 'never', expectedRevision: 0n, events: [] };
      left(
        await append(store, [absent, good]),
        'RevisionConflict',
        'a guard of a stream never made',
      );
      await logHolds(store, a, 'the log after refused appends');
    },
    'anyStreams',
  ),
];

const conflict = { stream: 'a', actual: '1' };
