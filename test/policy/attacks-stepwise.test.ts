/** Attacks on a ledger that appends to one stream at a time; each of them once succeeded. */
import { describe, expect, it } from '@jest/globals';
import { memoryStore, openLedger, type Ledger } from '../../src';
import {
  acknowledging,
  agent,
  ann,
  approveDelete,
  bob,
  cyd,
  holding,
  reassign,
  recordSequence,
  requestDelete,
  seated,
  Stage,
  type Step,
  system,
  violationsIn,
} from '../../src/testing';
import { toSend } from './play';

const wanted = 'wanted@acme.example';
const other = 'other@acme.example';

const onStage = async (
  attack: (ledger: Ledger) => Promise<void>,
  ...steps: ReadonlyArray<Step>
) => {
  const connector = memoryStore({ atomicity: 'oneStream' });
  const stage = await Stage.open(() =>
    Promise.resolve({ connector, dispose: () => Promise.resolve() }),
  );
  for (const [index, [by, sent]] of steps.entries()) {
    const commandId = `before-${index}`;
    const draft =
      'acknowledging' in sent
        ? { acknowledging: { ...sent.acknowledging, commandId } }
        : { ...sent, commandId };
    const { command } = await toSend(stage.ledger, [by, draft]);
    const answer = await stage.ledger.execute(by, command);
    if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left));
  }
  await attack(stage.ledger);
  const store = await connector.connect();
  if (store._tag === 'Left') throw new Error(store.left.message);
  expect(await violationsIn(store.right)).toEqual([]);
  await stage.close();
};

describe('somebody without the right', () => {
  it('cannot finish a handover by the id of the command that sent it', async () => {
    const rescue = { ...reassign(ann, other, { fromUserId: 'bob', prospectIds: ['p-s1'] }) };
    await onStage(
      async (ledger) => {
        const sent = await ledger.execute(system, { ...rescue, commandId: 'rescue' });
        expect(sent).toMatchObject({ _tag: 'Right' });
        const stolen = { ...rescue, userId: cyd.userId, commandId: 'rescue' } as never;
        const before = await ledger.head();
        expect(await ledger.execute(bob, stolen)).toMatchObject({
          _tag: 'Left',
          left: { type: 'Refused', rejections: [{ type: 'NotOwnSeat' }] },
        });
        const added = await ledger.views.sequencesStopped.list(system, { userId: 'cyd' });
        expect(added).toMatchObject({ right: [] });
        expect(before).not.toEqual(undefined);
      },
      ...seated(ann, bob, cyd),
      ...holding(bob, wanted),
      ...holding(ann, other),
      [system, recordSequence(bob, wanted, 's1', 'active')],
      [bob, requestDelete(bob, wanted)],
      [agent, acknowledging(approveDelete(bob, wanted))],
    );
  });

  it('cannot write under the id that the ledger cleans up under', async () => {
    await onStage(
      async (ledger) => {
        const command = { type: 'LockSeat', userId: 'ann', commandId: 'seatledger-recovery' };
        expect(await ledger.execute(system, command as never)).toMatchObject({
          left: { type: 'InvalidInput', errors: [{ path: 'commandId' }] },
        });
      },
      ...seated(ann),
    );
  });
});

describe('a recovery', () => {
  it('says at opening how it went', async () => {
    const told = await new Promise((resolve) => {
      void openLedger({
        store: memoryStore({ atomicity: 'oneStream' }),
        addressSecret: 'a secret of the attacks, long enough',
        onRecovery: resolve,
      });
    });
    expect(told).toMatchObject({ _tag: 'Right', right: { unfinished: 0, failures: [] } });
  });
});
