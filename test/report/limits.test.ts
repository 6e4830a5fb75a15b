/** The limit that a drawing shows: the one that the seats table prints, and no other. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as Seat from '../../src/seat/events';
import { ContractSet, MailboxLimitGranted } from '../../src/organization/events';
import { heldSteps } from '../../src/report/held-steps';
import * as Fact from '../projections/facts';
import { day, ReportLog } from './log';
import { readMarkup } from './markup';

const { ann, bob, work, alias } = Fact;

const told = (log: ReportLog) => log.story.told[0]!;
const contract = (mailboxLimit: number) =>
  ContractSet({ mailboxLimit, permittedSharedAddresses: [] });

/** What is drawn of the seat, from its first day. */
const drawn = (log: ReportLog, userId = ann) => {
  const { story } = told(log);
  const { holdings, registeredAt } = story.seats.get(userId)!;
  return heldSteps(holdings, story.limitsOf(userId), registeredAt);
};

describe('the limit that a drawing shows', () => {
  it('follows the contract until the user is granted another', () => {
    const log = new ReportLog()
      .seat(ann, Fact.registered(ann))
      .on(day(1))
      .contract(contract(3))
      .on(day(2))
      .contract(MailboxLimitGranted({ userId: ann, limit: 5 }))
      .on(day(3))
      .contract(contract(1));
    const { story } = told(log);
    expect(story.limitsOf(ann).steps).toMatchObject([
      { at: day(1), limit: 3 },
      { at: day(2), limit: 5 },
    ]);
    expect(story.limitsOf(bob).steps.map(({ limit }) => limit)).toEqual([3, 1]);
  });

  it('steps with what is held', () => {
    const log = new ReportLog()
      .seat(ann, Fact.registered(ann))
      .on(day(2))
      .seat(ann, Fact.added(ann, 'r1', work), Fact.added(ann, 'r2', alias))
      .on(day(3))
      .contract(contract(1))
      .on(day(4))
      .seat(ann, Fact.deleted(ann, 'r3', alias));
    expect(drawn(log)).toEqual([
      { from: day(1), held: 0, limit: 2 },
      { from: day(2), held: 2, limit: 2 },
      { from: day(3), held: 2, limit: 1 },
      { from: day(4), held: 1, limit: 1 },
    ]);
  });

  it('is that of the last contract, even of one entered late under an earlier time', () => {
    const log = new ReportLog()
      .seat(ann, Fact.registered(ann))
      .on(day(3))
      .seat(ann, Fact.added(ann, 'r1', work))
      .on(day(10))
      .contract(contract(5))
      .on(day(5))
      .contract(contract(1));
    expect(drawn(log)).toEqual([
      { from: day(1), held: 0, limit: 2 },
      { from: day(3), held: 1, limit: 2 },
      { from: day(10), held: 1, limit: 1 },
    ]);
    const { text } = readMarkup(log.page());
    expect(text).toContain('1 of 1 mailbox;');
    expect(text).toContain('Held 1 of 1');
  });

  it('is the granted one, although a contract bears a later time', () => {
    const log = new ReportLog()
      .seat(ann, Fact.registered(ann))
      .on(day(10))
      .contract(contract(3))
      .on(day(5))
      .contract(MailboxLimitGranted({ userId: ann, limit: 4 }))
      .on(day(6))
      .contract(contract(1));
    expect(
      told(log)
        .story.limitsOf(ann)
        .steps.map(({ limit }) => limit),
    ).toEqual([3, 4]);
    expect(drawn(log).at(-1)).toEqual({ from: day(10), held: 0, limit: 4 });
  });

  it('ends as the seats table has it, at times that never go back, in whatever order they were', () => {
    const anyStep = fc.record({
      on: fc.integer({ min: 1, max: 30 }),
      fact: fc.oneof(
        fc.integer({ min: 0, max: 5 }).map((limit) => ({ type: 'contract' as const, limit })),
        fc.integer({ min: 0, max: 5 }).map((limit) => ({ type: 'grant' as const, limit })),
        fc.constantFrom(work, alias).map((address) => ({ type: 'mailbox' as const, address })),
      ),
    });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), (steps) => {
        const log = new ReportLog().seat(ann, Fact.registered(ann));
        const held = new Set<unknown>();
        for (const { on, fact } of steps) {
          log.on(day(on));
          if (fact.type === 'contract') log.contract(contract(fact.limit));
          else if (fact.type === 'grant')
            log.contract(MailboxLimitGranted({ userId: ann, limit: fact.limit }));
          else if (held.delete(fact.address)) log.seat(ann, Fact.deleted(ann, 'r', fact.address));
          else {
            held.add(fact.address);
            log.seat(ann, Fact.added(ann, 'r', fact.address));
          }
        }
        const [row] = told(log).seats;
        const shown = drawn(log);
        expect(shown.at(-1)).toMatchObject({
          held: row?.mailboxes.length,
          limit: row?.mailboxLimit,
        });
        const times = shown.map(({ from }) => from);
        expect(times).toEqual([...new Set(times)].sort());
        expect(shown.every(({ held: amount }) => amount >= 0)).toBe(true);
      }),
    );
  });
});

describe('the words beside the drawing', () => {
  it('are those of the view', () => {
    const log = new ReportLog()
      .seat(ann, Fact.registered(ann), Fact.added(ann, 'r1', work), Fact.added(ann, 'r2', alias))
      .seat(ann, Seat.SeatLocked({ userId: ann }))
      .contract(contract(1));
    expect(readMarkup(log.page()).text).toContain('Held 2 of 1, over limit');
  });
});
