/** Why a command was answered as it was: the rules that were asked, and the events that each rests on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import {
  type Answer,
  type CommandInput,
  type Ledger,
  memoryStore,
  openLedger,
  type PrincipalInput,
  type RecordedEvent,
  type Rejection,
} from '../../src';
import { rulesOf } from '../../src/application/time/rule-catalogue';
import type { JudgedRule, Why } from '../../src/application/time/why';
import { commands, type CommandType } from '../../src/commands';
import { organizationRules } from '../../src/organization';
import { seatRules } from '../../src/seat';
import {
  addId,
  admin,
  agent,
  ann,
  approveAdd,
  arbitraries,
  bob,
  contractAgent,
  cyd,
  elsewhere,
  grantPermission,
  holding,
  lockSeat,
  recordMailing,
  requestAdd,
  scenario,
  seated,
  setContract,
  Stage,
  type Step,
  system,
} from '../../src/testing';
import { first, second, third, yes } from './cast';
import { inMemoryStepwise } from './stores';
import { toSend } from './play';

const commandTypes = Object.keys(commands) as ReadonlyArray<CommandType>;

/**
 * What each reason has to rest on: types of events, fields of the command, or types of events that were not
 * there. One of each group is enough.
 */
const restsOn: Readonly<Record<Rejection['type'], ReadonlyArray<string>>> = {
  NotOwnSeat: ['principal'],
  ConfigureByOwnerOnly: ['principal'],
  SelfApproval: ['principal'],
  CaseIdMissing: ['principal'],
  ScopeMissing: ['principal'],
  NotPermitted: ['principal'],
  SeatNotFound: ['no SeatRegistered'],
  SeatAlreadyRegistered: ['SeatRegistered'],
  AccountEmailTaken: ['AddressClaimed', 'SeatRegistered AccountEmailChanged'],
  ContractRequired: ['no ContractSet'],
  RequestNotFound: ['no MailboxAddRequested MailboxAddRequested MailboxDeleteRequested'],
  DeleteRequestRequired: ['no MailboxAddRequested MailboxAddRequested'],
  RequestClosed: [
    'MailboxAddRequested MailboxDeleteRequested',
    'RequestWithdrawn MailboxAdded MailboxAddRejected MailboxAddAbandoned MailboxDeleted MailboxDeleteRejected',
  ],
  PersonalSenderAddress: ['sender', 'SeatRegistered AccountEmailChanged'],
  SenderAddressMismatch: ['sender', 'SeatRegistered AccountEmailChanged no SeatRegistered'],
  InvalidAddress: ['address'],
  AttestationMissing: ['attestation'],
  TermsNotConfirmed: ['attestation'],
  SelectionMissing: ['tag'],
  NotOwnedByTargetUser: ['SeatRegistered AccountEmailChanged MailboxAdded'],
  SharedAddressNotPermitted: ['address MailboxAddRequested', 'ContractSet no ContractSet'],
  MailboxLimitReached: ['MailboxAdded', 'ContractSet MailboxLimitGranted no ContractSet'],
  SeatIsLocked: ['SeatLocked'],
  DuplicateRequest: ['MailboxAddRequested MailboxDeleteRequested'],
  RequestIdTaken: ['MailboxAddRequested MailboxDeleteRequested'],
  MailboxNotFound: ['no MailboxAdded MailboxDeleted'],
  TargetMailboxMissing: ['no MailboxAdded no MailboxConfigured MailboxDeleted'],
  AddressInUse: ['MailboxAdded', 'MailboxAddRequested'],
  ReleaseNotVerified: ['MailboxAdded', 'SeatLocked', 'attestation'],
  ImpactNotAcknowledged: ['impact', 'MailboxAdded'],
  ImpactChanged: [
    'impact',
    'MailingRecorded SequenceStateRecorded ProspectsReassigned MailboxAdded',
  ],
  ActivityMismatch: [
    'MailingRecorded SequenceStateRecorded DraftsLost SequencesStopped ProspectsReassigned',
  ],
  MailingLost: ['MailingRecorded DraftsLost', 'MailboxDeleted MailboxAdded'],
  SequenceNeedsReassignment: ['MailboxDeleted MailboxAdded'],
};

const groundsIn = ({ evidence }: JudgedRule): ReadonlySet<string> =>
  new Set([
    ...evidence.events.map(({ type }) => type),
    ...evidence.said,
    ...evidence.absences.flatMap(({ types }) => types.map((type) => `no ${type}`)),
  ]);

