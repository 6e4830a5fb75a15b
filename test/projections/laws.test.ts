import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addressesView,
  type CountingView,
  foldInto,
  LiveProjection,
  type ProjectedEvent,
  type Projection,
  requestsView,
  seatsView,
  sequencesStoppedView,
  type View,
  views,
} from '../../projections';
import { isOpen } from '../../src/seat/state';
import { acme, globex } from './facts';
import { plausibleLog } from './plausible-log';

type Log = ReadonlyArray<ProjectedEvent>;

/** Any view, its types forgotten. */
type AnyView = View<unknown, object, unknown, object> &
  Partial<CountingView<unknown, object, unknown, object, object>>;

const everyView = Object.values(views).map(
  (view) => [view.projection.name, view as unknown as AnyView] as const,
);

const rowsOf = (view: AnyView, state: unknown) =>
  [acme, globex].map((orgId) => ({
    rows: view.list(state, orgId),
    totals: view.totals?.(state, orgId),
  }));

const folded = <State>(projection: Projection<State>, log: Log): State =>
  foldInto(projection, projection.initialState(), log);

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

const redeliveryChangesNothing = <State>(
  projection: Projection<State>,
  deliver: (events: Log) => State,
) =>
  fc.property(redelivered, ({ log, deliveries }) => {
    expect(deliver(deliveries)).toEqual(folded(projection, log));
  });

const deepFreeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
};

const live = <State>(projection: Projection<State>, log: Log): State => {
  const runner = new LiveProjection(projection);
  runner.applyAll(log);
  return runner.state;
};

describe.each(everyView)('%s', (_, view) => {
  const { projection } = view;

  it('split anywhere is the whole, also when the state was stored in between', () => {
    fc.assert(
      fc.property(cutLog, ({ log, cut }) => {
        const first = new LiveProjection(projection);
        first.applyAll(log.slice(0, cut));
        const { state, checkpoint } = first;
        const second = new LiveProjection(projection, {
          state: structuredClone(state),
          checkpoint,
        });
        second.applyAll(log.slice(cut));

        const whole = folded(projection, log);
        expect(second.state).toEqual(whole);
        expect(rowsOf(view, second.state)).toEqual(rowsOf(view, whole));
      }),
    );
  });

  it('redelivery changes nothing', () => {
    fc.assert(redeliveryChangesNothing(projection, (events) => live(projection, events)));
  });

  it('a rebuild is what was kept up to date, at every position', () => {
    fc.assert(
      fc.property(plausibleLog, ({ events }) => {
        const runner = new LiveProjection(projection);
        for (const [index, event] of events.entries()) {
          runner.apply(event);
          if (index % 10 !== 0) continue;
          expect(runner.state).toEqual(folded(projection, events.slice(0, index + 1)));
        }
        expect(runner.state).toEqual(folded(projection, events));
      }),
      { numRuns: 30 },
    );
  });

  it('as of a position is the fold of the events up to it', () => {
    fc.assert(
      fc.property(cutLog, ({ log, cut }) => {
        const runner = new LiveProjection(projection);
        runner.applyAll(log.slice(0, cut));
        const then = JSON.stringify(rowsOf(view, runner.state));
        const { checkpoint } = runner;
        runner.applyAll(log);

        const prefix = log.filter(({ position }) => position <= checkpoint);
        expect(JSON.stringify(rowsOf(view, folded(projection, prefix)))).toBe(then);
      }),
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
        const state = folded(projection, log.slice(0, cut));
        const rows = [acme, globex].map((orgId) => view.list(state, orgId));
        deepFreeze(rows);
        const then = JSON.stringify(rows);
        expect(JSON.parse(then)).toStrictEqual(rows);

        foldInto(projection, state, log.slice(cut));
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
        const all = events.reduce(
          (state, event) => projection.evolve(state, event),
          projection.initialState(),
        );
        expect(all).toEqual(folded(projection, events));
      }),
    );
  });
});

describe('the law of redelivery', () => {
  it('is broken by a count that no position guards, and kept by the same count guarded', () => {
    const counting: Projection<number> = {
      name: 'planted',
      version: 1,
      handles: new Set(['MailboxAdded']),
      initialState: () => 0,
      evolve: (count) => count + 1,
    };
    const unguarded = redeliveryChangesNothing(counting, (events) => folded(counting, events));
    const guarded = redeliveryChangesNothing(counting, (events) => live(counting, events));

    expect(fc.check(unguarded).failed).toBe(true);
    expect(fc.check(guarded).failed).toBe(false);
  });
});

describe('views and the seat itself', () => {
  it('agree on mailboxes, locks, requests, stopped sequences and holders', () => {
    fc.assert(
      fc.property(plausibleLog, ({ events, seats }) => {
        const seatRows = folded(seatsView.projection, events);
        const requestRows = folded(requestsView.projection, events);
        const stops = folded(sequencesStoppedView.projection, events);
        const holders = folded(addressesView.projection, events);

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
    // Of logins and profiles there is nothing to get wrong; a deletion is judged by its effect.
    const unneeded = ['AccountEmailChanged', 'ProfileChanged', 'MailboxDeleteApproved'] as const;

    expect([...read].filter((type) => !seen.has(type)).sort()).toEqual([...unneeded].sort());
  });
});
