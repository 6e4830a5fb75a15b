/** Adding a mailbox: what the request and the approval must know of other streams, and the move. */
import { isNonEmpty } from 'fp-ts/lib/Array.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type Address, address as addressDecider } from '../address';
import { replay } from '../decider';
import { limitFor, type Organization, permitsShared } from '../organization';
import {
  type AddFacts,
  type ApproveMailboxAdd,
  isOpen,
  type OtherHolder,
  permissionKey,
  type RequestMailboxAdd,
  seat as seatDecider,
  type Seat,
  type SeatEvent,
} from '../seat';
import type { EmailAddress } from '../values/email-address';
import type { RequestId, UserId } from '../values/ids';
import { type Outcome, type Process, settled } from './outcome';
import { listedAddress } from './sender';
import { onSeat, type States } from './streams';

/** The streams that speak about an address, as one request sees them. */
interface Surroundings {
  readonly organization: Organization;
  readonly login: Address;
  readonly holding: Address;
  /** The seat that holds the address, when it is another one. */
  readonly holder: Holder | undefined;
}

interface Holder {
  readonly userId: UserId;
  /** Which holding of the address it is. */
  readonly holding: number;
  readonly seat: Seat;
}

interface About {
  readonly userId: UserId;
  readonly requestId: RequestId;
}

const holderSeat = <Failure>(
  userId: UserId,
  { claim, claims }: Address,
  states: States<Failure>,
): TE.TaskEither<Failure, Holder | undefined> =>
  claim === undefined || claim.userId === userId
    ? TE.right(undefined)
    : TE.map((seat: Seat) => ({ userId: claim.userId, holding: claims, seat }))(
        states.seat(claim.userId),
      );

const surroundings =
  <Failure>(
    userId: UserId,
    address: EmailAddress,
    states: States<Failure>,
  ): TE.TaskEither<Failure, Surroundings> =>
  // Written out: every step of a pipe is three promises, for each request and each approval.
  async () => {
    const organization = await states.organization();
    if (E.isLeft(organization)) return organization;
    const login = await states.address('account', address)();
    if (E.isLeft(login)) return login;
    const holding = await states.address('address', address)();
    if (E.isLeft(holding)) return holding;
    const holder = await holderSeat(userId, holding.right, states)();
    if (E.isLeft(holder)) return holder;
    return E.right({
      organization: organization.right,
      login: login.right,
      holding: holding.right,
      holder: holder.right,
    });
  };

const otherHolder = (
  { userId, requestId }: About,
  address: EmailAddress,
  holder: Holder | undefined,
): OtherHolder | undefined =>
  holder === undefined
    ? undefined
    : {
        seatState: holder.seat.locked ? 'locked' : 'active',
        holding: holder.holding,
        permission:
          holder.seat.permissions.get(permissionKey(address, userId, requestId))?.standing ??
          'none',
      };

const factsAbout = (
  about: About,
  address: EmailAddress,
  { organization, login, holder }: Surroundings,
): AddFacts => ({
  mailboxLimit: limitFor(organization, about.userId),
  sharedPermitted: permitsShared(organization, address),
  accountHolder: login.claim?.userId,
  otherHolder: otherHolder(about, address, holder),
});

/** What is known without an address: nothing but the limit. */
const factsWithoutAddress = ({ userId }: About, organization: Organization): AddFacts => ({
  mailboxLimit: limitFor(organization, userId),
  sharedPermitted: false,
  accountHolder: undefined,
  otherHolder: undefined,
});

const factsForRequest = <Failure>(
  command: RequestMailboxAdd,
  states: States<Failure>,
): TE.TaskEither<Failure, AddFacts> => {
  if (E.isLeft(command.address)) {
    return TE.map((organization: Organization) => factsWithoutAddress(command, organization))(
      states.organization,
    );
  }
  const address = command.address.right;
  return TE.map((around: Surroundings) => factsAbout(command, address, around))(
    surroundings(command.userId, address, states),
  );
};

