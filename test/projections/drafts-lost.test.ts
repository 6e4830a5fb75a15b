import { describe, expect, it } from '@jest/globals';
import { draftsLostView, foldInto, memoryTables } from '../../projections';
import { LogBuilder, minute, supportAgent } from '../support/recorded';
import {
  acme,
  alias,
  ann,
  bob,
  deleted,
  draftsLost,
  globex,
  mailingId,
  requestId,
  work,
} from './facts';

const stateOf = ({ events }: LogBuilder) =>
  foldInto(draftsLostView.projection, memoryTables(draftsLostView.projection.tables), events);

const key = (userId: typeof ann, request: string, { canonical }: typeof work) => ({
  userId,
  requestId: requestId(request),
  address: canonical,
});

describe('drafts lost', () => {
  it('case 7: says exactly which drafts and scheduled emails went, when, and by whom', () => {
    const state = stateOf(
      new LogBuilder().seat(
        acme,
        ann,
        deleted(ann, 'r1', work),
        draftsLost(ann, 'r1', work, ['d1', 'd2', 'd3'], ['e1', 'e2', 'e3', 'e4']),
      ),
    );

    expect(draftsLostView.list(state, acme)).toStrictEqual([
      {
        orgId: acme,
        userId: ann,
        address: work.canonical,
        requestId: 'r1',
        drafts: ['d1', 'd2', 'd3'],
        scheduled: ['e1', 'e2', 'e3', 'e4'],
        movedTo: null,
        deletedAt: minute(0),
        deletedBy: supportAgent,
      },
    ]);
  });

  it('joins the chunks of one deletion in order, and hands out what was known at the time', () => {
    const ids = Array.from({ length: 2500 }, (_, index) => `d${index}`);
    const log = new LogBuilder().seat(
      acme,
      ann,
      deleted(ann, 'r1', work),
      draftsLost(ann, 'r1', work, ids.slice(0, 1000)),
    );
    const state = stateOf(log);
    const early = draftsLostView.get(state, acme, key(ann, 'r1', work));

    log.seat(acme, ann, draftsLost(ann, 'r1', work, ids.slice(1000, 2000)));
    log.seat(acme, ann, draftsLost(ann, 'r1', work, ids.slice(2000), ['e1']));
    foldInto(draftsLostView.projection, state, log.events.slice(2));

    expect(draftsLostView.get(state, acme, key(ann, 'r1', work))?.drafts).toEqual(ids);
    expect(early?.drafts).toHaveLength(1000);
  });

  it('P32: a mailbox that moved lost its drafts on the seat that it left', () => {
    const state = stateOf(
      new LogBuilder().seat(
        acme,
        bob,
        deleted(bob, 'r1', work, ann),
        draftsLost(bob, 'r1', work, ['d1']),
      ),
    );

    expect(draftsLostView.list(state, acme, { movedTo: ann })).toMatchObject([
      { userId: bob, movedTo: ann, drafts: ['d1'] },
    ]);
    expect(draftsLostView.list(state, acme, { userId: ann })).toEqual([]);
  });

  it('keeps a deletion that cost nothing, and tells apart two of the same address', () => {
    const state = stateOf(
      new LogBuilder()
        .seat(acme, ann, deleted(ann, 'r1', work, bob), draftsLost(ann, 'r1', work, ['d1']))
        .seat(acme, ann, deleted(ann, 'r1', work, bob), draftsLost(ann, 'r1', work, ['d2']))
        .seat(acme, ann, deleted(ann, 'r2', alias)),
    );

    expect(draftsLostView.list(state, acme).map(({ drafts }) => drafts)).toEqual([
      ['d1'],
      ['d2'],
      [],
    ]);
    expect(draftsLostView.get(state, acme, key(ann, 'r1', work))?.drafts).toEqual([
      mailingId('d2'),
    ]);
  });

  it('adds up what each user lost', () => {
    const state = stateOf(
      new LogBuilder()
        .seat(acme, bob, deleted(bob, 'r1', work), draftsLost(bob, 'r1', work, ['d9'], ['e9']))
        .seat(acme, ann, deleted(ann, 'r1', alias), draftsLost(ann, 'r1', alias, ['d1', 'd2']))
        .seat(acme, ann, deleted(ann, 'r2', work), draftsLost(ann, 'r2', work, [], ['e1']))
        .seat(globex, ann, deleted(ann, 'r1', work), draftsLost(ann, 'r1', work, ['x'])),
    );
    const ofAnn = { orgId: acme, userId: ann, deletions: 2, drafts: 2, scheduled: 1 };

    expect(draftsLostView.totals(state, acme)).toStrictEqual([
      ofAnn,
      { orgId: acme, userId: bob, deletions: 1, drafts: 1, scheduled: 1 },
    ]);
    expect(draftsLostView.totals(state, acme, { userId: ann })).toStrictEqual([ofAnn]);
  });
});
