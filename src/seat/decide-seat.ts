/** Decisions about the seat itself: its registration, its login, its profile, its lock. */
import * as E from 'fp-ts/lib/Either.js';
import { alreadySo, firstBroken } from '../decider';
import type { ChangeProfile, LockSeat, UnlockSeat } from './commands';
import * as Events from './events';
import type { AbandonAccountEmail, IssuedChangeEmail, IssuedRegister } from './issued';
import { type RuleLists, type SeatDecision, seatExists, type SeatRule } from './rules';
import type { Seat } from './state';

const sameRegistration = ({ accountEmail, profile }: IssuedRegister, seat: Seat): boolean =>
  seat.accountEmail?.canonical === accountEmail.canonical && seat.profile === profile;

/** P39: a seat is registered once, for one person. */
const notRegisteredOtherwise: SeatRule<IssuedRegister> = (command, seat) =>
  seat.userId === undefined || sameRegistration(command, seat)
    ? undefined
    : { type: 'SeatAlreadyRegistered', userId: command.userId };

/** P36: an account email is unique. */
const loginIsFree: SeatRule<IssuedRegister | IssuedChangeEmail> = ({
  facts,
  userId,
  accountEmail,
}) =>
  facts.accountHolder === undefined || facts.accountHolder === userId
    ? undefined
    : { type: 'AccountEmailTaken', accountEmail: accountEmail.canonical };

export const registrationRules: RuleLists<IssuedRegister> = [
  { notRegisteredOtherwise, loginIsFree },
];

const brokenForRegistration = firstBroken(registrationRules);

export const registerSeat = (command: IssuedRegister, seat: Seat): SeatDecision => {
  const broken = brokenForRegistration(command, seat);
  if (broken !== undefined) return E.left(broken);
  if (seat.userId !== undefined) return alreadySo;

  const { userId, accountEmail, profile } = command;
  return E.right([Events.SeatRegistered({ userId, accountEmail, profile })]);
};

export const loginRules: RuleLists<IssuedChangeEmail> = [{ seatExists }, { loginIsFree }];

const brokenForLogin = firstBroken(loginRules);

export const changeAccountEmail = (command: IssuedChangeEmail, seat: Seat): SeatDecision => {
  const broken = brokenForLogin(command, seat);
  if (broken !== undefined) return E.left(broken);
  const { userId, accountEmail } = command;
  if (seat.accountEmail?.canonical === accountEmail.canonical) return alreadySo;

  return E.right([Events.AccountEmailChanged({ userId, accountEmail })]);
};

export const abandonAccountEmail = ({
  userId,
  accountEmail,
  holding,
}: AbandonAccountEmail): SeatDecision =>
  E.right([Events.AccountEmailAbandoned({ userId, accountEmail, holding })]);

type Plain = ChangeProfile | LockSeat | UnlockSeat;

const isAlready = (command: Plain, seat: Seat): boolean => {
  if (command.type === 'ChangeProfile') return seat.profile === command.profile;
  return seat.locked === (command.type === 'LockSeat');
};

const changed = (command: Plain): Events.SeatEvent => {
  const { userId } = command;
  if (command.type === 'ChangeProfile') {
    return Events.ProfileChanged({ userId, profile: command.profile });
  }
  return command.type === 'LockSeat'
    ? Events.SeatLocked({ userId })
    : Events.SeatUnlocked({ userId });
};

/** Commands that ask nothing but that there is a seat. */
export const changeSeat = (command: Plain, seat: Seat): SeatDecision => {
  const missing = seatExists(command, seat);
  if (missing !== undefined) return E.left([missing]);
  return isAlready(command, seat) ? alreadySo : E.right([changed(command)]);
};
