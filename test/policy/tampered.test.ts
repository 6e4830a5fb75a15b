/** What was changed in a log afterwards is found by `verify`, and where. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Atomicity,
  type Finding,
  openLedger,
  type RecordedEvent,
  type Verified,
} from '../../src';
import { verify } from '../../src/application/redeciding';
import {
  acknowledging,
  admin,
  agent,
  ann,
  approveDelete,
  bob,
  contractAgent,
  holding,
  lockSeat,
  recordMailing,
  requestAdd,
  requestDelete,
  scenario,
  seated,
  setContract,
  Stage,
  storedAddress,
  system,
} from '../../src/testing';
import { storeOf } from '../support/edited-store';
import { first, second, third, yes } from './cast';
import { withRogues } from './rogues';
import { inMemoryStepwise } from './stores';

type Log = ReadonlyArray<RecordedEvent>;
type Fields = Readonly<Record<string, unknown>>;
type Edit = (event: RecordedEvent) => Partial<RecordedEvent>;

const proofOf = async (log: Log, atomicity: Atomicity = 'anyStreams'): Promise<Verified> =>
  yes(await verify(yes(await storeOf(log, { atomicity }).connect()), () => undefined));

/** The stage's. */
const addressSecret = 'a secret for tests only';

let log: Log = [];
beforeAll(async () => {
  log = await scenario(
    [contractAgent, setContract({ mailboxLimit: 2 })],
    ...seated(ann, bob),
    ...holding(ann, first, second),
  ).onStage(async (stage) => {
    await stage.send(ann, { ...requestAdd(ann, third), commandId: 'c-third' });
    await stage.play(
      [system, recordMailing(ann, first, 'm1', 'drafted')],
      [system, recordMailing(ann, first.replace('f', 'F'), 'm2', 'drafted')],
      [ann, requestDelete(ann, first)],
      [agent, acknowledging(approveDelete(ann, first))],
      [admin, lockSeat(bob)],
    );
    return stage.log();
  });
});

const eventOf = (type: string): RecordedEvent => {
  const found = log.find((event) => event.type === type);
  if (found === undefined) throw new Error(`There is no ${type}.`);
  return found;
};

const edited = (type: string, edit: Edit): Log => {
  const { position } = eventOf(type);
  return log.map((event) => (event.position === position ? { ...event, ...edit(event) } : event));
};

const saying =
  (fields: Fields): Edit =>
  ({ metadata }) => ({ metadata: { ...(metadata as Fields), ...fields } });

const withoutCommand: Edit = ({ metadata }) => {
  const fields = Object.entries(metadata as Fields).filter(([name]) => name !== 'issued');
  return { metadata: Object.fromEntries(fields) };
};

const somebody = { role: 'support', id: 'somebody' };
const later = '2031-01-01T00:00:00.000Z';

it('a log as it was written has nothing to find, and nothing that no command explains', async () => {
  expect(await proofOf(log)).toMatchObject({ findings: [], unexplained: 0 });
});

describe('what an event says of its command', () => {
  it.each<[string, string, Fields]>([
    ['the giver of the first event of several', 'MailboxDeleteApproved', { actor: somebody }],
    ['the giver of a later one', 'MailboxDeleted', { actor: somebody }],
    ['the giver of the only one', 'SeatLocked', { actor: somebody }],
    ['the giver of a report', 'MailingRecorded', { actor: { role: 'system', id: 'other' } }],
    ['the giver of what was refused', 'CommandRefused', { actor: somebody }],
    ['the time of a later one', 'MailboxDeleted', { at: later }],
    ['the policy of a later one', 'MailboxDeleted', { policyVersion: '2020-01' }],
    ['the policy of the only one', 'SeatLocked', { policyVersion: '2020-01' }],
    ['the command of a later one', 'MailboxDeleted', { commandType: 'LockSeat' }],
    ['the command of the only one', 'SeatLocked', { commandType: 'UnlockSeat' }],
  ])('is found to be another: %s', async (_, type, fields) => {
    const { findings } = await proofOf(edited(type, saying(fields)));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      kind: 'asGiven',
      position: String(eventOf(type).position),
    });
    expect(findings[0]?.detail).toContain(Object.keys(fields)[0]);
  });

  it('is not found where nothing else in the log says it: when the only event was', async () => {
    const { findings } = await proofOf(edited('SeatLocked', saying({ at: later })));
    expect(findings).toEqual([]);
  });
});

