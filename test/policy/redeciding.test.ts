/** Every decision on record can be made again: the same under the policy in force, and otherwise under another. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import {
  type Ledger,
  memoryStore,
  openLedger,
  type OtherPolicy,
  type RecordedEvent,
} from '../../src';
import {
  admin,
  agent,
  ann,
  approveAdd,
  arbitraries,
  attestation,
  bob,
  minuteByMinute,
  registerSeat,
  requestAdd,
  setContract,
  contractAgent,
  type Person,
  type CommandDraft,
} from '../../src/testing';
import type { PrincipalInput } from '../../src';
import { toSend } from './play';
import { yes } from './cast';
import { storeOf } from '../support/edited-store';

const { commandSequence } = arbitraries(fc);
const addressSecret = 'a secret for the tests only';
let count = 0;

const opened = (store = memoryStore()): Promise<Ledger> =>
  openLedger({ store, addressSecret, clock: minuteByMinute(), recoverAtOpen: false });

const send = async (ledger: Ledger, who: PrincipalInput, draft: CommandDraft): Promise<unknown> => {
  const answer = await ledger.execute(who, { ...draft, commandId: `c${(count += 1)}` });
  return isLeft(answer) ? answer.left : answer.right;
};

const add = async (ledger: Ledger, person: Person, address: string): Promise<void> => {
  await send(ledger, person, requestAdd(person, address));
  await send(ledger, agent, approveAdd(person, address, { attestation }));
};

const asked = async (ledger: Ledger, policy: OtherPolicy) =>
  yes(await ledger.whatIf(admin, policy));

describe('the policy in force', () => {
  it.each(['anyStreams', 'oneStream'] as const)(
    'decides all that is on record as it was decided (%s)',
    async (atomicity) => {
      await fc.assert(
        fc.asyncProperty(commandSequence, async (steps) => {
          const ledger = await opened(memoryStore({ atomicity }));
          for (const step of steps) {
            const { command } = await toSend(ledger, step);
            await ledger.execute(step[0], command);
          }
          const answer = await asked(ledger, {});
          expect(answer.differences).toEqual([]);
          expect(answer.unexplained).toEqual([]);
          expect(answer.notCompared).toEqual([]);
          const proof = yes(await ledger.verify());
          expect(proof.findings).toEqual([]);
          expect(proof.endedEarly).toBe(false);
        }),
        { numRuns: 40 },
      );
    },
  );
});

describe('a limit of three', () => {
  it('would have let a third mailbox in, and the request and what followed say so', async () => {
    const ledger = await opened();
    await send(ledger, admin, registerSeat(ann));
    for (const address of ['ann@acme.example', 'ann.a@acme.example', 'ann.b@acme.example']) {
      await add(ledger, ann, address);
    }
    const { differences } = await asked(ledger, { mailboxLimit: 3 });
    expect(
      differences.map(({ commandType, decided, wouldBe, because }) => [
        commandType,
        decided.type,
        wouldBe.type,
        because,
      ]),
    ).toEqual([
      ['RequestMailboxAdd', 'refused', 'accepted', 'policy'],
      ['ApproveMailboxAdd', 'refused', 'accepted', 'consequence'],
    ]);
    expect(differences[0]?.decided).toEqual({
      type: 'refused',
      reasons: [{ type: 'MailboxLimitReached', clause: 'P1' }],
    });
  });

  it('changes nothing where a contract says otherwise, unless it overrides contracts', async () => {
    const ledger = await opened();
    await send(ledger, contractAgent, setContract({ mailboxLimit: 2 }));
    await send(ledger, admin, registerSeat(ann));
    for (const address of ['ann@acme.example', 'ann.a@acme.example', 'ann.b@acme.example']) {
      await add(ledger, ann, address);
    }
    await send(ledger, contractAgent, setContract({ mailboxLimit: 1 }));
    expect(await asked(ledger, { mailboxLimit: 3 })).toMatchObject({
      policy: { mailboxLimit: 3 },
      contract: { mailboxLimit: 1, since: '1' },
      differences: [],
    });
    await send(ledger, contractAgent, setContract({ mailboxLimit: 2 }));
    const overriding = await asked(ledger, { mailboxLimit: 3, overridesContracts: true });
    expect(overriding.differences.map(({ commandType }) => commandType)).toEqual([
      'RequestMailboxAdd',
      'ApproveMailboxAdd',
    ]);
  });

  it('of one would have refused what was given', async () => {
    const ledger = await opened();
    await send(ledger, admin, registerSeat(ann));
    await add(ledger, ann, 'ann@acme.example');
    await add(ledger, ann, 'ann.a@acme.example');
    const { differences } = await asked(ledger, { mailboxLimit: 1 });
    expect(differences.map(({ wouldBe }) => wouldBe.type)).toEqual(['refused', 'refused']);
  });
});

describe('another policy', () => {
  it('may permit a shared address', async () => {
    const ledger = await opened();
    await send(ledger, admin, registerSeat(ann));
    await add(ledger, ann, 'sales@acme.example');
    const { differences } = await asked(ledger, {
      permittedSharedAddresses: ['Sales@acme.example'],
    });
    expect(differences[0]).toMatchObject({
      commandType: 'RequestMailboxAdd',
      decided: { reasons: [{ type: 'SharedAddressNotPermitted' }] },
      wouldBe: { type: 'accepted' },
      because: 'policy',
    });
  });

  it('is not asked about by a user, and not with a field that it does not have', async () => {
    const ledger = await opened();
    expect(await ledger.whatIf(ann, {})).toMatchObject({ left: { type: 'Refused' } });
    expect(await ledger.whatIf(admin, { limit: 3 } as never)).toMatchObject({
      left: { type: 'InvalidInput' },
    });
  });

  it('that overrides contracts says with which limit', async () => {
    const ledger = await opened();
    expect(await ledger.whatIf(admin, { overridesContracts: true })).toMatchObject({
      left: { type: 'InvalidInput', errors: [{ path: 'mailboxLimit' }] },
    });
    expect(await ledger.whatIf(admin, { overridesContracts: false })).toMatchObject({
      right: { differences: [] },
    });
  });

  it('writes nothing', async () => {
    const ledger = await opened();
    await send(ledger, admin, registerSeat(ann));
    const before = await ledger.head();
    await asked(ledger, { mailboxLimit: 9 });
    await ledger.verify();
    expect(await ledger.head()).toEqual(before);
  });
});

describe('a log that was tampered with', () => {
  const history = async () => {
    const store = memoryStore();
    const ledger = await opened(store);
    await send(ledger, admin, registerSeat(ann));
    await send(ledger, admin, registerSeat(bob));
    for (const address of ['ann@acme.example', 'ann.a@acme.example', 'ann.b@acme.example']) {
      await add(ledger, ann, address);
    }
    return store;
  };

  const isOf = (type: string) => (event: RecordedEvent) => event.type === type;

  type Edit = (log: ReadonlyArray<RecordedEvent>) => ReadonlyArray<RecordedEvent>;
  const changing =
    (which: (event: RecordedEvent) => boolean, change: (event: RecordedEvent) => object): Edit =>
    (log) => {
      const at = log.findIndex(which);
      return log.map((event, place) => (place === at ? { ...event, ...change(event) } : event));
    };
  const dataOf = ({ data }: RecordedEvent) => data as Record<string, unknown>;
  const metaOf = ({ metadata }: RecordedEvent) => metadata as Record<string, unknown>;

  const edits: ReadonlyArray<readonly [string, Edit, string, (event: RecordedEvent) => boolean]> = [
    [
      'another address in what was asked',
      changing(isOf('MailboxAddRequested'), (event) => ({
        data: {
          ...dataOf(event),
          address: { typed: 'eve@acme.example', canonical: 'eve@acme.example' },
        },
      })),
      'decided',
      isOf('MailboxAddRequested'),
    ],
    [
      'another actor',
      changing(isOf('MailboxAddApproved'), (event) => ({
        metadata: { ...metaOf(event), actor: { role: 'support', id: 'somebody' } },
      })),
      'asGiven',
      isOf('MailboxAddApproved'),
    ],
    [
      'a refusal for another reason',
      changing(isOf('CommandRefused'), () => ({
        data: { rejections: [{ type: 'SeatIsLocked' }] },
      })),
      'decided',
      isOf('CommandRefused'),
    ],
    [
      'a renamed type',
      changing(isOf('MailboxAdded'), () => ({ type: 'MailboxSold' })),
      'readable',
      (event) => event.type === 'MailboxAdded',
    ],
    [
      'a skipped revision',
      changing(isOf('MailboxAddRequested'), ({ revision }) => ({ revision: revision + 5n })),
      'gapless',
      isOf('MailboxAddRequested'),
    ],
  ];

  it.each(edits)('is found to hold %s, and where', async (_, edit, kind, where) => {
    const store = await history();
    const connected = yes(await store.connect());
    const log = yes(await connected.readAll(-1n, 1000)());
    const edited = await openLedger({
      store: storeOf(edit(log)),
      addressSecret,
      recoverAtOpen: false,
    });
    const { findings } = yes(await edited.verify());
    const at = String(log.find(where)?.position);
    expect(findings).toContainEqual(expect.objectContaining({ kind, position: at }));
    expect(BigInt(findings[0]?.position ?? -1)).toBeGreaterThanOrEqual(0n);
  });

  it('is told up to the event that cannot be read', async () => {
    const store = await history();
    const connected = yes(await store.connect());
    const log = yes(await connected.readAll(-1n, 1000)());
    const edit = changing(isOf('MailboxAdded'), () => ({ type: 'MailboxSold' }));
    const edited = await openLedger({
      store: storeOf(edit(log)),
      addressSecret,
      recoverAtOpen: false,
    });
    const proof = yes(await edited.verify());
    expect(proof.endedEarly).toBe(true);
    expect(proof.position).toBe(String(log.find(isOf('MailboxAdded'))?.position));
  });
});
