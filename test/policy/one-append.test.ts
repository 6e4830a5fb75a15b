/** What the checkers of a log take for one append, where a store appends to one stream at a time. */
import { describe, expect, it } from '@jest/globals';
import {
  acknowledging,
  agent,
  ann,
  approveAdd,
  approveDelete,
  bob,
  holding,
  lockSeat,
  requestAdd,
  requestDelete,
  seated,
  system,
  unlockSeat,
  violations,
  violationsIn,
} from '../../src/testing';
import { first } from './cast';
import { altered, done, ledgerOn, logIn, made, oneStreamStore, storeOf } from './mortal';

/** A ledger whose appends are made only when it is let go. */
const held = async (connector: ReturnType<typeof oneStreamStore>) => {
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const slow = await ledgerOn(
    altered(connector, (store) => ({
      append: (appends) => async () => {
        await gate;
        return store.append(appends)();
      },
    })),
  );
  return {
    slow,
    letGo: () => {
      letGo();
    },
  };
};

describe('a log that was written one append at a time', () => {
  it('is sound where a refusal follows the approval that came to nothing', async () => {
    const connector = oneStreamStore();
    const ledger = await ledgerOn(connector);
    await done(
      ledger,
      ...seated(ann, bob),
      [ann, requestAdd(ann, first)],
      [bob, requestAdd(bob, first)],
    );

    // Ann's approval was decided while the address was free, and is written when Bob has it.
    const { slow, letGo } = await held(connector);
    const late = slow.execute(agent, await made(ledger, [agent, approveAdd(ann, first)]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await done(ledger, [agent, approveAdd(bob, first)]);
    letGo();
    expect(await late).toMatchObject({ left: { type: 'Refused' } });

    const log = await logIn(connector);
    expect(log.slice(-3).map(({ type }) => type)).toEqual([
      'MailboxAddApproved',
      'MailboxAddAbandoned',
      'CommandRefused',
    ]);
    expect(await violationsIn(await storeOf(connector))).toEqual([]);
    expect(await ledger.verify()).toMatchObject({ right: { findings: [] } });
  });

  it('is not sound where an address was free while its mailbox stood', async () => {
    const connector = oneStreamStore();
    const ledger = await ledgerOn(connector);
    await done(
      ledger,
      ...seated(bob),
      ...holding(bob, first),
      [bob, requestDelete(bob, first)],
      [agent, acknowledging(approveDelete(bob, first))],
    );
    const log = await logIn(connector);
    const [approved, deleted, released] = log.slice(-3);
    if (approved === undefined || deleted === undefined || released === undefined) {
      throw new Error('A deletion is three events.');
    }
    const swapped = [...log.slice(0, -3), released, approved, deleted].map((event, place) => ({
      id: event.id,
      type: event.type,
      data: event.data,
      metadata: event.metadata,
      stream: event.stream,
      revision: event.revision,
      position: BigInt(place),
    }));
    expect(violations(swapped, 'oneStream')).toEqual([
      {
        invariant: 'claimsMatchMailboxes',
        position: String(log.length - 3),
        detail: `${first} is claimed for nobody and held by bob`,
      },
    ]);
    // All at once, nobody saw it.
    expect(violations(swapped, 'anyStreams')).toEqual([]);
  });
});

describe('an answer that was written when what it rests on had moved', () => {
  it('is not compared, and is no finding', async () => {
    const connector = oneStreamStore();
    const ledger = await ledgerOn(connector);
    await done(ledger, ...seated(ann));

    // The refusal is decided while the seat is locked, and written when it is active again.
    await done(ledger, [system, lockSeat(ann)]);
    const { slow, letGo } = await held(connector);
    const command = await made(ledger, [ann, requestAdd(ann, first)]);
    const late = slow.execute(ann, command);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await done(ledger, [system, unlockSeat(ann)]);
    letGo();
    expect(await late).toMatchObject({ left: { type: 'Refused' } });

    const { commandId } = command;
    expect(await ledger.verify()).toMatchObject({
      right: { findings: [], notCompared: [commandId] },
    });
    expect(await ledger.whatIf(agent, {})).toMatchObject({
      right: { differences: [], unexplained: [], notCompared: [commandId] },
    });
  });
});

describe('a decision that rests on streams which moved before it was written', () => {
  it('is not compared, for nothing held them still', async () => {
    const connector = oneStreamStore();
    const ledger = await ledgerOn(connector);
    await done(ledger, ...seated(ann, bob), [ann, requestAdd(ann, first)]);

    // Bob asks while the address is free, which his request says; it is written when Ann has it.
    const { slow, letGo } = await held(connector);
    const asking = slow.execute(bob, await made(ledger, [bob, requestAdd(bob, first)]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await done(ledger, [agent, approveAdd(ann, first)]);
    letGo();
    const answer = await asking;
    expect(answer).toMatchObject({ _tag: 'Right' });

    const commandId = answer._tag === 'Right' ? answer.right.commandId : '';
    expect(await ledger.verify()).toMatchObject({
      right: { findings: [], notCompared: [commandId] },
    });
    expect(await ledger.whatIf(agent, {})).toMatchObject({
      right: { differences: [], unexplained: [], notCompared: [commandId] },
    });
  });
});
