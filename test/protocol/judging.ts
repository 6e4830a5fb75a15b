/** What must be so in every world, and what must be so once everything has come to rest. */
import type { Address } from '../../src/address';
import { limitFor, type Organization } from '../../src/organization';
import { handoverKey, homeOf, type Task, type TracedFact } from '../../src/processes';
import type { Impact, Seat } from '../../src/seat';
import type { Scenario } from './scenario';
import { cutAt, factsOf, nameOf, type Stream, streamIn, type Streams } from './world';

interface Part<State> {
  readonly state: State;
  readonly stream: Stream;
}

const parts = <State>(streams: Streams, kind: string): ReadonlyArray<Part<State>> =>
  [...streams]
    .filter(([name]) => name.startsWith(`${kind} `))
    .map(([, stream]) => ({ state: stream.state, stream }));

const seatsOf = (streams: Streams): ReadonlyArray<Part<Seat>> => parts<Seat>(streams, 'seat');

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

/** P1, P2: an approval takes a slot that the contract gives by which it was decided. */
const limitFault = (fact: TracedFact, slots: number, streams: Streams): string | undefined => {
  if (fact.type !== 'MailboxAddApproved') return undefined;
  const { contractAt } = fact.metadata;
  const contracts = streamIn(streams, { on: 'organization' });
  const terms: Organization = cutAt(contracts, BigInt(contractAt ?? '-1')).state;
  const limit = limitFor(terms, fact.data.userId);
  return slots > limit ? `${fact.data.userId} has ${slots} slots, of ${limit}` : undefined;
};

