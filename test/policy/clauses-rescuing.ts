/** P19, P20: how prospects are found again after a deletion, and go on from another mailbox. */
import { describe, expect, it } from '@jest/globals';
import {
  acknowledging,
  admin,
  agent,
  ann,
  approveAdd,
  approveDelete,
  bob,
  holding,
  provisioned,
  reassign,
  recordMailing,
  recordSequence,
  requestAdd,
  requestDelete,
  type Step,
  storedAddress,
  system,
  tagProspects,
} from '../../src/testing';
import { first, type Given, impactOf, reasons, second, yes } from './cast';
import { asked, cost, inUse } from './clauses-deleting';

export const rescuingClauses = (given: Given): void => {
  describe('P19 prospects in active sequences are tagged first', () => {
    it('a prospect that is not tagged is counted, and has to be acknowledged', async () => {
      const acknowledged = impactOf(ann, first, 10, { ...cost, untaggedProspects: [] });
      await given(...asked)
        .when(agent, approveDelete(ann, first, { impact: acknowledged }))
        .thenRejected([
          { type: 'ImpactChanged', acknowledged, now: impactOf(ann, first, 10, cost) },
        ]);
    });

    it('one that is tagged meanwhile needs no acknowledgement any more', async () => {
      await given(...asked, [ann, tagProspects(ann, 'late', 'p-pending-1')]).onStage(
        async ({ ledger }) => {
          const impact = yes(await ledger.impact(ann, { userId: 'ann', address: first }));
          expect(impact).toEqual(impactOf(ann, first, 11, { ...cost, untaggedProspects: [] }));
        },
      );
    });

    it('tagging again is already so, and only what is new is recorded', async () => {
      await given(...inUse)
        .when(ann, tagProspects(ann, 'keep', 'p-active-1'))
        .thenNothing();
      await given(...inUse)
        .when(ann, tagProspects(ann, 'keep', 'p-active-1', 'p-2', 'p-2'))
        .thenRecorded([
          {
            type: 'ProspectsTagged',
            data: { userId: 'ann', tag: 'keep', prospectIds: ['p-2'] },
          },
        ]);
    });
  });

  describe('P20 once a new mailbox exists, find them by tag and assign them to it', () => {
    const gone: ReadonlyArray<Step> = [
      ...asked,
      [agent, acknowledging(approveDelete(ann, first))],
      ...provisioned(ann, second),
    ];
    const configured: Step = [
      ann,
      { type: 'ConfigureMailbox', userId: 'ann', address: second, use: 'primary' },
    ];
    const reassigned = (
      sequenceStateIds: ReadonlyArray<string>,
      said: object = {},
      skipped: ReadonlyArray<object> = [],
    ) => [
      {
        type: 'ProspectsReassigned' as const,
        data: {
          fromUserId: 'ann',
          toUserId: 'ann',
          address: storedAddress(second),
          reassigned: sequenceStateIds.map((sequenceStateId) => ({
            sequenceStateId,
            prospectId: `p-${sequenceStateId}`,
            sequenceId: 'welcome',
            state: 'active' as const,
          })),
          skipped: skipped as ReadonlyArray<never>,
          ...said,
        },
      },
    ];

    it('those with the tag go on, at the same step', async () => {
      await given(...gone, configured)
        .when(ann, reassign(ann, second, { tag: 'keep' }))
        .thenRecorded(reassigned(['active-1'], { tag: 'keep' }));
    });

    it('those that nobody tagged can still be named', async () => {
      await given(...gone, configured)
        .when(ann, reassign(ann, second, { prospectIds: ['p-active-1', 'p-pending-1'] }))
        .thenRecorded(reassigned(['active-1', 'pending-1']));
    });

    it('a tag and names together mean those with both', async () => {
      const both = { tag: 'keep', prospectIds: ['p-active-1', 'p-pending-1'] };
      await given(...gone, configured)
        .when(ann, reassign(ann, second, both))
        .thenRecorded(reassigned(['active-1'], { tag: 'keep' }));
    });

    it('neither a tag nor a name means nobody', async () => {
      await given(...gone, configured)
        .when(ann, reassign(ann, second, {}))
        .thenRejected([{ type: 'SelectionMissing' }]);
    });

    it.each([
      ['that does not exist', 'none@acme.example', 'nothing'],
      ['that its owner has not configured', second, 'provisioned'],
    ] as const)('a mailbox %s is no target', async (_, target, found) => {
      await given(...gone)
        .when(ann, reassign(ann, target, { tag: 'keep' }))
        .thenRejected([{ type: 'TargetMailboxMissing', address: target, found }]);
    });

    it('one that has ended since is skipped, and said to be', async () => {
      const ended = recordSequence(ann, first, 'active-1', 'finished');
      await given(...gone, configured, [system, ended])
        .when(ann, reassign(ann, second, { prospectIds: ['p-active-1', 'p-pending-1'] }))
        .thenRecorded(
          reassigned(['pending-1'], {}, [{ sequenceStateId: 'active-1', state: 'finished' }]),
        );
    });

    it('those whose mailbox is still there stay with it', async () => {
      await given(...inUse, ...holding(ann, second))
        .when(ann, reassign(ann, second, { tag: 'keep' }))
        .thenNothing();
    });

    it('doing it twice moves nobody twice', async () => {
      await given(...gone, configured, [ann, reassign(ann, second, { tag: 'keep' })])
        .when(ann, reassign(ann, second, { tag: 'keep' }))
        .thenNothing();
    });

    it('the stopped ones of another seat stand in both streams', async () => {
      const [fact] = reassigned(['active-1'], { toUserId: 'bob', tag: 'keep' });
      await given(
        ...asked,
        [agent, acknowledging(approveDelete(ann, first))],
        ...holding(bob, second),
      )
        .when(admin, reassign(bob, second, { tag: 'keep', fromUserId: 'ann' }))
        .thenRecorded([fact!, fact!]);
    });

    it('nothing comes back by itself when the same address is added again', async () => {
      const again = { requestId: 'again' };
      await given(
        ...inUse,
        [system, recordMailing(ann, first, 'flying-1', 'delivering')],
        [system, recordMailing(ann, first, 'past-1', 'delivered')],
        [ann, requestDelete(ann, first)],
        [agent, acknowledging(approveDelete(ann, first))],
        [ann, requestAdd(ann, first, again)],
        [agent, approveAdd(ann, first, again)],
        [system, recordMailing(ann, first, 'flying-1', 'delivered')],
      ).onStage(async (stage) => {
        const impact = yes(await stage.ledger.impact(ann, { userId: 'ann', address: first }));
        expect(impact).toEqual(impactOf(ann, first, 20));
        const redrafted = recordMailing(ann, first, 'draft-1', 'drafted');
        expect(reasons(await stage.dryRun(system, redrafted))).toEqual([
          { type: 'MailingLost', mailingId: 'draft-1' },
        ]);
      });
    });
  });
};
