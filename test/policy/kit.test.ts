/** The testing kit can fail: every expectation that is wrong is said to be, with what was different. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { seat } from '../../src/seat';
import {
  acknowledging,
  agent,
  ann,
  approveAdd,
  configure,
  given,
  holding,
  lockSeat,
  minuteByMinute,
  requestAdd,
  scenario,
  seated,
  storedAddress,
  system,
} from '../../src/testing';
import { first, second } from './cast';
import { inSqlite } from './stores';

const asked = scenario(...seated(ann)).when(ann, requestAdd(ann, first));
const full = scenario(...seated(ann), ...holding(ann, first, second)).when(
  ann,
  requestAdd(ann, 'third@acme.example'),
);

describe('a scenario', () => {
  it('fails when a step before does not succeed, and says which', async () => {
    const story = scenario(...seated(ann), [ann, lockSeat(ann)]).when(ann, requestAdd(ann, first));
    await expect(story.thenNothing()).rejects.toThrow(
      /Step 2 .*LockSeat.*sent by user.*\n.*NotPermitted/s,
    );
  });

  it.each([
    ['nothing was recorded', () => full.thenRecorded([{ type: 'MailboxAddRequested' }])],
    ['something else was recorded', () => asked.thenRecorded([{ type: 'MailboxAdded' }])],
    ['more was recorded', () => asked.thenRecorded([])],
    [
      'less was recorded',
      () => asked.thenRecorded([{ type: 'MailboxAddRequested' }, { type: 'MailboxAdded' }]),
    ],
    ['it was refused for something else', () => full.thenRejected([{ type: 'SeatIsLocked' }])],
    ['it was refused for more', () => full.thenRejected([])],
    ['something was recorded', () => asked.thenNothing()],
    ['it was refused', () => full.thenNothing()],
    ['it did not fail', () => asked.thenFailed('InvalidInput')],
    ['it was refused and did not fail', () => full.thenFailed('InvalidInput')],
  ])('fails when %s', async (_, run) => {
    await expect(run()).rejects.toThrow('is not what was expected');
  });

  it('fails when it was not refused, and says what it was instead', async () => {
    await expect(asked.thenRejected([{ type: 'SeatIsLocked' }])).rejects.toThrow(
      'It was expected to be refused, and was accepted: MailboxAddRequested.',
    );
    const again = scenario(...seated(ann), [system, lockSeat(ann)]).when(system, lockSeat(ann));
    await expect(again.thenRejected([])).rejects.toThrow(
      'It was expected to be refused, and was accepted: as already so, with nothing to add.',
    );
  });

  it('takes the type of an event for the event', async () => {
    await asked.thenRecorded(['MailboxAddRequested']);
    await expect(asked.thenRecorded(['MailboxAdded'])).rejects.toThrow(
      '0.type: expected "MailboxAdded", found "MailboxAddRequested"',
    );
  });

  it.each([[undefined], [7], [{}], [null]])(
    'says what an expected event is where one is none: %p',
    async (event) => {
      const wrong = asked.thenRecorded(['MailboxAddRequested', event as never]);
      await expect(wrong).rejects.toThrow(TypeError);
      await expect(wrong).rejects.toThrow(/^Expected event 2 is neither the type of an event/);
    },
  );

  it('fails when nothing is expected of it', async () => {
    await expect(Promise.resolve(asked)).rejects.toThrow(/expects nothing.*thenRecorded/s);
  });

  it('names every difference, with its path', async () => {
    const wrong = full.thenRejected([
      { type: 'MailboxLimitReached', limit: 3, held: 1, reserved: 0 },
    ]);
    await expect(wrong).rejects.toThrow(
      /0\.limit: expected 3, found 2\n {2}0\.held: expected 1, found 2/,
    );
  });

  it('compares the whole data of an event, where it is given', async () => {
    const story = scenario(...seated(ann), ...holding(ann, first)).when(
      ann,
      configure(ann, first, 'primary'),
    );
    const data = { userId: 'ann', address: storedAddress(first), use: 'primary' as const };
    await story.thenRecorded([{ type: 'MailboxConfigured', data }]);
    const wrong = story.thenRecorded([
      { type: 'MailboxConfigured', data: { ...data, use: 'alias' } },
    ]);
    await expect(wrong).rejects.toThrow('0.data.use: expected "alias", found "primary"');
  });

  it('runs on another store as it does in memory, and as often as it is asked to', async () => {
    const story = scenario(...seated(ann)).on(inSqlite);
    await story.when(ann, requestAdd(ann, first)).thenRecorded([{ type: 'MailboxAddRequested' }]);
    await story.when(ann, requestAdd(ann, first)).thenRecorded([{ type: 'MailboxAddRequested' }]);
  });

  it('an approval that acknowledges asks the ledger for the loss', async () => {
    await scenario(...seated(ann), [ann, requestAdd(ann, first)])
      .when(agent, acknowledging(approveAdd(ann, first)))
      .thenRecorded([
        { type: 'MailboxAddApproved' },
        { type: 'MailboxAdded' },
        { type: 'AddressClaimed' },
      ]);
  });

  it('numbers its commands and its minutes, so that it is the same every time', async () => {
    const told = () =>
      scenario(...seated(ann)).onStage(async (stage) => {
        await stage.play([system, lockSeat(ann)]);
        return stage.ledger.history(ann, 'ann');
      });
    expect(await told()).toEqual(await told());
    expect(await told()).toMatchObject({
      right: [{ commandId: 'command-1' }, { commandId: 'command-2', commandType: 'LockSeat' }],
    });
    const clock = minuteByMinute();
    expect([clock(), clock()]).toEqual(['2026-03-01T00:00:00.000Z', '2026-03-01T00:01:00.000Z']);
  });
});

describe('a decider alone', () => {
  const lock = { type: 'LockSeat', commandId: 'command-1', userId: 'ann' } as never;
  const locked = { type: 'SeatLocked', data: { userId: 'ann' } } as never;
  const registered = {
    type: 'SeatRegistered',
    data: { userId: 'ann', accountEmail: storedAddress('ann@acme.example'), profile: 'user' },
  } as never;

  it('is asked with events and a command', () => {
    given(seat, registered).when(lock).thenRecorded([locked]);
    given(seat, registered, locked).when(lock).thenNothing();
    given(seat)
      .when(lock)
      .thenRejected([{ type: 'SeatNotFound', userId: 'ann' } as never]);
  });

  it.each([
    [
      'decides otherwise',
      () => {
        given(seat, registered).when(lock).thenNothing();
      },
    ],
    [
      'refuses',
      () => {
        given(seat).when(lock).thenRecorded([locked]);
      },
    ],
  ])('fails when it %s', (_, run) => {
    expect(run).toThrow('is not what was expected');
  });

  it('fails when it does not refuse, and says what it decides', () => {
    expect(() => {
      given(seat, registered).when(lock).thenRejected([]);
    }).toThrow('It was expected to be refused, and was accepted: SeatLocked.');
  });
});

describe('the door', () => {
  it('loads neither a test framework nor fast-check', () => {
    const script =
      `require(${JSON.stringify(join(__dirname, '../../src/testing'))});` +
      'console.log(JSON.stringify(Object.keys(require.cache)));';
    const hook = join(__dirname, '../support/ts-hook.cjs');
    const loaded = JSON.parse(
      execFileSync(process.execPath, ['-r', hook, '-e', script], { encoding: 'utf8' }),
    ) as ReadonlyArray<string>;
    expect(loaded.some((file) => file.endsWith('src/testing/arbitraries.ts'))).toBe(true);
    expect(loaded.filter((file) => /fast-check|jest/.test(file))).toEqual([]);
  });
});
