/** Attacks on a ledger that appends to one stream at a time; each of them once succeeded. */
import { describe, expect, it } from '@jest/globals';
import { type CommandInput, memoryStore, openLedger, type Ledger } from '../../src';
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
import { begun, done, ledgerOn, logIn, oneStreamStore, storeOf } from './mortal';
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
    const connector = oneStreamStore();
    const ledger = await ledgerOn(connector);
    await done(
      ledger,
      ...seated(ann, bob, cyd),
      ...holding(bob, wanted),
      ...holding(ann, other),
      [system, recordSequence(bob, wanted, 's1', 'active')],
      [bob, requestDelete(bob, wanted)],
      [agent, acknowledging(approveDelete(bob, wanted))],
    );
    const rescue = reassign(ann, other, { fromUserId: 'bob', prospectIds: ['p-s1'] });
    const sent = await begun(connector, [system, rescue]);
    const onSeats = async () =>
      (await logIn(connector)).filter(({ stream }) => stream.startsWith('seat-'));
    const before = await onSeats();
    // It has left, and has not arrived.
    expect(before.filter(({ type }) => type === 'ProspectsReassigned')).toHaveLength(1);

    expect(await ledger.execute(bob, { ...sent, userId: 'cyd' } as CommandInput)).toMatchObject({
      left: { type: 'Refused', rejections: [{ type: 'NotOwnSeat' }] },
    });
    expect(await onSeats()).toEqual(before);

    expect(await ledger.recover()).toMatchObject({ right: { unfinished: 1, failures: [] } });
    expect((await onSeats()).slice(before.length)).toMatchObject([
      { type: 'ProspectsReassigned', stream: 'seat-acme.ann' },
    ]);
    expect(await violationsIn(await storeOf(connector))).toEqual([]);
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
