/** What a ledger that appends to one stream at a time once told or wrote wrongly, and does no more. */
import { describe, expect, it } from '@jest/globals';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  acknowledging,
  agent,
  ann,
  approveAdd,
  approveDelete,
  bob,
  cyd,
  grantPermission,
  holding,
  reassign,
  recordMailing,
  recordSequence,
  requestAdd,
  requestDelete,
  seated,
  system,
} from '../../src/testing';
import type { StreamSlice } from '../../src/application/ports';
import { amountsOf, first, reasons, second, third, yes } from './cast';
import { altered, begun, done, ledgerOn, logIn, made, oneStreamStore } from './mortal';

/** An open ledger on a store of its own. */
const opened = async () => {
  const connector = oneStreamStore();
  return { connector, ledger: await ledgerOn(connector) };
};

const typesIn = async (connector: ReturnType<typeof oneStreamStore>) =>
  (await logIn(connector)).map(({ type }) => type);

describe('a mailbox that was withheld from a request', () => {
  it('is not withheld from another seat, whose request has the same id', async () => {
    const { connector, ledger } = await opened();
    const requestId = 'add-1';
    await done(
      ledger,
      ...seated(ann, bob, cyd),
      ...holding(bob, first),
      ...holding(bob, second),
      [ann, requestAdd(ann, first, { requestId })],
      [cyd, requestAdd(cyd, second, { requestId })],
      [bob, grantPermission(bob, first, ann, requestId)],
      [bob, grantPermission(bob, second, cyd, requestId)],
    );
    const forAnn = acknowledging(approveAdd(ann, first, { requestId }));
    const command = await begun(connector, [agent, forAnn]);
    await done(ledger, [system, recordMailing(bob, first, 'm-1', 'drafted')]);
    expect(await ledger.execute(agent, command)).toMatchObject({ left: { type: 'Refused' } });

    await done(ledger, [agent, acknowledging(approveAdd(cyd, second, { requestId }))]);
    expect((await typesIn(connector)).at(-1)).toBe('MailboxAdded');
  });
});

describe('a command id that two commands have taken on two seats', () => {
  it('finishes the approval of one without telling it to the other', async () => {
    const { connector, ledger } = await opened();
    await done(ledger, ...seated(ann, cyd), [cyd, requestAdd(cyd, first)]);
    await begun(connector, [agent, { ...approveAdd(cyd, first), commandId: 'same' }], 2);

    const asked = { ...requestAdd(ann, first), commandId: 'same' } as never;
    expect(yes(await ledger.execute(ann, asked)).events).toMatchObject([
      { type: 'MailboxAddRequested', data: { userId: 'ann' } },
    ]);
    expect(yes(await ledger.execute(ann, asked)).events).toHaveLength(1);
  });

  it('is not taken for the move of a mailbox that its owner had deleted', async () => {
    const { connector, ledger } = await opened();
    const delivered = { ...recordMailing(bob, first, 'm-1', 'delivered'), commandId: 'same' };
    await done(
      ledger,
      ...seated(ann, bob),
      ...holding(bob, first),
      [system, delivered],
      [ann, requestAdd(ann, first)],
      [bob, grantPermission(bob, first, ann)],
      [bob, requestDelete(bob, first)],
    );
    const approval = { ...approveAdd(ann, first), commandId: 'same' };
    const command = await begun(connector, [agent, acknowledging(approval)]);
    await done(ledger, [agent, acknowledging(approveDelete(bob, first))]);
    yes(await ledger.recover());

    const added = (await logIn(connector)).filter(({ type }) => type === 'MailboxAdded').at(-1);
    expect(added?.data).toEqual(expect.not.objectContaining({ movedFrom: 'bob' }));
    // Nor is what the owner did told as done by the approval.
    const { events } = yes(await ledger.execute(agent, command));
    expect(events.map(({ type }) => type)).toEqual([
      'MailboxAddApproved',
      'MailboxAdded',
      'AddressClaimed',
    ]);
  });

  it('lets nobody take a login that another seat has claimed under it', async () => {
    const { connector, ledger } = await opened();
    const login = 'spare@acme.example';
    await done(ledger, ...seated(ann, bob));
    const change = (userId: string) =>
      ({ type: 'ChangeAccountEmail', userId, accountEmail: login, commandId: 'same' }) as const;
    await begun(connector, [system, change('bob')]);

    yes(await ledger.execute(system, change('ann') as never));
    const written = (await logIn(connector))
      .slice(-5)
      .map(({ type, stream }) => [type, stream.slice(0, stream.indexOf('-'))]);
    expect(written).toEqual([
      ['AccountEmailAbandoned', 'seat'],
      ['AddressReleased', 'account'],
      ['AddressClaimed', 'account'],
      ['AccountEmailChanged', 'seat'],
      ['AddressReleased', 'account'],
    ]);
  });
});

