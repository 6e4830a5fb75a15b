/**
 * Stores with one planted fault each, in what only some stores promise: appends that may be repeated,
 * and subscriptions. The contract must notice every one of them.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Deliver, RecordedEvent, StoreConnector } from '../../src/application/ports';
import { type BrokenStore, replacing, revisionOf } from '../stores/broken-stores';

/** How one delivery after another goes; a sound one waits, and tries again what was in vain. */
type Delivering = (events: ReadonlyArray<RecordedEvent>, deliver: Deliver) => Promise<void>;

const soundly: Delivering = async (events, deliver) => {
  for (const event of events) {
    for (;;) {
      try {
        await deliver(event);
        break;
      } catch {
        // Again.
      }
    }
  }
};

/** A memory store that delivers events to subscribers, with one thing about it that is wrong. */
const subscribing = ({
  delivering = soundly,
  from = (position: bigint) => position,
  isLive = true,
  stops = true,
}): (() => StoreConnector) =>
  replacing((sound) => ({
    subscribe: (position, deliver) => {
      let reached = from(position);
      let turn = Promise.resolve();
      let stopped = false;
      const catchUp = (): void => {
        turn = turn.then(async () => {
          const read = await sound.readAll(reached, 1_000)();
          if (E.isLeft(read) || stopped) return;
          reached = read.right.at(-1)?.position ?? reached;
          await delivering(read.right, deliver);
        });
      };
      const stopListening = isLive ? sound.onAppend(catchUp) : () => undefined;
      catchUp();
      return async () => {
        if (!stops) return;
        stopped = true;
        stopListening();
        await turn;
      };
    },
  }));

/** A sound store with subscriptions, which no case may find fault with. */
export const soundSubscribing = subscribing({});

/** Each claims to append to one stream at a time. */
export const brokenByStream: ReadonlyArray<BrokenStore> = [
  {
    fault: 'calls a repeated append a conflict',
    atomicity: 'oneStream',
    connector: replacing(
      (sound) => ({
        append: (appends) => async () => {
          const { stream, expectedRevision } = appends[0];
          const actual = await revisionOf(sound, stream);
          return actual === expectedRevision
            ? sound.append(appends)()
            : E.left({
                type: 'RevisionConflict',
                message: '',
                stream,
                expected: String(expectedRevision),
                actual: String(actual),
              });
        },
      }),
      'oneStream',
    ),
    noticedBy: 'the same ids at the same revision are written once, and answer the same position',
  },
  {
    fault: 'answers a repeated append with the head of the log',
    atomicity: 'oneStream',
    connector: replacing(
      (sound) => ({
        append: (appends) => async () => {
          const answer = await sound.append(appends)();
          const head = await sound.head();
          return E.isRight(answer) && E.isRight(head) ? E.right({ position: head.right }) : answer;
        },
      }),
      'oneStream',
    ),
    noticedBy: 'the same ids at the same revision are written once, and answer the same position',
  },
  {
    fault: 'takes the first event for the whole append',
    atomicity: 'oneStream',
    connector: replacing(
      (sound) => ({
        append: (appends) => async () => {
          const [{ stream, expectedRevision, events }] = appends;
          const slice = await sound.readStream(stream, expectedRevision + 1n)();
          const there = E.isRight(slice) ? slice.right.events[0] : undefined;
          return appends.length === 1 && there !== undefined && there.id === events[0]?.id
            ? E.right({ position: there.position })
            : sound.append(appends)();
        },
      }),
      'oneStream',
    ),
    noticedBy: 'an append of which only a part is stored is refused',
  },
  {
    fault: 'appends to the first of several streams',
    atomicity: 'oneStream',
    connector: replacing((sound) => ({ append: ([first]) => sound.append([first]) }), 'oneStream'),
    noticedBy: 'more than one stream in an append rejects with a TypeError and keeps nothing',
  },
  {
    fault: 'looks for a repetition before others have finished',
    atomicity: 'oneStream',
    connector: replacing((sound) => {
      const open = new Set<string>();
      return {
        append: (appends) => async () => {
          const { id = '' } = appends[0].events[0] ?? {};
          const isFirst = !open.has(id);
          open.add(id);
          await Promise.resolve();
          const answer = await sound.append(appends)();
          return isFirst ? answer : E.left({ type: 'EventIdTaken', message: '', eventId: id });
        },
      };
    }, 'oneStream'),
    noticedBy: 'the same append many times at once is written once',
  },
];

/** Each claims to be told of events by a server. */
export const brokenSubscriptions: ReadonlyArray<BrokenStore> = [
  {
    fault: 'delivers to subscribers only what was there',
    connector: subscribing({ isLive: false }),
    noticedBy: 'a subscription delivers what is there and what comes, in order',
  },
  {
    fault: 'delivers from the position on',
    connector: subscribing({ from: (position) => position - 1n }),
    noticedBy: 'a subscription starts after the position, exclusive',
  },
  {
    fault: 'delivers all at once',
    connector: subscribing({
      delivering: async (events, deliver) => {
        await Promise.allSettled(events.map(async (event) => deliver(event)));
      },
    }),
    noticedBy: 'the next event waits for the delivery of the one before',
  },
  {
    fault: 'forgets what was delivered in vain',
    connector: subscribing({
      delivering: async (events, deliver) => {
        for (const event of events)
          await Promise.resolve(event)
            .then(deliver)
            .catch(() => undefined);
      },
    }),
    noticedBy: 'what is delivered in vain is delivered again, before the next',
  },
  {
    fault: 'goes on delivering when it is told to stop',
    connector: subscribing({ stops: false }),
    noticedBy: 'a subscription that was stopped delivers no more',
  },
];
