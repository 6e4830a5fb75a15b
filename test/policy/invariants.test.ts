/** The checker of logs finds nothing in a sound log, and each fault that is planted in one. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '../../src';
import {
  acknowledging,
  admin,
  agent,
  ann,
  approveAdd,
  approveDelete,
  bob,
  grantPermission,
  holding,
  type Invariant,
  lockSeat,
  recordMailing,
  recordSequence,
  requestAdd,
  requestDelete,
  scenario,
  seated,
  type Step,
  storedAddress,
  system,
  tagProspects,
  violations,
} from '../../src/testing';
import { runChild } from '../support/run-child';
import { first, second, shared, third } from './cast';

/** Ann loses one mailbox by deletion and one to Bob; she was refused another. */
const story: ReadonlyArray<Step> = [
  ...seated(ann, bob),
  ...holding(ann, first, second),
  [system, recordMailing(ann, first, 'draft-1', 'drafted')],
  [system, recordMailing(ann, first, 'timed-1', 'queued')],
  [system, recordSequence(ann, first, 'active-1', 'active')],
  [system, recordMailing(ann, second, 'draft-2', 'drafted')],
  [ann, tagProspects(ann, 'keep', 'p-active-1')],
  [ann, requestDelete(ann, first)],
  [agent, acknowledging(approveDelete(ann, first))],
  [bob, requestAdd(bob, second)],
  [ann, grantPermission(ann, second, bob)],
  [agent, acknowledging(approveAdd(bob, second))],
  ...holding(ann, third),
  [admin, lockSeat(bob)],
];

type Event = RecordedEvent & { readonly data: Record<string, unknown> };
type Log = ReadonlyArray<Event>;

let sound: Log;
beforeAll(async () => {
  sound = await scenario(...story).onStage(async (stage) => {
    await stage.send(ann, requestAdd(ann, shared));
    return (await stage.log()) as Log;
  });
});

/** The same events with revisions and positions counted anew, so that only the planted fault shows. */
const counted = (log: Log): Log => {
  const revisions = new Map<string, bigint>();
  return log.map((event, index) => {
    const revision = (revisions.get(event.stream) ?? -1n) + 1n;
    revisions.set(event.stream, revision);
    return { ...event, revision, position: BigInt(index) };
  });
};

const isOf = (type: string, userId?: string) => (event: Event) =>
  event.type === type && (userId === undefined || event.data['userId'] === userId);

const without = (log: Log, unwanted: (event: Event) => boolean): Log =>
  counted(log.filter((event) => !unwanted(event)));

const changed = (log: Log, wanted: (event: Event) => boolean, data: object): Log =>
  log.map((event) => (wanted(event) ? { ...event, data: { ...event.data, ...data } } : event));

/** With `more` after the last event that `like` finds, taken for events of the same command. */
const withMore = (log: Log, like: (event: Event) => boolean, more: Partial<Event>): Log => {
  const place = log.findLastIndex(like);
  const model = log[place];
  if (model === undefined) throw new Error('There is no such event in the story.');
  return counted([...log.slice(0, place + 1), { ...model, ...more }, ...log.slice(place + 1)]);
};

const held = (userId: string, address: string) => ({
  userId,
  requestId: `add-${address}`.replace(/[^a-z-]/g, '-'),
  address: storedAddress(address),
});

const manyIds = Array.from({ length: 600 }, (_, index) => `id-${index}`);

