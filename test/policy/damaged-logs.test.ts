/** Whoever reads a whole log stops at what is missing or cannot be read, and says which event showed it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Either, right } from 'fp-ts/lib/Either.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EventStore,
  exportEvents,
  type Ledger,
  memoryStore,
  openLedger,
  type RecordedEvent,
  type StoreConnector,
} from '../../src';
import { sqliteReadModel } from '../../src/adapters/sqlite';
import { readLog } from '../../src/cli/read-report';
import {
  acknowledging,
  admin,
  agent,
  ann,
  approveDelete,
  bob,
  cyd,
  holding,
  lockSeat,
  registerSeat,
  requestAdd,
  requestDelete,
  scenario,
  seated,
  Stage,
  type Step,
  system,
  violationsIn,
} from '../../src/testing';
import { storeOf } from '../support/edited-store';
import { first, second, third, yes } from './cast';
import { inMemoryStepwise } from './stores';

type Log = ReadonlyArray<RecordedEvent>;

/** What happened to bob is damaged below; it stands in the middle of the log. */
const story: ReadonlyArray<Step> = [
  ...seated(ann, bob, admin),
  ...holding(ann, first),
  ...holding(bob, second),
  [bob, requestDelete(bob, second)],
  [agent, acknowledging(approveDelete(bob, second))],
  [admin, lockSeat(bob)],
  [system, registerSeat(cyd)],
];

/** A log as it was damaged, on a store that promises so much, and the event that shows it. */
interface Damaged {
  readonly log: Log;
  readonly positions?: 'consecutive';
  readonly shownBy: RecordedEvent | undefined;
}

const isBobs =
  (type: string) =>
  (event: RecordedEvent): boolean =>
    event.type === type && event.stream === 'seat-acme.bob';

/** One of bob's events is another one. */
const changed =
  (type: string, change: Partial<RecordedEvent>) =>
  (log: Log): Damaged => {
    const edited = log.map((event) => (isBobs(type)(event) ? { ...event, ...change } : event));
    return { log: edited, shownBy: edited[log.findIndex(isBobs(type))] };
  };

/** The last event of bob's stream is missing: no revision tells. */
const missingPosition = (log: Log): Damaged => {
  const gone = log.findIndex(isBobs('SeatLocked'));
  return {
    log: log.filter((_, index) => index !== gone),
    positions: 'consecutive',
    shownBy: log[gone + 1],
  };
};

/** On a store whose positions only rise, the next event of the stream tells. */
const missingRevision = (log: Log): Damaged => {
  const gone = log.findIndex(isBobs('MailboxAdded'));
  return {
    log: log.filter((_, index) => index !== gone),
    shownBy: log.find((event, index) => index > gone && event.stream === log[gone]?.stream),
  };
};

const damages: ReadonlyArray<readonly [damage: string, damaged: (log: Log) => Damaged]> = [
  ['a position that is missing', missingPosition],
  ['a revision that is missing', missingRevision],
  ['an unknown type', changed('MailboxDeleted', { type: 'MailboxSold' })],
  ['an unknown version', changed('MailboxDeleted', { type: 'MailboxDeleted@9' })],
  ['damaged data', changed('MailboxDeleted', { data: { userId: 'bob' } })],
  ['damaged metadata', changed('MailboxDeleted', { metadata: {} })],
];

const ledgerOn = (store: StoreConnector, readModel?: string): Promise<Ledger> =>
  openLedger({
    store,
    addressSecret: 'a secret for tests only',
    recoverAtOpen: false,
    ...(readModel !== undefined && { readModel: sqliteReadModel(readModel) }),
  });

type Answer = Promise<Either<unknown, unknown>>;

const onLedger =
  (ask: (ledger: Ledger, end: string) => Answer) =>
  async (store: StoreConnector): Answer => {
    const ledger = await ledgerOn(store);
    const answer = await ask(ledger, yes(await ledger.head()));
    await ledger.close();
    return answer;
  };

