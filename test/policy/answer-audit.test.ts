/** The race suite's judge of answers: what callers were told is all of what stands there, and nothing else. */
import { describe, expect, it } from '@jest/globals';
import type { Atomicity, CommandInput, RecordedCommand } from '../../src';
import { memoryStore, openLedger } from '../../src';
import { BEFORE_ALL } from '../../src/application/ports';
import {
  agent,
  ann,
  approveAdd,
  bob,
  configure,
  lockSeat,
  requestAdd,
  seated,
  type Step,
  system,
} from '../../src/testing';
import { answerProblems, type Sent, type Settled } from '../../src/testing/race-suite/answer-audit';
import { LogAudit } from '../../src/testing/race-suite/log-audit';

const wanted = 'wanted@acme.example';
const steps: ReadonlyArray<Step> = [
  ...seated(ann, bob),
  [ann, requestAdd(ann, wanted)],
  [agent, approveAdd(ann, wanted)],
  [ann, configure(ann, wanted)],
  [ann, configure(ann, wanted)],
  [bob, requestAdd(ann, wanted)],
  [system, lockSeat(bob)],
];

/** What all were told, and the judge, who has read the log. */
const played = async (atomicity: Atomicity) => {
  const connector = memoryStore({ atomicity });
  const ledger = await openLedger({
    store: connector,
    addressSecret: 'a secret of the audit, long enough',
  });
  const sent: Array<Sent> = [];
  for (const [index, [by, draft]] of steps.entries()) {
    const command = { commandId: `c-${index}`, ...draft } as CommandInput;
    const answer = await ledger.execute(by, command);
    if (answer._tag === 'Left' && answer.left.type !== 'Refused') throw new Error(answer.left.type);
    sent.push({ command, answer: answer as Settled });
  }
  await ledger.close();
  const store = await connector.connect();
  if (store._tag === 'Left') throw new Error(store.left.message);
  const log = await store.right.readAll(BEFORE_ALL, 1000)();
  if (log._tag === 'Left') throw new Error(log.left.message);
  const audit = new LogAudit(atomicity);
  for (const event of log.right) audit.take(event);
  return { sent, problems: (one: Sent) => answerProblems(one, audit, atomicity) };
};

const told = (
  sent: Sent,
  events: (all: RecordedCommand['events']) => RecordedCommand['events'],
) => {
  if (sent.answer._tag === 'Left') throw new Error('It was refused.');
  const right = { ...sent.answer.right, events: events(sent.answer.right.events) };
  return { ...sent, answer: { _tag: 'Right' as const, right } };
};

describe.each(['anyStreams', 'oneStream'] as const)('on a store of %s, the judge', (atomicity) => {
  it('finds nothing in true answers', async () => {
    const { sent, problems } = await played(atomicity);
    expect(sent.map(({ answer }) => answer._tag)).toContain('Left');
    expect(sent.flatMap(problems)).toEqual([]);
  });

  it('finds every answer that leaves an event out', async () => {
    const { sent, problems } = await played(atomicity);
    const answered = sent.filter(
      ({ answer }) => answer._tag === 'Right' && answer.right.events.length > 0,
    );
    const withoutFirst = answered.map((one) => told(one, (all) => all.slice(1)));
    const empty = answered.map((one) => told(one, () => []));
    for (const one of [...withoutFirst, ...empty]) {
      expect([one.command.type, problems(one)]).toEqual([
        one.command.type,
        expect.arrayContaining([expect.stringMatching(/without \w+|as already so/)]),
      ]);
    }
  });

  it('finds a yes that nothing stands for, and a no beside what was done', async () => {
    const { sent, problems } = await played(atomicity);
    const sentOf = (type: string): Sent => {
      const found = sent.find(({ command }) => command.type === type);
      if (found === undefined) throw new Error(`Nobody sent ${type}.`);
      return found;
    };
    const yes = sentOf('RegisterSeat');
    const no = sent.find(({ answer }) => answer._tag === 'Left') ?? yes;
    const soAlready = told(yes, () => []).answer;
    expect(problems({ ...no, answer: soAlready })).toEqual([
      expect.stringContaining('was answered as already so, which is not stored'),
    ]);
    const done = [
      ['RegisterSeat', 'SeatRegistered'],
      ['RequestMailboxAdd', 'MailboxAddRequested'],
      ['ApproveMailboxAdd', 'MailboxAddApproved'],
      ['ApproveMailboxAdd', 'MailboxAdded'],
      ['ConfigureMailbox', 'MailboxConfigured'],
      ['LockSeat', 'SeatLocked'],
    ] as const;
    for (const [type, event] of done) {
      expect(problems({ ...sentOf(type), answer: no.answer })).toContainEqual(
        expect.stringContaining(`was refused, and yet ${event} is stored for it`),
      );
    }
  });
});
