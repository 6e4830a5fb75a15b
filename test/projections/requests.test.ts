import { describe, expect, it } from '@jest/globals';
import { foldInto, memoryTables, type RequestFilter, requestsView } from '../../projections';
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
  claimed,
  cyd,
  deleted,
  globex,
  released,
  requestId,
  work,
} from './facts';

const { projection } = requestsView;

const stateOf = ({ events }: LogBuilder) =>
  foldInto(projection, memoryTables(projection.tables), events);

const request = (log: LogBuilder, name = 'r1', userId = ann) =>
  requestsView.get(stateOf(log), acme, { userId, requestId: requestId(name) });

const permission = { userId: bob, requestId: requestId('r1'), address: work, toUserId: ann };
const granted = Seat.DeletePermissionGranted(permission);
const revoked = Seat.DeletePermissionRevoked(permission);

/** Case 5: the address sits on Bob's locked seat, and nobody has permitted anything. */
const waiting = () =>
  new LogBuilder()
    .seat(acme, bob, added(bob, 'b1', work), Seat.SeatLocked({ userId: bob }))
    .address(acme, 'work', claimed(bob, 'b1', work))
    .seat(
      acme,
      ann,
      askedToAdd(ann, 'r1', work, { status: 'awaitingPermission', heldBy: 'locked' }),
    );

/** Bob's mailbox is deleted, and its address is free. */
const leaves = (log: LogBuilder) =>
  log.seat(acme, bob, deleted(bob, 'b2', work)).address(acme, 'work', released(bob, 'b1', work));

/** Bob's mailbox goes to Cyd. */
const goesToCyd = (log: LogBuilder) =>
  log
    .seat(acme, cyd, added(cyd, 'c1', work, bob))
    .seat(acme, bob, deleted(bob, 'c1', work, cyd))
    .address(acme, 'work', released(bob, 'b1', work), claimed(cyd, 'c1', work));

const about = { userId: ann, requestId: requestId('r1'), address: work };

/** Ann herself permitted the deletion on Bob's locked seat, when she asked. */
const permittedByAnn = (more: Parameters<typeof askedToAdd>[3] = {}) =>
  new LogBuilder()
    .seat(acme, bob, added(bob, 'b1', work), Seat.SeatLocked({ userId: bob }))
    .address(acme, 'work', claimed(bob, 'b1', work))
    .seat(
      acme,
      ann,
      askedToAdd(ann, 'r1', work, {
        deletePermission: true,
        permittedHolding: 1,
        heldBy: 'locked',
        ...more,
      }),
    );

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
      const log = permittedByAnn();
      expect(request(log)).toMatchObject({ status: 'submitted', permission: 'none' });
      log.seat(acme, bob, revoked);

      expect(request(log)).toMatchObject({ status: 'awaitingPermission', permission: 'revoked' });
    });

    it('waits while the holder is active: only on a locked seat does the requester permit', () => {
      const log = permittedByAnn();
      log.seat(acme, bob, Seat.SeatUnlocked({ userId: bob }));
      expect(request(log)).toMatchObject({ status: 'awaitingPermission' });
      log.seat(acme, bob, Seat.SeatLocked({ userId: bob }));
      expect(request(log)).toMatchObject({ status: 'submitted' });
    });

    it('waits on neither kind of seat when an admin permitted it in the request', () => {
      const log = permittedByAnn({ requestedBy: { role: 'admin', id: cyd } });
      log.seat(acme, bob, Seat.SeatUnlocked({ userId: bob }));

      expect(request(log)).toMatchObject({ status: 'submitted' });
    });

    it('is submitted once the holder has lost the mailbox, and what was said is void', () => {
      for (const log of [waiting(), waiting().seat(acme, bob, revoked)]) {
        expect(request(leaves(log))).toMatchObject({ status: 'submitted', permission: 'none' });
      }
    });

    it('is not held up by what was said of a mailbox that its holder lost and got again', () => {
      const log = leaves(permittedByAnn().seat(acme, bob, revoked))
        .seat(acme, bob, added(bob, 'b3', work))
        .address(acme, 'work', claimed(bob, 'b3', work));

      // What Ann permitted was about the first holding, too.
      expect(request(log)).toMatchObject({ status: 'awaitingPermission', permission: 'none' });
      expect(request(log.seat(acme, bob, granted))).toMatchObject({ status: 'submitted' });
    });

    it('faces a new holder when somebody else gets an address that was free', () => {
      const log = new LogBuilder()
        .seat(acme, ann, askedToAdd(ann, 'r1', work, { deletePermission: true }))
        .seat(acme, cyd, askedToAdd(cyd, 'c1', work));
      expect(request(log)).toMatchObject({ status: 'submitted' });
      log.seat(acme, cyd, added(cyd, 'c1', work)).address(acme, 'work', claimed(cyd, 'c1', work));

      expect(request(log)).toMatchObject({ status: 'awaitingPermission', permission: 'none' });
    });

    it('does not wait for a login, which is no mailbox', () => {
      const log = new LogBuilder().seat(acme, ann, askedToAdd(ann, 'r1', work));
      log.address(acme, 'work', claimed(bob, 'b1', work));
      const asLogin = log.events.map((event) => ({ ...event, streamKind: 'account' as const }));
      const tables = foldInto(projection, memoryTables(projection.tables), [
        ...log.events.slice(0, 1),
        ...asLogin.slice(1),
      ]);

      expect(requestsView.list(tables, acme)).toMatchObject([{ status: 'submitted' }]);
      expect(request(log)).toMatchObject({ status: 'awaitingPermission' });
    });

    it('waits on when the mailbox left for somebody else, and an old permission is void', () => {
      const log = waiting()
        .seat(acme, cyd, askedToAdd(cyd, 'c1', work))
        .seat(acme, bob, granted);
      goesToCyd(log);

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
        log.address(acme, 'work', released(bob, 'b1', work), claimed(ann, 'r1', work));

        expect(request(log)).toMatchObject({ status: 'fulfilled', permission: 'granted' });
      },
    );

    it('stays approved when the address leaves for somebody else: only its own seat gives it up', () => {
      const log = waiting()
        .seat(acme, bob, granted)
        .seat(acme, ann, approved(ann, 'r1', work));
      goesToCyd(log);

      expect(request(log)).toMatchObject({ status: 'approved', permission: 'granted' });
    });

    it('stays closed whatever the holder says too late', () => {
      const log = waiting().seat(acme, ann, Seat.RequestWithdrawn(about));
      for (const said of [granted, revoked]) {
        expect(request(log.seat(acme, bob, said))).toMatchObject({
          status: 'withdrawn',
          closedAt: minute(3),
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

    expect(request(log, 'b2', bob)).toMatchObject({ status: 'fulfilled', closedAt: minute(4) });
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
