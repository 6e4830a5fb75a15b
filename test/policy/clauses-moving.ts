/** P21 to P25, P32: an address that sits on another seat, and how it leaves it. */
import { describe, expect, it } from '@jest/globals';
import {
  acknowledging,
  addId,
  admin,
  agent,
  ann,
  approveAdd,
  approveDelete,
  attestation,
  bob,
  cyd,
  emailOf,
  grantPermission,
  holding,
  lockSeat,
  provisioned,
  recordMailing,
  requestAdd,
  requestDelete,
  revokePermission,
  seated,
  type Step,
  storedAddress,
  system,
  unlockSeat,
  withdraw,
} from '../../src/testing';
import { amountsOf, first, type Given, impactOf, second, third, yes } from './cast';

const aboutFirst = { userId: 'ann', requestId: addId(first), address: storedAddress(first) };
const claim = { type: 'AddressClaimed' as const, data: aboutFirst };

/** Ann asks for the address that sits on Bob's seat, which is locked or not. */
const bobHolds = (seat: 'active' | 'locked'): ReadonlyArray<Step> => [
  ...seated(ann, bob, admin),
  ...holding(bob, first),
  ...(seat === 'locked' ? [[admin, lockSeat(bob)] as const] : []),
];

const inUse = {
  active: [
    { type: 'NotOwnedByTargetUser', knownAs: 'mailbox' },
    { type: 'AddressInUse', seatState: 'active' },
  ],
  locked: [{ type: 'AddressInUse', seatState: 'locked' }],
} as const;

/** What the move adds; `revision` is that of Bob's seat when its loss was acknowledged. */
const moved = (revision: number, evidence: object = {}) => [
  {
    type: 'MailboxAddApproved' as const,
    data: { ...aboutFirst, evidence: attestation.evidence, ...evidence },
  },
  { type: 'MailboxAdded' as const, data: { ...aboutFirst, movedFrom: 'bob' } },
  {
    type: 'MailboxDeleted' as const,
    data: {
      ...aboutFirst,
      userId: 'bob',
      movedTo: 'ann',
      draftsLost: 0,
      scheduledLost: 0,
      sequencesStopped: 0,
      acknowledged: amountsOf(impactOf(bob, first, revision)),
    },
  },
  { type: 'AddressReleased' as const, data: { ...aboutFirst, userId: 'bob' } },
  claim,
];

