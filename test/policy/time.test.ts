/** What was true, what changed, and what happened: as of any point, held against a fold of the log's beginning. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type * as E from 'fp-ts/lib/Either.js';
import { foldInto, memoryTables, type ProjectedEvent, type View, views } from '../../projections';
import {
  type EventStore,
  type Ledger,
  memoryStore,
  openLedger,
  type PrincipalInput,
  type RecordedEvent,
  type StoreConnector,
} from '../../src';
import { decodeWhole } from '../../src/application/decode-event';
import type { Timeline, ViewDiff, ViewName } from '../../src/application/time';
import { keyOf } from '../../src/application/time/diff';
import type { Views } from '../../src/application/views';
import {
  acknowledging,
  addId,
  admin,
  agent,
  ann,
  approveAdd,
  arbitraries,
  bob,
  configure,
  cyd,
  elsewhere,
  grantLimit,
  contractAgent,
  grantPermission,
  holding,
  lockSeat,
  registerSeat,
  setContract,
  requestAdd,
  scenario,
  seated,
  Stage,
  type Step,
  system,
} from '../../src/testing';
import type { OrgId } from '../../src/values/ids';
import { first, second, yes } from './cast';
import { toSend } from './play';

const names = Object.keys(views) as ReadonlyArray<ViewName>;
type Row = Readonly<Record<string, unknown>>;
type AnyView = View<Record<string, unknown>, Row, never, never>;

const orgId = 'acme' as OrgId;
const auditor: PrincipalInput = { role: 'system', orgId, systemId: 'audit' };

const projected = (log: ReadonlyArray<RecordedEvent>): ReadonlyArray<ProjectedEvent> =>
  log
    .map((event) => yes(decodeWhole(event)))
    .filter(({ streamKind }) => streamKind !== 'answer' && streamKind !== 'ledger')
    .map((event) => event as ProjectedEvent);

/** The rows of a view, folded from these events and no others. */
const rowsFrom = (name: ViewName, log: ReadonlyArray<RecordedEvent>): ReadonlyArray<Row> => {
  const view = views[name] as unknown as AnyView;
  const tables = memoryTables<Record<string, unknown>>(view.projection.tables);
  return view.list(foldInto(view.projection, tables, projected(log)), orgId);
};

type Lister = (who: PrincipalInput) => Promise<E.Either<unknown, ReadonlyArray<Row>>>;

const rowsOf = async (
  from: Views,
  name: ViewName,
  who: PrincipalInput = auditor,
): Promise<ReadonlyArray<Row>> => yes(await (from[name].list as unknown as Lister)(who));

const atOf = ({ metadata }: RecordedEvent): string => (metadata as { readonly at: string }).at;

const isOfAcme = ({ stream }: RecordedEvent): boolean => /^\w+-acme(\.|$)/.test(stream);

/** The longest beginning in which nothing bears a later time. */
const until = (log: ReadonlyArray<RecordedEvent>, time: string): ReadonlyArray<RecordedEvent> => {
  const later = log.findIndex((event) => atOf(event) > time);
  return later < 0 ? log : log.slice(0, later);
};

const dayOf = (day: number): string => new Date(Date.UTC(2026, 2, 1 + day)).toISOString();

interface Dated {
  readonly step: Step;
  readonly day: number;
}

/** Random commands, each with a day at which it was given: mostly later than the one before. */
const datedCommands: fc.Arbitrary<ReadonlyArray<Dated>> = fc
  .tuple(
    arbitraries(fc).commandSequence,
    fc.array(fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -9, max: 9 })), {
      minLength: 17,
      maxLength: 17,
    }),
  )
  .map(([steps, shifts]) =>
    steps.map((step, place) => ({
      step,
      day: Math.max(0, place + (shifts[place % shifts.length] ?? 0)),
    })),
  );

/** Sends all of it, each at its day, and looks at the ledger and its log. */
const played = async (
  dated: ReadonlyArray<Dated>,
  look: (ledger: Ledger, log: ReadonlyArray<RecordedEvent>) => Promise<void>,
): Promise<void> => {
  const stage = await Stage.open();
  try {
    for (const { step, day } of dated) {
      const { command } = await toSend(stage.ledger, step);
      await stage.ledger.execute(step[0], command, { at: dayOf(day) });
    }
    await look(stage.ledger, (await stage.log()).filter(isOfAcme));
  } finally {
    await stage.close();
  }
};

