/** Who may issue what: every command by every role, on the own seat and on another, with and without more. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { PrincipalInput } from '../../src';
import { commands, type CommandType } from '../../src/commands';
import {
  acknowledging,
  addId,
  admin,
  agent,
  agentOnCase,
  ann,
  approveAdd,
  approveDelete,
  bob,
  changeAccountEmail,
  changeProfile,
  type CommandDraft,
  configure,
  contractAgent,
  cyd,
  elsewhere,
  emailOf,
  type FreshStore,
  grantLimit,
  grantPermission,
  holding,
  lockSeat,
  otherAgent,
  type Person,
  reassign,
  recordMailing,
  recordSequence,
  registerSeat,
  rejectAdd,
  rejectDelete,
  requestAdd,
  requestDelete,
  revokePermission,
  seated,
  setContract,
  Stage,
  type Step,
  system,
  tagProspects,
  unlockSeat,
  withdraw,
} from '../../src/testing';

const workOf = ({ userId }: Person): string => `${userId}.work@acme.example`;
const spareOf = ({ userId }: Person): string => `${userId}.spare@acme.example`;
const newOf = ({ userId }: Person): string => `${userId}.new@acme.example`;

/** A seat on which every command could succeed: with mailboxes, and with open requests of each kind. */
const ready = (person: Person): ReadonlyArray<Step> => [
  ...holding(person, workOf(person), spareOf(person)),
  [person, requestAdd(person, newOf(person))],
  [person, requestDelete(person, workOf(person))],
  [cyd, requestAdd(cyd, workOf(person))],
];

const seats = [ann, bob, admin];
const stageSet: ReadonlyArray<Step> = [
  ...seated(...seats, cyd),
  [contractAgent, setContract({ mailboxLimit: 5 })],
  ...seats.flatMap(ready),
];

/** Every command about one seat; a request comes from the listed address of whoever sends it. */
const about = (seat: Person, sender: string): Readonly<Record<CommandType, CommandDraft>> => ({
  RegisterSeat: registerSeat(seat),
  ChangeAccountEmail: changeAccountEmail(seat, 'changed@acme.example'),
  ChangeProfile: changeProfile(seat, 'admin'),
  LockSeat: lockSeat(seat),
  UnlockSeat: unlockSeat(seat),
  RequestMailboxAdd: requestAdd(seat, 'one.more@acme.example', { sender }),
  GrantDeletePermission: grantPermission(seat, workOf(seat), cyd),
  RevokeDeletePermission: revokePermission(seat, workOf(seat), cyd),
  ApproveMailboxAdd: approveAdd(seat, newOf(seat)),
  RejectMailboxAdd: rejectAdd(seat, newOf(seat)),
  WithdrawRequest: withdraw(seat, addId(newOf(seat))),
  ConfigureMailbox: configure(seat, workOf(seat), 'primary'),
  RequestMailboxDelete: requestDelete(seat, spareOf(seat), { sender }),
  ApproveMailboxDelete: approveDelete(seat, workOf(seat)),
  RejectMailboxDelete: rejectDelete(seat, workOf(seat)),
  RecordMailing: recordMailing(seat, workOf(seat), 'mailing-1', 'drafted'),
  RecordSequenceState: recordSequence(seat, workOf(seat), 'sequence-1', 'active'),
  TagProspects: tagProspects(seat, 'keep', 'p-1'),
  ReassignProspects: reassign(seat, workOf(seat), { tag: 'keep' }),
  SetContract: setContract({ mailboxLimit: 7 }),
  GrantMailboxLimit: grantLimit(seat, 9),
});

/** The columns of the table: who sends, and about whose seat. */
const columns: ReadonlyArray<readonly [string, PrincipalInput, Person]> = [
  ['a user, own seat', ann, ann],
  ['a user, another seat', ann, bob],
  ['an admin, own seat', admin, admin],
  ['an admin, another seat', admin, ann],
  ['Support', agent, ann],
  ['Support with a case', agentOnCase, ann],
  ['Support with the scope', contractAgent, ann],
  ['the system', system, ann],
];

/**
 * `yes`; or why not: `role` never issues it, `seat` is not theirs, `owner` only, without a `case`,
 * without the `scope`.
 */
