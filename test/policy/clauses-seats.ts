/** P31, P33 to P39: the seat itself, its login, and what there is no command for. */
import { describe, expect, it } from '@jest/globals';
import { commands } from '../../src/commands';
import { seatEvents } from '../../src/seat';
import {
  admin,
  agent,
  ann,
  approveAdd,
  bob,
  changeAccountEmail,
  changeProfile,
  configure,
  emailOf,
  grantPermission,
  holding,
  lockSeat,
  reassign,
  recordMailing,
  registerSeat,
  requestAdd,
  requestDelete,
  seated,
  storedAddress,
  system,
  tagProspects,
  unlockSeat,
  withdraw,
} from '../../src/testing';
import { first, type Given, second, third, yes } from './cast';

export const seatClauses = (given: Given): void => {
  describe('P31 the target is an existing seat', () => {
    const sender = emailOf(admin);
    it.each([
      ['a request to add', admin, requestAdd(ann, first, { sender })],
      ['a request to delete', admin, requestDelete(ann, first, { sender })],
      ['an approval', agent, approveAdd(ann, first)],
      ['a withdrawal', admin, withdraw(ann, 'add-1')],
      ['a permission', admin, grantPermission(ann, first, bob)],
      ['a configuration', ann, configure(ann, first)],
      ['a change of login', admin, changeAccountEmail(ann, first)],
      ['a change of profile', admin, changeProfile(ann, 'admin')],
      ['a lock', admin, lockSeat(ann)],
      ['an unlock', admin, unlockSeat(ann)],
      ['an email', system, recordMailing(ann, first, 'draft-1', 'drafted')],
      ['a tag', admin, tagProspects(ann, 'keep', 'p-1')],
      ['a reassignment', admin, reassign(ann, first, { tag: 'keep' })],
    ] as const)('%s for a user without one is refused', async (_, by, command) => {
      await given(...seated(admin))
        .when(by, command)
        .thenRejected([{ type: 'SeatNotFound', userId: 'ann' }]);
    });
  });

  describe('P33 the send limit is per user, not per mailbox', () => {
    it.each([[[]], [[first]], [[first, second]]])('with %j it is 5,000 a week', async (held) => {
      await given(...seated(ann), ...holding(ann, ...(held as ReadonlyArray<string>))).onStage(
        async ({ ledger }) => {
          const seat = yes(await ledger.views.seats.get(ann, 'ann'));
          expect(seat?.weeklySendLimit).toBe(5000);
          expect(seat?.mailboxes).toHaveLength(held.length);
        },
      );
    });
  });

  describe('P34 seats are locked, never deleted', () => {
    it('there is no command that deletes one, and no event that says so', async () => {
      expect(Object.keys(commands)).not.toContain('DeleteSeat');
      expect(Object.keys(seatEvents).filter((type) => type.startsWith('Seat'))).toEqual([
        'SeatRegistered',
        'SeatLocked',
        'SeatUnlocked',
      ]);
      await given(...seated(ann))
        .when(admin, { type: 'DeleteSeat', userId: 'ann' } as never)
        .thenFailed('InvalidInput');
    });

    it('a locked seat keeps its mailboxes, and its addresses', async () => {
      await given(...seated(ann, bob), ...holding(ann, first), [admin, lockSeat(ann)]).onStage(
        async ({ ledger }) => {
          const seat = yes(await ledger.views.seats.get(admin, 'ann'));
          expect(seat).toMatchObject({ status: 'locked', mailboxes: [{ address: first }] });
          const holder = yes(await ledger.views.addresses.get(admin, first));
          expect(holder).toMatchObject({ holder: 'ann', seatState: 'locked' });
        },
      );
    });

    it('locking what is locked is already so, and so is unlocking what is not', async () => {
      await given(...seated(ann), [admin, lockSeat(ann)])
        .when(admin, lockSeat(ann))
        .thenNothing();
      await given(...seated(ann))
        .when(admin, unlockSeat(ann))
        .thenNothing();
    });
  });

  describe('P36 an account email is unique', () => {
    it.each([
      ['registering with', registerSeat(bob, 'Ann@ACME.example')],
      ['registering with the very same', registerSeat(bob, emailOf(ann))],
    ])("%s a colleague's login is refused", async (_, command) => {
      await given(...seated(ann))
        .when(system, command)
        .thenRejected([{ type: 'AccountEmailTaken', accountEmail: 'ann@acme.example' }]);
    });

    it("changing to a colleague's login is refused", async () => {
      await given(...seated(ann, bob))
        .when(admin, changeAccountEmail(bob, emailOf(ann)))
        .thenRejected([{ type: 'AccountEmailTaken', accountEmail: emailOf(ann) }]);
    });

    it('a login that was given up is free for the next', async () => {
      await given(...seated(ann, bob), [admin, changeAccountEmail(ann, third)])
        .when(admin, changeAccountEmail(bob, emailOf(ann)))
        .thenRecorded([
          {
            type: 'AccountEmailChanged',
            data: { userId: 'bob', accountEmail: storedAddress(emailOf(ann)) },
          },
          { type: 'AddressClaimed' },
          { type: 'AddressReleased' },
        ]);
    });

    it('changing to the login that one has is already so', async () => {
      await given(...seated(ann))
        .when(admin, changeAccountEmail(ann, 'ANN@acme.example'))
        .thenNothing();
    });
  });

  describe('P38 changing the login is not changing a mailbox', () => {
    it('the mailboxes stay, even one with the address of the old login', async () => {
      await given(...seated(ann), ...holding(ann, first, emailOf(ann))).onStage(async (stage) => {
        const before = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        await stage.play([admin, changeAccountEmail(ann, third)]);
        const after = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        expect(after).toEqual({ ...before, accountEmail: third });
        expect(yes(await stage.ledger.views.addresses.list(ann))).toMatchObject([
          { address: emailOf(ann), holder: 'ann' },
          { address: first, holder: 'ann' },
        ]);
      });
    });

    it('and adding a mailbox does not change the login', async () => {
      await given(...seated(ann), ...holding(ann, first)).onStage(async ({ ledger }) => {
        const seat = yes(await ledger.views.seats.get(ann, 'ann'));
        expect(seat?.accountEmail).toBe(emailOf(ann));
      });
    });
  });

  describe('P39 a seat is not handed to another person', () => {
    it('there is no command that gives a seat another user', () => {
      const handing = Object.keys(commands).filter((type) =>
        /Transfer|Hand|Assign|User/.test(type),
      );
      expect(handing).toEqual([]);
    });

    it.each([
      ['another login', registerSeat(ann, third)],
      ['another profile', { ...registerSeat(ann), profile: 'admin' as const }],
    ])('a seat that exists is not registered again with %s', async (_, command) => {
      await given(...seated(ann))
        .when(system, command)
        .thenRejected([{ type: 'SeatAlreadyRegistered', userId: 'ann' }]);
    });

    it('registering it as it is, is already so', async () => {
      await given(...seated(ann))
        .when(system, registerSeat(ann))
        .thenNothing();
    });
  });
};