/** One fault for every invariant, planted in a sound log. */
const faults: ReadonlyArray<readonly [string, Invariant, (log: Log) => Log]> = [
  [
    'an event of a type that is not ours',
    'readable',
    (log) => log.map((event) => (isOf('SeatLocked')(event) ? { ...event, type: 'Locked' } : event)),
  ],
  [
    'an event without a field',
    'readable',
    (log) => log.map((event) => (isOf('SeatLocked')(event) ? { ...event, data: {} } : event)),
  ],
  [
    'metadata that cannot be read',
    'readable',
    (log) => log.map((event) => (isOf('SeatLocked')(event) ? { ...event, metadata: {} } : event)),
  ],
  [
    'a stream that is not ours',
    'readable',
    (log) => log.map((event) => (isOf('SeatLocked')(event) ? { ...event, stream: 'x' } : event)),
  ],
  [
    'an event that is gone',
    'gapless',
    (log) => log.filter((event) => !isOf('ProspectsTagged')(event)),
  ],
  [
    'two events with one position',
    'gapless',
    (log) => log.map((event, index) => (index === 5 ? { ...event, position: 4n } : event)),
  ],
  [
    'a request that is recorded twice',
    'requestedOnce',
    (log) => {
      const twin = log.find(isOf('MailboxAddRequested', 'ann'))!;
      return withMore(log, isOf('SeatLocked', 'bob'), { ...twin });
    },
  ],
  [
    'a request to delete under the id of one to add',
    'requestedOnce',
    (log) => {
      const { requestId } = log.find(isOf('MailboxAddRequested', 'ann'))!.data;
      return changed(log, isOf('MailboxDeleteRequested', 'ann'), { requestId });
    },
  ],
  [
    'a third mailbox',
    'withinLimit',
    (log) => {
      const fourth = held('ann', 'fourth@acme.example');
      const fifth = held('ann', 'fifth@acme.example');
      return [fourth, fifth].reduce((soFar, data) => {
        const approved = withMore(soFar, isOf('MailboxConfigured', 'ann'), {
          type: 'MailboxAddApproved',
          data: { ...data, evidence: 'Seen.' },
        });
        return withMore(approved, isOf('MailboxAddApproved', 'ann'), {
          type: 'MailboxAdded',
          data,
        });
      }, log);
    },
  ],
  [
    'a mailbox on a locked seat',
    'activeWhenAdded',
    (log) => {
      const data = held('bob', 'fourth@acme.example');
      const approved = withMore(log, isOf('SeatLocked', 'bob'), {
        type: 'MailboxAddApproved',
        data: { ...data, evidence: 'Seen.' },
      });
      return withMore(approved, isOf('MailboxAddApproved', 'bob'), { type: 'MailboxAdded', data });
    },
  ],
  [
    'a mailbox that nobody approved',
    'approvedBeforeAdded',
    (log) => without(log, isOf('MailboxAddApproved', 'bob')),
  ],
  [
    'a deletion that nobody approved',
    'approvedBeforeDeleted',
    (log) => without(log, isOf('MailboxDeleteApproved')),
  ],
  [
    'a move that never arrives',
    'approvedBeforeDeleted',
    (log) => without(log, isOf('MailboxAdded', 'bob')),
  ],
  [
    'a double holder',
    'oneHolder',
    (log) => without(log, (event) => isOf('MailboxDeleted')(event) && 'movedTo' in event.data),
  ],
  [
    'a claim on what is claimed',
    'oneHolder',
    (log) =>
      withMore(log, isOf('AddressClaimed', 'ann'), {
        type: 'AddressClaimed',
        data: held('bob', third),
      }),
  ],
  [
    'a release by somebody else',
    'oneHolder',
    (log) => changed(log, isOf('AddressReleased'), { userId: 'bob' }),
  ],
  [
    'a deletion of what is not held',
    'oneHolder',
    (log) => without(log, isOf('MailboxAdded', 'ann')),
  ],
  [
    'a mailbox without a claim',
    'claimsMatchMailboxes',
    (log) =>
      without(log, (event) => isOf('AddressClaimed')(event) && event.stream.startsWith('address-')),
  ],
  [
    'an address that is never released',
    'claimsMatchMailboxes',
    (log) => without(log, isOf('AddressReleased')),
  ],
  [
    'an address that is lost for ever',
    'claimsMatchMailboxes',
    (log) => without(log, isOf('MailboxAdded', 'bob')),
  ],
  [
    'a login without a claim',
    'claimsMatchLogins',
    (log) =>
      without(log, (event) => isOf('AddressClaimed')(event) && event.stream.startsWith('account-')),
  ],
  [
    'a login that changes in the seat alone',
    'claimsMatchLogins',
    (log) =>
      withMore(log, isOf('SeatLocked', 'bob'), {
        type: 'AccountEmailChanged',
        data: { userId: 'bob', accountEmail: storedAddress('new@acme.example') },
      }),
  ],
  ['a loss that is counted only', 'lossesCounted', (log) => without(log, isOf('DraftsLost'))],
  [
    'a loss that is named only',
    'lossesCounted',
    (log) => changed(log, isOf('MailboxDeleted', 'ann'), { sequencesStopped: 0 }),
  ],
  [
    'a loss without a deletion',
    'lossesCounted',
    (log) =>
      withMore(log, isOf('SeatLocked', 'bob'), {
        type: 'SequencesStopped',
        data: { ...held('bob', second), sequenceStateIds: ['active-1'] },
      }),
  ],
  [
    'a loss of something else',
    'lossesComplete',
    (log) => changed(log, isOf('SequencesStopped'), { sequenceStateIds: ['active-9'] }),
  ],
  [
    'a loss that is neither counted nor named',
    'lossesComplete',
    (log) =>
      changed(without(log, isOf('SequencesStopped')), isOf('MailboxDeleted', 'ann'), {
        sequencesStopped: 0,
      }),
  ],
  [
    'a loss that was not acknowledged',
    'lossesAcknowledged',
    (log) =>
      log.map((event) =>
        isOf('MailboxDeleteApproved')(event)
          ? {
              ...event,
              data: {
                ...event.data,
                acknowledged: { ...(event.data['acknowledged'] as object), drafts: 0 },
              },
            }
          : event,
      ),
  ],
  [
    'a loss in a move that was not acknowledged',
    'lossesAcknowledged',
    (log) =>
      log.map((event) => {
        if (!isOf('MailboxDeleted')(event) || !('movedTo' in event.data)) return event;
        const { acknowledged, ...data } = event.data;
        return acknowledged === undefined ? event : { ...event, data };
      }),
  ],
  [
    'too many ids in one event',
    'idsBounded',
    (log) => changed(log, isOf('DraftsLost'), { drafts: manyIds, scheduled: manyIds }),
  ],
  [
    'a claim that nobody used',
    'finished',
    (log) =>
      withMore(log, isOf('SeatLocked', 'bob'), {
        type: 'AddressClaimed',
        stream: 'address-acme.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
        data: { userId: 'ann', requestId: 'never', address: storedAddress('never@acme.example') },
      }),
  ],
  [
    'a refusal that adds something',
    'refusalChangesNothing',
    (log) =>
      withMore(log, isOf('CommandRefused'), {
        type: 'SeatLocked',
        stream: 'seat-acme.ann',
        data: { userId: 'ann' },
      }),
  ],
];

