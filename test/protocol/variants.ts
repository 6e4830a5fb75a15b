/** Protocols that look right and are not. Each is the real one with a single thing done otherwise. */
import { Map } from 'immutable';
import { isRight } from 'fp-ts/lib/Either.js';
import type { Known, Sighting, Step, Task } from '../../src/processes';
import { seat, type Request, type Seat } from '../../src/seat';
import { organization } from '../../src/organization';
import type { RequestId, UserId } from '../../src/values/ids';
import type { Variant } from './scenario';
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
  (change: (request: Request, requestId: RequestId) => Request) =>
  (seen: Sighting<Seat>): Sighting<Seat> => ({
    ...seen,
    state: { ...seen.state, requests: seen.state.requests.map(change) },
  });

const permitting = othersSeenAs((seen) => ({
  ...seen,
  state: {
    ...seen.state,
    permissions: seen.state.permissions.map((one) => ({ ...one, standing: 'granted' as const })),
  },
}));

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
  /** The name of a scenario that shows its fault. */
  readonly shownBy: string;
  readonly found: RegExp;
}

export const variants: ReadonlyArray<Wrong> = [
  {
    name: 'looks whether the address is free, then adds, and claims nothing',
    shownBy: 'two approve one address beside a recovery',
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
    shownBy: 'two approve one address, and one of them is sent twice',
    found: /is on \w+ and claimed for/,
    seen: othersSeenAs(
      withRequests((request) =>
        request.status === 'approved' ? { ...request, status: 'abandoned' } : request,
      ),
    ),
  },
  {
    name: 'claims, and nobody finishes what a dead claimer began',
    shownBy: 'two approve one address, and one of them is sent twice',
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
    shownBy: 'two approve one address, and one of them is sent twice',
    found: /is added without an approval/,
    write: (streams: Streams, request: Write) =>
      write(streams, { ...request, after: streamIn(streams, request.name).revision }),
  },
  {
    name: 'deletes a mailbox and never gives its address up',
    shownBy: 'a deletion, while others approve the address',
    found: /for ever/,
    step: (task, _, right) =>
      task.type === 'mailbox' ||
      (appends(right, 'AddressReleased') && !appends(right, 'AddressClaimed'))
        ? { do: 'nothing' }
        : right,
  },
  {
    name: 'gives the address up before the mailbox is deleted',
    shownBy: 'a deletion, while others approve the address',
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
    shownBy: 'a move, while a draft is written and sent',
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
    shownBy: 'two register with one login, and one of them twice',
    found: /is on \w+ and claimed for/,
    seen: othersSeenAs((seen) => ({
      ...seen,
      trace: { ...seen.trace, abandonedLogins: Map({ 'wanted@acme.example': 99 }) },
    })),
  },
  {
    name: 'takes an append for its own by the command alone, whatever it says',
    shownBy: 'an approval that came second, while the first holder deletes the mailbox',
    found: /was refused, and its mailbox was added/,
    write: (streams: Streams, request: Write) => {
      const now = streams.get(nameOf(request.name));
      const there = now === undefined ? undefined : cutAt(now, request.after + 1n);
      const isTaken = there?.fact?.metadata.commandId === request.by.commandId;
      return isTaken && now?.revision !== request.after ? streams : write(streams, request);
    },
  },
  {
    name: 'brings prospects to a seat before they have left the other',
    shownBy: 'prospects that two seats take over',
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
    shownBy: 'two approvals for one slot',
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
  {
    name: 'gives a slot away that another approval has taken',
    shownBy: 'two approvals for one slot',
    found: /has 3 slots, of 2/,
    seen: (known, task) => ({
      ...known,
      seat: (userId) => {
        const seen = known.seat(userId);
        const command = task.type === 'command' ? task.undertaking.command : undefined;
        if (seen === undefined || command?.type !== 'ApproveMailboxAdd') return seen;
        const isOwn = (requestId: unknown): boolean => requestId === command.requestId;
        const approvals = seen.trace.approvals.filter((_, requestId) => isOwn(requestId));
        const withoutSlots = withRequests((request, requestId) =>
          request.status === 'approved' && !isOwn(requestId)
            ? { ...request, status: 'submitted' }
            : request,
        );
        return { ...withoutSlots(seen), trace: { ...seen.trace, approvals } };
      },
    }),
  },
  {
    name: 'does not look at the contract',
    shownBy: 'two approvals for one seat, while the contract is lowered',
    found: /has 2 slots, of 1/,
    seen: (known) => ({
      ...known,
      organization: () => {
        const seen = known.organization();
        return seen === undefined ? undefined : { ...seen, state: organization.initialState };
      },
    }),
  },
  {
    name: 'takes what a move would cost by now for what was acknowledged',
    shownBy: 'a move, while a draft is written',
    found: /m1 is lost unseen/,
    seen: (known) => ({ ...known, seatAsOf: (userId) => known.seat(userId)?.state }),
  },
  {
    name: 'moves a mailbox that was permitted once, and does not ask again',
    shownBy: 'a move, while its permission is revoked',
    found: /leaves for ann without a permission/,
    seen: (known, task) => {
      const own = ownSeat(task);
      const isUnderWay = own !== undefined && known.seat(own)?.trace.approvals.isEmpty() === false;
      return isUnderWay ? permitting(known, task) : known;
    },
  },
  {
    name: 'sends prospects on their way, and nobody brings them there',
    shownBy: 'prospects that two seats take over',
    found: /has left for \w+ and never arrives/,
    step: (task, _, right) => (task.type === 'handover' ? { do: 'nothing' } : right),
  },
  {
    name: 'does nothing',
    shownBy: 'two approvals for one slot',
    found: /is done, and has no answer/,
    step: () => ({ do: 'nothing' }),
  },
  {
    name: 'looks once more before it writes, and so for ever',
    shownBy: 'two approvals for one slot',
    found: /goes round in circles/,
    step: (_, __, right) => (right.do === 'append' ? { do: 'read', wanted: [right.facts] } : right),
  },
  {
    name: 'refuses whatever it is asked',
    shownBy: 'two approve one address beside a recovery',
    found: /comes to ann: nothing; bob: nothing/,
    step: (task, _, right) =>
      task.type === 'command' && right.do === 'append'
        ? { do: 'answer', rejections: [{ type: 'SeatIsLocked' }] }
        : right,
  },
];