const holds = (
  look: (
    ledger: Ledger,
    log: ReadonlyArray<RecordedEvent>,
    chosen: readonly [number, number],
  ) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(datedCommands, fc.nat(999), fc.nat(999), (dated, one, other) =>
      played(dated, (ledger, log) => look(ledger, log, [one, other])),
    ),
    { numRuns: 25 },
  );

describe('the views as of a point', () => {
  it('at any position are the fold of the log up to it', async () => {
    await holds(async (ledger, log, [one]) => {
      const place = one % log.length;
      const past = ledger.asOf({ position: String(log[place]?.position) });
      for (const name of names) {
        expect(await rowsOf(past, name)).toEqual(rowsFrom(name, log.slice(0, place + 1)));
      }
    });
  });

  it("are as well the host's own view at any position", async () => {
    await holds(async (ledger, log, [one]) => {
      const { projection, ...questions } = views.seats;
      const own = ledger.view({ ...questions, projection: { ...projection, name: 'ownSeats' } });
      const place = one % log.length;
      const past = own.asOf({ position: String(log[place]?.position) });
      expect(yes(await past.list(auditor))).toEqual(rowsFrom('seats', log.slice(0, place + 1)));
      expect(yes(await own.list(auditor))).toEqual(rowsFrom('seats', log));
    });
  });

  it('at any date are the fold of the longest beginning without a later event', async () => {
    await holds(async (ledger, log, [one]) => {
      const time = dayOf(one % 90);
      const beginning = until(log, time);
      const past = ledger.asOf({ time });
      for (const name of names) {
        expect(await rowsOf(past, name)).toEqual(rowsFrom(name, beginning));
      }
      const last = beginning.at(-1);
      const next = log[beginning.length];
      const placeOf = (event: RecordedEvent | undefined) =>
        event === undefined ? null : { position: String(event.position), at: atOf(event) };
      expect(yes(await past.extent(auditor))).toEqual({
        last: placeOf(last),
        next: placeOf(next),
      });
    });
  });

  it('at a later date include all that they included at an earlier one', async () => {
    await holds(async (ledger, _, [one, other]) => {
      const [early, late] = [one % 90, other % 90].sort((a, b) => a - b);
      const before = yes(await ledger.asOf({ time: dayOf(early ?? 0) }).extent(auditor));
      const after = yes(await ledger.asOf({ time: dayOf(late ?? 0) }).extent(auditor));
      expect(Number(before.last?.position ?? -1)).toBeLessThanOrEqual(
        Number(after.last?.position ?? -1),
      );
    });
  });

  it('at the end are the views of now', async () => {
    await holds(async (ledger) => {
      const past = ledger.asOf({ position: yes(await ledger.head()) });
      for (const name of names) {
        expect(await rowsOf(past, name)).toEqual(await rowsOf(ledger.views, name));
      }
      expect(await past.draftsLost.totals(auditor)).toEqual(
        await ledger.views.draftsLost.totals(auditor),
      );
      expect(await past.sequencesStopped.totals(auditor)).toEqual(
        await ledger.views.sequencesStopped.totals(auditor),
      );
    });
  });

  it('a user sees as much of the past as of today', async () => {
    await scenario(...seated(ann, bob), ...holding(ann, first), ...holding(bob, second)).onStage(
      async ({ ledger }) => {
        const past = ledger.asOf({ position: yes(await ledger.head()) });
        expect((await rowsOf(past, 'seats', ann)).map(({ userId }) => userId)).toEqual(['ann']);
        expect(yes(await past.addresses.get(ann, second))).toBeNull();
        expect(yes(await past.addresses.get(bob, second))?.holder).toBe('bob');
        expect(await rowsOf(past, 'seats', elsewhere(admin))).toEqual([]);
      },
    );
  });

  it('what was entered late is not in the past that it speaks of', async () => {
    await scenario().onStage(async (stage) => {
      const { ledger } = stage;
      const say = async (command: object, day: number): Promise<void> => {
        yes(await ledger.execute(system, command as never, { at: dayOf(day) }));
      };
      await say({ ...registerSeat(ann), commandId: 'c1' }, 1);
      await say({ ...registerSeat(bob), commandId: 'c2' }, 20);
      await say({ ...registerSeat(cyd), commandId: 'c3' }, 5);
      const onDay = async (day: number) =>
        (await rowsOf(ledger.asOf({ time: dayOf(day) }), 'seats')).map(({ userId }) => userId);
      expect(await onDay(0)).toEqual([]);
      expect(await onDay(10)).toEqual(['ann']);
      expect(await onDay(20)).toEqual(['ann', 'bob', 'cyd']);
      // A choice of events by their times would have known of cyd on the tenth day.
      const chosen = (await stage.log()).filter(isOfAcme).filter((e) => atOf(e) <= dayOf(10));
      expect(rowsFrom('seats', chosen).map(({ userId }) => userId)).toEqual(['ann', 'cyd']);
    });
  });

  it("another organization's clock changes nothing", async () => {
    await scenario().onStage(async ({ ledger }) => {
      const dated = { at: dayOf(300) };
      await ledger.execute(elsewhere(system), { ...registerSeat(bob), commandId: 'c1' }, dated);
      await ledger.execute(system, { ...registerSeat(ann), commandId: 'c2' }, { at: dayOf(1) });
      expect(await rowsOf(ledger.asOf({ time: dayOf(2) }), 'seats')).toHaveLength(1);
    });
  });

  it.each([
    ['no point', {}],
    ['both', { position: '1', time: '2026-03-01T00:00:00Z' }],
    ['a day that is none', { time: '2026-02-30T00:00:00Z' }],
    ['another time zone', { time: '2026-03-01T00:00:00+01:00' }],
    ['a position that is none', { position: '-1' }],
    ['nothing', null],
  ])('%s is refused when it is asked for', async (_, point) => {
    await scenario().onStage(async ({ ledger }) => {
      const asked = await ledger.asOf(point as never).seats.list(auditor);
      expect(asked).toMatchObject({ left: { type: 'InvalidInput', input: 'query' } });
    });
  });

  it('read the log once, however much is asked', async () => {
    const store = memoryStore();
    let reads = 0;
    const counted: StoreConnector = {
      name: store.name,
      connect: async () => {
        const inner = yes(await store.connect());
        const readAll: EventStore['readAll'] = (...given) => {
          reads += 1;
          return inner.readAll(...given);
        };
        return { _tag: 'Right', right: { ...inner, readAll } };
      },
    };
    const ledger = await openLedger({
      store: counted,
      addressSecret: 'a secret for tests only',
      recoverAtOpen: false,
    });
    yes(await ledger.execute(system, { ...registerSeat(ann), commandId: 'c1' }));
    const past = ledger.asOf({ position: '1000' });
    await Promise.all(names.map((name) => past[name].list(auditor)));
    await past.seats.get(ann, 'ann');
    expect(reads).toBe(1);
    await ledger.close();
  });
});

