import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type AuditFilter,
  auditTrailView,
  foldInto,
  memoryTables,
  type ProjectedEvent,
} from '../../projections';
import { ContractSet, MailboxLimitGranted } from '../../src/organization/events';
import * as Seat from '../../src/seat/events';
import type { AgentId, CaseId, CommandId, MailingId, ProspectId } from '../../src/values/ids';
import type { Actor } from '../../src/values/principal';
import { address, LogBuilder, minute } from '../support/recorded';
import {
  acme,
  added,
  ann,
  askedToAdd,
  bob,
  byUser,
  claimed,
  configured,
  deleted,
  draftsLost,
  globex,
  reassignment,
  registered,
  released,
  requestId,
  sequence,
  stopped,
  work,
} from './facts';
import { plausibleLog } from './plausible-log';
import { Witness } from './witness';

const lee: Actor = { role: 'support', id: 'lee' as AgentId };
const { projection } = auditTrailView;

const rowsOf = (events: ReadonlyArray<ProjectedEvent>, filter?: AuditFilter) =>
  auditTrailView.list(foldInto(projection, memoryTables(projection.tables), events), acme, filter);

const about = { userId: ann, requestId: requestId('add-1'), address: work };
const manyIds = Array.from({ length: 1000 }, (_, index) => `id-${index}-${'x'.repeat(50)}`);

type Type = ProjectedEvent['type'];
type Fact = Parameters<LogBuilder['seat']>[2];
interface Told {
  readonly log: (builder: LogBuilder) => LogBuilder;
  readonly sentence: string;
  readonly clauses: string;
}

const onSeat =
  (fact: Fact) =>
  (log: LogBuilder): LogBuilder =>
    log.seat(acme, ann, fact);

const acknowledged = {
  revision: '7',
  drafts: 3,
  scheduled: 4,
  inFlight: 0,
  sequences: 5,
  untaggedProspects: 2,
  history: 9,
};

