/**
 * One story that chance hardly ever tells: an approval is sent twice, and between its two readings the
 * address is taken by a seat that it may leave. One copy knows of a move, the other does not.
 */
import { expect, it } from '@jest/globals';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { type CommandInput, type Ledger, memoryStore, openLedger } from '../../src';
import type { StoreConnector } from '../../src';
import {
  admin,
  agent,
  approveAdd,
  approveDelete,
  emailOf,
  grantPermission,
  otherAgent,
  requestAdd,
  requestDelete,
  seated,
  type Step,
  user,
} from '../../src/testing';
import { SECRET } from './beginnings';

const kim = user('kim');
const lee = user('lee');
const mara = 'mara.0@acme.example';
const asked = (requestId: string) => ({ requestId, sender: emailOf(admin) });

/** Appends are held by the type of their first event until somebody lets them go on. */
class Gates {
  private readonly opened = new Map<string, { readonly passed: Promise<void>; open: () => void }>();

  constructor(private readonly held: ReadonlyArray<string>) {}

  gate(name: string): { readonly passed: Promise<void>; open: () => void } {
    const known = this.opened.get(name);
    if (known !== undefined) return known;
    let open: () => void = () => undefined;
    const passed = new Promise<void>((resolve) => {
      open = resolve;
    });
    const gate = { passed, open };
    this.opened.set(name, gate);
    return gate;
  }

  before(inner: StoreConnector): StoreConnector {
    const connect: StoreConnector['connect'] = async () => {
      const connected = await inner.connect();
      if (isLeft(connected)) return connected;
      const store = connected.right;
      const append: typeof store.append = (appends) => async () => {
        const type = appends[0].events[0]?.type ?? '';
        this.gate(`asked ${type}`).open();
        if (this.held.includes(type)) await this.gate(type).passed;
        const appended = await store.append(appends)();
        this.gate(`written ${type}`).open();
        return appended;
      };
      return { ...connected, right: { ...store, append } };
    };
    return { name: 'gated', connect };
  }
}

let sent = 0;
const send = async (ledger: Ledger, [by, said]: Step): Promise<void> => {
  sent += 1;
  const answer = await ledger.execute(by, { commandId: `x-${sent}`, ...said } as CommandInput);
  if (isLeft(answer)) throw new Error(JSON.stringify(answer.left));
};

it('loses no address when one copy of an approval moves the mailbox and the other adds it', async () => {
  const store = memoryStore({ atomicity: 'oneStream' });
  const options = { addressSecret: SECRET, recoverAtOpen: false };
  const desk = await openLedger({ ...options, store });
  const before: ReadonlyArray<Step> = [
    ...seated(admin, kim, lee),
    [admin, requestAdd(kim, mara, asked('kim-1'))],
    [agent, approveAdd(kim, mara, { requestId: 'kim-1' })],
    [admin, requestAdd(lee, mara, asked('lee-1'))],
    [admin, grantPermission(kim, mara, lee, 'lee-1')],
  ];
  for (const step of before) await send(desk, step);
  const bare = { commandId: 'twin', ...approveAdd(lee, mara, { requestId: 'lee-1' }) };
  const preview = await desk.dryRun(agent, bare);
  const impact = isRight(preview) ? preview.right.impact : null;
  const approval = { ...bare, impact } as CommandInput;

  // The address is free while the first copy reads.
  await send(desk, [admin, requestDelete(kim, mara, asked('kim-2'))]);
  const cost = await desk.impact(agent, { userId: 'kim', address: mara });
  if (isLeft(cost)) throw new Error('The mailbox is there.');
  const deletion = approveDelete(kim, mara, { requestId: 'kim-2', impact: cost.right });
  await send(desk, [otherAgent, deletion]);
  const adding = new Gates(['MailboxAddApproved']);
  const first = await openLedger({ ...options, store: adding.before(store) });
  const firstAnswer = first.execute(agent, approval);
  await adding.gate('asked MailboxAddApproved').passed;

  // It is Kim's again, and may go, while the second copy reads.
  await send(desk, [admin, requestAdd(kim, mara, asked('kim-3'))]);
  await send(desk, [agent, approveAdd(kim, mara, { requestId: 'kim-3' })]);
  await send(desk, [admin, grantPermission(kim, mara, lee, 'lee-1')]);
  const moving = new Gates(['MailboxAddApproved', 'MailboxDeleted']);
  const second = await openLedger({ ...options, store: moving.before(store) });
  const secondAnswer = second.execute(agent, approval);
  await moving.gate('asked MailboxAddApproved').passed;

  // Their approvals are one event to the store; the first copy then runs ahead of the second.
  adding.gate('MailboxAddApproved').open();
  await adding.gate('written MailboxAddApproved').passed;
  moving.gate('MailboxAddApproved').open();
  await Promise.race([moving.gate('asked MailboxDeleted').passed, secondAnswer]);
  await Promise.race([adding.gate('written MailboxAddAbandoned').passed, firstAnswer]);
  moving.gate('MailboxDeleted').open();
  await Promise.all([firstAnswer, secondAnswer]);
  await desk.recover();

  const held = await desk.views.addresses.list(admin);
  expect(isRight(held) ? held.right.map(({ address }) => address) : held).toEqual([mara]);
});