/** The rows of `from` after the changes of a diff. */
const applied = (
  name: ViewName,
  from: ReadonlyArray<Row>,
  { added, removed, changed }: ViewDiff,
): ReadonlyArray<Row> => {
  const text = (row: Row): string => JSON.stringify([keyOf(name, row), row]);
  const gone = [...removed.map(({ row }) => row), ...changed.map(({ before }) => before)].map(text);
  const kept = from.filter((row) => {
    const place = gone.indexOf(text(row));
    if (place >= 0) gone.splice(place, 1);
    return place < 0;
  });
  // What it takes away must have been there.
  expect(gone).toEqual([]);
  return [...kept, ...changed.map(({ after }) => after), ...added.map(({ row }) => row)];
};

const inOrder = (rows: ReadonlyArray<Row>): ReadonlyArray<string> =>
  rows.map((row) => JSON.stringify(row)).sort();

describe('the difference between two points', () => {
  it('leads from what was so at one to what was so at the other', async () => {
    await holds(async (ledger, log, [one, other]) => {
      const [from, to] = [one, other].map((number) => ({
        position: String(log[number % log.length]?.position),
      }));
      if (from === undefined || to === undefined) return;
      for (const name of names) {
        const changes = yes(await ledger.diff(auditor, name, from, to));
        const before = await rowsOf(ledger.asOf(from), name);
        const after = await rowsOf(ledger.asOf(to), name);
        expect(inOrder(applied(name, before, changes))).toEqual(inOrder(after));
        const back = yes(await ledger.diff(auditor, name, to, from));
        expect(new Set(back.removed)).toEqual(new Set(changes.added));
        expect(back.changed).toHaveLength(changes.changed.length);
        for (const { fields, before: old, after: young } of changes.changed) {
          expect(fields.length).toBeGreaterThan(0);
          for (const field of fields) expect(old[field]).not.toEqual(young[field]);
        }
      }
    });
  });

  it('names rows by the keys that the view takes', async () => {
    await holds(async (ledger) => {
      for (const name of names) {
        for (const row of await rowsOf(ledger.views, name)) {
          const get = ledger.views[name].get as (who: unknown, key: unknown) => Promise<never>;
          const found: Row | null = yes(await get(auditor, keyOf(name, row)));
          expect(found && keyOf(name, found)).toEqual(keyOf(name, row));
        }
      }
    });
  });

  it('is told to a user for their own seat', async () => {
    await scenario(...seated(ann, bob)).onStage(async (stage) => {
      const from = { position: yes(await stage.ledger.head()) };
      await stage.play(...holding(ann, first), ...holding(bob, second));
      const to = { position: yes(await stage.ledger.head()) };
      const own = yes(await stage.ledger.diff(ann, 'seats', from, to));
      expect(own.changed.map(({ key, fields }) => [key, fields])).toEqual([['ann', ['mailboxes']]]);
      const all = yes(await stage.ledger.diff(admin, 'seats', from, to));
      expect(all.changed.map(({ key }) => key)).toEqual(['ann', 'bob']);
      expect(await stage.ledger.diff(admin, 'seat' as never, from, to)).toMatchObject({
        left: { type: 'InvalidInput' },
      });
    });
  });
});

