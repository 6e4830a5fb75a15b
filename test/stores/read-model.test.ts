/** Read models in SQLite answer like tables in memory, keep state and checkpoint together, and never mix two writers' work. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeptTables, ReadModel, ReadModelSession } from '../../projections/read-model';
import { memoryTables, type Table } from '../../projections/table';
import { sqliteReadModel } from '../../src/adapters/sqlite/read-model';

interface Entries {
  readonly mailboxes: { readonly n: number };
  readonly seats: { readonly n: number };
}
const shape = { name: 'things', version: 1, tables: ['mailboxes', 'seats'] as const };
const checkpointAt = (position: number) => ({
  position: BigInt(position),
  eventId: `event-${position}`,
  stream: 'seat-acme.ann',
  revision: BigInt(position) * 2n,
});

let folder: string;
let model: ReadModel;
const open: Array<{ close: () => void }> = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-model-'));
  model = sqliteReadModel(join(folder, 'views.db'));
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
  rmSync(folder, { recursive: true });
});

const connect = (): ReadModelSession => {
  const session = model.connect();
  open.push(session);
  return session;
};

/** The tables, made empty at a first checkpoint. */
const made = (): void => {
  const rebuilding = model.rebuild<Entries>(shape, true);
  rebuilding.begin();
  rebuilding.kept.advance(checkpointAt(0));
  rebuilding.commit();
  rebuilding.finish();
  rebuilding.close();
};

const opened = (session: ReadModelSession): KeptTables<Entries> => {
  const kept = session.open<Entries>(shape);
  if (kept === undefined) throw new Error('They have not been made.');
  return kept;
};

const groups = ['a', 'b'];
const ids = ['1', '2', '3', '4'];

const dump = (table: Table<{ readonly n: number }>) =>
  groups.map((group) => [[...table.entries(group)], ids.map((id) => table.get(group, id) ?? null)]);

const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      group: fc.constantFrom(...groups),
      id: fc.constantFrom(...ids),
      n: fc.nat(9),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('delete' as const),
      group: fc.constantFrom(...groups),
      id: fc.constantFrom(...ids),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('look' as const), group: fc.constantFrom(...groups) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'commit' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
);

it('answers like tables in memory, whatever is committed or opened again in between', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      made();
      const expected = memoryTables<Entries>([...shape.tables]);
      let session = model.connect();
      let kept = opened(session);
      let position = 0;
      const commit = (): void => {
        position += 1;
        kept.advance(checkpointAt(position));
        expect(session.commit()).toBe(true);
      };
      session.begin();
      for (const step of actions) {
        if (step.do === 'set') {
          kept.tables.seats.set(step.group, step.id, { n: step.n });
          expected.seats.set(step.group, step.id, { n: step.n });
        } else if (step.do === 'delete') {
          kept.tables.seats.delete(step.group, step.id);
          expected.seats.delete(step.group, step.id);
        } else if (step.do === 'look') {
          expect([...kept.tables.seats.entries(step.group)]).toEqual([
            ...expected.seats.entries(step.group),
          ]);
        } else {
          commit();
          if (step.do === 'reopen') {
            session.close();
            session = model.connect();
            kept = opened(session);
            expect(kept.checkpoint).toEqual(checkpointAt(position));
          }
          session.begin();
        }
      }
      expect(dump(kept.tables.seats)).toEqual(dump(expected.seats));
      session.close();
    }),
    { numRuns: 60 },
  );
});

describe('two sessions on one file', () => {
  it('read what stood when they began, whatever the other writes', () => {
    made();
    const [one, other] = [connect(), connect()];
    const [mine, theirs] = [opened(one), opened(other)];
    one.begin();
    other.begin();
    theirs.tables.seats.set('a', '1', { n: 1 });
    theirs.advance(checkpointAt(1));
    expect(other.commit()).toBe(true);
    expect(mine.tables.seats.get('a', '1')).toBeUndefined();
    expect(mine.checkpoint).toEqual(checkpointAt(0));
    one.end();
    expect(one.begin()).toBe(false);
    expect(mine.tables.seats.get('a', '1')).toEqual({ n: 1 });
    expect(mine.checkpoint).toEqual(checkpointAt(1));
  });

  it('never mix: who commits second has what it set forgotten', () => {
    made();
    const [one, other] = [connect(), connect()];
    const [mine, theirs] = [opened(one), opened(other)];
    one.begin();
    other.begin();
    mine.tables.seats.set('a', '1', { n: 100 });
    mine.advance(checkpointAt(2));
    theirs.tables.seats.set('a', '1', { n: 1 });
    theirs.advance(checkpointAt(1));
    expect(other.commit()).toBe(true);
    expect(one.commit()).toBe(false);
    one.begin();
    expect(mine.tables.seats.get('a', '1')).toEqual({ n: 1 });
    expect(mine.checkpoint).toEqual(checkpointAt(1));
  });

  it('do not disturb each other with tables of another projection', () => {
    made();
    const one = connect();
    const mine = opened(one);
    one.begin();
    mine.tables.seats.set('a', '1', { n: 1 });
    mine.advance(checkpointAt(1));
    const beside = model.rebuild<Entries>({ ...shape, name: 'others' }, false);
    beside.begin();
    beside.kept.advance(checkpointAt(5));
    expect(beside.commit()).toBe(true);
    beside.close();
    expect(one.commit()).toBe(true);
  });
});