const everyInvariant: Readonly<Record<Invariant, true>> = {
  readable: true,
  gapless: true,
  requestedOnce: true,
  withinLimit: true,
  activeWhenAdded: true,
  approvedBeforeAdded: true,
  approvedBeforeDeleted: true,
  oneHolder: true,
  claimsMatchMailboxes: true,
  claimsMatchLogins: true,
  lossesCounted: true,
  lossesComplete: true,
  lossesAcknowledged: true,
  idsBounded: true,
  refusalChangesNothing: true,
  finished: true,
};

describe('the checker of logs', () => {
  it('finds nothing wrong in a sound log', () => {
    expect(violations(sound)).toEqual([]);
    expect(violations(counted(sound))).toEqual([]);
    expect(sound.length).toBeGreaterThan(30);
  });

  it.each(faults)('finds %s', (_, invariant, plant) => {
    const atomicity = invariant === 'finished' ? 'oneStream' : 'anyStreams';
    const found = violations(plant(sound), atomicity);
    expect(found.map((violation) => violation.invariant)).toContain(invariant);
    for (const { position, detail } of found) {
      expect(position).toMatch(/^\d+$/);
      expect(detail.length).toBeGreaterThan(10);
    }
  });

  it('has a planted fault for every invariant', () => {
    expect(new Set(faults.map(([, invariant]) => invariant))).toEqual(
      new Set(Object.keys(everyInvariant)),
    );
  });

  it('names the position of the fault', () => {
    const place = sound.findIndex(isOf('SeatLocked'));
    const log = sound.map((event, index) => (index === place ? { ...event, data: {} } : event));
    expect(violations(log)).toEqual([
      {
        invariant: 'readable',
        position: String(place),
        detail: expect.stringContaining('SeatLocked'),
      },
    ]);
  });

  it('judges an add by the contract then in force', () => {
    const contract = (mailboxLimit: number) => ({
      type: 'ContractSet',
      stream: 'organization-acme',
      data: { mailboxLimit, permittedSharedAddresses: [] },
    });
    const lowered = withMore(sound, isOf('SeatRegistered', 'bob'), contract(1));
    expect(violations(lowered).map(({ invariant }) => invariant)).toContain('withinLimit');
    // Lowering it afterwards takes nothing away, and is no fault.
    const later = withMore(sound, isOf('SeatLocked', 'bob'), contract(1));
    expect(violations(later)).toEqual([]);
  });

  it('never throws, whatever it is handed', () => {
    const junk = fc.oneof(
      fc.anything(),
      fc.record({ stream: fc.string(), type: fc.string(), data: fc.anything() }),
      fc.constantFrom(...sound),
      fc
        .tuple(
          fc.constantFrom(...sound),
          fc.anything(),
          fc.constantFrom('data', 'metadata', 'stream'),
        )
        .map(([event, value, field]) => ({ ...event, [field]: value })),
    );
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 20 }), (log) => {
        expect(Array.isArray(violations(log as ReadonlyArray<RecordedEvent>))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a log with a grant for every user', () => {
  it.each(['anyStreams', 'oneStream'])('is judged in little memory (%s)', async (atomicity) => {
    // A copy of all grants at each of them took gigabytes.
    const child = runChild(join(__dirname, 'many-grants-child.ts'), [atomicity, '10000'], {
      under: ['env', 'NODE_OPTIONS=--max-old-space-size=128'],
    });
    expect(await child.exit).toMatchObject({ code: 0, errors: '' });
    expect(child.lines).toEqual(['10000 grants, 0 violations']);
  });
});
