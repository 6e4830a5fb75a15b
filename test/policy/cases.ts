/** The ten cases of the policy, one by one, and what goes with the eighth. */
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
  configure,
  contractAgent,
  deleteId,
  elsewhere,
  emailOf,
  holding,
  ledgerOn,
  lockSeat,
  provisioned,
  recordMailing,
  recordSequence,
  requestAdd,
  requestDelete,
  seated,
  setContract,
  type Step,
  storedAddress,
  system,
  withdraw,
} from '../../src/testing';
import {
  amountsOf,
  first,
  type Given,
  impactOf,
  reasons,
  second,
  shared,
  third,
  yes,
} from './cast';

const many = (prefix: string, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);

/** Case 7: three drafts, four scheduled, five active. */
const busy: ReadonlyArray<Step> = [
  ...seated(ann),
  ...holding(ann, first),
  ...many('draft', 3).map((id): Step => [system, recordMailing(ann, first, id, 'drafted')]),
  ...many('timed', 4).map((id): Step => [system, recordMailing(ann, first, id, 'scheduled')]),
  ...many('active', 5).map((id): Step => [system, recordSequence(ann, first, id, 'active')]),
  [ann, requestDelete(ann, first)],
];

const cost = impactOf(ann, first, 17, {
  drafts: many('draft', 3),
  scheduled: many('timed', 4),
  sequences: many('active', 5),
  untaggedProspects: many('p-active', 5),
});