/** The words of a group, where `no` belongs to the word behind it. */
const alternatives = (group: string): ReadonlyArray<string> => group.match(/(no )?\w+/g) ?? [];

const limitFaults = (rule: JudgedRule, { limit, held, reserved }: Limit): ReadonlyArray<string> => {
  const count = (type: string): number =>
    rule.evidence.events.filter((event) => event.type === type).length;
  return [
    ...(count('MailboxAdded') === held ? [] : [`${held} held, ${count('MailboxAdded')} shown`]),
    ...(count('MailboxAddApproved') === reserved ? [] : [`${reserved} reserved`]),
    ...(limit > 0 ? [] : ['no limit']),
  ];
};
type Limit = Extract<Rejection, { type: 'MailboxLimitReached' }>;

/** What is wrong with an explanation, held against the answer that was given and against the log. */
const faults = (
  told: Why,
  answer: Answer,
  log: ReadonlyArray<RecordedEvent>,
): ReadonlyArray<string> => {
  const broken = told.rules.filter(({ verdict }) => verdict === 'broken');
  const given = isLeft(answer) && answer.left.type === 'Refused' ? answer.left.rejections : [];
  const reasons = broken.flatMap((rule) => rule.reasons.map(({ rejection }) => rejection));
  const byPlace = new Map(log.map((event) => [String(event.position), event]));
  const stages = broken.map(({ stage }) => stage);
  return [
    ...(JSON.stringify(reasons) === JSON.stringify(given)
      ? []
      : [`reasons ${JSON.stringify(reasons)} for ${JSON.stringify(given)}`]),
    ...(new Set(stages).size > 1 ? ['two stages are broken'] : []),
    ...told.rules.flatMap((rule) => {
      const { name, verdict, evidence, reasons: why } = rule;
      const grounds = groundsIn(rule);
      const isTold = grounds.size > 0 || verdict === 'notReached';
      const missing = why.flatMap(({ type }) =>
        restsOn[type].filter((group) => !alternatives(group).some((one) => grounds.has(one))),
      );
      const invented = evidence.events.filter(({ stream, revision, position, type }) => {
        const event = byPlace.get(position);
        return (
          event?.stream !== stream || event.type !== type || String(event.revision) !== revision
        );
      });
      const late = evidence.events.filter(
        ({ position }) => BigInt(position) >= BigInt(told.position),
      );
      const isLate = stages[0] !== undefined && rule.stage > stages[0] && verdict !== 'notReached';
      return [
        ...(isTold ? [] : [`${name} rests on nothing`]),
        ...missing.map((group) => `${name} does not rest on ${group}`),
        ...invented.map(({ position }) => `${name} rests on ${position}, which is not so`),
        ...late.map(({ position }) => `${name} rests on ${position}, which came later`),
        ...(isLate ? [`${name} was not asked`] : []),
        ...why.flatMap(({ rejection }) =>
          rejection?.type === 'MailboxLimitReached' ? limitFaults(rule, rejection) : [],
        ),
      ];
    }),
  ];
};

const reader = (orgId: string): PrincipalInput => ({ role: 'system', orgId, systemId: 'audit' });

const toldBy = async (ledger: Ledger, orgId: string, commandId: string): Promise<Why> => {
  const told = yes(await ledger.why(reader(orgId), commandId));
  if (told === null) throw new Error(`Nothing is known of ${commandId}.`);
  return told;
};

interface Line {
  readonly principal: PrincipalInput;
  readonly command: CommandInput;
  readonly at: string;
}

