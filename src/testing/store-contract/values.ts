/**
 * That what comes out is what went in.
 */
import { type EventStore, NO_STREAM } from '../../application/ports';
import { anEvent, appendTo, contractCase, right, same } from './contract-case';

const DEPTH = 1_500;

const nested = (): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < DEPTH; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
};

/** Stores `value` as data and as metadata, and reads both back from the stream and from the log. */
const comesBack = async (store: EventStore, stream: string, value: unknown): Promise<void> => {
  const event = { ...anEvent(), data: value, metadata: value };
  right(await appendTo(store, stream, NO_STREAM, [event]), `storing ${stream}`);

  const { events } = right(await store.readStream(stream)(), `reading ${stream}`);
  const log = right(await store.readAll(-1n, 1_000)(), 'reading the log');
  for (const read of [events[0], log.find(({ id }) => id === event.id)]) {
    // As text: comparing 1,500 levels as values would be the test's own stack overflow.
    same(JSON.stringify(read?.data), JSON.stringify(value), `the data of ${stream}`);
    same(JSON.stringify(read?.metadata), JSON.stringify(value), `the metadata of ${stream}`);
  }
};

export const valueCases = [
  contractCase('any text comes back to the character', async (store) => {
    await comesBack(store, 'unicode', ['Zoë', '邮箱', '👩‍👩‍👧', 'e\u0301', '\u202e', 'İ']);
    await comesBack(store, 'control', ['\0', '\r\n', '\u2028', '\x7f', '"\\\'', "'; DROP TABLE"]);
    await comesBack(store, 'lone surrogate', ['\ud800', '\udfff x']);
  }),

  contractCase('any JSON value comes back, with its keys in order', async (store) => {
    await comesBack(store, 'null', null);
    await comesBack(store, 'scalars', [true, false, 0, -1, 1e308, 5e-324, 2 ** 53 - 1, '']);
    await comesBack(store, 'keys', { z: 1, a: { y: [], x: {} }, '': null, constructor: 1 });
    await comesBack(store, '__proto__', JSON.parse('{"__proto__":{"admin":true}}'));
    await comesBack(store, 'text', 'only a string');
  }),

  contractCase('large and deep values come back', async (store) => {
    // Data and metadata together stay below 1 MiB, which is all that some servers take at once.
    await comesBack(store, '1 MB', { text: 'é'.repeat(250_000) });
    await comesBack(store, 'deep', nested());
  }),

  contractCase('stream names are told apart exactly', async (store) => {
    const names = ['seat-a.b', 'seat-A.b', 'seat-a.b ', 'Zoë', 'Zoe\u0308', 'x'.repeat(500)];
    for (const name of names) {
      right(await appendTo(store, name, NO_STREAM, [anEvent()]), `making stream ${name}`);
    }
    const log = right(await store.readAll(-1n, 100)(), 'reading the log');
    same(
      log.map(({ stream }) => stream),
      names,
      'the names of the streams',
    );
  }),

  contractCase('nobody changes history through an object they hold', async (store) => {
    const data = { list: [1], inner: { name: 'ann' } };
    const metadata = { by: 'ann' };
    const pending = appendTo(store, 'a', NO_STREAM, [{ ...anEvent(), data, metadata }]);
    data.inner.name = 'changed while appending';
    right(await pending, 'appending');
    data.list.push(2);
    metadata.by = 'changed after appending';

    const read = async (): Promise<unknown> => {
      const [event] = right(await store.readStream('a')(), 'reading a').events;
      return { data: event?.data, metadata: event?.metadata };
    };
    const expected = { data: { list: [1], inner: { name: 'ann' } }, metadata: { by: 'ann' } };
    same(await read(), expected, 'what was stored, after the caller changed its objects');

    tamper(await read());
    same(await read(), expected, 'what is stored, after a reader changed what it read');
  }),
];

/** Changes what a reader got, if the store lets it. */
const tamper = (read: unknown): void => {
  try {
    (read as { data: { inner: { name: string } } }).data.inner.name = 'changed by a reader';
  } catch {
    // Frozen: the better answer.
  }
};