export const tenCases = (given: Given): void => {
  describe('the ten cases', () => {
    it('1 holds one, asks for a personal address, Support attests: added; the user configures it', async () => {
      await given(...seated(ann), ...holding(ann, first)).onStage(async (stage) => {
        await stage.play([ann, requestAdd(ann, second)], [agent, approveAdd(ann, second)]);
        const added = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        expect(added?.mailboxes).toMatchObject([
          { address: first, state: 'configured' },
          { address: second, state: 'provisioned', use: null },
        ]);
        await stage.play([ann, configure(ann, second, 'alias')]);
        const set = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        expect(set?.mailboxes[1]).toMatchObject({ state: 'configured', use: 'alias' });
      });
    });

    it('2 holds two, no grant: refused with everything else that is wrong in the same answer', async () => {
      await given(...seated(ann), ...holding(ann, first, second))
        .when(ann, requestAdd(ann, 'not an address', { sender: 'who@knows.example' }))
        .thenRejected([
          { type: 'SenderAddressMismatch', sender: 'who@knows.example' },
          {
            type: 'InvalidAddress',
            text: 'not an address',
            fault: { type: 'ForbiddenCharacter', kind: 'space', offset: 3, codePoint: 'U+0020' },
          },
          { type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 },
        ]);
    });

    it('3 two requests pending, one slot: one approval wins, the other is rejected on fresh state', async () => {
      await given(
        ...seated(ann),
        ...holding(ann, first),
        [ann, requestAdd(ann, second)],
        [ann, requestAdd(ann, third)],
      ).onStage(async (stage) => {
        // Each through a ledger of its own, which has seen neither.
        const ledgers = [await ledgerOn(stage.connector), await ledgerOn(stage.connector)];
        const answers = await Promise.all(
          [second, third].map((address, index) =>
            ledgers[index]!.execute(agent, {
              ...approveAdd(ann, address),
              commandId: `race-${index}`,
            }),
          ),
        );
        const lost = answers.filter(({ _tag }) => _tag === 'Left');
        expect(lost.map(reasons)).toEqual([
          [{ type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 }],
        ]);
        await Promise.all(ledgers.map((ledger) => ledger.close()));
      });
    });

    const onLockedSeat: ReadonlyArray<Step> = [
      ...seated(ann, bob, admin),
      ...holding(bob, first),
      [system, recordMailing(bob, first, 'draft-1', 'drafted')],
      [system, recordSequence(bob, first, 'active-1', 'active')],
      [admin, lockSeat(bob)],
    ];
    const moved = { requestId: addId(first), address: storedAddress(first) };

    it('4 it sits on a locked seat, permission given: one approval, deleted there, added here', async () => {
      const permitted = { deletePermission: true, sender: emailOf(admin) };
      await given(...onLockedSeat, [admin, requestAdd(ann, first, permitted)])
        .when(agent, acknowledging(approveAdd(ann, first)))
        .thenRecorded([
          {
            type: 'MailboxAddApproved',
            data: { ...moved, userId: 'ann', evidence: attestation.evidence },
          },
          { type: 'MailboxAdded', data: { ...moved, userId: 'ann', movedFrom: 'bob' } },
          {
            type: 'MailboxDeleted',
            data: {
              ...moved,
              userId: 'bob',
              movedTo: 'ann',
              draftsLost: 1,
              scheduledLost: 0,
              sequencesStopped: 1,
              acknowledged: amountsOf(
                impactOf(bob, first, 7, {
                  drafts: ['draft-1'],
                  sequences: ['active-1'],
                  untaggedProspects: ['p-active-1'],
                }),
              ),
            },
          },
          {
            type: 'DraftsLost',
            data: { ...moved, userId: 'bob', drafts: ['draft-1'], scheduled: [] },
          },
          {
            type: 'SequencesStopped',
            data: { ...moved, userId: 'bob', sequenceStateIds: ['active-1'] },
          },
          { type: 'AddressReleased', data: { ...moved, userId: 'bob' } },
          { type: 'AddressClaimed', data: { ...moved, userId: 'ann' } },
        ]);
    });

    it('5 the same without permission: it waits, and the locked seat is untouched', async () => {
      await given(...onLockedSeat).onStage(async (stage) => {
        const before = yes(await stage.ledger.history(agent, 'bob'));
        await stage.play([ann, requestAdd(ann, first)]);
        const refused = await stage.send(agent, acknowledging(approveAdd(ann, first)));
        expect(reasons(refused)).toEqual([{ type: 'AddressInUse', seatState: 'locked' }]);
        const key = { userId: 'ann', requestId: addId(first) };
        const request = yes(await stage.ledger.views.requests.get(ann, key));
        expect(request?.status).toBe('awaitingPermission');
        expect(yes(await stage.ledger.history(agent, 'bob'))).toEqual(before);
      });
    });

    it.each([['sales@acme.example'], ['sales+eu@acme.example'], ['Sales@acme.example']])(
      '6 %s without a grant is refused',
      async (typed) => {
        await given(...seated(ann))
          .when(ann, requestAdd(ann, typed))
          .thenRejected([{ type: 'SharedAddressNotPermitted', address: typed.toLowerCase() }]);
      },
    );

    it('6 with the grant it passes P5, and P1 still applies', async () => {
      await given(
        ...seated(ann),
        [contractAgent, setContract({ permittedSharedAddresses: [shared] })],
        ...holding(ann, first, second),
      )
        .when(ann, requestAdd(ann, shared))
        .thenRejected([{ type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 }]);
    });

    it('7 the preview says 3, 4, 5 with ids and appends nothing; then exactly those are lost', async () => {
      await given(...busy).onStage(async (stage) => {
        const before = await stage.log();
        const preview = yes(await stage.dryRun(agent, approveDelete(ann, first)));
        expect(preview.impact).toEqual(cost);
        expect(await stage.log()).toEqual(before);

        const answer = await stage.send(agent, approveDelete(ann, first, { impact: cost }));
        const about = { userId: 'ann', requestId: deleteId(first), address: storedAddress(first) };
        expect(
          yes(answer)
            .events.map(({ type, data }) => ({ type, data }))
            .slice(1, 4),
        ).toEqual([
          {
            type: 'MailboxDeleted',
            data: { ...about, draftsLost: 3, scheduledLost: 4, sequencesStopped: 5 },
          },
          {
            type: 'DraftsLost',
            data: { ...about, drafts: cost.drafts, scheduled: cost.scheduled },
          },
          { type: 'SequencesStopped', data: { ...about, sequenceStateIds: cost.sequences } },
        ]);
        expect(yes(await stage.ledger.views.draftsLost.totals(ann))).toMatchObject([
          { userId: 'ann', drafts: 3, scheduled: 4 },
        ]);
      });
    });

    it.each([
      ['a yes', ann, requestAdd(ann, second)],
      ['a refusal', ann, requestAdd(ann, shared)],
      ['a denial', bob, requestAdd(ann, second)],
      ['already so', ann, configure(ann, first, 'alias')],
    ] as const)(
      '8 the same command twice: the same answer, no new events (%s)',
      async (_, by, said) => {
        await given(...seated(ann, bob), ...holding(ann, first)).onStage(async (stage) => {
          const command = { ...said, commandId: 'the-same' };
          const answer = await stage.send(by, command);
          const log = await stage.log();
          expect(await stage.send(by, command)).toEqual(answer);
          await stage.play([bob, requestAdd(bob, third)], [admin, lockSeat(ann)]);
          expect(await stage.send(by, command)).toEqual(answer);
          // The request and the lock, and nothing else.
          expect(await stage.log()).toHaveLength(log.length + 2);
        });
      },
    );

    it('8 twice at once is once', async () => {
      await given(...seated(ann)).onStage(async (stage) => {
        const other = await ledgerOn(stage.connector);
        const command = { ...requestAdd(ann, first), commandId: 'at-once' };
        const before = (await stage.log()).length;
        const answers = await Promise.all(
          [stage.ledger, other, stage.ledger, other].map((ledger) => ledger.execute(ann, command)),
        );
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        expect(answers[0]).toMatchObject({ _tag: 'Right' });
        expect(await stage.log()).toHaveLength(before + 1);
        await other.close();
      });
    });

    it.each([
      ['another payload', ann, requestAdd(ann, third)],
      ['another command', ann, configure(ann, first, 'primary')],
      ['another sender', admin, { ...requestAdd(ann, second), sender: emailOf(ann) }],
    ] as const)('8 the same id with %s is no repetition', async (_, by, said) => {
      const used: Step = [ann, { ...requestAdd(ann, second), commandId: 'used' }];
      await given(...seated(ann, admin), ...holding(ann, first), used)
        .when(by, { ...said, commandId: 'used' })
        .thenFailed('CommandIdReused');
    });

    it('8 the same id in two organizations is two commands, and neither sees the other', async () => {
      await given().onStage(async (stage) => {
        const register = (email: string) => ({
          type: 'RegisterSeat' as const,
          commandId: 'the-same',
          userId: 'ann',
          accountEmail: email,
          profile: 'user' as const,
        });
        const here = await stage.send(system, register('ann@acme.example'));
        const there = await stage.send(elsewhere(system), register('ann@globex.example'));
        expect(await stage.send(system, register('ann@acme.example'))).toEqual(here);
        expect(await stage.send(elsewhere(system), register('ann@globex.example'))).toEqual(there);
        expect(JSON.stringify(here)).not.toContain('globex');
        expect(yes(there).events.map(({ stream }) => stream.split('.')[0])).toEqual([
          'seat-globex',
          'account-globex',
        ]);
      });
    });

    it('9 contract 3 to 2 with 3 held: nothing deleted; overLimit; no further add until below', async () => {
      await given(
        ...seated(ann),
        [contractAgent, setContract({ mailboxLimit: 3 })],
        ...provisioned(ann, first, second, third),
        [contractAgent, setContract({ mailboxLimit: 2 })],
      ).onStage(async (stage) => {
        const seat = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        expect(seat).toMatchObject({ mailboxLimit: 2, overLimit: true });
        expect(seat?.mailboxes.map(({ address }) => address)).toEqual([first, second, third]);

        const fourth = requestAdd(ann, 'fourth@acme.example');
        const isFull = (held: number) => [
          { type: 'MailboxLimitReached', limit: 2, held, reserved: 0 },
        ];
        const remove = (address: string): ReadonlyArray<Step> => [
          [ann, requestDelete(ann, address)],
          [agent, acknowledging(approveDelete(ann, address))],
        ];
        expect(reasons(await stage.send(ann, fourth))).toEqual(isFull(3));
        await stage.play(...remove(first));
        expect(yes(await stage.ledger.views.seats.get(ann, 'ann'))?.overLimit).toBe(false);
        expect(reasons(await stage.send(ann, fourth))).toEqual(isFull(2));
        await stage.play(...remove(second), [ann, fourth]);
      });
    });

    it('10 approving a withdrawn request: RequestClosed', async () => {
      await given(...seated(ann), [ann, requestAdd(ann, first)], [ann, withdraw(ann, addId(first))])
        .when(agent, approveAdd(ann, first))
        .thenRejected([{ type: 'RequestClosed', requestId: addId(first), status: 'withdrawn' }]);
    });
  });
};