describe('a node that lags behind what was written', () => {
  const laggingBy = (lagMs: number, connector: ReturnType<typeof oneStreamStore>) => {
    const written: Array<{ stream: string; after: bigint; at: number }> = [];
    return altered(connector, (store) => ({
      append: (appends) => async () => {
        const answer = await store.append(appends)();
        for (const { stream, expectedRevision: after } of appends) {
          if (answer._tag === 'Right') written.push({ stream, after, at: performance.now() });
        }
        return answer;
      },
      readStream: (stream, from = 0n) =>
        TE.map((slice: StreamSlice): StreamSlice => {
          const unseen = written.find(
            (one) => one.stream === stream && performance.now() - one.at < lagMs,
          );
          const events = slice.events.filter(
            ({ revision }) => unseen === undefined || revision <= unseen.after,
          );
          return { events, revision: events.at(-1)?.revision ?? from - 1n };
        })(store.readStream(stream, from)),
    }));
  };

  it.each`
    lagMs     | told
    ${150}    | ${{ _tag: 'Right', right: { events: [{}, {}, {}] } }}
    ${60_000} | ${{ _tag: 'Left', left: { type: 'OutcomeUnknown', commandId: 'approval' } }}
  `('by $lagMs ms is not taken for another use of the id', async ({ lagMs, told }) => {
    const { connector, ledger } = await opened();
    await done(ledger, ...seated(ann), [ann, requestAdd(ann, first)]);
    const approval = { ...approveAdd(ann, first), commandId: 'approval' } as never;
    const behind = await ledgerOn(laggingBy(lagMs as number, connector));
    expect(await behind.execute(agent, approval)).toMatchObject(told as object);
    // The command stands, and is told as soon as it can be read.
    expect(yes(await ledger.execute(agent, approval)).events).toHaveLength(3);
  });
});

describe('a mailbox on its way to another seat', () => {
  it('is refused in a preview as it is when it is asked for', async () => {
    const { connector, ledger } = await opened();
    await done(
      ledger,
      ...seated(ann, bob, cyd),
      ...holding(bob, first),
      [ann, requestAdd(ann, first)],
      [cyd, requestAdd(cyd, first)],
      [bob, grantPermission(bob, first, ann)],
    );
    await begun(connector, [agent, acknowledging(approveAdd(ann, first))], 2);
    expect((await typesIn(connector)).at(-1)).toBe('MailboxDeleted');

    const approval = { ...approveAdd(cyd, first), commandId: 'wanted' } as never;
    const previewed = reasons(await ledger.dryRun(agent, approval));
    expect(previewed).toEqual(reasons(await ledger.execute(agent, approval)));
  });
});

describe('prospects that a recovery let arrive', () => {
  it('stay in the proof, with their command in one place only', async () => {
    const { connector, ledger } = await opened();
    await done(
      ledger,
      ...seated(ann, bob),
      ...holding(bob, first),
      ...holding(ann, second),
      [system, recordSequence(bob, first, 's1', 'active')],
      [bob, requestDelete(bob, first)],
      [agent, acknowledging(approveDelete(bob, first))],
    );
    const rescue = reassign(ann, second, { fromUserId: 'bob', prospectIds: ['p-s1'] });
    await begun(connector, [system, rescue]);
    yes(await ledger.recover());

    const halves = (await logIn(connector)).filter(({ type }) => type === 'ProspectsReassigned');
    const hasCommand = halves.map(({ metadata }) => 'issued' in (metadata as object));
    expect(hasCommand).toEqual([true, false]);
    expect(yes(await ledger.verify())).toMatchObject({ findings: [], notCompared: [] });
  });
});

