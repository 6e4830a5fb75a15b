import { describe, expect, it } from '@jest/globals';
import {
  BEFORE_FIRST_POSITION,
  BrokenProjection,
  defineProjection,
  foldInto,
  LiveProjection,
  memoryTables,
  type ProjectedEvent,
  projections,
  sequencesStoppedView,
  type Tables,
  views,
} from '../../projections';
import { ann as person, scenario, seated } from '../../src/testing';
import { LogBuilder } from '../support/recorded';
import {
  acme,
  added,
  ann,
  configured,
  deleted,
  registered,
  sequence,
  stopped,
  work,
} from './facts';

const log = new LogBuilder()
  .seat(acme, ann, registered(ann))
  .seat(acme, ann, added(ann, 'r1', work))
  .seat(acme, ann, configured(ann, work)).events;

interface Collected {
  readonly types: string;
}

const collect = ({ types }: Tables<Collected>, { orgId, id, type }: ProjectedEvent): void => {
  types.set(String(orgId), id, type);
};

/** Keeps the types it was given; throws on `configured`, halfway. */
const collecting = defineProjection<Collected>({
  name: 'collecting',
  version: 1,
  tables: ['types'],
  on: {
    MailboxAdded: collect,
    MailboxConfigured: (tables, event) => {
      collect(tables, event);
      throw new Error('planted');
    },
  },
});

const typesIn = ({ tables }: LiveProjection<Collected>) =>
  Array.from(tables.types.entries(acme), ([, type]) => type);

describe('an event as a store gives it', () => {
  it('is not taken, for no projection would be told of it', async () => {
    const recorded = await scenario(...seated(person)).onStage((stage) => stage.log());
    const { projection } = sequencesStoppedView;
    const folding = () => foldInto(projection, memoryTables(projection.tables), recorded as never);
    expect(folding).toThrow(TypeError);
    expect(folding).toThrow(/orgId.*ledger\.view/);
    const live = new LiveProjection(projection);
    expect(() => {
      live.applyAll(recorded as never);
    }).toThrow(TypeError);
  });
});

describe('LiveProjection', () => {
  it('moves its checkpoint over events that it does not handle', () => {
    const live = new LiveProjection(collecting);
    expect(live.checkpoint).toBe(BEFORE_FIRST_POSITION);

    live.apply(log[0]!);
    expect([typesIn(live), live.checkpoint]).toEqual([[], 0n]);
    live.apply(log[1]!);
    expect([typesIn(live), live.checkpoint]).toEqual([['MailboxAdded'], 1n]);
  });

  it('ignores what it has applied before', () => {
    const live = new LiveProjection(collecting);
    live.applyAll([log[0]!, log[1]!, log[0]!, log[1]!]);

    expect([typesIn(live), live.checkpoint]).toEqual([['MailboxAdded'], 1n]);
  });

  it('goes on from tables that were kept with their checkpoint', () => {
    const first = new LiveProjection(collecting);
    first.applyAll(log.slice(0, 2));
    const { tables, checkpoint } = first;
    const live = new LiveProjection(collecting, { tables, checkpoint });
    live.applyAll(log.slice(0, 2));

    expect([typesIn(live), live.checkpoint]).toEqual([['MailboxAdded'], 1n]);
  });

  it('passes over what no projection may read, and never goes back', () => {
    const live = new LiveProjection(collecting);
    live.pass(1n);
    live.pass(0n);
    live.applyAll(log.slice(0, 2));

    expect([typesIn(live), live.checkpoint]).toEqual([[], 1n]);
  });

  it('is broken by a projection that throws: it shows no tables, and stays before that event', () => {
    const live = new LiveProjection(collecting);
    const broken = new BrokenProjection(
      'collecting',
      '2',
      'MailboxConfigured',
      new Error('planted'),
    );

    expect(() => {
      live.applyAll(log);
    }).toThrow(broken);
    expect(live.checkpoint).toBe(1n);
    expect(() => live.tables).toThrow(broken);
    expect(() => {
      live.apply(log[0]!);
    }).toThrow(broken);
  });
});

describe('the registry', () => {
  it('names every projection as its view', () => {
    const names = Object.keys(views);

    expect(Object.keys(projections)).toEqual(names);
    expect(Object.values(projections).map(({ name }) => name)).toEqual(names);
    expect(Object.values(views).map(({ projection }) => projection)).toEqual(
      Object.values(projections),
    );
  });
});

describe('speed', () => {
  it('folds a seat with 50,000 activities and 20,000 stopped sequences in well under a second', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `s${index}`);
    const activity = Array.from({ length: 50_000 }, (_, index) =>
      sequence(ann, `s${index % 20_000}`, work, 'active'),
    );
    const stops = Array.from({ length: 20 }, (_, chunk) =>
      stopped(ann, 'r2', work, ids.slice(chunk * 1000, (chunk + 1) * 1000)),
    );
    const { events } = new LogBuilder()
      .seat(acme, ann, registered(ann), added(ann, 'r1', work), ...activity)
      .seat(acme, ann, deleted(ann, 'r2', work), ...stops);

    const start = performance.now();
    const live = new LiveProjection(sequencesStoppedView.projection);
    live.applyAll(events);
    const elapsedMs = performance.now() - start;

    expect(sequencesStoppedView.totals(live.tables, acme)).toMatchObject([{ stopped: 20_000 }]);
    expect(elapsedMs).toBeLessThan(1000);
  });
});