export const movingClauses = (given: Given): void => {
  describe('P21 an address on another seat must leave it before it is added', () => {
    it('an approval finds it in use', async () => {
      await given(...bobHolds('active'), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(ann, first))
        .thenRejected(inUse.active);
    });

    it('with permission it leaves and arrives in one append, each of which says so', async () => {
      await given(
        ...bobHolds('active'),
        [ann, requestAdd(ann, first)],
        [bob, grantPermission(bob, first, ann)],
      )
        .when(agent, acknowledging(approveAdd(ann, first)))
        .thenRecorded(moved(5));
    });
  });

  describe('P22 a locked seat blocks just the same', () => {
    it('an approval finds it in use', async () => {
      await given(...bobHolds('locked'), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(ann, first))
        .thenRejected(inUse.locked);
    });

    it('and gets no new mailbox itself', async () => {
      await given(...seated(ann), [admin, lockSeat(ann)])
        .when(ann, requestAdd(ann, first))
        .thenRejected([{ type: 'SeatIsLocked' }]);
    });

    it('until it is unlocked', async () => {
      await given(...seated(ann), [admin, lockSeat(ann)], [admin, unlockSeat(ann)])
        .when(ann, requestAdd(ann, first))
        .thenRecorded([{ type: 'MailboxAddRequested' }]);
    });
  });

  describe('P23 the requester checks where the address sits', () => {
    it.each`
      sits        | declared     | mismatch
      ${'none'}   | ${undefined} | ${undefined}
      ${'none'}   | ${'none'}    | ${undefined}
      ${'none'}   | ${'active'}  | ${{ declared: 'active', actual: 'none' }}
      ${'active'} | ${'active'}  | ${undefined}
      ${'active'} | ${'locked'}  | ${{ declared: 'locked', actual: 'active' }}
      ${'locked'} | ${'locked'}  | ${undefined}
      ${'locked'} | ${'none'}    | ${{ declared: 'none', actual: 'locked' }}
    `(
      'where it sits on $sits and $declared is declared, $mismatch is recorded and nothing refused',
      async ({ sits, declared, mismatch }) => {
        const before = sits === 'none' ? seated(ann) : bobHolds(sits as 'active');
        await given(...before)
          .when(
            ann,
            requestAdd(ann, first, {
              ...(declared !== undefined && { declaredHolder: declared as 'none' }),
            }),
          )
          .thenRecorded([
            {
              type: 'MailboxAddRequested',
              data: {
                ...aboutFirst,
                addressClass: 'personal',
                sender: storedAddress(emailOf(ann)),
                requestedBy: { role: 'user', id: 'ann' },
                status: sits === 'none' ? 'submitted' : 'awaitingPermission',
                deletePermission: false,
                ...(sits !== 'none' && { heldBy: sits as 'active' }),
                ...(mismatch !== undefined && { declarationMismatch: mismatch as never }),
              },
            },
          ]);
      },
    );
  });

  describe('P24 the requester permits Support to delete it there', () => {
    const verified = { attestation: { ...attestation, releaseVerification: 'Called back.' } };
    const fromAdmin = { sender: emailOf(admin) };

    it.each`
      seat        | asks     | with     | permits                                        | answer
      ${'active'} | ${ann}   | ${false} | ${'nobody'}                                    | ${'in use'}
      ${'active'} | ${ann}   | ${true}  | ${'the requester alone'}                       | ${'in use'}
      ${'active'} | ${ann}   | ${false} | ${'its holder'}                                | ${'moved'}
      ${'active'} | ${ann}   | ${false} | ${'an admin'}                                  | ${'moved'}
      ${'active'} | ${admin} | ${true}  | ${'an admin who asks'}                         | ${'moved'}
      ${'active'} | ${ann}   | ${false} | ${'its holder, who takes it back'}             | ${'in use'}
      ${'active'} | ${admin} | ${true}  | ${'an admin who asks, and its holder forbids'} | ${'in use'}
      ${'locked'} | ${ann}   | ${false} | ${'nobody'}                                    | ${'in use'}
      ${'locked'} | ${ann}   | ${true}  | ${'the requester, unverified'}                 | ${'unverified'}
      ${'locked'} | ${ann}   | ${true}  | ${'the requester, verified'}                   | ${'moved'}
      ${'locked'} | ${ann}   | ${false} | ${'an admin'}                                  | ${'moved'}
      ${'locked'} | ${admin} | ${true}  | ${'an admin who asks'}                         | ${'moved'}
    `('$seat seat, permitted by $permits: $answer', async ({ seat, asks, permits, ...row }) => {
      const by = asks as typeof ann | typeof admin;
      const said = permits as string;
      const deletePermission = row['with'] === true;
      const steps: Array<Step> = [
        ...bobHolds(seat as 'active'),
        [by, requestAdd(ann, first, { deletePermission, sender: emailOf(by) })],
      ];
      if (said.startsWith('its holder')) steps.push([bob, grantPermission(bob, first, ann)]);
      if (said === 'an admin') steps.push([admin, grantPermission(bob, first, ann)]);
      if (/takes it back|forbids/.test(said)) steps.push([bob, revokePermission(bob, first, ann)]);
      const isVerified = said.endsWith(', verified');
      const approval = given(...steps).when(
        agent,
        acknowledging(approveAdd(ann, first, isVerified ? verified : {})),
      );
      if (row['answer'] === 'moved') {
        const { releaseVerification } = verified.attestation;
        const isGranted = said === 'its holder' || said === 'an admin';
        const revision = 4 + (seat === 'locked' ? 1 : 0) + (isGranted ? 1 : 0);
        await approval.thenRecorded(moved(revision, isVerified ? { releaseVerification } : {}));
      } else if (row['answer'] === 'in use') {
        await approval.thenRejected(inUse[seat as 'active']);
      } else {
        await approval.thenRejected([
          { type: 'ReleaseNotVerified' },
          { type: 'ImpactNotAcknowledged', now: impactOf(bob, first, 5) },
        ]);
      }
    });

    it('without it the request waits, and the other seat is untouched', async () => {
      await given(...bobHolds('locked'), [ann, requestAdd(ann, first)]).onStage(
        async ({ ledger }) => {
          const requests = yes(await ledger.views.requests.list(ann));
          expect(requests).toMatchObject([{ status: 'awaitingPermission', heldBy: 'locked' }]);
          const seat = yes(await ledger.views.seats.get(admin, 'bob'));
          expect(seat).toMatchObject({ status: 'locked', mailboxes: [{ address: first }] });
        },
      );
    });

    it('with it, given at once, the request does not wait', async () => {
      await given(...bobHolds('locked'))
        .when(admin, requestAdd(ann, first, { deletePermission: true, ...fromAdmin }))
        .thenRecorded([
          {
            type: 'MailboxAddRequested',
            data: {
              ...aboutFirst,
              addressClass: 'personal',
              sender: storedAddress(emailOf(admin)),
              requestedBy: { role: 'admin', id: 'dee' },
              status: 'submitted',
              deletePermission: true,
              permittedHolding: 1,
              heldBy: 'locked',
            },
          },
        ]);
    });

    it('a permission is for one address, one seat and one request', async () => {
      const asked = given(...bobHolds('active'), [ann, requestAdd(ann, first)]);
      await asked
        .when(bob, grantPermission(bob, first, ann, 'another-request'))
        .thenRejected([{ type: 'RequestNotFound', requestId: 'another-request' }]);
      await asked
        .when(admin, grantPermission(ann, first, ann))
        .thenRejected([{ type: 'MailboxNotFound', address: first }]);
      await given(...bobHolds('active'), ...holding(bob, second), [ann, requestAdd(ann, first)])
        .when(bob, grantPermission(bob, second, ann, addId(first)))
        .thenRejected([{ type: 'RequestNotFound', requestId: addId(first) }]);
    });

    it('whoever does not hold the address learns nothing of who has asked for it', async () => {
      await given(...seated(ann, bob), [ann, requestAdd(ann, first)])
        .when(bob, grantPermission(bob, first, ann))
        .thenRejected([{ type: 'MailboxNotFound', address: first }]);
    });

    it('is given for a request that is still open', async () => {
      await given(
        ...bobHolds('active'),
        [ann, requestAdd(ann, first)],
        [ann, withdraw(ann, addId(first))],
      )
        .when(bob, grantPermission(bob, first, ann))
        .thenRejected([{ type: 'RequestClosed', requestId: addId(first), status: 'withdrawn' }]);
    });

    it('can be taken back until it is used, and not after', async () => {
      await given(
        ...bobHolds('active'),
        [ann, requestAdd(ann, first)],
        [bob, grantPermission(bob, first, ann)],
        [agent, acknowledging(approveAdd(ann, first))],
      )
        .when(bob, revokePermission(bob, first, ann))
        .thenRejected([{ type: 'MailboxNotFound', address: first }]);
    });

    it('goes with the mailbox that it was given for', async () => {
      const again = { requestId: 'again' };
      await given(
        ...bobHolds('active'),
        [ann, requestAdd(ann, first)],
        [bob, grantPermission(bob, first, ann)],
        [bob, requestDelete(bob, first)],
        [agent, acknowledging(approveDelete(bob, first))],
        [bob, requestAdd(bob, first, again)],
        [agent, approveAdd(bob, first, again)],
      )
        .when(agent, acknowledging(approveAdd(ann, first)))
        .thenRejected(inUse.active);
    });

    it.each([
      ['another seat', bobHolds('active')],
      ['nobody', seated(ann, bob, admin)],
    ])('given while %s held the address, it is none for who holds it now', async (_, before) => {
      const leaves: ReadonlyArray<Step> = [
        [bob, requestDelete(bob, first)],
        [agent, acknowledging(approveDelete(bob, first))],
      ];
      await given(
        ...before,
        [admin, requestAdd(ann, first, { deletePermission: true, ...fromAdmin })],
        ...(before.length > 3 ? leaves : []),
        ...seated(cyd),
        ...provisioned(cyd, first),
      )
        .when(agent, acknowledging(approveAdd(ann, first)))
        .thenRejected(inUse.active);
    });

    it('the user of a locked seat permits nothing', async () => {
      await given(...bobHolds('locked'), [ann, requestAdd(ann, first)])
        .when(bob, grantPermission(bob, first, ann))
        .thenRejected([{ type: 'SeatIsLocked' }]);
    });
  });

  describe('P25 binds admins and users alike', () => {
    it.each([
      ['a user', ann],
      ['an admin', admin],
    ])('every other rule is the same for %s', async (_, by) => {
      await given(...seated(ann, bob, admin), ...holding(ann, first, second))
        .when(by, requestAdd(ann, emailOf(bob), { sender: 'who@knows.example' }))
        .thenRejected([
          { type: 'SenderAddressMismatch', sender: 'who@knows.example' },
          { type: 'NotOwnedByTargetUser', knownAs: 'accountEmail' },
          { type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 },
        ]);
    });
  });

  describe('P32 changing the owner goes through the add procedure', () => {
    const asked: ReadonlyArray<Step> = [
      ...bobHolds('active'),
      [system, recordMailing(bob, first, 'draft-1', 'drafted')],
      [ann, requestAdd(ann, first)],
      [bob, grantPermission(bob, first, ann)],
    ];

    it("the old holder's loss has to be acknowledged", async () => {
      const now = impactOf(bob, first, 6, { drafts: ['draft-1'] });
      await given(...asked)
        .when(agent, approveAdd(ann, first))
        .thenRejected([{ type: 'ImpactNotAcknowledged', now }]);
    });

    it('a loss that has grown since is acknowledged anew', async () => {
      const acknowledged = impactOf(bob, first, 6, { drafts: ['draft-1'] });
      const now = { ...acknowledged, revision: '7', drafts: ['draft-1', 'draft-2'] as never };
      await given(...asked, [system, recordMailing(bob, first, 'draft-2', 'drafted')])
        .when(agent, approveAdd(ann, first, { impact: acknowledged }))
        .thenRejected([{ type: 'ImpactChanged', acknowledged, now }]);
    });

    it('every rule for the new seat is checked before anything is deleted at the old one', async () => {
      await given(...asked, ...holding(ann, second, third)).onStage(async (stage) => {
        const answer = await stage.send(agent, acknowledging(approveAdd(ann, first)));
        expect(answer).toMatchObject({
          left: {
            rejections: [{ type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 }, {}],
          },
        });
        const left = yes(await stage.ledger.views.seats.get(bob, 'bob'));
        expect(left?.mailboxes).toMatchObject([{ address: first }]);
      });
    });
  });
};
