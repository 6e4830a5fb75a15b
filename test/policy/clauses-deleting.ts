/** P15 to P20, P26, P29, P30: what a deletion asks for, what it costs, and what goes on afterwards. */
import { describe, expect, it } from '@jest/globals';
import {
  acknowledging,
  admin,
  agent,
  agentOnCase,
  ann,
  approveAdd,
  approveDelete,
  bob,
  deleteId,
  emailOf,
  holding,
  provisioned,
  reassign,
  recordMailing,
  recordSequence,
  rejectDelete,
  requestAdd,
  requestDelete,
  seated,
  type Step,
  storedAddress,
  system,
  tagProspects,
} from '../../src/testing';
import { first, type Given, impactOf, personalSender, second, yes } from './cast';

const aboutFirst = { userId: 'ann', requestId: deleteId(first), address: storedAddress(first) };

/** Ann's mailbox with a draft, a scheduled email, and two running sequence states, one of them tagged. */
const inUse: ReadonlyArray<Step> = [
  ...seated(ann, bob, admin),
  ...holding(ann, first),
  [system, recordMailing(ann, first, 'draft-1', 'drafted')],
  [system, recordMailing(ann, first, 'timed-1', 'scheduled')],
  [system, recordSequence(ann, first, 'active-1', 'active')],
  [system, recordSequence(ann, first, 'pending-1', 'pending')],
  [ann, tagProspects(ann, 'keep', 'p-active-1')],
];

const cost = {
  drafts: ['draft-1'],
  scheduled: ['timed-1'],
  sequences: ['active-1', 'pending-1'],
  untaggedProspects: ['p-pending-1'],
};

const asked: ReadonlyArray<Step> = [...inUse, [ann, requestDelete(ann, first)]];

const lost = [
  {
    type: 'MailboxDeleteApproved' as const,
    data: {
      ...aboutFirst,
      acknowledged: {
        revision: '10',
        drafts: 1,
        scheduled: 1,
        inFlight: 0,
        sequences: 2,
        untaggedProspects: 1,
        history: 0,
      },
    },
  },
  {
    type: 'MailboxDeleted' as const,
    data: { ...aboutFirst, draftsLost: 1, scheduledLost: 1, sequencesStopped: 2 },
  },
  {
    type: 'DraftsLost' as const,
    data: { ...aboutFirst, drafts: ['draft-1'], scheduled: ['timed-1'] },
  },
  {
    type: 'SequencesStopped' as const,
    data: { ...aboutFirst, sequenceStateIds: ['active-1', 'pending-1'] },
  },
  {
    type: 'AddressReleased' as const,
    data: { ...aboutFirst, requestId: 'add-first-acme-example' },
  },
];

