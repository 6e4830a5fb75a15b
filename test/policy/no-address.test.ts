/** What was sent as an address and is none: recorded so that it can be decided again, and told from any other. */
import { describe, expect, it } from '@jest/globals';
import type { CommandInput } from '../../src';
import {
  admin,
  agent,
  ann,
  approveAdd,
  registerSeat,
  requestAdd,
  requestDelete,
  Stage,
} from '../../src/testing';
import { first, second, yes } from './cast';
import { inMemory, inMemoryStepwise } from './stores';

/** Each with the last unit of another text that begins the same, and is as wrong. */
const whole: ReadonlyArray<readonly [string, string, string]> = [
  ['a blank before 80 characters', `ann.smith@acme.example${' '.repeat(70)}x`, 'y'],
  ['a fault after 80 characters', `ann@${'mail.'.repeat(16)}acme_corp.example`, 's'],
  ['a pair of surrogates across the 80th', `an @${'m'.repeat(75)}\u{1f600}acme.example`, 's'],
  ['a control character after 80', `ann@${'mail.'.repeat(16)}acme.example\u0001x`, 'y'],
  ['1,024 units', `${'@'.repeat(1023)}x`, 'y'],
];
const unfit: ReadonlyArray<readonly [string, string, string]> = [
  ['half a pair of surrogates', 'ann\ud800@acme.example', 's'],
  ['half a pair at its end', `ann@${'m'.repeat(90)}.example\ud800`, '\ud801'],
  ['1,025 units', 'x'.repeat(1025), 'y'],
  ['20,000 units', 'x'.repeat(20_000), 'y'],
  ['20,000 halves of pairs', '\udc00'.repeat(20_000), '\ud800'],
];

/** Every command that may hold such a text. */
const commandsWith = (text: string): ReadonlyArray<CommandInput> => [
  { ...requestAdd(ann, second, { address: text }), commandId: 'c-add' },
  { ...requestAdd(ann, second, { sender: text }), commandId: 'c-sent-by' },
  { ...requestDelete(ann, first, { sender: text }), commandId: 'c-delete' },
];

const reasonsOf = (commandId: string): ReadonlyArray<unknown> =>
  commandId === 'c-add' ? [{ type: 'InvalidAddress' }] : [{ type: 'SenderAddressMismatch' }];

describe.each([
  ['one append for all', inMemory],
  ['one stream at a time', inMemoryStepwise],
])('a text that is no address, with %s', (_, fresh) => {
  const refusedOnStage = async (text: string): Promise<Stage> => {
    const stage = await Stage.open(fresh);
    await stage.play(
      [admin, registerSeat(ann)],
      [ann, requestAdd(ann, first)],
      [agent, approveAdd(ann, first)],
    );
    for (const command of commandsWith(text)) {
      expect(await stage.send(ann, command)).toMatchObject({
        left: { type: 'Refused', rejections: reasonsOf(command.commandId) },
      });
    }
    return stage;
  };

  it.each([...whole, ...unfit])('%s: what is recorded is proven', async (_name, text) => {
    const stage = await refusedOnStage(text);
    const { findings, commands } = yes(await stage.ledger.verify());
    expect([findings, commands]).toEqual([[], 6]);
    const { differences, unexplained } = yes(await stage.ledger.whatIf(admin, {}));
    expect([differences, unexplained]).toEqual([[], []]);
    await stage.close();
  });

  it.each([...whole, ...unfit])('%s: another text is another command', async (_name, text, end) => {
    const stage = await refusedOnStage(text);
    const other = text.slice(0, -1) + end;
    for (const command of commandsWith(text)) {
      expect(await stage.send(ann, command)).toMatchObject({ left: { type: 'Refused' } });
    }
    for (const command of commandsWith(other)) {
      expect(await stage.send(ann, command)).toMatchObject({ left: { type: 'CommandIdReused' } });
    }
    await stage.close();
  });

  it.each(whole)('%s: why shows what was sent', async (_name, text) => {
    const stage = await refusedOnStage(text);
    for (const command of commandsWith(text)) {
      const told = yes(await stage.ledger.why(ann, command.commandId));
      expect(told?.command).toEqual(command);
    }
    await stage.close();
  });

  it.each(unfit)('%s: why shows its beginning as such', async (_name, text) => {
    const stage = await refusedOnStage(text);
    const told = yes(await stage.ledger.why(ann, 'c-add'));
    expect(told?.command).toMatchObject({
      address: {
        text: text.slice(0, 80).toWellFormed(),
        fault: { type: text.length > 1024 ? 'InputTooLong' : 'LoneSurrogate' },
      },
    });
    await stage.close();
  });

  it.each([...whole, ...unfit])('%s: what is stored is text, and short', async (_name, text) => {
    const stage = await refusedOnStage(text);
    for (const event of (await stage.log()).filter(({ type }) => type === 'CommandRefused')) {
      const stored = JSON.stringify([event.data, event.metadata]);
      expect(JSON.parse(stored)).toEqual([event.data, event.metadata]);
      // A lone surrogate would stand there escaped.
      expect(stored).not.toMatch(/\\ud[89a-f]/);
      expect(stored.length).toBeLessThan(1024 + 1200);
    }
    await stage.close();
  });

  it('what stands for a text on record is taken from no caller', async () => {
    const stage = await refusedOnStage('x'.repeat(2000));
    const told = yes(await stage.ledger.why(ann, 'c-add'));
    expect(await stage.ledger.execute(ann, told?.command as CommandInput)).toMatchObject({
      left: { type: 'InvalidInput', errors: [{ path: 'address' }] },
    });
    await stage.close();
  });
});