export const requestAdd: Process<RequestMailboxAdd> = (principal, command, states) =>
  pipe(
    TE.Do,
    TE.bind('target', () => states.seat(command.userId)),
    TE.bind('add', () => factsForRequest(command, states)),
    TE.bind('listed', ({ target }) => listedAddress(principal, target, states)),
    TE.map(({ target, add, listed }): Outcome => {
      const facts = { ...add, listedAddress: listed };
      const decision = seatDecider.decide({ ...command, by: principal, facts }, target);
      return onSeat(command.userId, decision);
    }),
  );

/** P21, P32: the address leaves the other seat, with its losses, in the same append. */
const surrendered = (
  command: ApproveMailboxAdd,
  address: EmailAddress,
  holder: Holder,
): ReturnType<typeof seatDecider.decide> =>
  seatDecider.decide(
    {
      type: 'SurrenderMailbox',
      userId: holder.userId,
      requestId: command.requestId,
      address,
      toUserId: command.userId,
      impact: command.impact,
    },
    holder.seat,
  );

/** The address changes hands, or is taken while it is free: one stream, in one append. */
const claimedFrom = (
  holder: Holder | undefined,
  { userId, requestId }: About,
  address: EmailAddress,
  holding: Address,
) => {
  const released =
    holder === undefined
      ? []
      : settled(addressDecider.decide({ type: 'ReleaseAddress', userId: holder.userId }, holding));
  const free = replay(addressDecider, released, holding);
  const claimed = settled(
    addressDecider.decide({ type: 'ClaimAddress', address, userId, requestId }, free),
  );
  return [...released, ...claimed];
};

const completed = (
  { userId, requestId }: About,
  approved: ReadonlyArray<SeatEvent>,
  target: Seat,
  movedFrom: UserId | undefined,
): ReadonlyArray<SeatEvent> => [
  ...approved,
  ...settled(
    seatDecider.decide(
      { type: 'CompleteMailboxAdd', userId, requestId, movedFrom },
      replay(seatDecider, approved, target),
    ),
  ),
];

const approved = (
  approval: ReturnType<typeof seatDecider.decide>,
  command: ApproveMailboxAdd,
  address: EmailAddress,
  target: Seat,
  { holder, holding }: Surroundings,
): Outcome => {
  // The loss is shown to an approver even when other rules are broken, but not where the address may not leave.
  const mayLeave =
    E.isRight(approval) || !approval.left.some(({ type }) => type === 'AddressInUse');
  const departure =
    holder === undefined || !mayLeave ? E.right([]) : surrendered(command, address, holder);
  const broken = [
    ...(E.isLeft(approval) ? approval.left : []),
    ...(E.isLeft(departure) ? departure.left : []),
  ];
  if (isNonEmpty(broken)) return E.left(broken);
  if (E.isLeft(approval) || E.isLeft(departure)) return E.right([]);

  const { userId } = command;
  return E.right([
    {
      on: 'seat',
      userId,
      events: completed(command, approval.right, target, holder?.userId),
    },
    ...(holder === undefined
      ? []
      : [{ on: 'seat' as const, userId: holder.userId, events: departure.right }]),
    { on: 'address', address, events: claimedFrom(holder, command, address, holding) },
  ]);
};

export const approveAdd: Process<ApproveMailboxAdd> = (principal, command, states) =>
  pipe(
    states.seat(command.userId),
    TE.flatMap((target) => {
      const request = target.requests.get(command.requestId);
      // Without an open request there is nothing to weigh, and nobody else's seat to show.
      if (request?.kind !== 'add' || !isOpen(request)) {
        return TE.map((organization: Organization): Outcome => {
          const facts = factsWithoutAddress(command, organization);
          return E.map(() => [])(seatDecider.decide({ ...command, by: principal, facts }, target));
        })(states.organization);
      }
      const { address } = request;
      return TE.map((around: Surroundings): Outcome => {
        const facts = factsAbout(command, address, around);
        const approval = seatDecider.decide({ ...command, by: principal, facts }, target);
        return approved(approval, command, address, target, around);
      })(surroundings(command.userId, address, states));
    }),
  );