describe('a fact that no command explains', () => {
  const unexplained = (type: string): Partial<Finding> => ({
    kind: 'unexplained',
    position: String(eventOf(type).position),
  });

  it('is found where it was appended', async () => {
    const last = log.at(-1)!;
    const invented: RecordedEvent = {
      ...last,
      id: '00000000-0000-5000-8000-000000000000',
      type: 'ProfileChanged',
      data: { userId: 'bob', profile: 'admin' },
      position: last.position + 1n,
      revision: last.revision + 1n,
      metadata: {
        ...(withoutCommand(last).metadata as Fields),
        commandId: 'invented',
        commandType: 'ChangeProfile',
        fingerprint: 'made up',
      },
    };
    const proof = await proofOf([...log, invented]);
    expect(proof.unexplained).toBe(1);
    expect(proof.findings).toEqual([
      {
        kind: 'unexplained',
        position: String(invented.position),
        detail: 'no command on record explains this ProfileChanged',
      },
    ]);
  });

  it.each(['SeatLocked', 'CommandRefused'])('is found where %s lost its command', async (type) => {
    const proof = await proofOf(edited(type, withoutCommand));
    expect(proof.findings).toMatchObject([unexplained(type)]);
    expect(proof.unexplained).toBe(1);
  });

  it('is found where the ledger is made to have tidied up, which it never does here', async () => {
    const tidied = { commandId: 'seatledger-recovery', commandType: 'Recover', fingerprint: '' };
    const actor = { role: 'system', id: 'seatledger' };
    const proof = await proofOf(
      edited('SeatLocked', (event) =>
        saying({ ...tidied, actor })({ ...event, ...withoutCommand(event) }),
      ),
    );
    expect(proof.findings).toMatchObject([unexplained('SeatLocked')]);
  });

  it('is found where the fingerprint tells a later event from its command', async () => {
    const proof = await proofOf(edited('MailboxDeleted', saying({ fingerprint: 'made up' })));
    expect(proof.findings).toContainEqual(expect.objectContaining(unexplained('MailboxDeleted')));
  });

  it('is told once for all in a row, and counted, where no event has its command', async () => {
    const bare = log.map((event) => ({ ...event, ...withoutCommand(event) }));
    const { findings, unexplained: count, commands } = await proofOf(bare);
    const { position } = eventOf('ContractSet');
    // Reports say all that they said, but for an address that was typed in another way.
    const report = eventOf('MailingRecorded').position;
    expect(findings).toEqual([
      {
        kind: 'unexplained',
        position: String(position),
        detail: `no command on record explains this ContractSet and the ${report - position - 1n} events after it`,
      },
      expect.objectContaining({ kind: 'asGiven', position: String(report + 1n) }),
      expect.objectContaining({ kind: 'unexplained', position: String(report + 2n) }),
    ]);
    expect(count).toBe(log.length - 3);
    expect(commands).toBe(2);
  });
});

describe('a refusal', () => {
  const asking =
    (fields: Fields): Edit =>
    ({ data }) => ({
      data: {
        rejections: (data as { rejections: ReadonlyArray<Fields> }).rejections.map((one) => ({
          ...one,
          ...fields,
        })),
      },
    });

  it('is found to have been given with other figures', async () => {
    const { findings } = await proofOf(edited('CommandRefused', asking({ held: 7 })));
    expect(findings).toMatchObject([
      { kind: 'decided', position: String(eventOf('CommandRefused').position) },
    ]);
    expect(findings[0]?.detail).toContain('"held":7');
    expect(findings[0]?.detail).toContain('"held":2');
  });
});

