/** The state machines: what each command makes of each state, and what becomes of it with the mailbox. */
import { describe, expect, it } from '@jest/globals';
import type { CommandInput } from '../../src';
import type { MailingState, SequenceProgress } from '../../src/seat/commands';
import {
  acknowledging,
  admin,
  agent,
  ann,
  approveAdd,
  approveDelete,
  bob,
  configure,
  holding,
  lockSeat,
  provisioned,
  reassign,
  recordMailing,
  recordSequence,
  requestAdd,
  requestDelete,
  seated,
  type Step,
  storedAddress,
  system,
  unlockSeat,
} from '../../src/testing';
import { deleteRequest, requestStates } from './states-of-requests';
import { first, type Given, impactOf, reasons, second, third, yes } from './cast';

export const mailboxStates = (given: Given): void => {
  const mailbox: Readonly<Record<string, ReadonlyArray<Step>>> = {
    absent: [],
    provisioned: provisioned(ann, first),
    configured: holding(ann, first),
    deleted: deleteRequest['fulfilled'] ?? [],
  };
  const notHeld = [{ type: 'MailboxNotFound', address: first }];

  it.each`
    state            | configure  | remove     | write      | reassigned
    ${'absent'}      | ${notHeld} | ${notHeld} | ${notHeld} | ${'nothing'}
    ${'provisioned'} | ${'yes'}   | ${'yes'}   | ${'yes'}   | ${'provisioned'}
    ${'configured'}  | ${'yes'}   | ${'yes'}   | ${'yes'}   | ${'yes'}
    ${'deleted'}     | ${notHeld} | ${notHeld} | ${notHeld} | ${'nothing'}
  `('a mailbox that is $state', async ({ state, ...row }) => {
    const steps = [...seated(ann), ...(mailbox[state as string] ?? [])];
    await given(...steps).onStage(async (stage) => {
      const found = row['reassigned'] as string;
      const target =
        found === 'yes' ? 'yes' : [{ type: 'TargetMailboxMissing', address: first, found }];
      const answers = [
        [await stage.dryRun(ann, configure(ann, first)), row['configure']],
        [await stage.dryRun(ann, requestDelete(ann, first, { requestId: 'new' })), row['remove']],
        [await stage.dryRun(system, recordMailing(ann, first, 'm', 'drafted')), row['write']],
        [await stage.dryRun(ann, reassign(ann, first, { tag: 'keep' })), target],
      ] as const;
      for (const [answer, expected] of answers) {
        expect(answer._tag === 'Right' ? 'yes' : reasons(answer)).toEqual(expected);
      }
    });
  });

  it('an address that was deleted is free for anybody', async () => {
    await given(...seated(ann, bob), ...(deleteRequest['fulfilled'] ?? []), [
      bob,
      requestAdd(bob, first),
    ])
      .when(agent, approveAdd(bob, first))
      .thenRecorded([
        { type: 'MailboxAddApproved' },
        { type: 'MailboxAdded' },
        { type: 'AddressClaimed' },
      ]);
  });

  it.each`
    seat          | add                           | remove   | unlock
    ${'active'}   | ${'yes'}                      | ${'yes'} | ${0}
    ${'locked'}   | ${[{ type: 'SeatIsLocked' }]} | ${'yes'} | ${1}
    ${'unlocked'} | ${'yes'}                      | ${'yes'} | ${0}
  `('a seat that is $seat', async ({ seat: state, add, remove, unlock }) => {
    const lock: ReadonlyArray<Step> = [
      ...(state === 'active' ? [] : ([[admin, lockSeat(ann)]] as const)),
      ...(state === 'unlocked' ? ([[admin, unlockSeat(ann)]] as const) : []),
    ];
    await given(...seated(ann), ...holding(ann, first), ...lock).onStage(async (stage) => {
      const adding = await stage.dryRun(ann, requestAdd(ann, third));
      expect(adding._tag === 'Right' ? 'yes' : reasons(adding)).toEqual(add);
      const removing = await stage.dryRun(ann, requestDelete(ann, first));
      expect(removing._tag === 'Right' ? 'yes' : reasons(removing)).toEqual(remove);
      const unlocking = yes(await stage.dryRun(admin, unlockSeat(ann)));
      expect(unlocking.events).toHaveLength(Number(unlock));
    });
  });
};

/** Deletes Ann's first mailbox, acknowledging what it costs. */
const deletion: ReadonlyArray<Step> = [
  [ann, requestDelete(ann, first)],
  [agent, acknowledging(approveDelete(ann, first))],
];

