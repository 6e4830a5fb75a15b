import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addressesView,
  type CountingView,
  defineProjection,
  foldInto,
  LiveProjection,
  type ProjectedEvent,
  type Projection,
  requestsView,
  seatsView,
  sequencesStoppedView,
  type Table,
  type View,
  views,
} from '../../projections';
import { isOpen } from '../../src/seat/state';
import { acme, globex } from './facts';
import { plausibleLog } from './plausible-log';
import { type Contents, deepFreeze, Witness } from './witness';

type Log = ReadonlyArray<ProjectedEvent>;

/** Any view, its types forgotten. */
type AnyView = View<unknown, object, unknown, object> &
  Partial<CountingView<unknown, object, unknown, object, object>>;

const everyView = Object.values(views).map(
  (view) => [view.projection.name, view as unknown as AnyView] as const,
);

/** Fields that a row is known by, where its key is a text. */
const textKeys = { seats: 'userId', addresses: 'address', auditTrail: 'position' } as const;

const keyFieldsOf = (view: AnyView, row: object): Record<string, unknown> => {
  const named = Object.keys(view.keyFields);
  const text = textKeys[view.projection.name as keyof typeof textKeys];
  const fields = named.length > 0 ? named : [text];
  return Object.fromEntries(Object.entries(row).filter(([field]) => fields.includes(field)));
};

const keyOfRow = (view: AnyView, row: object): unknown => {
  const key = keyFieldsOf(view, row);
  return Object.keys(view.keyFields).length > 0 ? key : Object.values(key)[0];
};

const rowsOf = (view: AnyView, { tables }: Witness<unknown>) =>
  [acme, globex].map((orgId) => ({
    rows: view.list(tables, orgId),
    totals: view.totals?.(tables, orgId),
  }));

const folded = <Entries>(projection: Projection<Entries>, log: Log): Witness<Entries> => {
  const witness = new Witness(projection);
  foldInto(projection, witness.tables, log);
  return witness;
};

/** A log and a place to cut it. */
const cutLog = plausibleLog.chain(({ events }) =>
  fc.record({ log: fc.constant(events), cut: fc.nat({ max: events.length }) }),
);

/** A log as a careless sender delivers it: after any event, some of those before may come again. */
const redelivered = plausibleLog.chain(({ events }) =>
  fc
    .array(fc.nat({ max: 5 }), { minLength: events.length, maxLength: events.length })
    .map((stepsBack) => ({
      log: events,
      deliveries: events.flatMap((_, index): Log =>
        events.slice(Math.max(0, index - (stepsBack[index] ?? 0)), index + 1),
      ),
    })),
);

/** A projection that follows the log, and its tables. */
const following = <Entries>(projection: Projection<Entries>, from?: Contents, checkpoint = -1n) => {
  const witness = new Witness(projection, from);
  const live = new LiveProjection(projection, { tables: witness.tables, checkpoint });
  return { witness, live };
};

const followed = <Entries>(projection: Projection<Entries>, log: Log): Witness<Entries> => {
  const { witness, live } = following(projection);
  live.applyAll(log);
  return witness;
};

type Deliver = <Entries>(projection: Projection<Entries>, events: Log) => Witness<Entries>;

const redeliveryChangesNothing = <Entries>(projection: Projection<Entries>, deliver: Deliver) =>
  fc.property(redelivered, ({ log, deliveries }) => {
    expect(deliver(projection, deliveries).contents).toEqual(folded(projection, log).contents);
  });

const splitIsTheWhole = <Entries>(projection: Projection<Entries>, deliver: Deliver) =>
  fc.property(cutLog, ({ log, cut }) => {
    const first = deliver(projection, log.slice(0, cut));
    const checkpoint = log[cut - 1]?.position ?? -1n;
    const second = following(projection, first.contents, checkpoint);
    // The second half is delivered with what came before it: at least once, as ever.
    second.live.applyAll(log);
    expect(second.witness.contents).toEqual(folded(projection, log).contents);
  });