describe('the timeline of a seat', () => {
  const story = [
    ...seated(ann, bob, admin),
    ...holding(bob, first),
    [contractAgent, setContract()],
    [contractAgent, grantLimit(ann, 3)],
    [admin, lockSeat(bob)],
    [ann, requestAdd(ann, first)],
    [admin, grantPermission(bob, first, ann, addId(first))],
    [agent, acknowledging(approveAdd(ann, first))],
    [ann, configure(ann, first)],
  ] as ReadonlyArray<Step>;
  const refusedOnce: Step = [agent, { ...approveAdd(ann, second), commandId: 'c-refused' }];

  it('tells what happened to it, also on other seats, and what was refused', async () => {
    await scenario(...story).onStage(async (stage) => {
      await stage.send(...refusedOnce);
      const { entries, next } = yes(await stage.ledger.timeline(admin, 'ann'));
      expect(next).toBeNull();
      expect(entries.map(({ type }) => type)).toEqual([
        'SeatRegistered',
        'AddressClaimed',
        'MailboxLimitGranted',
        'MailboxAddRequested',
        'DeletePermissionGranted',
        'MailboxAddApproved',
        'MailboxAdded',
        'MailboxDeleted',
        'AddressClaimed',
        'MailboxConfigured',
        'CommandRefused',
      ]);
      expect(entries.at(-1)).toMatchObject({
        commandId: 'c-refused',
        commandType: 'ApproveMailboxAdd',
        actor: { role: 'support', id: 'agent-1' },
        policyVersion: '2026-11',
        answer: 'refused',
        reasons: [{ type: 'RequestNotFound' }],
      });
    });
  });

  it("shows a user nothing that stands on a colleague's seat", async () => {
    await scenario(...story).onStage(async (stage) => {
      await stage.send(...refusedOnce);
      const { entries } = yes(await stage.ledger.timeline(ann, 'ann'));
      const colleagues = entries.filter(({ stream }) => stream === 'seat-acme.bob');
      expect(colleagues).toEqual([]);
      expect(entries.map(({ type }) => type)).toContain('CommandRefused');
      expect(await stage.ledger.timeline(ann, 'bob')).toMatchObject({
        left: { rejections: [{ type: 'NotOwnSeat' }] },
      });
      expect(await stage.ledger.timeline(admin, 'nobody')).toMatchObject({
        left: { rejections: [{ type: 'SeatNotFound' }] },
      });
    });
  });

  it('is the same in parts as whole, in the order of the log, with all of its own stream', async () => {
    await holds(async (ledger, log, [one]) => {
      const whole = yes(await ledger.timeline(auditor, 'ann', { limit: 1000 })).entries;
      const parts: Array<unknown> = [];
      let after: string | null = null;
      do {
        const part: Timeline = yes(
          await ledger.timeline(auditor, 'ann', {
            limit: 1 + (one % 7),
            ...(after !== null && { after }),
          }),
        );
        parts.push(...part.entries);
        after = part.next;
      } while (after !== null);
      expect(parts).toEqual(whole);
      const positions = whole.map(({ position }) => Number(position));
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
      const own = log.filter(({ stream }) => stream === 'seat-acme.ann');
      expect(whole.filter(({ stream }) => stream === 'seat-acme.ann')).toHaveLength(own.length);
    });
  });

  it('is asked for in parts of 1 to 1,000', async () => {
    await scenario(...seated(ann)).onStage(async ({ ledger }) => {
      for (const limit of [0, 1001, 1.5]) {
        expect(await ledger.timeline(ann, 'ann', { limit })).toMatchObject({
          left: { type: 'InvalidInput', input: 'options' },
        });
      }
    });
  });
});
