/** What is left half done on a store of one stream, and what opening a ledger makes of it. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import {
  type Failure,
  memoryStore,
  openLedger,
  type Recovery,
  type StoreConnector,
} from '../../src';
import {
  acknowledging,
  addId,
  admin,
  agent,
  ann,
  approveAdd,
  bob,
  grantPermission,
  holding,
  recordMailing,
  requestAdd,
  seated,
  Stage,
  type Step,
  system,
  violationsIn,
} from '../../src/testing';
import { first } from './cast';
import { appending } from './appending';

const addressSecret = 'a secret for the dead, long enough';

const down = { type: 'StoreUnavailable', message: 'down', code: undefined } as const;

/** Stops answering after `writes` appends, as a process that is killed. `died` resolves when it has. */
let died: () => Promise<void> = () => Promise.resolve();
const dyingAfter = (writes: number, connector: StoreConnector): StoreConnector => {
  let left = writes;
  let die: () => void = () => undefined;
  const death = new Promise<void>((resolve) => (die = resolve));
  died = () => death;
  return appending(connector, (append) => {
    left -= 1;
    if (left >= 0) return append();
    die();
    return new Promise<never>(() => undefined);
  });
};

const violationsOf = async (connector: StoreConnector) => {
  const connected = await connector.connect();
  if (E.isLeft(connected)) throw new Error(connected.left.message);
  return violationsIn(connected.right);
};

describe('a ledger that is opened after an approval whose process died', () => {
  const approval = { ...approveAdd(ann, first), commandId: 'approval' };

  /** Ann has asked, and the approval got as far as so many of its three appends. */
  const leftAfter = async (writes: number): Promise<StoreConnector> => {
    const connector = memoryStore({ atomicity: 'oneStream' });
    const before = await openLedger({ store: connector, addressSecret });
    const steps: ReadonlyArray<Step> = [...seated(ann), [ann, requestAdd(ann, first)]];
    for (const [index, [by, draft]] of steps.entries()) {
      await before.execute(by, { ...draft, commandId: `c${index}` } as never);
    }
    const store = dyingAfter(writes, connector);
    const dying = await openLedger({ store, addressSecret, recoverAtOpen: false });
    void dying.execute(agent, approval);
    await died();
    return connector;
  };

  /** Opens a ledger with nothing but the defaults, and waits until it has said how its recovery went. */
  const opened = async (store: StoreConnector) => {
    let tell: (outcome: E.Either<Failure, Recovery>) => void = () => undefined;
    const recovery = new Promise<E.Either<Failure, Recovery>>((resolve) => (tell = resolve));
    const ledger = await openLedger({ store, addressSecret, onRecovery: tell });
    return { ledger, recovery: await recovery };
  };

  it.each([
    { writes: 0, unfinished: 0, appended: 0, holder: undefined },
    { writes: 1, unfinished: 1, appended: 2, holder: 'ann' },
    { writes: 2, unfinished: 1, appended: 1, holder: 'ann' },
  ])(
    'after $writes of its three appends is told of $unfinished unfinished, and $appended appends',
    async ({ writes, unfinished, appended, holder }) => {
      const store = await leftAfter(writes);
      const { ledger, recovery } = await opened(store);
      expect(recovery).toMatchObject({ right: { unfinished, appended, failures: [] } });

      const found = await ledger.views.addresses.get(admin, first);
      expect(E.isRight(found) ? found.right?.holder : found).toBe(holder);
      const seat = await ledger.views.seats.get(admin, 'ann');
      expect(E.isRight(seat) ? seat.right?.mailboxes.map(({ address }) => address) : seat).toEqual(
        holder === undefined ? [] : [first],
      );
      await ledger.close();
      // Nobody finds anything left to finish, and the command has been answered all along.
      const again = await opened(store);
      expect(again.recovery).toMatchObject({ right: { unfinished: 0, appended: 0 } });
      expect(await again.ledger.execute(agent, approval)).toMatchObject({ _tag: 'Right' });
      expect(await violationsOf(store)).toEqual([]);
    },
  );

  it('tells onRecovery of a store that breaks while it recovers, and works', async () => {
    const sound = await leftAfter(2);
    const store = appending(sound, () => Promise.resolve(E.left(down)));
    const { ledger, recovery } = await opened(store);
    expect(recovery).toMatchObject({
      // The approval, and the claim that was made for it.
      right: { unfinished: 0, appended: 0, failures: [down, down] },
    });
    expect(await ledger.views.addresses.get(admin, first)).toMatchObject({ _tag: 'Right' });
  });
});

