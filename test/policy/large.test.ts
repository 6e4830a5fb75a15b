/** Long histories and heavy deletions: the answers stay whole. Nothing here measures time. */
import { describe, expect, it } from '@jest/globals';
import { memoryStore } from '../../src/adapters/memory';
import { type Ledger } from '../../src/application/ledger';
import { openLedger } from '../../src/application/open-ledger';

import {
  admin,
  agent,
  ann,
  approveDelete,
  type CommandDraft,
  holding,
  recordMailing,
  recordSequence,
  requestDelete,
  seated,
  system,
} from '../../src/testing/builders';
import type { PrincipalInput } from '../../src/values/principal';

const address = 'ann.sells@acme.example';

/** A ledger whose commands must all be accepted. */
const accepting = async () => {
  const ledger = await openLedger({
    store: memoryStore(),
    addressSecret: 'large seats, long enough',
  });
  let sent = 0;
  const send = async (principal: PrincipalInput, command: CommandDraft) => {
    sent += 1;
    const answer = await ledger.execute(principal, {
      ...command,
      commandId: `command-${sent}`,
    });
    if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left).slice(0, 500));
    return answer.right;
  };
  for (const [principal, command] of [...seated(ann), ...holding(ann, address)]) {
    await send(principal, command as CommandDraft);
  }
  return { ledger, send };
};

const impactOf = async (ledger: Ledger) => {
  const impact = await ledger.impact(agent, { userId: ann.userId, address });
  if (impact._tag === 'Left') throw new Error(JSON.stringify(impact.left));
  return impact.right;
};

const numbered = (prefix: string, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(5, '0')}`);

describe('a seat', () => {
  it.each`
    activities | drafts
    ${10}      | ${5}
    ${50_000}  | ${25_000}
  `(
    'with $activities events of activity answers what deleting its mailbox costs',
    async ({ activities = 0, drafts = 0 }: Record<string, number>) => {
      const { ledger, send } = await accepting();
      await Promise.all(
        numbered('m', activities).map((id, index) =>
          send(system, recordMailing(ann, address, id, index % 2 === 0 ? 'drafted' : 'delivered')),
        ),
      );
      const impact = await impactOf(ledger);
      expect(impact.drafts).toHaveLength(drafts);
      expect(impact.history).toBe(activities - drafts);
      await ledger.close();
    },
  );

  it('loses a mailbox with 20,000 active sequence states, and every one is reported', async () => {
    const { ledger, send } = await accepting();
    const ids = numbered('s', 20_000);
    await Promise.all(ids.map((id) => send(system, recordSequence(ann, address, id, 'active'))));
    await send(ann, requestDelete(ann, address));
    const impact = await impactOf(ledger);
    expect(impact.sequences).toEqual(ids);

    const { events } = await send(agent, approveDelete(ann, address, { impact }));
    const stops = events.filter(({ type }) => type === 'SequencesStopped');
    const stopped = stops.map(
      ({ data }) => (data as { sequenceStateIds: Array<string> }).sequenceStateIds,
    );
    expect(stopped.map((chunk) => chunk.length)).toEqual(Array.from({ length: 20 }, () => 1000));
    expect(stopped.flat()).toEqual(ids);
    expect(await ledger.views.sequencesStopped.totals(admin)).toMatchObject({
      right: [{ userId: 'ann', stopped: 20_000, waiting: 20_000 }],
    });
    await ledger.close();
  });
});
