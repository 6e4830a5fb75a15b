/** What attackers of the ledger once got away with. Each is here so that nobody does again. */
import { describe, expect, it } from '@jest/globals';
import { memoryStore } from '../../src/adapters/memory';
import { openLedger, tryOpenLedger } from '../../src/application/open-ledger';
import {
  admin,
  agent,
  ann,
  approveAdd,
  bob,
  changeAccountEmail,
  type CommandDraft,
  cyd,
  emailOf,
  grantPermission,
  recordMailing,
  registerSeat,
  requestAdd,
  requestDelete,
  approveDelete,
  revokePermission,
  system,
  tagProspects,
} from '../../src/testing/builders';
import type { PrincipalInput } from '../../src/values/principal';

const addressSecret = 'nobody gets away with it';
const address = 'shared.past@acme.example';

/** Two ledgers on one store: what one caches, the other may change. */
const play = async () => {
  const store = memoryStore();
  const ledgers = [
    await openLedger({ store, addressSecret }),
    await openLedger({ store, addressSecret }),
  ] as const;
  let sent = 0;
  const send = (principal: PrincipalInput, command: CommandDraft, at: 0 | 1 = 0) => {
    sent += 1;
    return ledgers[at].execute(principal, { ...command, commandId: `c${sent}` });
  };
  const must = async (...given: Parameters<typeof send>) => {
    const answer = await send(...given);
    if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left));
    return answer.right;
  };
  const add = async (person: typeof ann) => {
    await must(person, requestAdd(person, address, { requestId: `r-${person.userId}-${sent}` }));
    const requestId = `r-${person.userId}-${sent - 1}`;
    await must(agent, approveAdd(person, address, { requestId }));
  };
  const remove = async (person: typeof ann) => {
    const requestId = `d-${person.userId}-${sent}`;
    await must(person, requestDelete(person, address, { requestId }));
    const impact = await ledgers[0].impact(agent, { userId: person.userId, address });
    if (impact._tag === 'Left') throw new Error(JSON.stringify(impact.left));
    await must(agent, approveDelete(person, address, { requestId, impact: impact.right }));
  };
  for (const person of [ann, bob, cyd, admin]) await must(system, registerSeat(person));
  return { ledgers, send, must, add, remove };
};

const forBob = requestAdd(bob, address, { sender: emailOf(admin), deletePermission: true });

describe('a permission inside a request (P24)', () => {
  it('is for the seat that held the address then, not for the next holder', async () => {
    const { send, must, add, remove } = await play();
    await add(ann);
    await must(admin, forBob);
    await remove(ann);
    await add(cyd);
    expect(await send(agent, approveAdd(bob, address))).toMatchObject({
      left: { rejections: [{ type: 'NotOwnedByTargetUser' }, { type: 'AddressInUse' }] },
    });
  });

  it('once revoked, does not come back with the address', async () => {
    const { send, must, add, remove } = await play();
    await add(ann);
    await must(admin, forBob);
    await must(ann, revokePermission(ann, address, bob));
    await remove(ann);
    await add(ann);
    expect(await send(agent, approveAdd(bob, address))).toMatchObject({
      left: { rejections: [{ type: 'NotOwnedByTargetUser' }, { type: 'AddressInUse' }] },
    });
  });

  it('tells nobody without the mailbox what a colleague has asked for', async () => {
    const { send, must } = await play();
    await must(cyd, requestAdd(cyd, address));
    const guesses = [grantPermission(bob, address, cyd), grantPermission(bob, address, cyd, 'x')];
    for (const guess of guesses) {
      expect(await send(bob, guess)).toMatchObject({
        left: { rejections: [{ type: 'MailboxNotFound' }] },
      });
    }
  });
});

describe('what a caller holds in hand', () => {
  it('changes nothing after the call: not a list that was handed over', async () => {
    const { ledgers, send } = await play();
    const tag = tagProspects(ann, 'saved', 'p1') as CommandDraft & { prospectIds: Array<string> };
    const command = { ...tag, prospectIds: ['p1'] };
    const sending = send(ann, command);
    command.prospectIds[0] = 'not an id';
    await sending;
    expect(await ledgers[1].history(ann, 'ann')).toMatchObject({
      right: [{ type: 'SeatRegistered' }, { data: { prospectIds: ['p1'] } }],
    });
  });

  it('cannot be changed: neither an answer nor a row', async () => {
    const { ledgers, must } = await play();
    const { events } = await must(bob, requestAdd(bob, address));
    expect(() => Object.assign((events[0] as { data: object }).data, { x: 1 })).toThrow(TypeError);
    const rows = await ledgers[0].views.seats.list(admin);
    if (rows._tag === 'Left') throw new Error('no rows');
    expect(() => Object.assign(rows.right[0] as object, { x: 1 })).toThrow(TypeError);
  });
});

describe('a lost email (P17)', () => {
  it('stays lost when its address comes back', async () => {
    const { send, must, add, remove } = await play();
    await add(ann);
    await must(system, recordMailing(ann, address, 'm1', 'drafted'));
    await remove(ann);
    await add(ann);
    expect(await send(system, recordMailing(ann, address, 'm1', 'drafted'))).toMatchObject({
      left: { rejections: [{ type: 'MailingLost', mailingId: 'm1' }] },
    });
  });
});

describe('two ledgers on one store', () => {
  it('agree when one has cached what the other changed: an answer, not a defect', async () => {
    const { must } = await play();
    await must(system, changeAccountEmail(ann, 'new@acme.example'), 1);
    expect((await must(system, changeAccountEmail(ann, 'new@acme.example'), 0)).events).toEqual([]);
  });
});

describe('opening', () => {
  it.each`
    what                       | options
    ${'nothing'}               | ${undefined}
    ${'no store'}              | ${{ addressSecret }}
    ${'no store at all'}       | ${{ addressSecret, store: 'x.db' }}
    ${'a misspelt option'}     | ${{ addressSecret, store: memoryStore(), cachedEvent: 1 }}
    ${'a clock without hands'} | ${{ addressSecret, store: memoryStore(), clock: () => undefined }}
    ${'a clock of sand'}       | ${{ addressSecret, store: memoryStore(), clock: () => 'sand' }}
    ${'a broken clock'} | ${{
      addressSecret,
      store: memoryStore(),
      clock: () => {
        throw new Error('tick');
      },
    }}
  `('with $what is refused as data', async ({ options }: Record<string, unknown>) => {
    expect(await tryOpenLedger(options as never)).toMatchObject({
      left: { type: 'InvalidInput', input: 'options' },
    });
  });

  it('with a clock that says nothing is not refused for one that throws', async () => {
    const options = { addressSecret, store: memoryStore(), clock: () => undefined };
    expect(await tryOpenLedger(options as never)).toMatchObject({
      left: { errors: [{ path: 'clock', got: 'nothing' }] },
    });
  });
});