describe('the move of a mailbox', () => {
  const moving = [
    ...seated(ann, bob),
    ...holding(bob, first),
    [system, recordMailing(bob, first, 'm-1', 'drafted')],
    [system, recordMailing(bob, first, 'm-2', 'drafted')],
    [ann, requestAdd(ann, first)],
    [bob, grantPermission(bob, first, ann)],
  ] as const;

  it.each`
    how                       | isFinishedByOthers
    ${'in one go'}            | ${false}
    ${'finished by somebody'} | ${true}
  `('$how records the acknowledgement that was given', async ({ isFinishedByOthers }) => {
    const { connector, ledger } = await opened();
    await done(ledger, ...moving);
    const command = await made(ledger, [agent, acknowledging(approveAdd(ann, first))]);
    await done(ledger, [system, recordMailing(bob, first, 'm-2', 'delivered')]);
    if (isFinishedByOthers === true) {
      await begun(connector, [agent, command]);
      yes(await ledger.recover());
    } else yes(await ledger.execute(agent, command));

    const { impact } = command as unknown as { readonly impact: Parameters<typeof amountsOf>[0] };
    expect(impact.drafts).toEqual(['m-1', 'm-2']);
    const deleted = (await logIn(connector)).find(({ type }) => type === 'MailboxDeleted');
    expect(deleted?.data).toMatchObject({ draftsLost: 1, acknowledged: amountsOf(impact) });
  });

  it('is not completed when more would be lost than was acknowledged', async () => {
    const { connector, ledger } = await opened();
    await done(ledger, ...moving);
    const command = await begun(connector, [agent, acknowledging(approveAdd(ann, first))]);
    await done(ledger, [system, recordMailing(bob, first, 'm-3', 'drafted')]);
    expect(reasons(await ledger.execute(agent, command))).toMatchObject([
      { type: 'ImpactChanged' },
    ]);
    expect(await typesIn(connector)).not.toContain('MailboxDeleted');
  });

  it('that is too large costs no other mailbox of the seat its move', async () => {
    const { connector, ledger } = await opened();
    await done(
      ledger,
      ...seated(ann, bob, cyd),
      ...holding(bob, first),
      ...holding(bob, second),
      [ann, requestAdd(ann, first)],
      [cyd, requestAdd(cyd, second)],
      [bob, grantPermission(bob, first, ann)],
      [bob, grantPermission(bob, second, cyd)],
    );
    const tooLarge = await begun(connector, [agent, acknowledging(approveAdd(ann, first))]);
    const other = await begun(connector, [agent, acknowledging(approveAdd(cyd, second))]);
    const small = await ledgerOn(
      altered(connector, (store) => ({
        append: (appends) => {
          const isLarge = appends.some(({ events }) =>
            events.some(
              ({ type, data }) => type === 'MailboxDeleted' && JSON.stringify(data).includes(first),
            ),
          );
          const message = 'Too large.';
          return isLarge
            ? TE.left({ type: 'AppendTooLarge', bytes: 2, limit: 1, message })
            : store.append(appends);
        },
      })),
    );
    // It meets both on its way.
    const rescue = reassign(ann, third, { fromUserId: 'cyd', prospectIds: ['p-1'] });
    await small.execute(system, { ...rescue, commandId: 'rescue' });

    expect(await ledger.execute(agent, tooLarge)).toMatchObject({ left: { type: 'Refused' } });
    const { events } = yes(await ledger.execute(agent, other));
    expect(events.map(({ type }) => type)).toContain('MailboxAdded');
  });
});
