import { describe, expect, it } from '@jest/globals';
import { foldInto, memoryTables, sequencesStoppedView } from '../../projections';
import { standingCounts, stopsByDeletion } from '../../projections/sequences-stopped';
import { LogBuilder, minute } from '../support/recorded';
import {
  acme,
  alias,
  ann,
  bob,
  deleted,
  globex,
  reassignment,
  sequence,
  sequenceStateId,
  stopped,
  work,
} from './facts';

const { projection } = sequencesStoppedView;

const stateOf = ({ events }: LogBuilder) =>
  foldInto(projection, memoryTables(projection.tables), events);

const stop = (log: LogBuilder, userId: typeof ann, state: string) =>
  sequencesStoppedView.get(stateOf(log), acme, { userId, sequenceStateId: sequenceStateId(state) });

/** Ann loses `work`, and with it two of her three sequences. */
const annStopped = () =>
  new LogBuilder()
    .seat(acme, ann, sequence(ann, 's1', work, 'active'), sequence(ann, 's2', work, 'pending'))
    .seat(acme, ann, sequence(ann, 's3', work, 'paused'))
    .seat(acme, ann, deleted(ann, 'r1', work), stopped(ann, 'r1', work, ['s1', 's2']));

describe('sequences stopped', () => {
  it('P18: names the prospect and the sequence of every one that stopped', () => {
    expect(sequencesStoppedView.list(stateOf(annStopped()), acme)).toStrictEqual(
      ['s1', 's2'].map((state) => ({
        orgId: acme,
        userId: ann,
        sequenceStateId: state,
        prospectId: `prospect-${state}`,
        sequenceId: 'welcome',
        address: work.canonical,
        requestId: 'r1',
        stoppedAt: minute(2),
        standing: 'waiting',
        recovered: null,
        endedAs: null,
      })),
    );
  });

  it('takes a deletion in several events of at most 1,000', () => {
    const ids = Array.from({ length: 2500 }, (_, index) => `s${index}`);
    const log = new LogBuilder()
      .seat(acme, ann, ...ids.map((state) => sequence(ann, state, work, 'active')))
      .seat(
        acme,
        ann,
        deleted(ann, 'r1', work),
        stopped(ann, 'r1', work, ids.slice(0, 1000)),
        stopped(ann, 'r1', work, ids.slice(1000, 2000)),
        stopped(ann, 'r1', work, ids.slice(2000)),
      );

    const rows = sequencesStoppedView.list(stateOf(log), acme, { userId: ann });
    expect(rows.map((row) => row.sequenceStateId)).toEqual(ids);
  });

  it('P20: shows those that went on from another mailbox, those that had ended, and those that wait', () => {
    const log = annStopped()
      .seat(acme, ann, sequence(ann, 's2', work, 'finished'))
      .seat(
        acme,
        ann,
        reassignment({
          from: ann,
          to: ann,
          onto: alias,
          reassigned: ['s1', 's3'],
          skipped: [['s2', 'finished']],
        }),
      );

    expect(stop(log, ann, 's1')).toMatchObject({
      recovered: { toUserId: ann, address: alias.canonical, at: minute(4) },
      endedAs: null,
    });
    expect(stop(log, ann, 's2')).toMatchObject({
      standing: 'ended',
      recovered: null,
      endedAs: 'finished',
    });
    // It was paused and never stopped: there is nothing to recover.
    expect(stop(log, ann, 's3')).toBeUndefined();
    const standing = (wanted: 'waiting' | 'recovered' | 'ended') =>
      sequencesStoppedView.list(stateOf(log), acme, { standing: wanted }).length;
    expect([standing('waiting'), standing('recovered'), standing('ended')]).toEqual([0, 1, 1]);
    expect(sequencesStoppedView.totals(stateOf(log), acme)).toStrictEqual([
      { orgId: acme, userId: ann, stopped: 2, waiting: 0, recovered: 1, ended: 1 },
    ]);
  });

  it.each(['finished', 'bounced', 'optedOut'] as const)(
    'one that waits and is then recorded as %s has ended',
    (progress) => {
      const log = annStopped().seat(acme, ann, sequence(ann, 's1', work, progress));

      expect(stop(log, ann, 's1')).toMatchObject({ recovered: null, endedAs: progress });
    },
  );

  it('one that has gone on and finishes later stays recovered', () => {
    const log = annStopped()
      .seat(acme, ann, reassignment({ from: ann, to: ann, onto: alias, reassigned: ['s1'] }))
      .seat(acme, ann, sequence(ann, 's1', alias, 'finished'));

    expect(stop(log, ann, 's1')).toMatchObject({ recovered: { toUserId: ann }, endedAs: null });
  });

  it.each(['the new seat', 'the old seat'])(
    'counts a reassignment to another seat once, when %s tells it first',
    (first) => {
      const fact = reassignment({ from: ann, to: bob, onto: alias, reassigned: ['s1'] });
      const log = annStopped();
      if (first === 'the new seat') log.seat(acme, bob, fact).seat(acme, ann, fact);
      else log.seat(acme, ann, fact).seat(acme, bob, fact);

      expect(sequencesStoppedView.totals(stateOf(log), acme)).toStrictEqual([
        { orgId: acme, userId: ann, stopped: 2, waiting: 1, recovered: 1, ended: 0 },
      ]);
      expect(stop(log, ann, 's1')?.recovered).toMatchObject({ toUserId: bob });
    },
  );

  it('has one wait until its own seat tells that it went on', () => {
    const fact = reassignment({ from: ann, to: bob, onto: alias, reassigned: ['s1'] });
    const log = annStopped().seat(acme, bob, fact);
    expect(stop(log, ann, 's1')?.recovered).toBeNull();

    expect(stop(log.seat(acme, ann, fact), ann, 's1')?.recovered).toMatchObject({ toUserId: bob });
  });

  it('one that went on and stopped again has two rows, each on the seat where it stopped', () => {
    const fact = reassignment({ from: ann, to: bob, onto: alias, reassigned: ['s1'] });
    const log = annStopped()
      .seat(acme, bob, fact)
      .seat(acme, ann, fact)
      .seat(acme, bob, deleted(bob, 'r2', alias), stopped(bob, 'r2', alias, ['s1']));

    expect(stop(log, ann, 's1')).toMatchObject({ requestId: 'r1', recovered: { toUserId: bob } });
    expect(stop(log, bob, 's1')).toMatchObject({
      requestId: 'r2',
      prospectId: 'prospect-s1',
      recovered: null,
    });
  });

  it('on one seat as well, and the first row keeps its story', () => {
    const log = annStopped()
      .seat(acme, ann, reassignment({ from: ann, to: ann, onto: alias, reassigned: ['s1'] }))
      .seat(acme, ann, deleted(ann, 'r2', alias), stopped(ann, 'r2', alias, ['s1']));
    const rows = sequencesStoppedView
      .list(stateOf(log), acme)
      .filter((row) => row.sequenceStateId === 's1');

    expect(rows).toMatchObject([
      { requestId: 'r1', recovered: { toUserId: ann } },
      { requestId: 'r2', recovered: null },
    ]);
  });

  it('keeps organizations apart though their users and sequences share ids', () => {
    const log = annStopped().seat(globex, ann, sequence(ann, 's1', work, 'finished'));

    expect(stop(log, ann, 's1')).toMatchObject({ endedAs: null });
    expect(sequencesStoppedView.list(stateOf(log), globex)).toEqual([]);
  });
});

describe('stops by deletion', () => {
  it('are together, oldest deletion first, each with what became of its prospects', () => {
    const log = annStopped()
      .seat(acme, bob, sequence(bob, 's8', alias, 'active'), sequence(bob, 's9', alias, 'active'))
      .seat(acme, bob, deleted(bob, 'r2', alias))
      .seat(acme, bob, stopped(bob, 'r2', alias, ['s8']))
      .seat(acme, ann, reassignment({ from: ann, to: ann, onto: alias, reassigned: ['s1'] }))
      .seat(acme, ann, deleted(ann, 'r3', alias), stopped(ann, 'r3', alias, ['s1']));
    const groups = stopsByDeletion(sequencesStoppedView.list(stateOf(log), acme));

    expect(groups.map(({ first, stops }) => [first.requestId, standingCounts(stops)])).toEqual([
      ['r1', { stopped: 2, waiting: 1, recovered: 1, ended: 0 }],
      ['r2', { stopped: 1, waiting: 1, recovered: 0, ended: 0 }],
      ['r3', { stopped: 1, waiting: 1, recovered: 0, ended: 0 }],
    ]);
    expect(groups.every(({ first, stops }) => stops[0] === first)).toBe(true);
  });
});