describe('on a store that appends to one stream at a time', () => {
  let stepwise: Log = [];
  beforeAll(async () => {
    const stage = await Stage.open(inMemoryStepwise);
    await stage.play(...seated(ann), ...holding(ann, first));
    stepwise = await stage.log();
    await stage.close();
  });

  const last = (type: string): RecordedEvent => {
    const found = stepwise.findLast((event) => event.type === type);
    if (found === undefined) throw new Error(`There is no ${type}.`);
    return found;
  };
  const changed = (type: string, edit: Edit): Log => {
    const { position } = last(type);
    return stepwise.map((event) =>
      event.position === position ? { ...event, ...edit(event) } : event,
    );
  };

  it('a log as it was written has nothing to find', async () => {
    const proof = await proofOf(stepwise, 'oneStream');
    expect(proof).toMatchObject({ findings: [], unexplained: 0 });
  });

  it.each([
    ['before its command', 'AddressClaimed'],
    ['after its command', 'MailboxAdded'],
  ])('another giver is found in an append %s', async (_, type) => {
    const { findings } = await proofOf(changed(type, saying({ actor: somebody })), 'oneStream');
    expect(findings).toMatchObject([{ kind: 'asGiven', position: String(last(type).position) }]);
  });

  const appended = (fields: Partial<RecordedEvent>, said: Fields): Log => {
    const end = stepwise.at(-1)!;
    const { metadata } = withoutCommand(end);
    const seat = last('MailboxConfigured');
    return [
      ...stepwise,
      {
        ...end,
        stream: seat.stream,
        position: end.position + 1n,
        revision: seat.revision + 1n,
        ...fields,
        metadata: { ...(metadata as Fields), ...said },
      },
    ];
  };
  const promoted = { type: 'ProfileChanged', data: { userId: 'ann', profile: 'admin' } };
  const tidying = {
    commandId: 'seatledger-recovery',
    commandType: 'Recover',
    actor: { role: 'system', id: 'seatledger' },
    fingerprint: '',
  };

  it.each<[string, Fields]>([
    ['under a command that was never recorded', { commandId: 'never', fingerprint: 'made up' }],
    ['as if the ledger had tidied it up', tidying],
  ])('a fact is found that was appended %s', async (_, said) => {
    const invented = appended(promoted, said);
    const { findings } = await proofOf(invented, 'oneStream');
    expect(findings).toMatchObject([
      { kind: 'unexplained', position: String(invented.at(-1)?.position) },
    ]);
  });

  it('a request is found that was recorded a second time', async () => {
    const twin = last('MailboxAddRequested');
    const end = stepwise.at(-1)!;
    const seat = stepwise.findLast(({ stream }) => stream === twin.stream)!;
    const position = end.position + 1n;
    const forged = [...stepwise, { ...twin, position, revision: seat.revision + 1n }];
    const { findings } = await proofOf(forged, 'oneStream');
    expect(findings).toContainEqual({
      kind: 'requestedOnce',
      position: String(position),
      detail: `ann has had a request ${(twin.data as Fields)['requestId'] as string} before`,
    });
  });

  it('what the ledger does write when it tidies up is no finding', async () => {
    const data = { userId: 'ann', toUserId: 'bob', requestId: 'r', address: storedAddress(first) };
    const tidied = appended({ type: 'DeletePermissionRevoked', data }, tidying);
    expect((await proofOf(tidied, 'oneStream')).findings).toEqual([]);
  });
});

describe('a mailbox that was added past every rule', () => {
  it('is found at its exact position: the second holder, and the one beyond the limit', async () => {
    const { log: rogue, expected } = await withRogues();
    const ledger = await openLedger({ store: storeOf(rogue), addressSecret, recoverAtOpen: false });
    const { findings } = yes(await ledger.verify());
    expect(findings.map(({ kind, position }) => [kind, position])).toEqual(expected);
  });
});

describe('a log that contradicts itself', () => {
  it.each<[string, string, Fields]>([
    ['whose claim it is', 'AddressClaimed', { userId: 'somebody' }],
    [
      'which login a seat has',
      'SeatRegistered',
      { accountEmail: { typed: 'x@y.example', canonical: 'x@y.example' } },
    ],
    [
      'which address was asked for',
      'MailboxAddRequested',
      { address: { typed: 'x@y.example', canonical: 'x@y.example' } },
    ],
  ])('is told so, and ends no proof: %s', async (_, type, fields) => {
    const wrong = edited(type, ({ data }) => ({ data: { ...(data as Fields), ...fields } }));
    expect((await proofOf(wrong)).findings).not.toEqual([]);
    const ledger = await openLedger({ store: storeOf(wrong), addressSecret, recoverAtOpen: false });
    expect(await ledger.whatIf(admin, {})).toMatchObject({ _tag: 'Right' });
    await ledger.close();
  });
});