export const deletingClauses = (given: Given): void => {
  describe('P15 deleting needs a request to Support', () => {
    it('without one, nothing is deleted', async () => {
      await given(...inUse)
        .when(agent, acknowledging(approveDelete(ann, first)))
        .thenRejected([{ type: 'DeleteRequestRequired', requestId: deleteId(first) }]);
    });

    it('a request to add is no request to delete', async () => {
      await given(...inUse)
        .when(agent, approveDelete(ann, first, { requestId: 'add-first-acme-example' }))
        .thenRejected([{ type: 'DeleteRequestRequired', requestId: 'add-first-acme-example' }]);
    });

    it('asking deletes nothing', async () => {
      await given(...inUse)
        .when(ann, requestDelete(ann, first))
        .thenRecorded([
          {
            type: 'MailboxDeleteRequested',
            data: {
              ...aboutFirst,
              sender: storedAddress(emailOf(ann)),
              requestedBy: { role: 'user', id: 'ann' },
            },
          },
        ]);
    });

    it('a request names a mailbox that the seat holds', async () => {
      await given(...inUse)
        .when(ann, requestDelete(ann, second))
        .thenRejected([{ type: 'MailboxNotFound', address: second }]);
    });

    it('Support may say no, and the mailbox stays', async () => {
      await given(...asked)
        .when(agent, rejectDelete(ann, first))
        .thenRecorded([
          { type: 'MailboxDeleteRejected', data: { ...aboutFirst, reason: 'Not confirmed.' } },
        ]);
    });
  });

  describe('P16 drafts are sent or saved first', () => {
    it('a request is not refused because there are some', async () => {
      await given(...inUse)
        .when(ann, requestDelete(ann, first))
        .thenRecorded([{ type: 'MailboxDeleteRequested' }]);
    });

    it('but the approval says what loss was acknowledged', async () => {
      await given(...asked)
        .when(agent, approveDelete(ann, first))
        .thenRejected([{ type: 'ImpactNotAcknowledged', now: impactOf(ann, first, 10, cost) }]);
    });

    it.each([
      ['a draft', recordMailing(ann, first, 'draft-2', 'placeholder'), 'drafts', 'draft-2'],
      ['a scheduled email', recordMailing(ann, first, 'timed-2', 'queued'), 'scheduled', 'timed-2'],
    ] as const)('%s that came since asks for a new acknowledgement', async (_, more, what, id) => {
      const acknowledged = impactOf(ann, first, 10, cost);
      const now = impactOf(ann, first, 11, { ...cost, [what]: [...cost[what], id] });
      await given(...asked, [system, more])
        .when(agent, approveDelete(ann, first, { impact: acknowledged }))
        .thenRejected([{ type: 'ImpactChanged', acknowledged, now }]);
    });

    it('a draft that was sent since does not', async () => {
      await given(...asked, [system, recordMailing(ann, first, 'draft-1', 'delivered')])
        .when(agent, approveDelete(ann, first, { impact: impactOf(ann, first, 10, cost) }))
        .thenRecorded([
          { type: 'MailboxDeleteApproved' },
          {
            type: 'MailboxDeleted',
            data: { ...aboutFirst, draftsLost: 0, scheduledLost: 1, sequencesStopped: 2 },
          },
          { type: 'DraftsLost', data: { ...aboutFirst, drafts: [], scheduled: ['timed-1'] } },
          { type: 'SequencesStopped' },
          { type: 'AddressReleased' },
        ]);
    });

    it.each([
      ["another mailbox's", impactOf(ann, second, 10, cost)],
      ["another user's", impactOf(bob, first, 10, cost)],
    ])('%s loss is no acknowledgement of this one', async (_, acknowledged) => {
      await given(...asked)
        .when(agent, approveDelete(ann, first, { impact: acknowledged }))
        .thenRejected([
          { type: 'ImpactChanged', acknowledged, now: impactOf(ann, first, 10, cost) },
        ]);
    });
  });

  describe('P17, P18 drafts, scheduled emails and running sequences go with the mailbox', () => {
    it('each is named, in the append that deletes it', async () => {
      await given(...asked)
        .when(agent, acknowledging(approveDelete(ann, first)))
        .thenRecorded(lost);
    });

    it('what is lost of one mailbox is nothing of another', async () => {
      await given(
        ...asked,
        ...holding(ann, second),
        [system, recordMailing(ann, second, 'draft-9', 'drafted')],
        [system, recordSequence(ann, second, 'active-9', 'active')],
      ).onStage(async ({ ledger }) => {
        const impact = yes(await ledger.impact(agent, { userId: 'ann', address: second }));
        expect(impact).toEqual(
          impactOf(ann, second, 16, {
            drafts: ['draft-9'],
            sequences: ['active-9'],
            untaggedProspects: ['p-active-9'],
          }),
        );
      });
    });

    it('a mailbox without any loses nothing', async () => {
      await given(...seated(ann), ...holding(ann, first), [ann, requestDelete(ann, first)])
        .when(agent, acknowledging(approveDelete(ann, first)))
        .thenRecorded([
          { type: 'MailboxDeleteApproved' },
          {
            type: 'MailboxDeleted',
            data: { ...aboutFirst, draftsLost: 0, scheduledLost: 0, sequencesStopped: 0 },
          },
          { type: 'AddressReleased' },
        ]);
    });
  });

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
      ).onStage(async ({ ledger }) => {
        const impact = yes(await ledger.impact(ann, { userId: 'ann', address: first }));
        expect(impact).toEqual(impactOf(ann, first, 20));
      });
    });
  });

  describe('P26 a user asks deletion on their own seat only; an admin on any', () => {
    it("another user's mailbox is not theirs to delete", async () => {
      await given(...inUse)
        .when(bob, requestDelete(ann, first, { sender: emailOf(bob) }))
        .thenRejected([{ type: 'NotOwnSeat' }]);
    });

    it.each([
      ['an admin', admin, emailOf(admin), { requestedBy: { role: 'admin', id: 'dee' } }],
      [
        'Support, under a case',
        agentOnCase,
        emailOf(ann),
        { requestedBy: { role: 'support', id: 'agent-1' }, caseId: 'case-1' },
      ],
    ] as const)('%s may ask for it', async (_, by, sender, said) => {
      await given(...inUse)
        .when(by, requestDelete(ann, first, { sender }))
        .thenRecorded([
          {
            type: 'MailboxDeleteRequested',
            data: { ...aboutFirst, sender: storedAddress(sender), ...said },
          },
        ]);
    });

    it('from the listed address, as any request', async () => {
      await given(...inUse)
        .when(ann, requestDelete(ann, first, { sender: personalSender }))
        .thenRejected([{ type: 'PersonalSenderAddress', sender: personalSender }]);
    });
  });

  describe('P29 the history of the mailbox goes with it', () => {
    it('and is named in the impact', async () => {
      const past = (['delivered', 'opened', 'replied', 'bounced', 'failed'] as const).map(
        (state): Step => [system, recordMailing(ann, first, `past-${state}`, state)],
      );
      await given(...seated(ann), ...holding(ann, first), ...past).onStage(async ({ ledger }) => {
        const impact = yes(await ledger.impact(ann, { userId: 'ann', address: first }));
        expect(impact).toEqual(impactOf(ann, first, 9, { history: 5 }));
      });
    });
  });

  describe('P30 deleting a mailbox removes neither user nor access', () => {
    it('the seat stays as it was, with no mailbox at all', async () => {
      await given(...asked).onStage(async (stage) => {
        const before = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        await stage.play([agent, acknowledging(approveDelete(ann, first))]);
        const after = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        expect(after).toEqual({ ...before, mailboxes: [], openRequests: 0 });
      });
    });
  });
};
