/** What must be so in every world, and what must be so once everything has come to rest. */
import type { Address } from '../../src/address';
import { limitFor, type Organization, organization } from '../../src/organization';
import type { Seat } from '../../src/seat';
import { factsOf, type Stream, type Streams } from './world';

interface Part<State> {
  readonly state: State;
  readonly stream: Stream;
}

const parts = <State>(streams: Streams, kind: string): ReadonlyArray<Part<State>> =>
  [...streams]
    .filter(([name]) => name.startsWith(`${kind} `))
    .map(([, stream]) => ({ state: stream.state, stream }));

const seatsOf = (streams: Streams): ReadonlyArray<Part<Seat>> => parts<Seat>(streams, 'seat');

const contractOf = (streams: Streams): Organization =>
  (streams.get('organization')?.state as Organization | undefined) ?? organization.initialState;

const claimOf = (streams: Streams, book: string, canonical: string) =>
  (streams.get(`${book} ${canonical}`)?.state as Address | undefined)?.claim;

/** Each mailbox and each login is claimed for its seat: so none can have two holders. */
const holdersFault = (streams: Streams): string | undefined => {
  for (const { state } of seatsOf(streams)) {
    const login = state.accountEmail?.canonical;
    const held = [
      ...[...state.mailboxes.keys()].map((canonical) => ['address', canonical] as const),
      ...(login === undefined ? [] : [['account', login] as const]),
    ];
    for (const [book, canonical] of held) {
      const holder = claimOf(streams, book, canonical)?.userId;
      if (holder !== state.userId) {
        return `${canonical} is on ${String(state.userId)} and claimed for ${holder ?? 'nobody'}`;
      }
    }
  }
  return undefined;
};

const limitsFault = (streams: Streams): string | undefined => {
  const contract = contractOf(streams);
  for (const { state } of seatsOf(streams)) {
    if (state.userId === undefined) continue;
    const { size } = state.mailboxes;
    if (size > limitFor(contract, state.userId)) return `${state.userId} holds ${size}`;
  }
  return undefined;
};

/** Per seat, from its own history: no mailbox while locked, nothing lost that was not acknowledged. */
const historyFault = ({ state, stream }: Part<Seat>): string | undefined => {
  let locked = false;
  let approved = new Set<string>();
  for (const fact of factsOf(stream)) {
    if (fact.type === 'SeatLocked') locked = true;
    if (fact.type === 'SeatUnlocked') locked = false;
    if (fact.type === 'MailboxAddApproved') approved = new Set([...approved, fact.data.requestId]);
    if (fact.type === 'MailboxAddAbandoned') approved.delete(fact.data.requestId);
    if (fact.type === 'MailboxAdded') {
      if (locked) return `${String(state.userId)} gets a mailbox while locked`;
      if (!approved.delete(fact.data.requestId)) return 'a mailbox is added without an approval';
    }
    if (fact.type === 'MailboxDeleted' && fact.data.movedTo !== undefined) {
      const lost = fact.data.draftsLost;
      if (lost > (fact.data.acknowledged?.drafts ?? 0)) return `${lost} drafts are lost unseen`;
    }
  }
  return undefined;
};

/** What left a seat for another's request is on its way there, has arrived, or has been given back. */
const movesFault = (streams: Streams): string | undefined => {
  for (const { stream } of seatsOf(streams)) {
    for (const fact of factsOf(stream)) {
      if (fact.type !== 'MailboxDeleted' || fact.data.movedTo === undefined) continue;
      const { movedTo, requestId, address } = fact.data;
      const to = streams.get(`seat ${movedTo}`)?.state as Seat | undefined;
      if (to?.requests.get(requestId)?.status === 'abandoned') {
        return `${address.canonical} left for ${movedTo}, whose approval was given up`;
      }
    }
  }
  return undefined;
};

/** No sequence runs on two seats. */
const sequencesFault = (streams: Streams): string | undefined => {
  const runs = new Map<string, string>();
  for (const { state } of seatsOf(streams)) {
    for (const [id, entry] of state.sequenceStates) {
      if (entry.state !== 'active') continue;
      const other = runs.get(id);
      if (other !== undefined) return `${id} runs on ${other} and on ${String(state.userId)}`;
      runs.set(id, String(state.userId));
    }
  }
  return undefined;
};

/** Nobody is told that an approval came to nothing which has become a mailbox. */
const answersFault = (streams: Streams): string | undefined => {
  for (const [name, stream] of streams) {
    const isRefused = factsOf(stream).some(({ type }) => (type as string) === 'CommandRefused');
    if (!name.startsWith('answer ') || !isRefused) continue;
    const commandId = name.slice('answer '.length);
    const isAdded = seatsOf(streams).some((seat) =>
      factsOf(seat.stream).some(
        ({ type, metadata }) => type === 'MailboxAdded' && metadata.commandId === commandId,
      ),
    );
    if (isAdded) return `${commandId} was refused, and its mailbox was added`;
  }
  return undefined;
};

/** What is wrong with a world, whatever is still under way. */
export const faultsIn = (streams: Streams): string | undefined =>
  holdersFault(streams) ??
  limitsFault(streams) ??
  movesFault(streams) ??
  sequencesFault(streams) ??
  answersFault(streams) ??
  seatsOf(streams)
    .map(historyFault)
    .find((fault) => fault !== undefined);

/** What is wrong with a world in which nothing is under way: an address that nobody can ever have again. */
export const faultsAtRest = (streams: Streams): string | undefined => {
  for (const { state } of seatsOf(streams)) {
    for (const [requestId, { status }] of state.requests) {
      if (status === 'approved') return `the approval of ${requestId} is never finished`;
    }
  }
  for (const book of ['address', 'account'] as const) {
    for (const { state } of parts<Address>(streams, book)) {
      if (state.claim === undefined) continue;
      const { userId, address } = state.claim;
      const holder = streams.get(`seat ${userId}`)?.state as Seat | undefined;
      const isHeld =
        book === 'address'
          ? holder?.mailboxes.has(address.canonical)
          : holder?.accountEmail?.canonical === address.canonical;
      if (isHeld !== true) return `${address.canonical} is claimed for ${userId} for ever`;
    }
  }
  return undefined;
};
