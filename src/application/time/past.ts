/** The streams that a command was decided on, as they stood just before it was answered. */
import * as E from 'fp-ts/lib/Either.js';
import { address as addressDecider, type Address, type AddressEvent } from '../../address';
import type { Command } from '../../commands';
import type { Decider } from '../../decider';
import type { OrganizationEvent } from '../../organization';
import { seat as seatDecider, type Seat, type SeatEvent } from '../../seat';
import type { Recorded } from '../../stored-event';
import { addressKey } from '../../values/address-key';
import type { EmailAddress } from '../../values/email-address';
import type { UserId } from '../../values/ids';
import type { Principal } from '../../values/principal';
import {
  accountStream,
  addressStream,
  organizationStream,
  seatStream,
} from '../../values/stream-name';
import { decodeWhole } from '../decode-event';
import type { Engine } from '../engine';
import type { Failure } from '../failures';

/** A stream up to some moment. */
export interface PastStream<Event> {
  readonly stream: string;
  /** Oldest first. */
  readonly events: ReadonlyArray<Event>;
}

export interface PastSeat extends PastStream<Recorded<SeatEvent>> {
  readonly userId: UserId;
  readonly state: Seat;
}

export interface PastBook extends PastStream<Recorded<AddressEvent>> {
  readonly state: Address;
  /** The seat of whoever has claimed the address. */
  readonly holder: PastSeat | undefined;
}

/** What was so when a command was decided. */
export interface Past {
  readonly principal: Principal;
  readonly command: Command;
  readonly organization: PastStream<Recorded<OrganizationEvent>>;
  /** The seat that the command is about; an empty one where it is about none. */
  readonly target: PastSeat;
  /** The seat whose account the command was sent from. */
  readonly sender: PastSeat;
  /** The seat that asks for a permission, or that prospects leave. */
  readonly other: PastSeat;
  /** The address in question as a mailbox, and as a login. */
  readonly mailbox: PastBook | undefined;
  readonly login: PastBook | undefined;
}

interface Reading {
  readonly engine: Engine;
  readonly principal: Principal;
  /** Exclusive. */
  readonly before: bigint;
}

type Read<T> = Promise<E.Either<Failure, T>>;

const readStream = async <Event>(
  { engine, before }: Reading,
  stream: string,
): Read<PastStream<Event>> => {
  const slice = await engine.store.readStream(stream)();
  if (E.isLeft(slice)) return slice;
  const past = slice.right.events.filter(({ position }) => position < before);
  const events = E.traverseArray(decodeWhole)(past);
  return E.isLeft(events)
    ? events
    : // Decoding has checked that they are events of this kind of stream.
      E.right({ stream, events: events.right as unknown as ReadonlyArray<Event> });
};

const folded = <State, Event>(
  decider: Pick<Decider<never, State, Event, unknown>, 'initialState' | 'evolve'>,
  events: ReadonlyArray<Event>,
): State => events.reduce(decider.evolve, decider.initialState);

const readSeat = async (reading: Reading, userId: UserId): Read<PastSeat> => {
  const stream = seatStream(reading.principal.orgId, userId);
  const read = await readStream<Recorded<SeatEvent>>(reading, stream);
  if (E.isLeft(read)) return read;
  return E.right({ ...read.right, userId, state: folded(seatDecider, read.right.events) });
};

const readBook = async (
  reading: Reading,
  book: 'address' | 'account',
  of: EmailAddress | undefined,
): Read<PastBook | undefined> => {
  if (of === undefined) return E.right(undefined);
  const key = addressKey(reading.engine.addressSecret, of);
  const nameOf = book === 'address' ? addressStream : accountStream;
  const stream = nameOf(reading.principal.orgId, key);
  const read = await readStream<Recorded<AddressEvent>>(reading, stream);
  if (E.isLeft(read)) return read;
  const state = folded(addressDecider, read.right.events);
  if (state.claim === undefined) return E.right({ ...read.right, state, holder: undefined });
  const holder = await readSeat(reading, state.claim.userId);
  return E.isLeft(holder) ? holder : E.right({ ...read.right, state, holder: holder.right });
};

/** The address that is asked for, or that an approved request asks for. */
const mailboxIn = (command: Command, target: PastSeat): EmailAddress | undefined => {
  if (command.type === 'RequestMailboxAdd') {
    return E.isRight(command.address) ? command.address.right : undefined;
  }
  if (command.type !== 'ApproveMailboxAdd') return undefined;
  return target.state.requests.get(command.requestId)?.address;
};

const loginIn = (command: Command, target: PastSeat): EmailAddress | undefined =>
  command.type === 'RegisterSeat' || command.type === 'ChangeAccountEmail'
    ? command.accountEmail
    : mailboxIn(command, target);

const otherIn = (command: Command): UserId | undefined => {
  switch (command.type) {
    case 'GrantDeletePermission':
    case 'RevokeDeletePermission':
      return command.toUserId;
    case 'ReassignProspects':
      return command.fromUserId;
    default:
      return undefined;
  }
};

const noSeat: PastSeat = {
  stream: '',
  events: [],
  // No id is empty, so it is nobody's.
  userId: '' as UserId,
  state: seatDecider.initialState,
};

/** Reads what a command was decided on, from the events before the position `before`. */
export const readPast = async (
  engine: Engine,
  { principal, command }: Pick<Past, 'principal' | 'command'>,
  before: bigint,
): Read<Past> => {
  const reading = { engine, principal, before };
  const seatOf = (userId: UserId | undefined): Read<PastSeat> =>
    userId === undefined ? Promise.resolve(E.right(noSeat)) : readSeat(reading, userId);

  const organization = await readStream<Recorded<OrganizationEvent>>(
    reading,
    organizationStream(principal.orgId),
  );
  if (E.isLeft(organization)) return organization;
  const target = await seatOf('userId' in command ? command.userId : undefined);
  if (E.isLeft(target)) return target;
  const sender =
    principal.role === 'admin' ? await seatOf(principal.userId) : E.right(target.right);
  if (E.isLeft(sender)) return sender;
  const otherId = otherIn(command);
  const other = otherId === undefined ? target : await seatOf(otherId);
  if (E.isLeft(other)) return other;
  const mailbox = await readBook(reading, 'address', mailboxIn(command, target.right));
  if (E.isLeft(mailbox)) return mailbox;
  const login = await readBook(reading, 'account', loginIn(command, target.right));
  if (E.isLeft(login)) return login;
  return E.right({
    principal,
    command,
    organization: organization.right,
    target: target.right,
    sender: sender.right,
    other: other.right,
    mailbox: mailbox.right,
    login: login.right,
  });
};