/** Every type of event, done by lee of Support, in the words of the trail. */
const told: Readonly<Record<Type, Told>> = {
  ContractSet: {
    log: (log) =>
      log.organization(
        acme,
        ContractSet({ mailboxLimit: 3, permittedSharedAddresses: [address('sales@acme.example')] }),
      ),
    sentence:
      'Support agent lee set the contract: a limit of 3 for every user, and 1 permitted shared address.',
    clauses: 'P2 P6',
  },
  MailboxLimitGranted: {
    log: (log) => log.organization(acme, MailboxLimitGranted({ userId: ann, limit: 4 })),
    sentence: 'Support agent lee granted ann a limit of 4 by contract.',
    clauses: 'P2',
  },
  SeatRegistered: {
    log: onSeat(registered(ann)),
    sentence:
      'Support agent lee registered the seat of ann with the login ann@login.example and the profile user.',
    clauses: 'P36',
  },
  AccountEmailChanged: {
    log: onSeat(Seat.AccountEmailChanged({ userId: ann, accountEmail: work })),
    sentence: "Support agent lee changed ann's login to ann@acme.example; every mailbox stayed.",
    clauses: 'P36 P38',
  },
  AccountEmailAbandoned: {
    log: onSeat(Seat.AccountEmailAbandoned({ userId: ann, accountEmail: work, holding: 2 })),
    sentence:
      "Support agent lee gave up an unfinished claim of ann's seat on the login ann@acme.example.",
    clauses: 'P36',
  },
  ProfileChanged: {
    log: onSeat(Seat.ProfileChanged({ userId: ann, profile: 'admin' })),
    sentence: "Support agent lee changed ann's profile to admin.",
    clauses: 'P9',
  },
  SeatLocked: {
    log: onSeat(Seat.SeatLocked({ userId: ann })),
    sentence: "Support agent lee locked ann's seat; it holds its mailboxes as before.",
    clauses: 'P22 P34',
  },
  SeatUnlocked: {
    log: onSeat(Seat.SeatUnlocked({ userId: ann })),
    sentence: "Support agent lee unlocked ann's seat.",
    clauses: 'P34',
  },
  MailboxAddRequested: {
    log: onSeat(
      askedToAdd(ann, 'add-1', work, {
        requestedBy: { role: 'admin', id: bob },
        caseId: 'case-1' as CaseId,
        heldBy: 'locked',
        declarationMismatch: { declared: 'none', actual: 'locked' },
        status: 'awaitingPermission',
      }),
    ),
    sentence:
      "Support agent lee asked to add ann@acme.example to ann's seat (request add-1, case case-1); it sat on another seat, which was locked; the declared holder was none; it awaits permission.",
    clauses: 'P9 P10 P12 P23 P24',
  },
  DeletePermissionGranted: {
    log: onSeat(Seat.DeletePermissionGranted({ ...about, toUserId: bob })),
    sentence:
      "Support agent lee permitted the deletion of ann@acme.example on ann's seat for bob's request add-1.",
    clauses: 'P24',
  },
  DeletePermissionRevoked: {
    log: onSeat(Seat.DeletePermissionRevoked({ ...about, toUserId: bob })),
    sentence:
      "Support agent lee revoked the permission to delete ann@acme.example on ann's seat for bob's request add-1.",
    clauses: 'P24',
  },
  MailboxAddApproved: {
    log: onSeat(
      Seat.MailboxAddApproved({
        ...about,
        evidence: 'signed form',
        releaseVerification: 'called back',
      }),
    ),
    sentence:
      "Support agent lee approved ann's request add-1 for ann@acme.example: evidence 'signed form', release verified by 'called back'.",
    clauses: 'P4 P7 P13 P24',
  },
  MailboxAdded: {
    log: onSeat(added(ann, 'add-1', work, bob)),
    sentence:
      "Support agent lee added ann@acme.example to ann's seat for request add-1; it came from bob's seat.",
    clauses: 'P13 P21 P32',
  },
  MailboxAddRejected: {
    log: onSeat(Seat.MailboxAddRejected({ ...about, reason: 'Not hers' })),
    sentence: "Support agent lee rejected ann's request add-1 for ann@acme.example: 'Not hers'.",
    clauses: 'P13',
  },
  MailboxAddAbandoned: {
    log: onSeat(Seat.MailboxAddAbandoned(about)),
    sentence:
      "Support agent lee gave up the approval of ann's request add-1 for ann@acme.example before the mailbox was added.",
    clauses: 'P21',
  },
  RequestWithdrawn: {
    log: onSeat(Seat.RequestWithdrawn(about)),
    sentence: "Support agent lee withdrew ann's request add-1 for ann@acme.example.",
    clauses: 'P8 P26',
  },
  MailboxConfigured: {
    log: onSeat(configured(ann, work)),
    sentence: "Support agent lee configured ann@acme.example on ann's seat as an alias.",
    clauses: 'P14 P27',
  },
  MailboxDeleteRequested: {
    log: onSeat(Seat.MailboxDeleteRequested({ ...about, sender: work, requestedBy: byUser(ann) })),
    sentence: "Support agent lee asked to delete ann@acme.example on ann's seat (request add-1).",
    clauses: 'P10 P15 P26',
  },
  MailboxDeleteApproved: {
    log: onSeat(Seat.MailboxDeleteApproved({ ...about, acknowledged })),
    sentence:
      "Support agent lee approved ann's request add-1 to delete ann@acme.example, having acknowledged 3 drafts, 4 scheduled emails and 5 running sequence states, with 2 untagged prospects.",
    clauses: 'P15 P16 P19',
  },
  MailboxDeleteRejected: {
    log: onSeat(Seat.MailboxDeleteRejected({ ...about, reason: 'In use' })),
    sentence:
      "Support agent lee rejected ann's request add-1 to delete ann@acme.example: 'In use'.",
    clauses: 'P15',
  },
  MailboxDeleted: {
    log: onSeat(deleted(ann, 'add-1', work, bob)),
    sentence:
      "Support agent lee deleted ann@acme.example on ann's seat for request add-1 of bob, to whose seat it went; it cost 0 drafts, 0 scheduled emails and 0 running sequence states, and its history.",
    clauses: 'P21 P29 P30 P32',
  },
  DraftsLost: {
    log: onSeat(draftsLost(ann, 'add-1', work, manyIds, ['m1'])),
    sentence: 'With ann@acme.example (request add-1), ann lost 1000 drafts and 1 scheduled email.',
    clauses: 'P17',
  },
  SequencesStopped: {
    log: onSeat(stopped(ann, 'add-1', work, manyIds)),
    sentence: 'With ann@acme.example (request add-1), 1000 sequence states of ann stopped.',
    clauses: 'P18',
  },
  MailingRecorded: {
    log: onSeat(
      Seat.MailingRecorded({
        userId: ann,
        mailingId: 'm1' as MailingId,
        address: work.canonical,
        state: 'drafted',
      }),
    ),
    sentence:
      "Support agent lee recorded the email m1 from ann@acme.example on ann's seat as drafted.",
    clauses: 'P17',
  },
  SequenceStateRecorded: {
    log: onSeat(sequence(ann, 's1', work, 'active')),
    sentence:
      "Support agent lee recorded prospect prospect-s1 in sequence welcome (s1) from ann@acme.example on ann's seat as active.",
    clauses: 'P18',
  },
  ProspectsTagged: {
    log: onSeat(
      Seat.ProspectsTagged({
        userId: ann,
        tag: 'keep',
        prospectIds: manyIds as ReadonlyArray<string> as ReadonlyArray<ProspectId>,
      }),
    ),
    sentence: "Support agent lee tagged 1000 prospects of ann with 'keep'.",
    clauses: 'P19',
  },
  ProspectsReassigned: {
    log: onSeat(
      reassignment({
        from: bob,
        to: ann,
        onto: work,
        reassigned: manyIds,
        skipped: [['s1', 'finished']],
      }),
    ),
    sentence:
      "Support agent lee assigned 1000 stopped prospects of bob to ann@acme.example on ann's seat; 1 had ended and was skipped.",
    clauses: 'P20',
  },
  AddressClaimed: {
    log: (log) => log.address(acme, 'key', claimed(ann, 'add-1', work)),
    sentence: "Support agent lee claimed ann@acme.example for ann's seat (request add-1).",
    clauses: 'P21',
  },
  AddressReleased: {
    log: (log) => log.address(acme, 'key', released(ann, 'add-1', work)),
    sentence: "Support agent lee released ann@acme.example from ann's seat (request add-1).",
    clauses: 'P21',
  },
};

