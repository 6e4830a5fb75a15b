/**
 * Stores with one planted fault each, which show only when several ledgers race: the race suite must
 * notice every one of them.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { randomUUID } from 'node:crypto';
import { memoryStore } from '../../src/adapters/memory';
import type {
  Atomicity,
  EventStore,
  StoreConnector,
  StreamAppend,
  StreamSlice,
} from '../../src/application/ports';

interface BrokenRacer {
  readonly fault: string;
  readonly connector: () => StoreConnector;
  /** The name of the case that must fail, among others maybe. */
  readonly noticedBy: string;
  /** What its error must say, so that it does not fail for another reason. */
  readonly saying: RegExp;
}

type Appends = NonEmptyArray<StreamAppend>;

/** A memory store whose connections have some parts replaced. */
const replacing =
  (
    parts: (sound: EventStore) => Partial<EventStore>,
    atomicity: Atomicity = 'anyStreams',
  ): (() => StoreConnector) =>
  () => {
    const sound = memoryStore({ atomicity });
    return {
      name: 'broken',
      connect: TE.map((store: EventStore) => ({ ...store, ...parts(store) }))(sound.connect),
    };
  };

const rewriting = (rewrite: (appends: Appends) => Appends): (() => StoreConnector) =>
  replacing((sound) => ({ append: (appends) => sound.append(rewrite(appends)) }));

/** Appends to the streams that `isMeant`, at whatever revision they are. */
const careless = (
  isMeant: (append: StreamAppend) => boolean,
  atomicity?: Atomicity,
): (() => StoreConnector) =>
  replacing(
    (sound) => ({
      append: (asked) => async () => {
        let appends = asked;
        for (;;) {
          const answer = await sound.append(appends)();
          if (E.isRight(answer) || answer.left.type !== 'RevisionConflict') return answer;
          const { stream, actual } = answer.left;
          const moved = appends.find((append) => append.stream === stream);
          if (moved === undefined || !isMeant(moved)) return answer;
          appends = appends.map((append) =>
            append === moved ? { ...append, expectedRevision: BigInt(actual) } : append,
          ) as Appends;
        }
      },
    }),
    atomicity,
  );

/** Counts what is appended on all connections, and says yes to every seventh append without writing it. */
const dropping = (atomicity?: Atomicity) => (): StoreConnector => {
  let appends = 0;
  return replacing(
    (sound) => ({
      append: (asked) => () => {
        appends += 1;
        return appends % 7 === 0
          ? TE.map((position: bigint) => ({ position }))(sound.head)()
          : sound.append(asked)();
      },
    }),
    atomicity,
  )();
};

const isOn =
  (kind: string) =>
  ({ stream }: StreamAppend): boolean =>
    stream.startsWith(`${kind}-`);

export const brokenRacers: ReadonlyArray<BrokenRacer> = [
  {
    fault: 'ignores the expected revision of an address',
    connector: careless(isOn('address')),
    noticedBy: 'an address that many seats are given at once goes to one of them',
    saying: /1 should be a yes/,
  },
  {
    fault: 'ignores the expected revision of a login',
    connector: careless(isOn('account')),
    noticedBy: 'a login that two seats change to at once goes to one of them',
    saying: /1 should be a yes/,
  },
  {
    fault: 'ignores the expected revision of a seat',
    connector: careless(isOn('seat')),
    noticedBy: 'a seat that is given many mailboxes at once gets as many as it may',
    saying: /2 should be a yes|does not stand there/,
  },
  {
    fault: 'loses drafts that came during a move',
    connector: careless(({ events }) => events.some(({ type }) => type === 'MailboxDeleted')),
    noticedBy: 'nothing that was written during a move is lost unseen',
    saying: /which nobody had acknowledged|does not stand there/,
  },
  {
    fault: 'forgets guards',
    connector: rewriting((appends) => {
      const withEvents = appends.filter(({ events }) => events.length > 0);
      return (withEvents.length > 0 ? withEvents : appends) as Appends;
    }),
    noticedBy: 'approvals while the contract is lowered keep to a contract',
    saying: /were allowed|under the lowered contract/,
  },
  {
    fault: 'appends stream by stream, and drops conflicts of the later ones',
    connector: replacing((sound) => ({
      append:
        ([first, ...rest]) =>
        async () => {
          const answer = await sound.append([first])();
          if (E.isLeft(answer)) return answer;
          for (const append of rest) {
            if (append.events.length > 0) await sound.append([append])();
          }
          return answer;
        },
    })),
    noticedBy: 'an address that many seats are given at once goes to one of them',
    saying: /1 should be a yes|RequestNotFound/,
  },
  {
    fault: 'says yes and drops every seventh append',
    connector: dropping(),
    noticedBy: 'a storm of random commands leaves a sound log',
    saying: /does not stand there|stored for it is: nothing|settled has been refused/,
  },
  {
    fault: 'reads an address as it was when it was first read',
    connector: replacing((sound) => {
      const first = new Map<string, E.Either<never, StreamSlice>>();
      return {
        readStream: (stream, from) => async () => {
          const asked = `${stream} ${String(from)}`;
          const known = first.get(asked);
          if (known !== undefined) return known;
          const read = await sound.readStream(stream, from)();
          if (E.isRight(read) && stream.startsWith('address-')) first.set(asked, read);
          return read;
        },
      };
    }),
    noticedBy: 'an address that many seats are given at once goes to one of them',
    saying: /got no answer: .*Contended/,
  },
  {
    fault: 'stores an event id again',
    connector: rewriting(
      (appends) =>
        appends.map((append): StreamAppend => ({
          ...append,
          events: append.events.map((event) => ({ ...event, id: randomUUID() })),
        })) as Appends,
    ),
    noticedBy: 'a command that is sent many times at once gets one answer',
    saying: /CommandIdReused/,
  },
  {
    fault: 'keeps a log for each connection',
    connector: () => ({ name: 'broken', connect: () => memoryStore().connect() }),
    noticedBy: 'an address that many seats are given at once goes to one of them',
    saying: /SeatNotFound/,
  },
  {
    fault: 'appends to one stream and ignores the expected revision of an address',
    connector: careless(isOn('address'), 'oneStream'),
    noticedBy: 'an address that many seats are given at once goes to one of them',
    saying: /1 should be a yes/,
  },
  {
    fault: 'appends to one stream and ignores the expected revision of a seat',
    connector: careless(isOn('seat'), 'oneStream'),
    noticedBy: 'a seat that is given many mailboxes at once gets as many as it may',
    saying: /2 should be a yes/,
  },
  {
    fault: 'appends to one stream, says yes and drops every seventh append',
    connector: dropping('oneStream'),
    noticedBy: 'a storm of random commands leaves a sound log',
    saying: /could not be read back|does not stand there|stored for it is: nothing/,
  },
  {
    fault: 'appends to one stream, and says yes to answers that it does not write',
    connector: replacing(
      (sound) => ({
        append: (asked) =>
          isOn('answer')(asked[0])
            ? TE.map((position: bigint) => ({ position }))(sound.head)
            : sound.append(asked),
      }),
      'oneStream',
    ),
    noticedBy: 'an address that many seats are given at once goes to one of them',
    saying: /was refused, and stored for it is: nothing|could not be read back/,
  },
];
