/** What a report remembers of a log, and where it draws it. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as Seat from '../../src/seat/events';
import { LedgerStory } from '../../src/report';
import { glanceOf } from '../../src/report/glance';
import { noNote, noteWords, placedNotes, drawnWidth } from '../../src/report/lane-notes';
import { drawnSeats, seatsTold } from '../../src/report/seats-section';
import { timeAxis } from '../../src/report/time-axis';
import type { Timestamp } from '../../src/values/timestamp';
import * as Fact from '../projections/facts';
import { acme, day, ReportLog, sam } from './log';

const { ann, bob, work, alias } = Fact;

const told = (log: ReportLog) => log.story.told[0]!;
const seatOf = (log: ReportLog, userId = ann) => told(log).story.seats.get(userId)!;

describe('the story of a seat', () => {
  it('spans a request from asked to its answer, whatever the answer', () => {
    const about = { userId: ann, requestId: Fact.requestId('r'), address: work };
    const asked = Fact.askedToAdd(ann, 'r', work);
    const outcomes = [
      Fact.added(ann, 'r', work),
      Seat.MailboxAddRejected({ ...about, reason: 'Not hers.' }),
      Seat.RequestWithdrawn(about),
      Seat.MailboxAddAbandoned(about),
    ].map((answer) => {
      const log = new ReportLog().on(day(1)).seat(ann, asked).on(day(5)).seat(ann, answer);
      return seatOf(log).requests.map(({ askedAt, outcome, closing }) => ({
        askedAt,
        outcome,
        closing,
      }));
    });
    expect(outcomes).toEqual(
      [
        ['fulfilled', ''],
        ['rejected', 'Not hers.'],
        ['withdrawn', ''],
        ['abandoned', ''],
      ].map(([outcome, reason]) => [
        { askedAt: day(1), outcome, closing: { at: day(5), by: sam, reason } },
      ]),
    );
  });

  it('closes every open request to delete a mailbox that is gone, whichever it served', () => {
    const log = new ReportLog()
      .seat(ann, Fact.added(ann, 'r1', work))
      .seat(ann, Fact.askedToDelete(ann, 'r2', work), Fact.askedToDelete(ann, 'r3', work))
      .seat(ann, Fact.askedToDelete(ann, 'r4', alias))
      .seat(ann, Fact.deleted(ann, 'r2', work));
    expect(seatOf(log).requests.map(({ outcome }) => outcome)).toEqual([
      'fulfilled',
      'fulfilled',
      'open',
    ]);
  });

  it('holds an address twice where it came back', () => {
    const log = new ReportLog()
      .on(day(1))
      .seat(ann, Fact.added(ann, 'r1', work))
      .on(day(2))
      .seat(ann, Fact.deleted(ann, 'r2', work, bob))
      .on(day(3))
      .seat(ann, Fact.added(ann, 'r3', work, bob));
    expect(
      seatOf(log).holdings.map(({ from, end, movedFrom }) => [
        from,
        end?.at,
        end?.movedTo,
        movedFrom,
      ]),
    ).toEqual([
      [day(1), day(2), bob, null],
      [day(3), undefined, undefined, bob],
    ]);
  });

  it('tells a recovery between two seats on both', () => {
    const moved = Fact.reassignment({ from: ann, to: bob, onto: work, reassigned: ['s1', 's2'] });
    const log = new ReportLog().seat(ann, moved).seat(bob, moved);
    const [left, arrived] = [ann, bob].map((userId) => seatOf(log, userId).recoveries);
    expect(left).toEqual(arrived);
    expect(left).toMatchObject([{ fromUserId: ann, toUserId: bob, prospects: 2, skipped: 0 }]);
  });

  it('remembers nothing of activity', () => {
    const quiet = new ReportLog().seat(ann, Fact.registered(ann));
    const before = seatOf(quiet);
    quiet.seat(ann, Fact.sequence(ann, 's1', work, 'active'));
    expect(seatOf(quiet)).toEqual(before);
  });
});

describe('refusals', () => {
  const log = new ReportLog();
  for (let index = 1; index <= 5; index += 1) {
    log
      .on(day(index))
      .refused({ type: 'ConfigureMailbox', userId: 'ann' }, { type: 'ConfigureByOwnerOnly' });
  }
  log.refused({ type: 'LockSeat', userId: 'bob' }, { type: 'NotOwnSeat' }, {
    type: 'FromAnOlderRelease',
  } as never);
  const { refusals, refusalsOfSeat } = told(log).story;

  it('are counted by clause, each with its latest examples', () => {
    expect(
      refusals.byClause.map(({ clause, type, times, examples }) => [
        clause,
        type,
        times,
        examples.map(({ at }) => at),
      ]),
    ).toEqual([
      ['P8', 'NotOwnSeat', 1, [day(5)]],
      ['P14', 'ConfigureByOwnerOnly', 5, [day(5), day(4), day(3)]],
      [null, 'FromAnOlderRelease', 1, [day(5)]],
    ]);
    expect(refusals.commands).toBe(6);
    expect([...refusalsOfSeat]).toEqual([
      ['ann', 5],
      ['bob', 1],
    ]);
  });

  it('say what is wrong even in the words of no release', () => {
    expect(refusals.byClause.at(-1)?.sentence).toBe(
      'This release has no words for the reason FromAnOlderRelease.',
    );
  });
});

describe('the axis', () => {
  const anyInstant = fc
    .date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString() as Timestamp);

  it('holds every instant, in order, and marks a few of them', () => {
    fc.assert(
      fc.property(anyInstant, anyInstant, anyInstant, (a, b, c) => {
        const [from, middle, to] = [a, b, c].sort() as [Timestamp, Timestamp, Timestamp];
        const axis = timeAxis({ from, to }, 100, 900);
        const places = [axis.x(from), axis.x(middle), axis.x(to)];
        expect(places).toEqual([...places].sort((x, y) => x - y));
        expect(places.every((x) => x >= 100 && x <= 900)).toBe(true);
        if (from < to) expect([axis.x(from), axis.x(to)]).toEqual([100, 900]);
        expect(axis.ticks.length).toBeLessThanOrEqual(10);
        expect(axis.ticks.every(({ x }) => x >= 100 && x <= 900)).toBe(true);
      }),
    );
  });

  it.each`
    from                      | to                        | labels
    ${'2026-03-01T09:00:00Z'} | ${'2026-03-01T13:30:00Z'} | ${['1 Mar, 09:00', '1 Mar, 10:00', '1 Mar, 11:00', '1 Mar, 12:00', '1 Mar, 13:00']}
    ${'2026-03-01T09:00:30Z'} | ${'2026-03-01T09:09:00Z'} | ${['1 Mar, 09:02', '1 Mar, 09:04', '1 Mar, 09:06', '1 Mar, 09:08']}
    ${'2026-03-01T09:00:03Z'} | ${'2026-03-01T09:00:12Z'} | ${['09:00:04', '09:00:06', '09:00:08', '09:00:10', '09:00:12']}
    ${'2026-03-01T09:00:03Z'} | ${'2026-03-01T09:00:03Z'} | ${['09:00:03']}
    ${'2026-02-27T12:00:00Z'} | ${'2026-03-03T12:00:00Z'} | ${['27 Feb, 12:00', '28 Feb, 00:00', '28 Feb, 12:00', '1 Mar, 00:00', '1 Mar, 12:00', '2 Mar, 00:00', '2 Mar, 12:00', '3 Mar, 00:00', '3 Mar, 12:00']}
    ${'2025-11-15T00:00:00Z'} | ${'2026-03-20T00:00:00Z'} | ${['Dec 2025', 'Jan 2026', 'Feb 2026', 'Mar 2026']}
  `('marks $from to $to', ({ from, to, labels }: Record<string, unknown>) => {
    const span = { from: from as Timestamp, to: to as Timestamp };
    expect(timeAxis(span, 0, 800).ticks.map(({ label }) => label)).toEqual(labels);
  });
});

describe('the words beside the bars', () => {
  const axis = timeAxis({ from: day(1), to: day(30) }, 250, 960);
  const anyNote = fc.record({
    x: fc.integer({ min: 250, max: 960 }),
    ended: fc.constant(1),
    drafts: fc.nat(2000),
    scheduled: fc.nat(2000),
    stopped: fc.nat(20_000),
  });

  it('never lie over one another, nor beyond the axis, and together they lose no number', () => {
    fc.assert(
      fc.property(fc.array(anyNote, { minLength: 1, maxLength: 40 }), (given) => {
        const placed = placedNotes(
          given.map((note) => ({ ...noNote, ...note })),
          axis,
        );
        const boxes = placed.map(({ x, anchor, text }): readonly [number, number] =>
          anchor === 'start' ? [x, x + drawnWidth(text)] : [x - drawnWidth(text), x],
        );
        for (const [index, [start, end]] of boxes.entries()) {
          expect(start).toBeGreaterThanOrEqual(250);
          expect(end).toBeLessThanOrEqual(960.001);
          expect(start).toBeGreaterThan(boxes[index - 1]?.[1] ?? 0);
        }
        const sum = (pattern: RegExp) =>
          placed
            .flatMap(({ text }) => [...text.matchAll(pattern)])
            .reduce((total, [, amount = '']) => total + Number(amount.replaceAll(',', '')), 0);
        expect(sum(/([\d,]+) sequences? stopped/g)).toBe(
          given.reduce((total, { stopped }) => total + stopped, 0),
        );
        expect(sum(/([\d,]+) drafts?/g)).toBe(
          given.reduce((total, { drafts }) => total + drafts, 0),
        );
      }),
    );
  });

  it.each`
    note                                       | words
    ${{ ended: 1 }}                            | ${'✕ deleted: nothing lost'}
    ${{ ended: 1, drafts: 1, stopped: 2 }}     | ${'✕ deleted: 1 draft lost, 2 sequences stopped'}
    ${{ ended: 1, to: ['bob'], scheduled: 3 }} | ${'→ to bob: 3 scheduled emails lost'}
    ${{ ended: 3, to: ['bob'], drafts: 2 }}    | ${'✕ 2 deleted; → to bob: 2 drafts lost'}
    ${{ from: ['ann', 'bob', 'cyd'] }}         | ${'← from ann, bob and 1 more'}
    ${{ recovered: 1234 }}                     | ${'↻ 1,234 went on'}
  `('read: $words', ({ note, words }: Record<string, unknown>) => {
    expect(noteWords({ ...noNote, x: 0, ...(note as object) })).toBe(words);
  });
});

describe('what is drawn where not all can be', () => {
  const log = new ReportLog()
    .seat(ann, Fact.registered(ann), Fact.askedToAdd(ann, 'r1', work), Fact.added(ann, 'r1', work))
    .seat(bob, Fact.registered(bob), Fact.added(bob, 'r1', alias))
    .seat(bob, Seat.SeatLocked({ userId: bob }))
    .seat('dee', Fact.registered('dee' as typeof ann));
  const seats = seatsTold(told(log));

  it('is what has the most to tell, and how much is left is said', () => {
    const { drawn, undrawn } = drawnSeats(seats, 1);
    expect(drawn.map(({ row }) => row.userId)).toEqual(['bob']);
    expect(undrawn).toBe(1);
    expect(drawnSeats(seats, 10).drawn.map(({ row }) => row.userId)).toEqual(['ann', 'bob']);
  });

  it('leaves the organization in numbers as it is', () => {
    expect(glanceOf(told(log))).toMatchObject({
      seats: 3,
      locked: 1,
      mailboxes: 2,
      allowed: 6,
      openRequests: 0,
      refusals: 0,
    });
  });

  it('is of one organization where one is asked for', () => {
    const events = [
      ...log.events,
      ...new ReportLog(Fact.globex).seat(ann, Fact.registered(ann)).events,
    ];
    const organizationsIn = (only?: typeof acme) => {
      const story = new LedgerStory(only);
      for (const event of events) story.take(event);
      return story.told.map(({ orgId }) => orgId);
    };
    expect(organizationsIn()).toEqual([acme, Fact.globex]);
    expect(organizationsIn(acme)).toEqual([acme]);
  });
});
