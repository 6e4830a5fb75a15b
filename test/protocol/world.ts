/**
 * A world of streams that can be copied for nothing: what the explorer takes apart. Its streams fold with
 * the deciders' own `evolve` and the protocol's own trace; only the storing is modelled.
 */
import { address } from '../../src/address';
import { noTrace, traced } from '../../src/processes';
import type { Fact, Known, Place, Sighting, TracedFact, Wanted } from '../../src/processes';
import { organization } from '../../src/organization';
import { seat, type Seat } from '../../src/seat';
import type { UserId } from '../../src/values/ids';

/** One stream at one moment. Two with the same `id` hold the same events. */
export interface Stream extends Sighting<never> {
  readonly id: number;
  readonly before: Stream | undefined;
  readonly fact: TracedFact | undefined;
}

/** Streams by name; a name that is not there is an empty stream. */
export type Streams = ReadonlyMap<string, Stream>;

interface Fold {
  readonly initialState: unknown;
  readonly evolve: (state: never, event: never) => unknown;
}

const folds: Readonly<Record<Place['on'] | 'answer', Fold>> = {
  seat,
  organization,
  address,
  account: address,
  answer: { initialState: undefined, evolve: () => undefined },
};

export type Name = Place | Extract<Wanted, { on: 'answer' }>;

export const nameOf = (name: Name): string => {
  switch (name.on) {
    case 'seat':
      return `seat ${name.userId}`;
    case 'organization':
      return 'organization';
    case 'answer':
      return `answer ${name.commandId}`;
    default:
      return `${name.on} ${name.address.canonical}`;
  }
};

// Streams are told apart by what was appended to what, so that comparing worlds is comparing numbers.
const interned = new Map<string, Stream>();

const empty = (on: Name['on']): Stream => {
  const key = `empty ${on}`;
  const known = interned.get(key);
  if (known !== undefined) return known;
  const stream = {
    id: interned.size,
    state: folds[on].initialState as never,
    revision: -1n,
    trace: noTrace,
    before: undefined,
    fact: undefined,
  };
  interned.set(key, stream);
  return stream;
};

const followedBy = (on: Name['on'], before: Stream, fact: TracedFact): Stream => {
  const { commandId, fingerprint, movesFrom, contractAt } = fact.metadata;
  const said = JSON.stringify([fact.type, fact.data, fingerprint, movesFrom, contractAt]);
  const key = `${before.id} ${commandId} ${said}`;
  const known = interned.get(key);
  if (known !== undefined) return known;
  const stream: Stream = {
    id: interned.size,
    state: folds[on].evolve(before.state, fact as never) as never,
    revision: fact.revision,
    trace: traced(before.trace, fact),
    before,
    fact,
  };
  interned.set(key, stream);
  return stream;
};

export const streamIn = (streams: Streams, name: Name): Stream =>
  streams.get(nameOf(name)) ?? empty(name.on);

/** The stream as it was at `revision`. */
export const cutAt = (stream: Stream, revision: bigint): Stream => {
  let at = stream;
  while (at.revision > revision && at.before !== undefined) at = at.before;
  return at;
};

export const factsOf = (stream: Stream): ReadonlyArray<TracedFact> => {
  const facts: Array<TracedFact> = [];
  for (let at: Stream | undefined = stream; at?.fact !== undefined; at = at.before) {
    facts.push(at.fact);
  }
  return facts.reverse();
};

export interface Write {
  readonly name: Name;
  readonly after: bigint;
  readonly facts: ReadonlyArray<Fact>;
  readonly by: TracedFact['metadata'];
}

const appended = ({ name, facts, by }: Write, to: Stream): Stream =>
  facts.reduce(
    (stream, fact) =>
      followedBy(name.on, stream, { ...fact, metadata: by, revision: stream.revision + 1n }),
    to,
  );

/** The stream as somebody believes it to be whose append succeeded. */
export const believed = (streams: Streams, request: Write): Stream =>
  appended(request, cutAt(streamIn(streams, request.name), request.after));

/** What a store with expected revisions answers: the streams afterwards, or `undefined` for a conflict. */
export const write = (streams: Streams, request: Write): Streams | undefined => {
  const now = streamIn(streams, request.name);
  if (now.revision === request.after) {
    return new Map(streams).set(nameOf(request.name), appended(request, now));
  }
  // The same events at the same place: the ids say it is a repetition.
  const there = believed(streams, request);
  return cutAt(now, there.revision) === there ? streams : undefined;
};

/** What one actor has read: streams as they were then. */
export type Memory = ReadonlyMap<string, Stream>;

const pastName = (userId: UserId, revision: bigint): string => `seat ${userId} @${revision}`;

/** Takes a reading of the streams as they are. */
export const remember = (memory: Memory, wanted: Wanted, streams: Streams): Memory => {
  if (wanted.on !== 'seatAsOf') {
    return new Map(memory).set(nameOf(wanted), streamIn(streams, wanted));
  }
  const { userId, revision } = wanted;
  const now = streamIn(streams, { on: 'seat', userId });
  return new Map(memory).set(pastName(userId, revision), cutAt(now, revision));
};

/** An actor's memory, as the protocol asks it. */
export const knowledge = (memory: Memory): Known => {
  const recall = <State>(name: Name): Sighting<State> | undefined => memory.get(nameOf(name));
  return {
    seat: (userId) => recall<Seat>({ on: 'seat', userId }),
    seatAsOf: (userId, revision) => {
      const now = recall<Seat>({ on: 'seat', userId });
      if (now?.revision === revision) return now.state;
      return memory.get(pastName(userId, revision))?.state;
    },
    organization: () => recall({ on: 'organization' }),
    book: (book, of) => recall({ on: book, address: of }),
    isTooLarge: () => false,
    answered: (commandId) => {
      const answer = recall({ on: 'answer', commandId });
      return answer === undefined ? undefined : answer.revision >= 0n;
    },
  };
};
