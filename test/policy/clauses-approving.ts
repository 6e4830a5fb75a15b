/** P4, P7, P13, P14, P21 to P25, P27, P32: what Support confirms, what the owner configures, what moves. */
import { describe, expect, it } from '@jest/globals';
import {
  acknowledging,
  addId,
  admin,
  agent,
  agentOnCase,
  ann,
  approveAdd,
  attestation,
  bob,
  configure,
  emailOf,
  grantPermission,
  holding,
  lockSeat,
  otherAgent,
  provisioned,
  recordMailing,
  rejectAdd,
  requestAdd,
  revokePermission,
  seated,
  type Step,
  storedAddress,
  system,
  unlockSeat,
} from '../../src/testing';
import { first, type Given, impactOf, second, third, yes } from './cast';

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

const moved = (evidence: object = {}) => [
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
    },
  },
  { type: 'AddressReleased' as const, data: { ...aboutFirst, userId: 'bob' } },
  claim,
];

export const approvingClauses = (given: Given): void => {
  describe('P4 it identifies that person', () => {
    it.each([
      ['no evidence', { terms: attestation.terms }],
      ['empty evidence', { ...attestation, evidence: '' }],
      ['blank evidence', { ...attestation, evidence: ' \n\t' }],
    ])('%s is not enough', async (_, said) => {
      await given(...seated(ann), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(ann, first, { attestation: said }))
        .thenRejected([{ type: 'AttestationMissing' }]);
    });

    it('without an attestation nothing is attested', async () => {
      const { type, userId, requestId } = approveAdd(ann, first);
      await given(...seated(ann), [ann, requestAdd(ann, first)])
        .when(agent, { type, userId, requestId })
        .thenRejected([
          { type: 'AttestationMissing' },
          { type: 'TermsNotConfirmed', which: ['eula', 'termsOfService', 'acceptableUse'] },
        ]);
    });

    it('whose address it is follows from the evidence, never from the name in it', async () => {
      const named = 'zoe.quite.another@acme.example';
      await given(...seated(ann), [ann, requestAdd(ann, named)])
        .when(agent, approveAdd(ann, named))
        .thenRecorded([
          {
            type: 'MailboxAddApproved',
            data: {
              userId: 'ann',
              requestId: addId(named),
              address: storedAddress(named),
              evidence: attestation.evidence,
            },
          },
          { type: 'MailboxAdded' },
          { type: 'AddressClaimed' },
        ]);
    });
  });

  describe('P7 complies with EULA, terms of service and acceptable use', () => {
    const { evidence, terms } = attestation;
    it.each([
      ['none', {}, ['eula', 'termsOfService', 'acceptableUse']],
      ['one', { eula: true }, ['termsOfService', 'acceptableUse']],
      ['two', { eula: true, acceptableUse: true }, ['termsOfService']],
      ['a denied one', { ...terms, eula: false }, ['eula']],
    ] as const)('%s of them confirmed is not enough', async (_, confirmed, which) => {
      await given(...seated(ann), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(ann, first, { attestation: { evidence, terms: confirmed } }))
        .thenRejected([{ type: 'TermsNotConfirmed', which }]);
    });
  });

  describe('P13 Support confirms before adding, then adds to the right user', () => {
    it('nothing is added by asking', async () => {
      await given(...seated(ann), [ann, requestAdd(ann, first)]).onStage(async ({ ledger }) => {
        const seat = yes(await ledger.views.seats.get(ann, 'ann'));
        expect(seat).toMatchObject({ mailboxes: [], openRequests: 1 });
      });
    });

    it('the approval adds to the seat that was asked for, and claims the address', async () => {
      await given(...seated(ann, bob), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(ann, first))
        .thenRecorded([
          { type: 'MailboxAddApproved', data: { ...aboutFirst, evidence: attestation.evidence } },
          { type: 'MailboxAdded', data: aboutFirst },
          claim,
        ]);
    });

    it('a request of one seat is not approved for another', async () => {
      await given(...seated(ann, bob), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(bob, first))
        .thenRejected([{ type: 'RequestNotFound', requestId: addId(first) }]);
    });

    it.each([
      ['approved', approveAdd(ann, first)],
      ['rejected', rejectAdd(ann, first)],
    ])('a request is not %s by the agent who made it', async (_, answer) => {
      await given(...seated(ann), [agentOnCase, requestAdd(ann, first)])
        .when(agent, answer)
        .thenRejected([{ type: 'SelfApproval' }]);
    });

    it('another agent may answer it', async () => {
      await given(...seated(ann), [agentOnCase, requestAdd(ann, first)])
        .when(otherAgent, rejectAdd(ann, first))
        .thenRecorded([
          { type: 'MailboxAddRejected', data: { ...aboutFirst, reason: 'Not confirmed.' } },
        ]);
    });

    it('an agent who has a seat does not answer for it', async () => {
      await given(...seated(ann), [ann, requestAdd(ann, first)])
        .when({ ...agent, agentId: 'ann' }, approveAdd(ann, first))
        .thenRejected([{ type: 'SelfApproval' }]);
    });
  });

  describe('P14 the user then configures it', () => {
    it.each([['primary'], ['alias'], ['aliasWithGmail2Step']] as const)('as %s', async (use) => {
      await given(...seated(ann), ...provisioned(ann, first))
        .when(ann, configure(ann, first, use))
        .thenRecorded([
          {
            type: 'MailboxConfigured',
            data: { userId: 'ann', address: storedAddress(first), use },
          },
        ]);
    });

    it('until then it is provisioned', async () => {
      await given(...seated(ann), ...provisioned(ann, first)).onStage(async (stage) => {
        const before = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        expect(before?.mailboxes).toMatchObject([{ state: 'provisioned', use: null }]);
        await stage.play([ann, configure(ann, first, 'alias')]);
        const after = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        expect(after?.mailboxes).toMatchObject([{ state: 'configured', use: 'alias' }]);
      });
    });

    it('configuring it the same way again is already so; another way is not', async () => {
      const configured = given(...seated(ann), ...holding(ann, first));
      await configured.when(ann, configure(ann, first, 'alias')).thenNothing();
      await configured
        .when(ann, configure(ann, first, 'primary'))
        .thenRecorded([{ type: 'MailboxConfigured' }]);
    });

    it('nobody configures a mailbox that the seat does not hold', async () => {
      await given(...seated(ann))
        .when(ann, configure(ann, first))
        .thenRejected([{ type: 'MailboxNotFound', address: first }]);
    });
  });

  describe('P27 an admin may ask but not configure', () => {
    it.each([
      ['an admin', admin],
      ['another user', bob],
      ['Support', agent],
      ['the system', system],
    ])('%s does not configure', async (_, somebody) => {
      await given(...seated(ann), ...provisioned(ann, first))
        .when(somebody, configure(ann, first))
        .thenRejected([{ type: 'ConfigureByOwnerOnly' }]);
    });
  });

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
        .thenRecorded(moved());
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
        await approval.thenRecorded(moved(isVerified ? { releaseVerification } : {}));
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
      await asked.when(bob, grantPermission(bob, second, ann, addId(first))).thenRejected([
        { type: 'RequestNotFound', requestId: addId(first) },
        { type: 'MailboxNotFound', address: second },
      ]);
    });

    it('can be taken back until it is used, and not after', async () => {
      await given(
        ...bobHolds('active'),
        [ann, requestAdd(ann, first)],
        [bob, grantPermission(bob, first, ann)],
        [agent, acknowledging(approveAdd(ann, first))],
      )
        .when(bob, revokePermission(bob, first, ann))
        .thenRejected([
          { type: 'RequestClosed', requestId: addId(first), status: 'fulfilled' },
          { type: 'MailboxNotFound', address: first },
        ]);
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