describe('making tables anew', () => {
  it('shows the old ones until it is finished, then the new ones', () => {
    made();
    const session = connect();
    const kept = opened(session);
    session.begin();
    kept.tables.seats.set('a', '1', { n: 1 });
    kept.advance(checkpointAt(1));
    session.commit();

    const rebuilding = model.rebuild<Entries>(shape, true);
    open.push(rebuilding);
    rebuilding.begin();
    rebuilding.kept.tables.seats.set('a', '1', { n: 2 });
    rebuilding.kept.advance(checkpointAt(1));
    rebuilding.commit();
    session.begin();
    expect(kept.tables.seats.get('a', '1')).toEqual({ n: 1 });
    session.end();
    rebuilding.finish();
    expect(() => session.begin()).toThrow('made anew');
    const again = connect();
    const fresh = opened(again);
    again.begin();
    expect(fresh.tables.seats.get('a', '1')).toEqual({ n: 2 });
  });

  it('goes on from where an interrupted one was left, and starts over for another version', () => {
    const first = model.rebuild<Entries>(shape, false);
    first.begin();
    first.kept.tables.seats.set('a', '1', { n: 1 });
    first.kept.advance(checkpointAt(7));
    first.commit();
    first.kept.tables.seats.set('a', '2', { n: 2 });
    first.kept.advance(checkpointAt(9));
    first.close();

    const second = model.rebuild<Entries>(shape, false);
    second.begin();
    expect(second.kept.checkpoint).toEqual(checkpointAt(7));
    expect([...second.kept.tables.seats.entries('a')]).toEqual([['1', { n: 1 }]]);
    second.close();

    const newer = model.rebuild<Entries>({ ...shape, version: 2 }, false);
    newer.begin();
    expect(newer.kept.checkpoint).toBeUndefined();
    newer.close();
  });

  it('is left to whoever starts over meanwhile, and keeps what is read', () => {
    made();
    const slow = model.rebuild<Entries>(shape, true);
    open.push(slow);
    slow.begin();
    slow.kept.advance(checkpointAt(7));
    slow.commit();
    const quick = model.rebuild<Entries>(shape, true);
    open.push(quick);
    expect(() => {
      slow.finish();
    }).toThrow('somebody else has begun to');
    expect(opened(connect()).checkpoint).toEqual(checkpointAt(0));

    quick.begin();
    quick.kept.advance(checkpointAt(8));
    quick.commit();
    quick.finish();
    expect(opened(connect()).checkpoint).toEqual(checkpointAt(8));
  });

  it('is finished once by two that make the same tables', () => {
    const [one, other] = [
      model.rebuild<Entries>(shape, false),
      model.rebuild<Entries>(shape, false),
    ];
    open.push(one, other);
    one.begin();
    one.kept.advance(checkpointAt(3));
    one.commit();
    one.finish();
    expect(() => {
      other.finish();
    }).toThrow('made anew meanwhile');
    expect(opened(connect()).checkpoint).toEqual(checkpointAt(3));
  });

  it('does not show tables of another version', () => {
    made();
    expect(connect().open({ ...shape, version: 2 })).toBeUndefined();
  });
});

it('keeps a checkpoint whole, however large its numbers', () => {
  made();
  const session = connect();
  const kept = opened(session);
  const checkpoint = { ...checkpointAt(1), position: 2n ** 63n - 1n, revision: 2n ** 53n + 1n };
  session.begin();
  kept.advance(checkpoint);
  session.commit();
  expect(opened(connect()).checkpoint).toEqual(checkpoint);
});
