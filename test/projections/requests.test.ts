import { describe, expect, it } from '@jest/globals';
import { foldInto, type RequestFilter, requestsView } from '../../projections';
import type { SeatEvent } from '../../src/seat/events';
import * as Seat from '../../src/seat/events';
import type { AgentId, CaseId } from '../../src/values/ids';
import type { Actor } from '../../src/values/principal';
import { LogBuilder, minute } from '../support/recorded';
import {
  acme,
  added,
  alias,
  ann,
  approved,
  askedToAdd,
  askedToDelete,
  bob,
  byUser,
  cyd,
  deleted,
  globex,
  requestId,
  work,
} from './facts';

const { projection } = requestsView;

const stateOf = ({ events }: LogBuilder) => foldInto(projection, projection.initialState(), events);

const request = (log: LogBuilder, name = 'r1', userId = ann) =>
  requestsView.get(stateOf(log), acme, { userId, requestId: requestId(name) });

const permission = { userId: bob, requestId: requestId('r1'), address: work, toUserId: ann };
const granted = Seat.DeletePermissionGranted(permission);
const revoked = Seat.DeletePermissionRevoked(permission);

/** Case 5: the address sits on Bob's locked seat, and nobody has permitted anything. */
const waiting = () =>
  new LogBuilder()
    .seat(acme, bob, added(bob, 'b1', work), Seat.SeatLocked({ userId: bob }))
    .seat(
      acme,
      ann,
      askedToAdd(ann, 'r1', work, { status: 'awaitingPermission', heldBy: 'locked' }),
    );

const about = { userId: ann, requestId: requestId('r1'), address: work };

