/** Protocols that look right and are not. Each is the real one with a single thing done otherwise. */
import { Map } from 'immutable';
import { isRight } from 'fp-ts/lib/Either.js';
import type { Known, Sighting, Step, Task } from '../../src/processes';
import { seat, type Request, type Seat } from '../../src/seat';
import type { UserId } from '../../src/values/ids';
import type { Variant } from './explorer';
import { cutAt, nameOf, streamIn, type Streams, write, type Write } from './world';

type Appending = Extract<Step, { do: 'append' }>;

const appends = (step: Step, ...types: ReadonlyArray<string>): step is Appending =>
  step.do === 'append' && step.facts.events.some(({ type }) => types.includes(type));

const ownSeat = (task: Task): UserId | undefined => {
  if (task.type === 'approval') return task.approved.userId;
  if (task.type !== 'command') return undefined;
  const { command } = task.undertaking;
  return 'userId' in command ? command.userId : undefined;
};

/** Other seats as a wrong protocol sees them. */
const othersSeenAs =
  (change: (seen: Sighting<Seat>) => Sighting<Seat>) =>
  (known: Known, task: Task): Known => ({
    ...known,
    seat: (userId) => {
      const seen = known.seat(userId);
      return seen === undefined || userId === ownSeat(task) ? seen : change(seen);
    },
  });

const withRequests =
  (change: (request: Request) => Request) =>
  (seen: Sighting<Seat>): Sighting<Seat> => ({
    ...seen,
    state: { ...seen.state, requests: seen.state.requests.map(change) },
  });

/** The approval that a step is about, decided by some other command of its seat. */
const insteadOnSeat = (
  type: 'CompleteMailboxAdd' | 'AbandonMailboxAdd',
  userId: UserId,
  requestId: never,
  known: Known,
  right: Appending,
  by = right.by,
): Step => {
  const seen = known.seat(userId);
  if (seen === undefined) return { do: 'read', wanted: [{ on: 'seat', userId }] };
  const command =
    type === 'CompleteMailboxAdd'
      ? { type, userId, requestId, movedFrom: undefined }
      : { type, userId, requestId };
  const decision = seat.decide(command, seen.state);
  if (!isRight(decision)) return right;
  const facts = { on: 'seat' as const, userId, events: decision.right };
  return { do: 'append', facts, after: seen.revision, by, isFence: false };
};

/** A variant, and what the explorer must say of it. */
export interface Wrong extends Variant {
  readonly found: RegExp;
}

export const variants: ReadonlyArray<Wrong> = [
  {
    name: 'looks whether the address is free, then adds, and claims nothing',
    found: /is on \w+ and claimed for nobody/,
    step: (task, known, right) => {
      if (!appends(right, 'AddressClaimed') || right.facts.on !== 'address') return right;
      const claimed = right.facts.events.find(({ type }) => type === 'AddressClaimed');
      if (claimed === undefined) return right;
      const { userId, requestId } = claimed.data;
      return insteadOnSeat('CompleteMailboxAdd', userId, requestId as never, known, right);
    },
  },
  {
    name: 'takes the address of an approval that seems late, without stopping it',
    found: /is on \w+ and claimed for/,
    seen: othersSeenAs(
      withRequests((request) =>
        request.status === 'approved' ? { ...request, status: 'abandoned' } : request,
      ),
    ),
  },
  {
    name: 'claims, and nobody finishes what a dead claimer began',
    found: /for ever|is never finished/,
    recovers: false,
    step: (task, _, right) =>
      task.type !== 'command' ||
      (right.do === 'append' && right.by.commandId !== task.undertaking.by.commandId)
        ? { do: 'nothing' }
        : right,
  },
  {
    name: 'writes whatever the revision is',
    found: /./,
    write: (streams: Streams, request: Write) =>
      write(streams, { ...request, after: streamIn(streams, request.name).revision }),
  },
  {
    name: 'deletes a mailbox and never gives its address up',
    found: /for ever/,
    step: (task, _, right) =>
      task.type === 'mailbox' ||
      (appends(right, 'AddressReleased') && !appends(right, 'AddressClaimed'))
        ? { do: 'nothing' }
        : right,
  },
  {
    name: 'gives the address up before the mailbox is deleted',
    found: /is on bob and claimed for/,
    step: (_, known, right) => {
      if (!appends(right, 'MailboxDeleted') || right.facts.on !== 'seat') return right;
      const deleted = right.facts.events.find(({ type }) => type === 'MailboxDeleted');
      if (deleted === undefined || !('address' in deleted.data)) return right;
      const address = deleted.data.address as never;
      const book = known.book('address', address);
      if (book === undefined) return { do: 'read', wanted: [{ on: 'address', address }] };
      if (book.state.claim === undefined) return right;
      const events = [{ type: 'AddressReleased' as const, data: book.state.claim }];
      const facts = { on: 'address' as const, address, events };
      return { do: 'append', facts, after: book.revision, by: right.by, isFence: false };
    },
  },
  {
    name: 'gives a move up without withholding the mailbox first',
    found: /whose approval was given up/,
    step: (task, known, right) => {
      if (!appends(right, 'DeletePermissionRevoked') || task.type === 'login') return right;
      if (task.type === 'command' && task.undertaking.command.type !== 'ApproveMailboxAdd') {
        return right;
      }
      const revoked = right.facts.events.find(({ type }) => type === 'DeletePermissionRevoked');
      if (revoked === undefined || !('toUserId' in revoked.data)) return right;
      const { toUserId, requestId } = revoked.data as never;
      return insteadOnSeat('AbandonMailboxAdd', toUserId, requestId, known, right);
    },
  },
  {
    name: 'takes a login whose claimer seems late, without stopping it',
    found: /is on \w+ and claimed for/,
    seen: othersSeenAs((seen) => ({
      ...seen,
      trace: { ...seen.trace, abandonedLogins: Map({ 'wanted@acme.example': 99 }) },
    })),
  },
  {
    name: 'takes an append for its own by the command alone, whatever it says',
    found: /./,
    write: (streams: Streams, request: Write) => {
      const now = streams.get(nameOf(request.name));
      const there = now === undefined ? undefined : cutAt(now, request.after + 1n);
      const isTaken = there?.fact?.metadata.commandId === request.by.commandId;
      return isTaken && now?.revision !== request.after ? streams : write(streams, request);
    },
  },
  {
    name: 'brings prospects to a seat before they have left the other',
    found: /runs on/,
    step: (task, known, right) => {
      if (task.type !== 'command' || !appends(right, 'ProspectsReassigned')) return right;
      const { command } = task.undertaking;
      if (command.type !== 'ReassignProspects' || right.facts.on !== 'seat') return right;
      if (right.facts.userId === command.userId) return right;
      const seen = known.seat(command.userId);
      if (seen === undefined) return right;
      const facts = { ...right.facts, userId: command.userId };
      return { ...right, facts, after: seen.revision };
    },
  },
  {
    name: 'decides on a seat while an approval is under way there',
    found: /while locked/,
    seen: (known, task) => ({
      ...known,
      seat: (userId) => {
        const seen = known.seat(userId);
        const isApproval = task.type === 'command' && 'requestId' in task.undertaking.command;
        return seen === undefined || isApproval || task.type !== 'command'
          ? seen
          : { ...seen, trace: { ...seen.trace, approvals: Map() } };
      },
    }),
  },
];