const table: Readonly<Record<CommandType, string>> = {
  //                        user       admin      support         system
  //                      own other  own other   -   case scope
  RequestMailboxAdd: '    yes seat   yes yes    case yes case     role',
  RequestMailboxDelete: ' yes seat   yes yes    case yes case     role',
  WithdrawRequest: '      yes seat   yes yes    case yes case     role',
  GrantDeletePermission: 'yes seat   yes yes    role role role    role',
  RevokeDeletePermission: 'yes seat  yes yes    role role role    role',
  ApproveMailboxAdd: '    role role  role role  yes yes yes       role',
  RejectMailboxAdd: '     role role  role role  yes yes yes       role',
  ApproveMailboxDelete: ' role role  role role  yes yes yes       role',
  RejectMailboxDelete: '  role role  role role  yes yes yes       role',
  ConfigureMailbox: '     yes owner  yes owner  owner owner owner owner',
  LockSeat: '             role role  yes yes    yes yes yes       yes',
  UnlockSeat: '           role role  yes yes    yes yes yes       yes',
  RegisterSeat: '         role role  yes yes    yes yes yes       yes',
  ChangeAccountEmail: '   role role  yes yes    yes yes yes       yes',
  ChangeProfile: '        role role  yes yes    yes yes yes       yes',
  SetContract: '          role role  role role  scope scope yes   role',
  GrantMailboxLimit: '    role role  role role  scope scope yes   role',
  RecordMailing: '        role role  role role  role role role    yes',
  RecordSequenceState: '  role role  role role  role role role    yes',
  TagProspects: '         yes seat   yes yes    yes yes yes       yes',
  ReassignProspects: '    yes seat   yes yes    yes yes yes       yes',
};

const rows = Object.entries(table).flatMap(([command, answers]) =>
  answers
    .trim()
    .split(/\s+/)
    .map((answer, column) => [command as CommandType, column, answer] as const)
    .map(([type, column, answer]) => ({
      type,
      who: columns[column]?.[0] ?? 'nobody',
      by: columns[column]?.[1] ?? system,
      seat: columns[column]?.[2] ?? ann,
      answer,
    })),
);

const denials = (type: CommandType, { role }: PrincipalInput) => ({
  role: { type: 'NotPermitted', role, command: type },
  seat: { type: 'NotOwnSeat' },
  owner: { type: 'ConfigureByOwnerOnly' },
  case: { type: 'CaseIdMissing' },
  scope: { type: 'ScopeMissing', scope: 'contract' },
});

