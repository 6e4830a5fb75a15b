/** One append at a time, or all at once: nobody can tell the difference from what they are answered. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { memoryStore, openLedger, type Answer } from '../../src';
import {
  addresses,
  admin,
  agent,
  ann,
  approveAdd,
  arbitraries,
  requestAdd,
  Stage,
  type Step,
  seated,
} from '../../src/testing';
import { violationsIn } from '../../src/application/audit';
import { inMemory, inMemoryStepwise } from './stores';
import { toSend } from './play';

const { commandSequence } = arbitraries(fc);

/** An answer without its position: appends are counted differently. */
const told = (answer: Answer): unknown =>
  JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'position' ? null : value)));

/** What each step was answered, and what the views say at the end. */
const performed = async (
  steps: ReadonlyArray<Step>,
  fresh: typeof inMemory,
): Promise<{ readonly answers: ReadonlyArray<unknown>; readonly views: unknown }> => {
  const stage = await Stage.open(fresh);
  try {
    const { ledger } = stage;
    const answers: Array<unknown> = [];
    for (const step of steps) {
      const { command } = await toSend(ledger, step);
      answers.push(told(await ledger.execute(step[0], command)));
    }
    const views = await Promise.all([
      ledger.views.seats.list(admin),
      ledger.views.requests.list(admin),
      ledger.views.addresses.list(admin),
      ledger.views.draftsLost.list(admin),
      ledger.views.sequencesStopped.list(admin),
    ]);
    const withoutPlaces = JSON.parse(
      JSON.stringify(views, (key, value: unknown) =>
        /position|revision/i.test(key) ? undefined : value,
      ),
    ) as unknown;
    return { answers, views: withoutPlaces };
  } finally {
    await stage.close();
  }
};

describe('a ledger that appends to one stream at a time', () => {
  it('answers every sequence of commands as one that appends to several at once', async () => {
    await fc.assert(
      fc.asyncProperty(commandSequence, async (steps) => {
        const atOnce = await performed(steps, inMemory);
        expect(await performed(steps, inMemoryStepwise)).toEqual(atOnce);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves a log in which every invariant holds and nothing is left to finish', async () => {
    await fc.assert(
      fc.asyncProperty(commandSequence, async (steps) => {
        const connector = memoryStore({ atomicity: 'oneStream' });
        const stage = await Stage.open(() =>
          Promise.resolve({ connector, dispose: () => Promise.resolve() }),
        );
        for (const step of steps) {
          const { command } = await toSend(stage.ledger, step);
          await stage.ledger.execute(step[0], command);
        }
        const store = await connector.connect();
        if (store._tag === 'Left') throw new Error(store.left.message);
        expect(await violationsIn(store.right)).toEqual([]);
        await stage.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe('an approval whose process died', () => {
  const secret = 'a secret for the dead, long enough';
  const wanted = addresses[0] ?? 'wanted@acme.example';

  /** Stops answering after `writes` appends, as a process that is killed. */
  const dyingAfter = (writes: number, connector: ReturnType<typeof memoryStore>) => ({
    ...connector,
    connect: async () => {
      const connected = await connector.connect();
      if (connected._tag === 'Left') return connected;
      let left = writes;
      const { right: store } = connected;
      return {
        ...connected,
        right: {
          ...store,
          append: (appends: Parameters<typeof store.append>[0]) => () => {
            left -= 1;
            return left >= 0 ? store.append(appends)() : new Promise<never>(() => undefined);
          },
        },
      };
    },
  });

  it.each([1, 2])(
    'after %i of its three appends is finished when a ledger is opened',
    async (writes) => {
      const connector = memoryStore({ atomicity: 'oneStream' });
      const first = await openLedger({ store: connector, addressSecret: secret });
      const steps = [...seated(ann), [ann, requestAdd(ann, wanted)]] as ReadonlyArray<Step>;
      for (const [index, [by, draft]] of steps.entries()) {
        await first.execute(by, { ...(draft as object), commandId: `c${index}` } as never);
      }
      const approval = { ...approveAdd(ann, wanted), commandId: 'approval' };
      const dying = await openLedger({
        store: dyingAfter(writes, connector),
        addressSecret: secret,
        recoverAtOpen: false,
      });
      void dying.execute(agent, approval);
      await new Promise((resolve) => setTimeout(resolve, 20));

      const second = await openLedger({
        store: connector,
        addressSecret: secret,
        recoverAtOpen: false,
      });
      expect(await second.recover()).toMatchObject({
        _tag: 'Right',
        right: { unfinished: 1, appended: 3 - writes },
      });
      expect(await second.recover()).toMatchObject({ right: { unfinished: 0, appended: 0 } });
      expect(await second.views.addresses.get(admin, wanted)).toMatchObject({
        right: { holder: 'ann' },
      });
      expect(await second.verify()).toMatchObject({ right: { findings: [], unexplained: 0 } });
      expect(await second.execute(agent, approval)).toMatchObject({
        _tag: 'Right',
        right: {
          events: [
            { type: 'MailboxAddApproved' },
            { type: 'MailboxAdded' },
            { type: 'AddressClaimed' },
          ],
        },
      });
    },
  );
});