let folder: string;
let whole: Log;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'damaged-logs-'));
  await scenario(...story).onStage(async (stage) => {
    whole = await stage.log();
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;
const onKeptViews = async (store: StoreConnector): Answer => {
  const ledger = await ledgerOn(store, join(folder, `views-${(files += 1)}.db`));
  const answer = await ledger.views.auditTrail.list(admin);
  await ledger.close();
  return answer;
};

const reported = async (store: StoreConnector): Answer => {
  const connected: EventStore = yes(await store.connect());
  const progress = { passed: () => undefined, tell: () => undefined, finish: () => undefined };
  const read = { store: connected, head: yes(await connected.head()), file: 'edited.db' };
  return readLog(read, progress, new AbortController().signal);
};

const readers: ReadonlyArray<readonly [reader: string, read: (store: StoreConnector) => Answer]> = [
  ['a view in memory', onLedger(({ views }) => views.auditTrail.list(admin))],
  ['a view that is kept', onKeptViews],
  ['a view made anew', onLedger((ledger) => ledger.rebuildView('auditTrail'))],
  [
    'a view as of a position',
    onLedger(({ asOf }, position) => asOf({ position }).seats.list(admin)),
  ],
  [
    'a view as of a time',
    onLedger(({ asOf }) => asOf({ time: '2027-01-01T00:00:00Z' }).seats.list(admin)),
  ],
  [
    'the difference between two points',
    onLedger(({ diff }, end) => diff(admin, 'auditTrail', { position: '0' }, { position: end })),
  ],
  ['the timeline of another seat', onLedger(({ timeline }) => timeline(admin, 'ann'))],
  ['another policy', onLedger(({ whatIf }) => whatIf(admin, { mailboxLimit: 3 }))],
  ['an export', (store) => exportEvents(store, () => undefined)],
  ['a report', reported],
];

describe.each(damages)('%s', (_, damaged) => {
  const asked = () => {
    const { log, shownBy, ...promised } = damaged(whole);
    const position = String(shownBy?.position);
    return { store: storeOf(log, promised), log, promised, shownBy, position };
  };

  it.each(readers)('stops %s, which says where', async (_reader, read) => {
    const { store, shownBy, position } = asked();
    expect(await read(store)).toMatchObject({
      _tag: 'Left',
      left: { type: 'UndecodableEvent', position, eventType: shownBy?.type },
    });
  });

  it('ends a proof, which names it and judges nothing after it', async () => {
    const { store, position } = asked();
    const ledger = await ledgerOn(store);
    const proof = yes(await ledger.verify());
    await ledger.close();
    expect(proof).toMatchObject({ endedEarly: true, position });
    const kind = expect.stringMatching(/^(gapless|readable)$/);
    expect(proof.findings).toContainEqual(expect.objectContaining({ kind, position }));
    // A command of which a part is gone, or cannot be read, was not decided wrongly.
    expect(proof.findings.filter((finding) => finding.kind === 'decided')).toEqual([]);
    const later = proof.findings.filter((finding) => BigInt(finding.position) > BigInt(position));
    expect(later).toEqual([]);
  });

  it('is told by a recovery, which goes on', async () => {
    const { log, promised, position } = asked();
    const ledger = await ledgerOn(storeOf(log, { ...promised, atomicity: 'oneStream' }));
    const { eventsRead, failures } = yes(await ledger.recover());
    await ledger.close();
    expect(eventsRead).toBe(log.length);
    expect(failures).toContainEqual(
      expect.objectContaining({ type: 'UndecodableEvent', position }),
    );
  });

  it('is the first thing that an audit finds', async () => {
    const { store, position } = asked();
    const [violation] = await violationsIn(yes(await store.connect()));
    expect(violation).toMatchObject({
      invariant: expect.stringMatching(/^(gapless|readable)$/),
      position,
    });
  });
});

describe('an event that a view passes over', () => {
  it.each`
    damage               | change
    ${'an unknown type'} | ${{ type: 'SeatSold' }}
    ${'a new version'}   | ${{ type: 'SeatLocked@9' }}
    ${'damaged data'}    | ${{ data: { userId: 'bob', lockedBy: 'ann' } }}
  `('stops it all the same with $damage', async ({ change }) => {
    const { log, shownBy } = changed('SeatLocked', change as Partial<RecordedEvent>)(whole);
    const ledger = await ledgerOn(storeOf(log));
    expect(await ledger.rebuildView('draftsLost')).toMatchObject({
      left: {
        type: 'UndecodableEvent',
        position: String(shownBy?.position),
        eventType: shownBy?.type,
      },
    });
    await ledger.close();
  });
});

describe('the search for a command', () => {
  it.each(damages.filter(([damage]) => /missing|metadata/.test(damage)))(
    'does not say that there is none where one may be hidden by %s',
    async (_, damaged) => {
      const { log, shownBy, ...promised } = damaged(whole);
      const ledger = await ledgerOn(storeOf(log, promised));
      expect(await ledger.why(admin, 'never-sent')).toMatchObject({
        left: { type: 'UndecodableEvent', position: String(shownBy?.position) },
      });
      await ledger.close();
    },
  );
});

describe('what was before the damage', () => {
  it.each(damages)('can be asked for in spite of %s', async (_, damaged) => {
    const { log, shownBy, ...promised } = damaged(whole);
    const before = log[log.findIndex((event) => event === shownBy) - 2];
    const ledger = await ledgerOn(storeOf(log, promised));
    const past = ledger.asOf({ position: String(before?.position) });
    expect(yes(await past.seats.list(admin))).toHaveLength(3);
    await ledger.close();
  });
});

describe('a request that is recorded twice, where one stream is appended to at a time', () => {
  const endingWithTwin = (log: Log): Log => {
    const twin = log.find(isBobs('MailboxAddRequested'))!;
    return [...log, twin];
  };

  /** A store of its own that holds these events, each as the next one of its stream. */
  const written = async (log: Log): Promise<StoreConnector> => {
    const connector = memoryStore({ atomicity: 'oneStream' });
    const store = yes(await connector.connect());
    const revisions = new Map<string, bigint>();
    for (const [index, { stream, type, data, metadata }] of log.entries()) {
      const expectedRevision = revisions.get(stream) ?? -1n;
      const events = [{ id: `e-${index}`, type, data, metadata }] as const;
      yes(await store.append([{ stream, expectedRevision, events }])());
      revisions.set(stream, expectedRevision + 1n);
    }
    return connector;
  };

  let stepwise: Log;
  beforeAll(async () => {
    const stage = await Stage.open(inMemoryStepwise);
    await stage.play(...story);
    stepwise = await stage.log();
    await stage.close();
  });

  const unfitting = {
    type: 'Contended',
    message: expect.stringMatching(/never fitted together.*verify/),
  };

  it('is told to whoever asks for its address, as a failure', async () => {
    const until = stepwise.findIndex(isBobs('MailboxDeleteRequested'));
    const ledger = await ledgerOn(await written(endingWithTwin(stepwise.slice(0, until))));
    const head = yes(await ledger.head());
    expect(await ledger.execute(ann, { ...requestAdd(ann, second), commandId: 'c' })).toMatchObject(
      {
        left: unfitting,
      },
    );
    expect(await ledger.head()).toEqual(right(head));
    const other = { ...requestAdd(ann, third), commandId: 'd' };
    expect(await ledger.execute(ann, other)).toMatchObject({ _tag: 'Right' });
    await ledger.close();
  });

  it('is told by a recovery, which finishes the rest', async () => {
    const claims = stepwise.filter(
      ({ type, stream }) => type === 'AddressReleased' && stream.startsWith('address-'),
    );
    expect(claims).toHaveLength(1);
    const unreleased = stepwise.filter((event) => event !== claims[0]);
    const ledger = await ledgerOn(await written(endingWithTwin(unreleased)));
    expect(yes(await ledger.recover())).toMatchObject({ failures: [unfitting] });
    await ledger.close();
  });
});