export const activityStates = (given: Given): void => {
  it.each`
    state            | counted        | answer
    ${'placeholder'} | ${'drafts'}    | ${'lost'}
    ${'drafted'}     | ${'drafts'}    | ${'lost'}
    ${'scheduled'}   | ${'scheduled'} | ${'lost'}
    ${'queued'}      | ${'scheduled'} | ${'lost'}
    ${'delivering'}  | ${'inFlight'}  | ${'in flight'}
    ${'delivered'}   | ${'history'}   | ${'history'}
    ${'opened'}      | ${'history'}   | ${'history'}
    ${'replied'}     | ${'history'}   | ${'history'}
    ${'bounced'}     | ${'history'}   | ${'history'}
    ${'failed'}      | ${'history'}   | ${'history'}
  `(
    'an email that is $state counts as $counted, and is $answer',
    async ({ state, counted, answer }) => {
      const mailing = recordMailing(ann, first, 'mailing-1', state as MailingState);
      await given(...seated(ann), ...holding(ann, first), [system, mailing]).onStage(
        async (stage) => {
          const impact = yes(await stage.ledger.impact(ann, { userId: 'ann', address: first }));
          const one = counted === 'history' ? 1 : ['mailing-1'];
          expect(impact).toEqual(impactOf(ann, first, 5, { [String(counted)]: one }));

          await stage.play(...deletion);
          const totals = yes(await stage.ledger.views.draftsLost.totals(ann));
          expect(totals.map(({ drafts, scheduled }) => ({ drafts, scheduled }))).toEqual([
            { drafts: counted === 'drafts' ? 1 : 0, scheduled: counted === 'scheduled' ? 1 : 0 },
          ]);
          // What had been sent may still arrive or fail; what was lost is lost, and nothing is written anew.
          const isLost = [{ type: 'MailingLost', mailingId: 'mailing-1' }];
          const replied = recordMailing(ann, first, 'mailing-1', 'replied');
          const arrives = await stage.dryRun(system, replied);
          if (answer === 'lost') expect(reasons(arrives)).toEqual(isLost);
          else expect(arrives._tag).toBe('Right');
          const drafted = recordMailing(ann, first, 'mailing-1', 'drafted');
          expect(reasons(await stage.dryRun(system, drafted))).toEqual(isLost);
        },
      );
    },
  );

  it.each`
    state         | stops    | resumes
    ${'pending'}  | ${true}  | ${'active'}
    ${'active'}   | ${true}  | ${'active'}
    ${'paused'}   | ${false} | ${'paused'}
    ${'disabled'} | ${false} | ${'disabled'}
    ${'failed'}   | ${false} | ${'skipped'}
    ${'bounced'}  | ${false} | ${'skipped'}
    ${'finished'} | ${false} | ${'skipped'}
    ${'optedOut'} | ${false} | ${'skipped'}
  `('a sequence state that is $state stops: $stops; then goes on as $resumes', async (row) => {
    const { state, stops, resumes } = row as {
      state: SequenceProgress;
      stops: boolean;
      resumes: string;
    };
    const one = recordSequence(ann, first, 'one', state);
    await given(
      ...seated(ann),
      ...holding(ann, first, second),
      [system, one],
      // A second one, so that there is always somebody who goes on.
      [system, recordSequence(ann, first, 'two', 'active')],
    ).onStage(async (stage) => {
      const impact = yes(await stage.ledger.impact(ann, { userId: 'ann', address: first }));
      expect(impact.sequences).toEqual(stops ? ['one', 'two'] : ['two']);

      await stage.play(...deletion);
      const stopped = yes(await stage.ledger.views.sequencesStopped.list(ann));
      expect(stopped.map(({ sequenceStateId }) => sequenceStateId)).toEqual(impact.sequences);

      const revived = await stage.dryRun(system, recordSequence(ann, first, 'one', 'active'));
      expect(reasons(revived)).toEqual([
        { type: 'SequenceNeedsReassignment', sequenceStateId: 'one' },
      ]);

      const going = reassign(ann, second, { prospectIds: ['p-one', 'p-two'] });
      const { events } = yes(await stage.dryRun(ann, going as CommandInput));
      const of = (sequenceStateId: string, as: string) => ({
        sequenceStateId,
        prospectId: `p-${sequenceStateId}`,
        sequenceId: 'welcome',
        state: as,
      });
      expect(events.map(({ data }) => data)).toEqual([
        {
          fromUserId: 'ann',
          toUserId: 'ann',
          address: storedAddress(second),
          reassigned:
            resumes === 'skipped'
              ? [of('two', 'active')]
              : [of('one', resumes), of('two', 'active')],
          skipped: resumes === 'skipped' ? [{ sequenceStateId: 'one', state }] : [],
        },
      ]);
    });
  });
};

/** All state machines of the policy. */
export const stateMachines = (given: Given): void => {
  describe('requests', () => {
    requestStates(given);
  });
  describe('mailboxes and seats', () => {
    mailboxStates(given);
  });
  describe('what depends on a mailbox', () => {
    activityStates(given);
  });
};