describe.each(everyView)('%s', (_, view) => {
  const { projection } = view;

  it('split anywhere is the whole, also when the tables were stored in between', () => {
    fc.assert(splitIsTheWhole(projection, followed));
  });

  it('redelivery changes nothing', () => {
    fc.assert(redeliveryChangesNothing(projection, followed));
  });

  it('kept up to date event by event is, at every position, the fold of what came up to it', () => {
    fc.assert(
      fc.property(plausibleLog, ({ events }) => {
        const { witness, live } = following(projection);
        for (const [index, event] of events.entries()) {
          live.apply(event);
          if (index % 10 !== 0) continue;
          expect(witness.contents).toEqual(folded(projection, events.slice(0, index + 1)).contents);
        }
        expect(witness.contents).toEqual(folded(projection, events).contents);
      }),
      { numRuns: 30 },
    );
  });

  it('gets every row that it lists, by its key', () => {
    fc.assert(
      fc.property(plausibleLog, ({ events }) => {
        const { tables } = folded(projection, events);
        for (const row of view.list(tables, acme)) {
          expect(view.get(tables, acme, keyOfRow(view, row))).toMatchObject(keyFieldsOf(view, row));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('takes any events in any order without throwing', () => {
    const shuffled = plausibleLog.chain(({ events }) => fc.shuffledSubarray([...events]));
    fc.assert(
      fc.property(shuffled, (events) => {
        expect(() => rowsOf(view, folded(projection, events))).not.toThrow();
      }),
    );
  });

  it('hands out rows that are plain JSON and that no later event changes', () => {
    fc.assert(
      fc.property(cutLog, ({ log, cut }) => {
        const { tables } = folded(projection, log.slice(0, cut));
        const rows = [acme, globex].map((orgId) => view.list(tables, orgId));
        deepFreeze(rows);
        const then = JSON.stringify(rows);
        expect(JSON.parse(then)).toStrictEqual(rows);

        foldInto(projection, tables, log.slice(cut));
        expect(JSON.stringify(rows)).toBe(then);
      }),
    );
  });

  it('knows nothing of another organization', () => {
    fc.assert(
      fc.property(plausibleLog, ({ events }) => {
        const own = events.filter(({ orgId }) => orgId === acme);
        expect(rowsOf(view, folded(projection, events))[0]).toEqual(
          rowsOf(view, folded(projection, own))[0],
        );
      }),
    );
  });

  it('passes over the events that it does not name', () => {
    fc.assert(
      fc.property(plausibleLog, ({ events }) => {
        const witness = new Witness(projection);
        for (const event of events) projection.evolve(witness.tables, event);
        expect(witness.contents).toEqual(folded(projection, events).contents);
      }),
    );
  });
});

describe('the laws', () => {
  const counting = defineProjection<{ readonly counts: number }>({
    name: 'planted',
    version: 1,
    tables: ['counts'],
    on: {
      MailboxAdded: ({ counts }, { orgId }) => {
        counts.set(orgId, 'added', (counts.get(orgId, 'added') ?? 0) + 1);
      },
    },
  });

  it('are broken by a count that no position guards, and kept by the same count guarded', () => {
    expect(fc.check(redeliveryChangesNothing(counting, folded)).failed).toBe(true);
    expect(fc.check(redeliveryChangesNothing(counting, followed)).failed).toBe(false);
  });

  it.each<[fault: string, evolve: (table: Table<unknown>) => void]>([
    [
      'holds a Map',
      (table) => {
        table.set('acme', '1', new Map());
      },
    ],
    [
      'holds undefined',
      (table) => {
        table.set('acme', '1', { at: undefined });
      },
    ],
    [
      'holds a bigint',
      (table) => {
        table.set('acme', '1', 1n);
      },
    ],
    [
      'is changed after it was set',
      (table) => {
        table.set('acme', '1', { ids: [] });
        (table.get('acme', '1') as { ids: Array<number> }).ids.push(1);
      },
    ],
  ])('are broken by an entry that %s', (_, evolve) => {
    const { tables } = new Witness<{ readonly entries: unknown }>({ tables: ['entries'] });

    expect(() => {
      evolve(tables.entries);
    }).toThrow(TypeError);
  });
});

describe('views and the seat itself', () => {
  it('agree on mailboxes, locks, requests, stopped sequences and holders', () => {
    fc.assert(
      fc.property(plausibleLog, ({ events, seats }) => {
        const seatRows = folded(seatsView.projection, events).tables;
        const requestRows = folded(requestsView.projection, events).tables;
        const stops = folded(sequencesStoppedView.projection, events).tables;
        const holders = folded(addressesView.projection, events).tables;

        for (const { orgId, userId, seat } of seats) {
          const row = seatsView.get(seatRows, orgId, userId);
          const held = row?.mailboxes.map(({ address, use }) => [address, use ?? undefined]);
          expect(new Map(held as Array<[string, unknown]>)).toEqual(
            new Map([...seat.mailboxes].map(([address, { use }]) => [address, use])),
          );
          expect(row?.status).toBe(seat.locked ? 'locked' : 'active');
          expect(row?.openRequests).toBe(seat.requests.count(isOpen));

          const settled = requestsView.list(requestRows, orgId, { userId, open: false });
          expect(new Map(settled.map(({ requestId, status }) => [requestId, status]))).toEqual(
            new Map(
              [...seat.requests]
                .filter(([, request]) => !isOpen(request))
                .map(([requestId, { status }]) => [requestId, status]),
            ),
          );

          const ended = new Set(['finished', 'bounced', 'optedOut']);
          const waiting = sequencesStoppedView.list(stops, orgId, { userId, standing: 'waiting' });
          expect(new Set(waiting.map(({ sequenceStateId }) => sequenceStateId))).toEqual(
            new Set(
              [...seat.sequenceStates]
                .filter(([, { stopped, state }]) => stopped && !ended.has(state))
                .map(([sequenceStateId]) => sequenceStateId),
            ),
          );

          const here = addressesView.list(holders, orgId, { holder: userId });
          expect(here.map(({ address }) => address)).toEqual([...seat.mailboxes.keys()].sort());
          expect(here.every(({ seatState }) => seatState === row?.status)).toBe(true);
        }
      }),
    );
  });

  it('the logs they are judged by hold every kind of event that a view reads', () => {
    const seen = new Set(
      fc
        .sample(plausibleLog, { numRuns: 300, seed: 1 })
        .flatMap(({ events }) => events.map((e) => e.type)),
    );
    const read = new Set(everyView.flatMap(([, { projection }]) => [...projection.handles]));
    // Of logins, profiles and tags there is nothing to get wrong; a deletion is judged by its effect.
    const unneeded = [
      'AccountEmailAbandoned',
      'AccountEmailChanged',
      'MailboxDeleteApproved',
      'ProfileChanged',
      'ProspectsTagged',
    ] as const;

    expect([...read].filter((type) => !seen.has(type)).sort()).toEqual(unneeded);
  });
});