const story = readFileSync(join(__dirname, '../../examples/data/organization.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

describe.each([['anyStreams'], ['oneStream']] as const)('on a store of %s', (atomicity) => {
  it('every answer of the demonstration is explained, for every reason there is', async () => {
    const store = memoryStore({ atomicity });
    const ledger = await openLedger({ store, addressSecret: 'a secret for tests only' });
    const answers: Array<Answer> = [];
    for (const { principal, command, at } of story) {
      answers.push(await ledger.execute(principal, command, { at }));
    }
    const connected = yes(await store.connect());
    const log = yes(await connected.readAll(-1n, 100_000)());
    const met = new Set<string>();
    const wrong: Array<string> = [];
    for (const [place, { principal, command }] of story.entries()) {
      const answer = answers[place];
      // One command of the story uses an id again, and was not recorded.
      if (answer === undefined || (isLeft(answer) && answer.left.type !== 'Refused')) continue;
      const told = await toldBy(ledger, principal.orgId, command.commandId);
      wrong.push(...faults(told, answer, log).map((fault) => `${command.commandId}: ${fault}`));
      if (told.answer.type === 'Refused') for (const { type } of told.answer.reasons) met.add(type);
    }
    await ledger.close();
    expect(wrong).toEqual([]);
    expect([...met].sort()).toEqual(Object.keys(restsOn).sort());
  });

  it('every answer to any sequence of commands is explained', async () => {
    const { commandSequence } = arbitraries(fc);
    const fresh = atomicity === 'oneStream' ? inMemoryStepwise : undefined;
    await fc.assert(
      fc.asyncProperty(commandSequence, async (steps: ReadonlyArray<Step>) => {
        const stage = await Stage.open(fresh);
        try {
          for (const step of steps) {
            const { command } = await toSend(stage.ledger, step);
            const answer = await stage.ledger.execute(step[0], command);
            if (isLeft(answer) && answer.left.type !== 'Refused') continue;
            const told = await toldBy(stage.ledger, step[0].orgId, command.commandId);
            expect(faults(told, answer, await stage.log())).toEqual([]);
            expect(told.command).toEqual(JSON.parse(JSON.stringify(command)));
          }
        } finally {
          await stage.close();
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('an explanation that is wrong', () => {
  const explained = async (): Promise<readonly [Why, Answer, ReadonlyArray<RecordedEvent>]> =>
    scenario(...seated(ann), ...holding(ann, first, second)).onStage(async (stage) => {
      const answer = await stage.send(ann, { ...requestAdd(ann, third), commandId: 'c-third' });
      return [await toldBy(stage.ledger, 'acme', 'c-third'), answer, await stage.log()];
    });

  const withRules = (told: Why, change: (rule: JudgedRule) => JudgedRule): Why => ({
    ...told,
    rules: told.rules.map((rule) => (rule.name === 'roomOrHeld' ? change(rule) : rule)),
  });

  it.each<[string, (rule: JudgedRule) => JudgedRule, RegExp]>([
    ['hides the reason', (rule) => ({ ...rule, reasons: [] }), /reasons/],
    [
      'rests on nothing',
      (rule) => ({ ...rule, evidence: { ...rule.evidence, events: [], absences: [] } }),
      /rests on nothing/,
    ],
    [
      'leaves a mailbox out',
      (rule) => ({
        ...rule,
        evidence: { ...rule.evidence, events: rule.evidence.events.slice(1) },
      }),
      /2 held, 1 shown/,
    ],
    [
      'rests on an event that is not there',
      (rule) => ({
        ...rule,
        evidence: {
          ...rule.evidence,
          events: rule.evidence.events.map((event) => ({ ...event, revision: '999' })),
        },
      }),
      /which is not so/,
    ],
  ])('is seen when it %s', async (_, change, fault) => {
    const [told, answer, log] = await explained();
    expect(faults(told, answer, log)).toEqual([]);
    expect(faults(withRules(told, change), answer, log).join('\n')).toMatch(fault);
  });

  it('is seen when it rests on what came later', async () => {
    const [told, answer, log] = await explained();
    expect(faults({ ...told, position: '3' }, answer, log).join('\n')).toMatch(/which came later/);
  });
});

describe('the catalogue of rules', () => {
  it('has the rules of every command, the right to send it first', () => {
    for (const type of commandTypes) {
      const [before, ...stages] = rulesOf(type);
      expect(before?.map(({ name }) => name)).toEqual(['mayIssue']);
      for (const rules of stages) {
        const raised = rules.flatMap(({ raises }) => raises);
        // One reason of a stage is one rule's: only the seat that the address leaves shares none.
        expect([...new Set(raised)]).toEqual(raised);
        for (const { demands } of rules) expect(demands).toMatch(/^[A-Z].*\.$/);
      }
    }
  });

  it('tells the very lists that the decisions run', () => {
    for (const [type, lists] of Object.entries({ ...seatRules, ...organizationRules })) {
      const told = rulesOf(type as CommandType).map((rules) => rules.map(({ name }) => name));
      const run = lists.map((rules) => Object.keys(rules));
      const flat = told.map((names) => names.join());
      for (const names of run) {
        expect(flat.some((stage) => stage.startsWith(names.join()))).toBe(true);
      }
    }
  });

  it('raises every reason that there is', () => {
    const raised = commandTypes.flatMap((type) =>
      rulesOf(type).flatMap((rules) => rules.flatMap(({ raises }) => raises)),
    );
    expect([...new Set(raised)].sort()).toEqual(Object.keys(restsOn).sort());
  });
});

describe('P1: why a third mailbox was refused', () => {
  it('rests on the two that are held and on the contract, and on nothing later', async () => {
    await scenario(
      ...seated(ann),
      [contractAgent, setContract({ mailboxLimit: 2 })],
      ...holding(ann, first, second),
    ).onStage(async (stage) => {
      await stage.send(ann, { ...requestAdd(ann, third), commandId: 'c-third' });
      await stage.play([contractAgent, setContract({ mailboxLimit: 3 })]);
      const told = await toldBy(stage.ledger, 'acme', 'c-third');
      const limit = told.rules.find(({ name }) => name === 'roomOrHeld');
      expect(limit?.verdict).toBe('broken');
      expect(limit?.clauses).toEqual(['P1', 'P2']);
      expect(limit?.reasons[0]?.sentence).toBe('The seat holds 2 of 2 mailboxes.');
      expect(limit?.evidence.events.map(({ type, stream }) => `${type} ${stream}`)).toEqual([
        'ContractSet organization-acme',
        'MailboxAdded seat-acme.ann',
        'MailboxAdded seat-acme.ann',
      ]);
      const kept = told.rules.filter(({ verdict }) => verdict === 'kept');
      expect(kept.map(({ name }) => name)).toContain('seatIsActive');
    });
  });
});

it('nobody changes what others are told', async () => {
  await scenario(...seated(ann)).onStage(async (stage) => {
    await stage.send(ann, { ...requestAdd(ann, first), commandId: 'c-first' });
    for (const { clauses, evidence, reasons } of (await toldBy(stage.ledger, 'acme', 'c-first'))
      .rules) {
      const lists = [clauses, reasons, evidence.events, evidence.absences, evidence.said];
      for (const list of lists) expect(() => Array.prototype.push.call(list, 0)).toThrow(TypeError);
    }
  });
});

describe('who may ask why', () => {
  const moving = [
    ...seated(ann, bob, cyd, admin),
    ...holding(bob, first),
    [system, recordMailing(bob, first, 'draft-of-bob', 'drafted')] as Step,
    [admin, lockSeat(bob)] as Step,
    [ann, requestAdd(ann, first)] as Step,
    [admin, grantPermission(bob, first, ann, addId(first))] as Step,
  ];

  it.each<readonly [PrincipalInput, boolean]>([
    [ann, true],
    [admin, true],
    [agent, true],
    [system, true],
    [bob, false],
    [elsewhere(ann), false],
    [elsewhere(agent), false],
  ])('%j about ann: %s', async (who, sees) => {
    await scenario(...moving).onStage(async (stage) => {
      await stage.send(ann, { ...requestAdd(ann, second), commandId: 'c-ann' });
      const told = yes(await stage.ledger.why(who, 'c-ann'));
      expect(told !== null).toBe(sees);
    });
  });

  it('a user is told nothing of the seat that an address comes from', async () => {
    await scenario(...moving).onStage(async (stage) => {
      await stage.send(agent, { ...approveAdd(ann, first), commandId: 'c-move' });
      const told = yes(await stage.ledger.why(ann, 'c-move'));
      expect(told?.answer.type).toBe('Refused');
      expect(JSON.stringify(told)).not.toContain('bob');
      const all = yes(await stage.ledger.why(admin, 'c-move'));
      expect(JSON.stringify(all)).toContain('draft-of-bob');
      const withheld = told?.rules.find(({ name }) => name === 'impactAcknowledged');
      expect(withheld?.verdict).toBe('broken');
      expect(withheld?.evidence.withheld).toBeGreaterThan(0);
    });
  });

  it('who was not allowed to ask for a seat learns only that', async () => {
    await scenario(...moving).onStage(async (stage) => {
      await stage.send(ann, { ...requestAdd(bob, second), commandId: 'c-denied' });
      const told = yes(await stage.ledger.why(ann, 'c-denied'));
      expect(told?.rules.map(({ verdict }) => verdict)).toEqual([
        'broken',
        ...Array.from({ length: (told?.rules.length ?? 0) - 1 }, () => 'notReached'),
      ]);
      const evidence = told?.rules.flatMap((rule) => rule.evidence.events);
      expect(evidence).toEqual([]);
      expect(told?.answer.type === 'Refused' && told.answer.reasons[0]?.type).toBe('NotOwnSeat');
    });
  });

  it('nothing is known of a command that was never sent', async () => {
    await scenario(...seated(ann)).onStage(async (stage) => {
      expect(yes(await stage.ledger.why(admin, 'never'))).toBeNull();
      expect(await stage.ledger.why(admin, 'not an id')).toMatchObject({
        left: { type: 'InvalidInput' },
      });
    });
  });
});
