/**
 * What holds where an append is to one stream, and sending it again is how a lost answer is found out.
 */
import { NO_STREAM } from '../../application/ports';
import {
  anEvent,
  append,
  appendTo,
  begin,
  connected,
  type ContractCase,
  contractCase,
  idsOf,
  left,
  logHolds,
  right,
  same,
  someEvents,
} from './contract-case';

export const oneStreamCases: ReadonlyArray<ContractCase> = [
  contractCase(
    'the same ids at the same revision are written once, and answer the same position',
    async (store, connector) => {
      const before = await begin(store, 'a', 2);
      const events = someEvents(3);
      const first = right(await appendTo(store, 'a', 1n, events), 'the first time');
      const changed = events.map((event) => ({ ...event, data: { number: 'another' } }));

      same(right(await appendTo(store, 'a', 1n, changed), 'again'), first, 'the answer again');
      const after = [anEvent()];
      right(await appendTo(store, 'a', 4n, after), 'an append that follows');
      const other = await connected(connector);
      try {
        const late = right(await appendTo(other, 'a', 1n, events), 'late, by another connection');
        same(late, first, 'the answer late');
      } finally {
        await other.close();
      }
      await logHolds(store, [...before, ...events, ...after], 'the log');
      const slice = right(await store.readStream('a', 2n)(), 'reading a');
      same(slice.events[0]?.data, { number: 0 }, 'what was stored the first time');
    },
    'oneStream',
  ),

  contractCase(
    'the same append many times at once is written once',
    async (store) => {
      const events = someEvents(2);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => appendTo(store, 'a', NO_STREAM, events)),
      );

      const positions = answers.map((answer) => right(answer, 'one of 20').position);
      same(new Set(positions).size, 1, 'how many positions were answered');
      await logHolds(store, events, 'the log');
    },
    'oneStream',
  ),

  contractCase(
    'an append of which only a part is stored is refused',
    async (store) => {
      const a = await begin(store, 'a', 2);
      const [first, second] = idsOf(a).map((id) => ({ ...anEvent(), id }));
      const partly = [
        [...a, anEvent()],
        [anEvent(), ...a],
        [first, anEvent()],
        [anEvent(), second],
        [second, first],
      ];
      for (const events of partly) {
        const given = events.map((event) => event ?? anEvent());
        const answer = await appendTo(store, 'a', NO_STREAM, given);
        const { expected, actual } = left(answer, 'RevisionConflict', 'a part that is stored');
        same({ expected, actual }, { expected: '-1', actual: '1' }, 'the revisions');
      }
      await logHolds(store, a, 'the log after refused appends');
    },
    'oneStream',
  ),

  contractCase(
    'more than one stream in an append rejects with a TypeError and keeps nothing',
    async (store) => {
      const a = { stream: 'a', expectedRevision: NO_STREAM, events: [anEvent()] };
      for (const events of [[anEvent()], []]) {
        const b = { stream: 'b', expectedRevision: NO_STREAM, events };
        for (const appends of [[a, b] as const, [b, a] as const]) {
          const outcome = await append(store, [...appends]).then(
            () => 'answered',
            (error: unknown) => (error as { readonly name?: unknown } | undefined)?.name,
          );
          same(outcome, 'TypeError', `two streams, one with ${events.length} events`);
        }
      }
      await logHolds(store, [], 'the log after refused appends');
    },
    'oneStream',
  ),
];
