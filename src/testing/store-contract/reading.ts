/**
 * What a reader may rely on.
 */
import {
  BEFORE_ALL,
  type EventStore,
  NO_STREAM,
  type RecordedEvent,
} from '../../application/ports';
import {
  anEvent,
  appendTo,
  begin,
  contractCase,
  idsOf,
  right,
  same,
  someEvents,
  wholeLog,
} from './contract-case';

const slice = async (store: EventStore, stream: string, fromRevision?: bigint) =>
  right(await store.readStream(stream, fromRevision)(), `reading ${stream}`);

const page = async (store: EventStore, position: bigint, maxCount: number) =>
  right(await store.readAll(position, maxCount)(), 'reading the log');

const revisionsOf = (events: ReadonlyArray<RecordedEvent>) => events.map((e) => e.revision);

export const readingCases = [
  contractCase('a new store is empty', async (store) => {
    same(await slice(store, 'a'), { events: [], revision: NO_STREAM }, 'a stream of a new store');
    same(await slice(store, 'a', 7n), { events: [], revision: NO_STREAM }, 'from revision 7');
    same(await wholeLog(store), [], 'the log of a new store');
    same(right(await store.head(), 'head'), BEFORE_ALL, 'the head of a new store');
  }),

  contractCase('revisions count from 0 in every stream, without gaps', async (store) => {
    await begin(store, 'a', 2);
    await begin(store, 'b', 1);
    right(await appendTo(store, 'a', 1n, someEvents(2)), 'appending to a at revision 1');

    const a = await slice(store, 'a');
    same(revisionsOf(a.events), [0n, 1n, 2n, 3n], 'revisions of a');
    same(a.revision, 3n, 'the revision of a');
    same(revisionsOf((await slice(store, 'b')).events), [0n], 'revisions of b');
  }),

  contractCase(
    'findEvent finds an event by its id, and nothing by an unknown one',
    async (store) => {
      const [, second] = await begin(store, 'a', 3);
      await begin(store, 'b', 1);
      const id = second?.id ?? '';
      const [, recorded] = (await slice(store, 'a')).events;
      same(right(await store.findEvent(id, ['b', 'a'])(), 'finding'), recorded, 'the second of a');
      const unknown = right(
        await store.findEvent(anEvent().id, ['a', 'b'])(),
        'finding an unknown id',
      );
      same(unknown, undefined, 'an unknown id');
    },
  ),

  contractCase('positions rise strictly, and an append answers its last one', async (store) => {
    const first = right(await appendTo(store, 'a', NO_STREAM, someEvents(3)), 'the first append');
    const second = right(await appendTo(store, 'b', NO_STREAM, someEvents(2)), 'the second append');

    const positions = (await wholeLog(store)).map((e) => e.position);
    const rising = positions.every((p, i) => p > (positions[i - 1] ?? BEFORE_ALL));
    same(rising, true, `positions ${positions.join(', ')} rise strictly from 0 or more`);
    same(first.position, positions[2], 'the position that the first append answered');
    same(second.position, positions[4], 'the position that the second append answered');
    same(right(await store.head(), 'head'), positions[4], 'the head of the log');
  }),

  contractCase('readStream starts at fromRevision, inclusive', async (store) => {
    const events = await begin(store, 'a', 4);

    const tail = await slice(store, 'a', 2n);
    same(idsOf(tail.events), idsOf(events.slice(2)), 'events from revision 2');
    same(revisionsOf(tail.events), [2n, 3n], 'their revisions');
    same(revisionsOf((await slice(store, 'a', 0n)).events), [0n, 1n, 2n, 3n], 'from revision 0');
    same(revisionsOf((await slice(store, 'a', 3n)).events), [3n], 'from the last revision');
  }),

  contractCase('readStream answers the last revision, whatever the slice holds', async (store) => {
    await begin(store, 'a', 3);

    same((await slice(store, 'a', 1n)).revision, 2n, 'the revision with a slice');
    same(await slice(store, 'a', 3n), { events: [], revision: 2n }, 'from beyond the end');
    same(await slice(store, 'a', 10n ** 20n), { events: [], revision: 2n }, 'from far beyond');
  }),

  contractCase('readAll starts after the position, exclusive', async (store) => {
    const events = [...(await begin(store, 'a', 2)), ...(await begin(store, 'b', 2))];
    const log = await wholeLog(store);
    same(idsOf(log), idsOf(events), 'the whole log, oldest first');

    for (const [index, { position }] of log.entries()) {
      const rest = await page(store, position, 10);
      same(idsOf(rest), idsOf(events.slice(index + 1)), `the log after event ${index}`);
    }
    same(await page(store, 10n ** 20n, 10), [], 'the log from far beyond its end');
  }),

  contractCase('readAll gives at most maxCount events, and pages join up', async (store) => {
    const events = await begin(store, 'a', 7);
    same(await page(store, BEFORE_ALL, 0), [], 'at most 0 events');

    const joined: Array<RecordedEvent> = [];
    const sizes: Array<number> = [];
    do {
      const next = await page(store, joined.at(-1)?.position ?? BEFORE_ALL, 3);
      sizes.push(next.length);
      joined.push(...next);
      // A store that goes on for ever is told by what is too much.
    } while (sizes.at(-1) !== 0 && joined.length <= events.length);
    same(idsOf(joined), idsOf(events), 'all pages');
    if (store.shortPages === true) same(Math.max(...sizes) <= 3, true, 'no page has more than 3');
    else same(sizes, [3, 3, 1, 0], 'the sizes of pages of at most 3');
  }),

  contractCase('an event comes back whole from both reads, and from a copy', async (store) => {
    const event = { ...anEvent(), data: { a: [1, null, 'x'] }, metadata: { by: { id: 'ann' } } };
    await begin(store, 'other');
    right(await appendTo(store, 'a', NO_STREAM, [event]), 'appending');

    const fromStream = (await slice(store, 'a')).events[0];
    const fromLog = (await wholeLog(store))[1];
    const expected = { ...event, stream: 'a', revision: 0n, position: fromLog?.position };
    same({ ...fromStream }, expected, 'a copy of the event read from its stream');
    same({ ...fromLog }, expected, 'a copy of the event read from the log');
    same(fromLog?.metadata, event.metadata, 'the metadata by name');
    same(fromLog?.metadata === fromLog?.metadata, true, 'the metadata is the same object twice');
  }),

  contractCase('a history of several pages comes back whole and in order', async (store) => {
    const events = await begin(store, 'a', 2_500);

    same(idsOf((await slice(store, 'a')).events), idsOf(events), 'a stream of 2,500 events');
    same(idsOf((await slice(store, 'a', 1_200n)).events), idsOf(events.slice(1_200)), 'its tail');
    same(idsOf(await wholeLog(store)), idsOf(events), 'a log of 2,500 events');
    same(idsOf(await page(store, BEFORE_ALL, 2_001)), idsOf(events.slice(0, 2_001)), 'most of it');
  }),
];
