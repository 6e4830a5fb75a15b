/** A log of 100,000 events on 5,000 seats, of which some have much to tell and most have little. */
import * as Seat from '../../src/seat/events';
import { ContractSet } from '../../src/organization/events';
import type { UserId } from '../../src/values/ids';
import { address } from '../support/recorded';
import * as Fact from '../projections/facts';
import { day, ReportLog } from './log';

const SEATS = 5_000;
const EVENTS = 100_000;

/** The same log every time. */
export const largeLog = (): ReportLog => {
  const log = new ReportLog();
  log.contract(ContractSet({ mailboxLimit: 2, permittedSharedAddresses: [] }));
  for (let seat = 0; seat < SEATS; seat += 1) {
    const userId = `user-${String(seat).padStart(4, '0')}` as UserId;
    const work = address(`${userId}@work.example`);
    const alias = address(`${userId}@alias.example`);
    log.on(day(1 + (seat % 300))).seat(userId, Fact.registered(userId));
    for (const [request, held] of [
      ['r1', work],
      ['r2', alias],
    ] as const) {
      log.on(day(2 + (seat % 300)));
      log.seat(userId, Fact.askedToAdd(userId, request, held));
      log.on(day(3 + (seat % 310)));
      log.seat(userId, Fact.approved(userId, request, held), Fact.added(userId, request, held));
      log.seat(userId, Fact.configured(userId, held));
    }
    for (let state = 0; state < 6; state += 1) {
      log.seat(userId, Fact.sequence(userId, `q-${seat}-${state}`, alias, 'active'));
    }
    if (seat % 3 === 0) {
      const stopped = Array.from({ length: 6 }, (_, state) => `q-${seat}-${state}`);
      log.on(day(320 + (seat % 20))).seat(userId, Fact.askedToDelete(userId, 'r3', alias));
      log.on(day(341)).seat(
        userId,
        Seat.MailboxDeleted({
          userId,
          requestId: Fact.requestId('r3'),
          address: alias,
          draftsLost: 2,
          scheduledLost: 1,
          sequencesStopped: stopped.length,
        }),
        Fact.draftsLost(userId, 'r3', alias, [`d-${seat}-1`, `d-${seat}-2`], [`s-${seat}-1`]),
        Fact.stopped(userId, 'r3', alias, stopped),
      );
      log.on(day(350)).seat(
        userId,
        Fact.reassignment({
          from: userId,
          to: userId,
          onto: work,
          reassigned: stopped.slice(0, 3),
        }),
      );
    }
    if (seat % 10 === 0) log.on(day(355)).seat(userId, Seat.SeatLocked({ userId }));
    if (seat % 7 === 0) {
      log.refused({ type: 'RequestMailboxAdd', userId, requestId: 'r9' }, { type: 'NotOwnSeat' });
    }
  }
  // What a platform reports all day long.
  log.on(day(360));
  for (let index = 0; log.events.length < EVENTS; index += 1) {
    const seat = index % SEATS;
    const userId = `user-${String(seat).padStart(4, '0')}` as UserId;
    log.seat(
      userId,
      Seat.MailingRecorded({
        userId,
        mailingId: Fact.mailingId(`m-${index}`),
        address: `${userId}@work.example`,
        state: 'delivered',
      }),
    );
  }
  return log;
};
