import { describe, expect, it } from '@jest/globals';
import { addressesView, foldInto, memoryTables } from '../../projections';
import { AddressClaimed } from '../../src/address/events';
import * as Seat from '../../src/seat/events';
import { LogBuilder, minute } from '../support/recorded';
import {
  acme,
  added,
  alias,
  ann,
  bob,
  configured,
  deleted,
  globex,
  requestId,
  work,
} from './facts';

const { projection } = addressesView;

const stateOf = ({ events }: LogBuilder) =>
  foldInto(projection, memoryTables(projection.tables), events);

const holderOf = (log: LogBuilder, { canonical } = work) =>
  addressesView.get(stateOf(log), acme, canonical);

describe('addresses', () => {
  it('P21, P22: says on whose seat an address sits, and whether that seat is locked', () => {
    const log = new LogBuilder().seat(acme, bob, added(bob, 'b1', work));
    const row = {
      orgId: acme,
      address: 'ann@acme.example',
      typed: 'Ann@acme.example',
      holder: bob,
      seatState: 'active',
      mailboxState: 'provisioned',
      requestId: 'b1',
      since: minute(0),
    };
    expect(holderOf(log)).toStrictEqual(row);

    log.seat(acme, bob, configured(bob, work), Seat.SeatLocked({ userId: bob }));
    expect(holderOf(log)).toStrictEqual({
      ...row,
      seatState: 'locked',
      mailboxState: 'configured',
    });

    log.seat(acme, bob, Seat.SeatUnlocked({ userId: bob }));
    expect(holderOf(log)).toStrictEqual({ ...row, mailboxState: 'configured' });
  });

  it('has no row for an address that is free, or only claimed', () => {
    const claim = { address: work, userId: ann, requestId: requestId('r1') };
    const log = new LogBuilder().address(acme, 'key', AddressClaimed(claim));
    expect(holderOf(log)).toBeUndefined();

    log.seat(acme, ann, added(ann, 'r1', work)).seat(acme, ann, deleted(ann, 'r2', work));
    expect(holderOf(log)).toBeUndefined();
  });

  it.each(['the new seat', 'the old seat'])(
    'case 4: a move has one holder, %s told first',
    (first) => {
      const arrival = added(ann, 'r1', work, bob);
      const departure = deleted(bob, 'r1', work, ann);
      const log = new LogBuilder().seat(
        acme,
        bob,
        added(bob, 'b1', work),
        Seat.SeatLocked({ userId: bob }),
      );
      if (first === 'the new seat') log.seat(acme, ann, arrival).seat(acme, bob, departure);
      else log.seat(acme, bob, departure).seat(acme, ann, arrival);

      expect(addressesView.list(stateOf(log), acme)).toMatchObject([
        { holder: ann, seatState: 'active', mailboxState: 'provisioned', requestId: 'r1' },
      ]);
    },
  );

  it('lists by address, within one organization', () => {
    const state = stateOf(
      new LogBuilder()
        .seat(acme, ann, added(ann, 'r1', work), added(ann, 'r2', alias))
        .seat(globex, bob, added(bob, 'r1', work)),
    );

    expect(addressesView.list(state, acme).map((row) => row.address)).toEqual([
      alias.canonical,
      work.canonical,
    ]);
    expect(addressesView.list(state, acme, { holder: bob })).toEqual([]);
    expect(addressesView.get(state, globex, work.canonical)?.holder).toBe(bob);
  });
});