describe('requests', () => {
  it('shows all that an agent must know of a request to add', () => {
    const agent: Actor = { role: 'support', id: 'agent-7' as AgentId };
    const log = new LogBuilder().seat(
      acme,
      ann,
      askedToAdd(ann, 'r1', work, {
        requestedBy: agent,
        caseId: 'case-1' as CaseId,
        addressClass: 'review',
        inboxHint: 'ann@gmail.com',
        heldBy: 'locked',
        declarationMismatch: { declared: 'none', actual: 'locked' },
        deletePermission: true,
      }),
    );

    expect(request(log)).toStrictEqual({
      orgId: acme,
      userId: ann,
      requestId: 'r1',
      kind: 'add',
      address: 'ann@acme.example',
      typed: 'Ann@acme.example',
      status: 'submitted',
      requestedBy: agent,
      requestedAt: minute(0),
      caseId: 'case-1',
      addressClass: 'review',
      inboxHint: 'ann@gmail.com',
      declarationMismatch: { declared: 'none', actual: 'locked' },
      heldBy: 'locked',
      deletePermission: true,
      permission: 'none',
      reason: null,
      closedAt: null,
    });
  });

  it('leaves empty what does not concern a request to delete', () => {
    expect(request(new LogBuilder().seat(acme, ann, askedToDelete(ann, 'r1', work)))).toStrictEqual(
      {
        orgId: acme,
        userId: ann,
        requestId: 'r1',
        kind: 'delete',
        address: 'ann@acme.example',
        typed: 'Ann@acme.example',
        status: 'submitted',
        requestedBy: byUser(ann),
        requestedAt: minute(0),
        caseId: null,
        addressClass: null,
        inboxHint: null,
        declarationMismatch: null,
        heldBy: null,
        deletePermission: false,
        permission: 'none',
        reason: null,
        closedAt: null,
      },
    );
  });

  it.each<[string, SeatEvent, string | null]>([
    ['fulfilled', added(ann, 'r1', work), null],
    ['rejected', Seat.MailboxAddRejected({ ...about, reason: 'Not hers.' }), 'Not hers.'],
    ['withdrawn', Seat.RequestWithdrawn(about), null],
    ['abandoned', Seat.MailboxAddAbandoned(about), null],
  ])('a request that is %s is closed', (status, closing, reason) => {
    const log = new LogBuilder()
      .seat(acme, ann, askedToAdd(ann, 'r1', work))
      .seat(acme, ann, approved(ann, 'r1', work));
    expect(request(log)).toMatchObject({ status: 'approved', closedAt: null });

    expect(request(log.seat(acme, ann, closing))).toMatchObject({
      status,
      reason,
      closedAt: minute(2),
    });
  });

  describe('P24: a request that awaits permission', () => {
    it('is submitted once the holder grants it, and waits again when that is revoked', () => {
      const log = waiting();
      expect(request(log)).toMatchObject({ status: 'awaitingPermission', permission: 'none' });
      log.seat(acme, bob, granted);
      expect(request(log)).toMatchObject({ status: 'submitted', permission: 'granted' });
      log.seat(acme, bob, revoked);
      expect(request(log)).toMatchObject({ status: 'awaitingPermission', permission: 'revoked' });
      log.seat(acme, bob, granted);
      expect(request(log)).toMatchObject({ status: 'submitted', permission: 'granted' });
    });

    it('waits as well when what the requester permitted is revoked', () => {
      const log = new LogBuilder()
        .seat(acme, ann, askedToAdd(ann, 'r1', work, { deletePermission: true, heldBy: 'locked' }))
        .seat(acme, bob, revoked);

      expect(request(log)).toMatchObject({ status: 'awaitingPermission', permission: 'revoked' });
    });

    it('is submitted once the holder has lost the mailbox', () => {
      const log = waiting().seat(acme, bob, deleted(bob, 'b2', work));

      expect(request(log)).toMatchObject({ status: 'submitted', permission: 'none' });
    });

    it('waits on when the mailbox left for somebody else, and an old permission is void', () => {
      const log = waiting().seat(acme, cyd, askedToAdd(cyd, 'c1', work));
      const left = deleted(bob, 'c1', work, cyd);
      const moved = waiting().seat(acme, bob, left);
      expect(request(moved)).toMatchObject({ status: 'awaitingPermission', permission: 'none' });

      log
        .seat(acme, bob, granted)
        .seat(acme, cyd, added(cyd, 'c1', work, bob))
        .seat(acme, bob, left);
      expect(request(log)).toMatchObject({ status: 'awaitingPermission', permission: 'none' });
      expect(request(log, 'c1', cyd)).toMatchObject({ status: 'fulfilled' });
    });

    it.each(['the new seat', 'the old seat'])(
      'case 4: is fulfilled by the move that it permitted, when %s tells it first',
      (first) => {
        const log = waiting()
          .seat(acme, bob, granted)
          .seat(acme, ann, approved(ann, 'r1', work));
        const arrival = added(ann, 'r1', work, bob);
        const departure = deleted(bob, 'r1', work, ann);
        if (first === 'the new seat') log.seat(acme, ann, arrival).seat(acme, bob, departure);
        else log.seat(acme, bob, departure).seat(acme, ann, arrival);

        expect(request(log)).toMatchObject({ status: 'fulfilled', permission: 'granted' });
      },
    );

    it('stays approved when the address leaves for somebody else: only its own seat gives it up', () => {
      const log = waiting()
        .seat(acme, bob, granted)
        .seat(acme, ann, approved(ann, 'r1', work))
        .seat(acme, bob, deleted(bob, 'c1', work, cyd));

      expect(request(log)).toMatchObject({ status: 'approved', permission: 'none' });
    });

    it('stays closed whatever the holder says too late', () => {
      const log = waiting().seat(acme, ann, Seat.RequestWithdrawn(about));
      for (const said of [granted, revoked]) {
        expect(request(log.seat(acme, bob, said))).toMatchObject({
          status: 'withdrawn',
          closedAt: minute(2),
        });
      }
    });
  });

  it('a deletion fulfils every open request for it on that seat, and none elsewhere', () => {
    const log = new LogBuilder()
      .seat(acme, ann, askedToDelete(ann, 'r1', work), askedToDelete(ann, 'r2', work))
      .seat(acme, ann, askedToDelete(ann, 'r3', alias), askedToDelete(ann, 'r4', work))
      .seat(acme, ann, Seat.RequestWithdrawn({ ...about, requestId: requestId('r4') }))
      .seat(acme, bob, askedToDelete(bob, 'b1', work))
      .seat(globex, ann, askedToDelete(ann, 'r1', work))
      .seat(acme, ann, deleted(ann, 'r1', work));
    const state = stateOf(log);

    expect(requestsView.list(state, acme).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'submitted',
      'withdrawn',
      'submitted',
    ]);
    expect(requestsView.list(state, globex)).toMatchObject([{ status: 'submitted' }]);
  });

  it('case 4: the holder who had asked to delete it too has got what they asked for', () => {
    const log = waiting()
      .seat(acme, bob, askedToDelete(bob, 'b2', work))
      .seat(acme, bob, deleted(bob, 'r1', work, ann));

    expect(request(log, 'b2', bob)).toMatchObject({ status: 'fulfilled', closedAt: minute(3) });
  });

  it('lists oldest first, by what is asked for', () => {
    const state = stateOf(
      new LogBuilder()
        .seat(acme, bob, askedToAdd(bob, 'r9', work))
        .seat(acme, ann, askedToDelete(ann, 'r1', alias), askedToAdd(ann, 'r2', work))
        .seat(
          acme,
          bob,
          Seat.RequestWithdrawn({ ...about, userId: bob, requestId: requestId('r9') }),
        ),
    );
    const ids = (filter?: RequestFilter) =>
      requestsView.list(state, acme, filter).map((row) => row.requestId);

    expect(ids()).toEqual(['r9', 'r1', 'r2']);
    expect(ids({ open: true })).toEqual(['r1', 'r2']);
    expect(ids({ open: false })).toEqual(['r9']);
    expect(ids({ userId: ann, kind: 'add' })).toEqual(['r2']);
    expect(ids({ address: work.canonical })).toEqual(['r9', 'r2']);
    expect(ids({ status: 'withdrawn' })).toEqual(['r9']);
  });
});