describe('a move of which the loss is too large for one append', () => {
  const mailings = Array.from({ length: 60 }, (_, index) => `mailing-${index}`);
  const moving = { ...approveAdd(ann, first), commandId: 'move' };
  /** The sizes of appends, by their first events: the last of each, and those of a move. */
  const sizes = new Map<string, number>();
  let sizesOfMove: ReadonlyMap<string, number>;
  let limit = Infinity;

  /** Takes no append of more than `limit` bytes. */
  const limited = (connector: StoreConnector): StoreConnector =>
    appending(connector, (append, [{ events }]) => {
      const bytes = Buffer.byteLength(JSON.stringify(events));
      sizes.set(events[0]?.type ?? '', bytes);
      return bytes <= limit
        ? append()
        : Promise.resolve(E.left({ type: 'AppendTooLarge', message: 'too large', bytes, limit }));
    });

  /** Ann has asked for a mailbox of Bob's that has many drafts, and Bob permits it. */
  const staged = async (): Promise<Stage> => {
    const stage = await Stage.open(() =>
      Promise.resolve({
        connector: limited(memoryStore({ atomicity: 'oneStream' })),
        dispose: () => Promise.resolve(),
      }),
    );
    await stage.play(
      ...seated(ann, bob, admin),
      ...holding(bob, first),
      ...mailings.map((id): Step => [system, recordMailing(bob, first, id, 'drafted')]),
      [ann, requestAdd(ann, first)],
      [bob, grantPermission(bob, first, ann)],
    );
    return stage;
  };

  /** The approval with the impact that it acknowledges, always the same. */
  const acknowledged = async (stage: Stage) => {
    const preview = await stage.dryRun(agent, moving);
    return { ...moving, impact: E.isRight(preview) ? preview.right.impact : null } as typeof moving;
  };

  const recordedSince = async (stage: Stage, before: number) =>
    (await stage.log()).slice(before).map(({ type }) => type);

  let stage: Stage;
  let command: typeof moving;
  let before: number;
  beforeEach(async () => {
    limit = Infinity;
    const rehearsal = await staged();
    await rehearsal.play([agent, acknowledging(moving)]);
    sizesOfMove = new Map(sizes);
    stage = await staged();
    command = await acknowledged(stage);
    before = (await stage.log()).length;
  });

  /** One byte less than the append that begins with this event needs. */
  const tooSmallFor = (type: string): number => (sizesOfMove.get(type) ?? 0) - 1;

  const expectNothingLost = async (): Promise<void> => {
    const { views } = stage.ledger;
    expect(await views.addresses.get(admin, first)).toMatchObject({ right: { holder: 'bob' } });
    expect(await views.draftsLost.list(admin)).toMatchObject({ right: [] });
    expect(await violationsOf(stage.connector)).toEqual([]);
  };

  it('is not even begun where its approval, which names the loss too, does not fit', async () => {
    limit = tooSmallFor('MailboxAddApproved');
    const told = await stage.send(agent, command);
    expect(told).toMatchObject({ left: { type: 'AppendTooLarge', bytes: limit + 1, limit } });
    expect(await recordedSince(stage, before)).toEqual([]);

    await expectNothingLost();
    limit = Infinity;
    expect(await stage.send(agent, command)).toMatchObject({ _tag: 'Right' });
  });

  it('is given up where the loss alone does not fit, and leaves nothing half done', async () => {
    limit = tooSmallFor('MailboxDeleted');
    const told = await stage.send(agent, command);
    expect(told).toMatchObject({ left: { type: 'AppendTooLarge', bytes: limit + 1, limit } });
    expect(await recordedSince(stage, before)).toEqual([
      'MailboxAddApproved',
      'DeletePermissionRevoked',
      'MailboxAddAbandoned',
      // What the same command is told from now on.
      'CommandRefused',
    ]);

    await expectNothingLost();
    expect(await stage.ledger.recover()).toMatchObject({ right: { unfinished: 0, failures: [] } });
    expect(
      await stage.ledger.views.requests.get(admin, { userId: 'ann', requestId: addId(first) }),
    ).toMatchObject({
      right: { status: 'abandoned' },
    });
  });

  it('that was given up is told why when it is sent again, and can be asked for anew', async () => {
    limit = tooSmallFor('MailboxDeleted');
    await stage.send(agent, command);
    const givenUp = (await stage.log()).length;
    expect(await stage.send(agent, command)).toMatchObject({
      left: {
        type: 'Refused',
        rejections: [{ type: 'NotOwnedByTargetUser' }, { type: 'AddressInUse' }],
      },
    });
    expect(await recordedSince(stage, givenUp)).toEqual([]);

    limit = Infinity;
    const requestId = 'anew';
    await stage.play(
      [ann, requestAdd(ann, first, { requestId })],
      [bob, grantPermission(bob, first, ann, requestId)],
      [agent, acknowledging(approveAdd(ann, first, { requestId }))],
    );
    expect(await stage.ledger.views.addresses.get(admin, first)).toMatchObject({
      right: { holder: 'ann' },
    });
    expect(await violationsOf(stage.connector)).toEqual([]);
  });

  it('is given up by a recovery too, where its own process died after the approval', async () => {
    limit = tooSmallFor('MailboxDeleted');
    const dying = await openLedger({
      store: dyingAfter(1, stage.connector),
      addressSecret: 'a secret for tests only',
      recoverAtOpen: false,
      clock: () => '2026-03-01T12:00:00.000Z',
    });
    void dying.execute(agent, command);
    await died();
    expect(await recordedSince(stage, before)).toEqual(['MailboxAddApproved']);

    expect(await stage.ledger.recover()).toMatchObject({
      right: { unfinished: 1, appended: 2, failures: [] },
    });
    expect(await recordedSince(stage, before + 1)).toEqual([
      'DeletePermissionRevoked',
      'MailboxAddAbandoned',
    ]);
    await expectNothingLost();
  });
});