export const issuingTable = (fresh: FreshStore): void => {
  describe('who may issue what', () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await Stage.open(fresh);
      await stage.play(...stageSet);
    });
    afterAll(() => stage.close());

    it('is said for every command and every column', () => {
      expect(Object.keys(table).sort()).toEqual(Object.keys(commands).sort());
      expect(rows).toHaveLength(Object.keys(commands).length * columns.length);
    });

    // Looking is decided like sending, and leaves the stage as it is for the next row.
    it.each(rows)('$type by $who: $answer', async ({ type, by, seat, answer }) => {
      const sender = emailOf(by.role === 'admin' ? by : seat);
      const told = await stage.dryRun(by, about(seat, sender)[type]);
      const expected =
        answer === 'yes' ? 'yes' : [denials(type, by)[answer as keyof ReturnType<typeof denials>]];
      expect(
        isLeft(told) ? ('rejections' in told.left ? told.left.rejections : told.left) : 'yes',
      ).toEqual(expected);
    });

    it.each([
      ['a user', elsewhere(ann)],
      ['an admin', elsewhere(admin)],
      ['Support', { ...elsewhere(agentOnCase), scopes: ['contract' as const] }],
      ['the system', elsewhere(system)],
    ])('%s of another organization never gets at this one', async (_, by) => {
      for (const command of Object.values(about(ann, emailOf(ann)))) {
        const told = await stage.dryRun(by, command);
        // Their own organization is what they may change; of this one they learn nothing.
        if (isLeft(told)) {
          expect(JSON.stringify(told.left)).not.toContain('work@acme.example');
          continue;
        }
        expect(told.right.events.every(({ stream }) => !stream.includes('-acme'))).toBe(true);
      }
    });

    it.each([
      ['approve', approveDelete(ann, spareOf(ann))],
      ['reject', rejectDelete(ann, spareOf(ann))],
    ])('Support does not %s a request that the same agent made', async (_, answer) => {
      await stage.play([agentOnCase, requestDelete(ann, spareOf(ann), { requestId: answer.type })]);
      const about = { ...answer, requestId: answer.type } as CommandDraft;
      const own = await stage.dryRun(agent, about);
      expect(isLeft(own) && own.left).toMatchObject({ rejections: [{ type: 'SelfApproval' }] });
      const other = await stage.dryRun(otherAgent, about);
      expect(other).toMatchObject({ _tag: 'Right' });
      await stage.play([ann, withdraw(ann, answer.type)]);
    });

    it('a user fetches prospects from their own seat only, Support from any', async () => {
      const fromBob = reassign(ann, workOf(ann), { tag: 'keep', fromUserId: 'bob' });
      expect(await stage.dryRun(ann, fromBob)).toMatchObject({
        left: { rejections: [{ type: 'NotOwnSeat' }] },
      });
      expect(await stage.dryRun(agent, fromBob)).toMatchObject({ _tag: 'Right' });
    });
  });

  describe('who may see what', () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await Stage.open(fresh);
      await stage.play(
        ...stageSet,
        [system, recordMailing(ann, workOf(ann), 'draft-1', 'drafted')],
        [system, recordSequence(ann, workOf(ann), 'active-1', 'active')],
        [agent, acknowledging(approveDelete(ann, workOf(ann)))],
      );
    });
    afterAll(() => stage.close());

    it.each`
      who                           | by                   | users
      ${'a user'}                   | ${ann}               | ${['ann']}
      ${'a user without losses'}    | ${bob}               | ${['bob']}
      ${'an admin'}                 | ${admin}             | ${['ann', 'bob', 'cyd', 'dee']}
      ${'Support'}                  | ${agent}             | ${['ann', 'bob', 'cyd', 'dee']}
      ${'the system'}               | ${system}            | ${['ann', 'bob', 'cyd', 'dee']}
      ${"another tenant's user"}    | ${elsewhere(ann)}    | ${[]}
      ${"another tenant's admin"}   | ${elsewhere(admin)}  | ${[]}
      ${"another tenant's Support"} | ${elsewhere(agent)}  | ${[]}
      ${"another tenant's system"}  | ${elsewhere(system)} | ${[]}
    `('$who sees the rows of $users', async ({ by, users }) => {
      const { views } = stage.ledger;
      const principal = by as PrincipalInput;
      const expected = users as ReadonlyArray<string>;
      const shown = async <Row>(
        reading: Promise<
          { readonly _tag: string } & ({ right: ReadonlyArray<Row> } | { left: unknown })
        >,
        owner: (row: Row) => string,
      ) => {
        const rowsShown = await reading;
        if ('left' in rowsShown) throw new Error(JSON.stringify(rowsShown.left));
        return [...new Set(rowsShown.right.map(owner))].sort();
      };
      const withLoss = expected.filter((userId) => userId === 'ann');
      expect(await shown(views.seats.list(principal), (row) => row.userId)).toEqual(expected);
      expect(await shown(views.requests.list(principal), (row) => row.userId)).toEqual(expected);
      expect(await shown(views.draftsLost.list(principal), (row) => row.userId)).toEqual(withLoss);
      expect(await shown(views.draftsLost.totals(principal), (row) => row.userId)).toEqual(
        withLoss,
      );
      expect(await shown(views.sequencesStopped.list(principal), (row) => row.userId)).toEqual(
        withLoss,
      );
      expect(await shown(views.addresses.list(principal), (row) => row.holder)).toEqual(
        expected.filter((userId) => userId !== 'cyd'),
      );
    });

    it.each`
      who                         | by                  | told
      ${'the user'}               | ${ann}              | ${'yes'}
      ${'another user'}           | ${bob}              | ${'NotOwnSeat'}
      ${'an admin'}               | ${admin}            | ${'yes'}
      ${'Support'}                | ${agent}            | ${'yes'}
      ${"another tenant's admin"} | ${elsewhere(admin)} | ${'SeatNotFound'}
    `('$who asks for the history and the cost: $told', async ({ by, told }) => {
      const principal = by as PrincipalInput;
      const answers = [
        await stage.ledger.history(principal, 'ann'),
        await stage.ledger.impact(principal, { userId: 'ann', address: spareOf(ann) }),
      ];
      for (const answer of answers) {
        if (isLeft(answer)) expect(answer.left).toMatchObject({ rejections: [{ type: told }] });
        else expect('yes').toBe(told);
      }
    });
  });
};
