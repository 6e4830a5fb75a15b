import { describe, expect, it } from '@jest/globals';
import { foldInto, memoryTables, type SeatRow, seatsView } from '../../projections';
import {
  ContractSet,
  MailboxLimitGranted,
  type OrganizationEvent,
} from '../../src/organization/events';
import * as Seat from '../../src/seat/events';
import type { UserId } from '../../src/values/ids';
import { address, LogBuilder, minute } from '../support/recorded';
import {
  acme,
  added,
  alias,
  ann,
  approved,
  askedToAdd,
  askedToDelete,
  bob,
  configured,
  cyd,
  deleted,
  globex,
  registered,
  requestId,
  third,
  work,
} from './facts';

const contract = (mailboxLimit: number) =>
  ContractSet({ mailboxLimit, permittedSharedAddresses: [] });

const granted = (userId: UserId, limit: number) => MailboxLimitGranted({ userId, limit });

const stateOf = ({ events }: LogBuilder) =>
  foldInto(seatsView.projection, memoryTables(seatsView.projection.tables), events);

const seat = (log: LogBuilder, userId = ann): SeatRow | undefined =>
  seatsView.get(stateOf(log), acme, userId);

describe('seats', () => {
  it('shows a new seat with the limit of the policy, one send limit and no mailbox', () => {
    expect(seat(new LogBuilder().seat(acme, ann, registered(ann)))).toStrictEqual({
      orgId: acme,
      userId: ann,
      accountEmail: 'ann@login.example',
      profile: 'user',
      status: 'active',
      mailboxes: [],
      mailboxLimit: 2,
      overLimit: false,
      weeklySendLimit: 5000,
      openRequests: 0,
    });
  });

  it('case 1: an added mailbox is provisioned until its owner configures it', () => {
    const log = new LogBuilder()
      .seat(acme, ann, registered(ann))
      .seat(acme, ann, askedToAdd(ann, 'r1', work))
      .seat(acme, ann, approved(ann, 'r1', work), added(ann, 'r1', work));
    const provisioned = {
      address: 'ann@acme.example',
      typed: 'Ann@acme.example',
      state: 'provisioned',
      use: null,
      requestId: requestId('r1'),
      addedAt: minute(2),
      movedFrom: null,
    };

    expect(seat(log)?.mailboxes).toStrictEqual([provisioned]);
    expect(seat(log.seat(acme, ann, configured(ann, work)))?.mailboxes).toStrictEqual([
      { ...provisioned, state: 'configured', use: 'alias' },
    ]);
  });

  it('lists mailboxes in the order of adding; one added again is a new one', () => {
    const log = new LogBuilder()
      .seat(acme, ann, registered(ann), added(ann, 'r1', work), added(ann, 'r2', alias))
      .seat(acme, ann, deleted(ann, 'r3', work), added(ann, 'r4', work));

    expect(seat(log)?.mailboxes.map((mailbox) => [mailbox.address, mailbox.requestId])).toEqual([
      [alias.canonical, 'r2'],
      [work.canonical, 'r4'],
    ]);
  });

  it('case 4: a mailbox that moved names the locked seat that it left, and leaves it', () => {
    const log = new LogBuilder()
      .seat(acme, bob, registered(bob), added(bob, 'b1', work), Seat.SeatLocked({ userId: bob }))
      .seat(acme, ann, registered(ann), askedToAdd(ann, 'r1', work))
      .seat(acme, ann, approved(ann, 'r1', work), added(ann, 'r1', work, bob))
      .seat(acme, bob, deleted(bob, 'r1', work, ann));

    expect(seat(log)?.mailboxes).toMatchObject([{ address: work.canonical, movedFrom: bob }]);
    expect(seat(log, bob)).toMatchObject({ status: 'locked', mailboxes: [] });
  });

  it('case 9: a contract lowered below what is held deletes nothing and shows the seat over its limit', () => {
    const log = new LogBuilder()
      .organization(acme, contract(3))
      .seat(acme, ann, registered(ann))
      .seat(acme, ann, added(ann, 'r1', work), added(ann, 'r2', alias), added(ann, 'r3', third));
    expect(seat(log)).toMatchObject({ mailboxLimit: 3, overLimit: false });

    log.organization(acme, contract(2));
    expect(seat(log)).toMatchObject({ mailboxLimit: 2, overLimit: true });
    expect(seat(log)?.mailboxes).toHaveLength(3);

    log.seat(acme, ann, deleted(ann, 'r4', third));
    expect(seat(log)).toMatchObject({ mailboxLimit: 2, overLimit: false });
  });

  it.each<[limit: number, terms: ReadonlyArray<OrganizationEvent>]>([
    [2, []],
    [5, [contract(5)]],
    [1, [contract(5), contract(1)]],
    [4, [granted(ann, 4)]],
    [4, [granted(ann, 4), contract(1)]],
    [1, [contract(9), granted(ann, 1)]],
    [2, [granted(bob, 7)]],
  ])('P2: a limit of %i is in force, whether the terms or the seat came first', (limit, terms) => {
    const before = new LogBuilder().organization(acme, ...terms).seat(acme, ann, registered(ann));
    const after = new LogBuilder().seat(acme, ann, registered(ann)).organization(acme, ...terms);

    expect([seat(before)?.mailboxLimit, seat(after)?.mailboxLimit]).toEqual([limit, limit]);
  });

  it('counts open requests; a deletion closes every request for it, and no other', () => {
    const log = new LogBuilder()
      .seat(acme, ann, registered(ann), added(ann, 'r1', work), added(ann, 'r2', alias))
      .seat(acme, ann, askedToAdd(ann, 'r3', third), askedToDelete(ann, 'r4', work))
      .seat(acme, ann, askedToDelete(ann, 'r5', work), askedToDelete(ann, 'r6', alias));
    expect(seat(log)?.openRequests).toBe(4);

    log.seat(acme, ann, deleted(ann, 'r4', work));
    expect(seat(log)?.openRequests).toBe(2);

    const about = { userId: ann, reason: 'Not hers.' };
    const toAdd = { ...about, requestId: requestId('r3'), address: third };
    const toDelete = { ...about, requestId: requestId('r6'), address: alias };
    log.seat(acme, ann, Seat.MailboxAddRejected(toAdd), Seat.MailboxDeleteRejected(toDelete));
    expect(seat(log)?.openRequests).toBe(0);
  });

  it('P38: another login or profile changes no mailbox', () => {
    const log = new LogBuilder()
      .seat(acme, ann, registered(ann), added(ann, 'r1', work))
      .seat(acme, ann, Seat.ProfileChanged({ userId: ann, profile: 'admin' }));
    const before = seat(log);
    const accountEmail = address('Ann@New.example');

    expect(
      seat(log.seat(acme, ann, Seat.AccountEmailChanged({ userId: ann, accountEmail }))),
    ).toEqual({ ...before, accountEmail: 'Ann@New.example' });
  });

  it('lists an organization by user id, its locked seats included, and no other organization', () => {
    const state = stateOf(
      new LogBuilder()
        .seat(acme, cyd, registered(cyd), added(cyd, 'r1', third))
        .seat(acme, ann, registered(ann), Seat.SeatLocked({ userId: ann }))
        .seat(globex, bob, registered(bob), added(bob, 'r1', third)),
    );
    const users = (filter?: Parameters<typeof seatsView.list>[2]) =>
      seatsView.list(state, acme, filter).map(({ userId }) => userId);

    expect(users()).toEqual([ann, cyd]);
    expect(users({ status: 'locked' })).toEqual([ann]);
    expect(users({ holds: third.canonical, status: undefined })).toEqual([cyd]);
    expect(users({ overLimit: true })).toEqual([]);
    expect(seatsView.get(state, acme, bob)).toBeUndefined();
  });
});