/** Per seat, from its own history: no mailbox while locked, without an approval or beyond the limit. */
const historyFault = ({ state, stream }: Part<Seat>, streams: Streams): string | undefined => {
  let locked = false;
  const approved = new Set<string>();
  const held = new Set<string>();
  for (const fact of factsOf(stream)) {
    if (fact.type === 'SeatLocked') locked = true;
    if (fact.type === 'SeatUnlocked') locked = false;
    if (fact.type === 'MailboxAddApproved') approved.add(fact.data.requestId);
    if (fact.type === 'MailboxAddAbandoned') approved.delete(fact.data.requestId);
    if (fact.type === 'MailboxDeleted') held.delete(fact.data.address.canonical);
    if (fact.type === 'MailboxAdded') {
      if (locked) return `${String(state.userId)} gets a mailbox while locked`;
      if (!approved.delete(fact.data.requestId)) return 'a mailbox is added without an approval';
      held.add(fact.data.address.canonical);
    }
    const fault = limitFault(fact, approved.size + held.size, streams);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

/** What the commands of a scenario acknowledge as lost on the seat, for the request. */
const acknowledged = (
  { actors }: Scenario,
  holder: unknown,
  requestId: string,
): ReadonlyArray<Impact> =>
  actors.flatMap(({ task }) => {
    if (task.type !== 'command') return [];
    const { command } = task.undertaking;
    if (command.type !== 'ApproveMailboxAdd' && command.type !== 'ApproveMailboxDelete') return [];
    const { impact } = command;
    if (impact === undefined || impact.userId !== holder) return [];
    return command.requestId === requestId ? [impact] : [];
  });

/** P16, P19: nothing is lost that nobody was shown who agreed to it. */
const lossFault = ({ state, stream }: Part<Seat>, scenario: Scenario): string | undefined => {
  const before = scenario.streams.get(`seat ${String(state.userId)}`)?.revision ?? -1n;
  const facts = factsOf(stream).filter(({ revision }) => revision > before);
  for (const fact of facts) {
    if (fact.type !== 'MailboxDeleted') continue;
    const { requestId, draftsLost, scheduledLost, sequencesStopped } = fact.data;
    const lost = facts.flatMap((one): ReadonlyArray<string> => {
      const isOfIt = 'requestId' in one.data && one.data.requestId === requestId;
      if (!isOfIt) return [];
      if (one.type === 'DraftsLost') return [...one.data.drafts, ...one.data.scheduled];
      return one.type === 'SequencesStopped' ? one.data.sequenceStateIds : [];
    });
    if (lost.length !== draftsLost + scheduledLost + sequencesStopped) {
      return `${lost.length} losses are named, and others counted`;
    }
    const wasShown = acknowledged(scenario, state.userId, requestId).some(
      ({ drafts, scheduled, sequences }) => {
        const shown: ReadonlySet<string> = new Set([...drafts, ...scheduled, ...sequences]);
        return lost.every((id) => shown.has(id));
      },
    );
    if (!wasShown) return `${lost.join(', ') || 'a mailbox'} is lost unseen`;
  }
  return undefined;
};

/** P24: a mailbox leaves for another seat's request while its holder, who alone may here, permits it. */
const permissionFault = ({ stream }: Part<Seat>): string | undefined => {
  const permitted = new Set<string>();
  for (const fact of factsOf(stream)) {
    if (fact.type === 'DeletePermissionGranted' || fact.type === 'DeletePermissionRevoked') {
      const { address, toUserId, requestId } = fact.data;
      const request = `${address.canonical} ${toUserId} ${requestId}`;
      if (fact.type === 'DeletePermissionGranted') permitted.add(request);
      else permitted.delete(request);
    }
    if (fact.type !== 'MailboxDeleted' || fact.data.movedTo === undefined) continue;
    const { movedTo, requestId, address } = fact.data;
    if (!permitted.has(`${address.canonical} ${movedTo} ${requestId}`)) {
      return `${address.canonical} leaves for ${movedTo} without a permission`;
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
export const faultsIn = (streams: Streams, scenario: Scenario): string | undefined =>
  holdersFault(streams) ??
  movesFault(streams) ??
  sequencesFault(streams) ??
  answersFault(streams) ??
  seatsOf(streams)
    .map(
      (seat) => historyFault(seat, streams) ?? permissionFault(seat) ?? lossFault(seat, scenario),
    )
    .find((fault) => fault !== undefined);

/** Prospects that have left a seat have arrived on another. */
const handoversFault = (streams: Streams): string | undefined => {
  for (const { state, stream } of seatsOf(streams)) {
    for (const { type, data, metadata } of factsOf(stream)) {
      if (type !== 'ProspectsReassigned') continue;
      const { fromUserId, toUserId, reassigned } = data;
      if (fromUserId !== state.userId || fromUserId === toUserId) continue;
      const arrivals = streamIn(streams, { on: 'seat', userId: toUserId }).trace.arrivals;
      if (arrivals.has(handoverKey(metadata))) continue;
      const ids = reassigned.map(({ sequenceStateId }) => sequenceStateId).join(', ');
      return `${ids} has left for ${toUserId} and never arrives`;
    }
  }
  return undefined;
};

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
  return handoversFault(streams);
};

/** Whether who sent the command can be told what came of it; nobody is told of any other task. */
export const isAnswered = (task: Task, streams: Streams): boolean => {
  if (task.type !== 'command') return true;
  const { command } = task.undertaking;
  const { commandId } = command;
  const { trace } = streamIn(streams, homeOf(command));
  return trace.commands.has(commandId) || streams.has(nameOf({ on: 'answer', commandId }));
};

const localPart = (address: string): string => address.slice(0, address.indexOf('@'));

/** Who holds what, in a few words. */
export const outcomeOf = (streams: Streams): string =>
  seatsOf(streams)
    .flatMap(({ state }) => {
      if (state.userId === undefined) return [];
      const login = localPart(state.accountEmail?.canonical ?? '@');
      const runs = [...state.sequenceStates]
        .filter(([, entry]) => entry.state === 'active')
        .map(([id]) => ` and ${id}`);
      const held = [...state.mailboxes.keys()].map(localPart).sort().join(', ');
      const name = login === state.userId ? login : `${state.userId} as ${login}`;
      return [`${name}: ${held || 'nothing'}${runs.join('')}`];
    })
    .sort()
    .join('; ');