describe('auditTrail', () => {
  it.each(Object.entries(told))(
    'says in plain English what %s means',
    (type, { log, ...words }) => {
      const [row, ...more] = rowsOf(log(new LogBuilder(lee)).events);

      expect(more).toEqual([]);
      expect(row).toMatchObject({ type, sentence: words.sentence });
      expect(row?.clauses.join(' ')).toBe(words.clauses);
    },
  );

  it('tells where a line stands, who acted, and for which command', () => {
    const { events } = new LogBuilder(lee)
      .seat(acme, ann, registered(ann))
      .seat(acme, ann, Seat.SeatLocked({ userId: ann }));

    expect(rowsOf(events)[1]).toStrictEqual({
      orgId: acme,
      position: '1',
      revision: '1',
      stream: 'seat',
      userId: ann,
      at: minute(1),
      actor: lee,
      commandId: 'command-1',
      commandType: 'Test',
      policyVersion: '2026-11',
      type: 'SeatLocked',
      sentence: "Support agent lee locked ann's seat; it holds its mailboxes as before.",
      clauses: ['P22', 'P34'],
    });
  });

  it.each<[Actor['role'], string]>([
    ['user', 'User ann unlocked'],
    ['admin', 'Admin ann unlocked'],
    ['support', 'Support agent ann unlocked'],
    ['system', 'The system ann unlocked'],
  ])('names a %s as such', (role, beginning) => {
    const log = new LogBuilder({ role, id: ann }).seat(
      acme,
      ann,
      Seat.SeatUnlocked({ userId: ann }),
    );

    expect(rowsOf(log.events)[0]?.sentence).toContain(beginning);
  });

  it('leaves out what there is nothing to say about', () => {
    const { events } = new LogBuilder(lee)
      .seat(acme, ann, askedToAdd(ann, 'add-1', work))
      .seat(acme, ann, Seat.MailboxAddApproved({ ...about, evidence: 'signed form' }))
      .seat(acme, ann, added(ann, 'add-1', work));

    expect(rowsOf(events).map(({ sentence, clauses }) => [sentence, clauses.join(' ')])).toEqual([
      [
        "Support agent lee asked to add ann@acme.example to ann's seat (request add-1).",
        'P8 P10 P12',
      ],
      [
        "Support agent lee approved ann's request add-1 for ann@acme.example: evidence 'signed form'.",
        'P4 P7 P13',
      ],
      ["Support agent lee added ann@acme.example to ann's seat for request add-1.", 'P13'],
    ]);
  });

  it('P36: tells a login from a mailbox', () => {
    const log = new LogBuilder(lee).address(
      acme,
      'key',
      claimed(ann, 'c1', work),
      released(ann, 'c1', work),
    );
    const logins = log.events.map((event) => ({ ...event, streamKind: 'account' as const }));

    expect(rowsOf(logins).map(({ sentence, clauses }) => [sentence, ...clauses])).toEqual([
      ["Support agent lee claimed ann@acme.example as ann's login.", 'P36'],
      ["Support agent lee released ann@acme.example, which was ann's login.", 'P36'],
    ]);
  });

  it('is filtered by the seat concerned, who acted, the type and the command, in the order of the log', () => {
    const { events } = new LogBuilder(lee)
      .organization(acme, ContractSet({ mailboxLimit: 3, permittedSharedAddresses: [] }))
      .seat(acme, bob, registered(bob))
      .seat(acme, ann, registered(ann), Seat.SeatLocked({ userId: ann }))
      .seat(globex, ann, registered(ann))
      .seat(acme, bob, Seat.SeatLocked({ userId: bob }));
    const byBob = events.map((event) =>
      event.position === 5n
        ? { ...event, metadata: { ...event.metadata, actor: byUser(bob) } }
        : event,
    );
    const positions = (filter?: AuditFilter) =>
      rowsOf(byBob, filter).map(({ position }) => Number(position));

    expect(positions()).toEqual([0, 1, 2, 3, 5]);
    expect(positions({ userId: bob })).toEqual([1, 5]);
    expect(positions({ userId: null })).toEqual([0]);
    expect(positions({ actorId: bob })).toEqual([5]);
    expect(positions({ type: 'SeatLocked', userId: undefined })).toEqual([3, 5]);
    expect(positions({ commandId: 'command-2' as CommandId })).toEqual([2, 3]);
  });

  it('orders positions as numbers, across all seats', () => {
    const log = new LogBuilder();
    for (let turn = 0; turn < 60; turn += 1) {
      log.seat(acme, ann, Seat.SeatLocked({ userId: ann }), Seat.SeatUnlocked({ userId: ann }));
      log.seat(acme, bob, Seat.SeatLocked({ userId: bob }));
    }

    expect(rowsOf(log.events).map(({ position }) => Number(position))).toEqual(
      log.events.map((_, index) => index),
    );
  });

  it('has one line of every event of an organization, that leaves no blank', () => {
    fc.assert(
      fc.property(plausibleLog, ({ events }) => {
        const rows = rowsOf(events);

        expect(rows.map(({ position }) => position)).toEqual(
          events.filter(({ orgId }) => orgId === acme).map(({ position }) => String(position)),
        );
        for (const { sentence, clauses } of rows) {
          expect(sentence).toMatch(/^[A-Z].*\.$/s);
          expect(sentence).not.toMatch(/undefined|null|NaN|object|true|false/);
          expect(clauses.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('finds one line without looking through the seats', () => {
    const log = new LogBuilder();
    const users = Array.from({ length: 50 }, (_, index) => `user-${index}` as typeof ann);
    for (const userId of users) log.seat(acme, userId, Seat.SeatLocked({ userId }));
    const tables = foldInto(projection, memoryTables(projection.tables), log.events);
    let looks = 0;
    const counted = Object.fromEntries(
      Object.entries(tables).map(([name, { get, entries, ...table }]) => [
        name,
        {
          ...table,
          get: (group: string, id: string) => {
            looks += 1;
            return get(group, id);
          },
          entries: (group: string) => {
            const all = Array.from<readonly [string, unknown]>(entries(group));
            looks += all.length;
            return all;
          },
        },
      ]),
    ) as unknown as typeof tables;

    expect(auditTrailView.get(counted, acme, '49')).toMatchObject({ userId: 'user-49' });
    expect(auditTrailView.get(counted, globex, '49')).toBeUndefined();
    expect(looks).toBeLessThan(5);
  });

  it('keeps neither sentences nor lists of ids', () => {
    const witness = new Witness(projection);
    const log = new LogBuilder(lee);
    for (const { log: append } of Object.values(told)) append(log);
    foldInto(projection, witness.tables, log.events);

    const entries = Object.values(witness.contents['lines'] ?? {}).flat();
    expect(entries).toHaveLength(log.events.length);
    for (const [, entry] of entries) {
      const text = JSON.stringify(entry);
      expect(text.length).toBeLessThan(600);
      expect(text).not.toContain('Support agent');
    }
  });
});
