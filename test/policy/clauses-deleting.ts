/** P15 to P18, P26, P29, P30: what a deletion asks for, and what it costs. */
import { describe, expect, it } from '@jest/globals';
import {
  acknowledging,
  admin,
  agent,
  agentOnCase,
  ann,
  approveDelete,
  bob,
  deleteId,
  emailOf,
  holding,
  recordMailing,
  recordSequence,
  rejectDelete,
  requestDelete,
  seated,
  type Step,
  storedAddress,
  system,
  tagProspects,
} from '../../src/testing';
import { first, type Given, impactOf, personalSender, reasons, second, yes } from './cast';

export const aboutFirst = {
  userId: 'ann',
  requestId: deleteId(first),
  address: storedAddress(first),
};

/** Ann's mailbox with a draft, a scheduled email, and two running sequence states, one of them tagged. */
export const inUse: ReadonlyArray<Step> = [
  ...seated(ann, bob, admin),
  ...holding(ann, first),
  [system, recordMailing(ann, first, 'draft-1', 'drafted')],
  [system, recordMailing(ann, first, 'timed-1', 'scheduled')],
  [system, recordSequence(ann, first, 'active-1', 'active')],
  [system, recordSequence(ann, first, 'pending-1', 'pending')],
  [ann, tagProspects(ann, 'keep', 'p-active-1')],
];

export const cost = {
  drafts: ['draft-1'],
  scheduled: ['timed-1'],
  sequences: ['active-1', 'pending-1'],
  untaggedProspects: ['p-pending-1'],
};

export const asked: ReadonlyArray<Step> = [...inUse, [ann, requestDelete(ann, first)]];

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
      [
        'a running sequence state of a tagged prospect',
        recordSequence(ann, first, 'running-2', 'active', { prospectId: 'p-active-1' }),
        'sequences',
        'running-2',
      ],
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

  describe('P17 drafted and scheduled emails are deleted with the mailbox', () => {
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

  describe('P18 prospects sequenced from it fail and stop', () => {
    it('those that are running do, and none goes on by itself', async () => {
      const paused = recordSequence(ann, first, 'paused-1', 'paused');
      await given(
        ...asked,
        [system, paused],
        [agent, acknowledging(approveDelete(ann, first))],
      ).onStage(async (stage) => {
        const stopped = yes(await stage.ledger.views.sequencesStopped.list(ann));
        expect(stopped.map(({ sequenceStateId }) => sequenceStateId)).toEqual(cost.sequences);
        for (const id of ['active-1', 'pending-1', 'paused-1']) {
          const going = await stage.dryRun(system, recordSequence(ann, first, id, 'active'));
          expect(reasons(going)).toEqual([
            { type: 'SequenceNeedsReassignment', sequenceStateId: id },
          ]);
        }
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
