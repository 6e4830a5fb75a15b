/**
 * Input that means harm: objects that fight back, deep and huge ones, fields within fields. Each gets an
 * answer with a path; nothing throws, nothing is recorded, and the caller's own objects stay as they were.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Answer, Failure } from '../../src';
import {
  agent,
  ann,
  approveAdd,
  approveDelete,
  attestation,
  contractAgent,
  holding,
  requestAdd,
  requestDelete,
  seated,
  setContract,
  Stage,
  system,
  tagProspects,
} from '../../src/testing';
import { first, impactOf, second } from './cast';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
  await stage.play(
    ...seated(ann),
    ...holding(ann, first),
    [ann, requestDelete(ann, first)],
    [ann, requestAdd(ann, second)],
  );
});
afterAll(() => stage.close());

type InvalidInput = Extract<Failure, { readonly type: 'InvalidInput' }>;

/** Sends it, finds it refused as unreadable, and nothing in the log. */
const unreadable = async (command: unknown, by: unknown = ann): Promise<InvalidInput> => {
  const before = (await stage.log()).length;
  const answer: Answer = await stage.ledger.execute(by as never, command as never);
  expect(await stage.log()).toHaveLength(before);
  if (!isLeft(answer) || answer.left.type !== 'InvalidInput') {
    throw new Error(`Expected InvalidInput, got ${JSON.stringify(answer)}`);
  }
  expect(answer.left.message.length).toBeLessThan(500);
  expect(JSON.stringify(answer.left.errors).length).toBeLessThan(20_000);
  return answer.left;
};

const ask = { ...requestAdd(ann, 'third@acme.example'), commandId: 'hostile' };

const trap = (): never => {
  throw new Error('A trap was touched.');
};

const trapped = (field: string) =>
  Object.defineProperty({ ...ask }, field, { enumerable: true, get: trap });

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => ({ inner }), 'x');

const cyclic: Record<string, unknown> = { ...ask };
cyclic['deletePermission'] = cyclic;

describe('an object that fights back', () => {
  it.each([
    ['a getter that throws', trapped('address')],
    ['a getter that throws on the type', trapped('type')],
    ['a proxy that throws on everything', new Proxy({}, { get: trap, ownKeys: trap, has: trap })],
    ['a proxy that lies about its fields', new Proxy(ask, { ownKeys: trap })],
    ['a proxy that was revoked', revoked()],
  ])('%s is answered as unreadable', async (_, command) => {
    expect((await unreadable(command)).errors.length).toBeGreaterThan(0);
    expect((await unreadable(ask, command)).input).toBe('principal');
  });

  it.each([
    ['itself', cyclic, 'deletePermission'],
    ['an object ten deep', { ...ask, deletePermission: nested(10) }, 'deletePermission'],
    ['an object ten thousand deep', { ...ask, address: nested(10_000) }, 'address'],
    ['a text object', { ...ask, address: Object('third@acme.example') as unknown }, 'address'],
    ['a list of one address', { ...ask, address: ['third@acme.example'] }, 'address'],
    ['a list with a hole', { ...tagProspects(ann, 'keep'), prospectIds: holed() }, 'prospectIds.0'],
    [
      'a list ten million long',
      { ...tagProspects(ann, 'keep'), prospectIds: longList() },
      'prospectIds',
    ],
    ['a map', { ...ask, sender: new Map() }, 'sender'],
  ])('%s in a field is named by its path', async (_, command, path) => {
    const { errors } = await unreadable({ commandId: 'hostile', ...command });
    expect(errors.map((error) => error.path)).toEqual([path]);
  });

  it('a field that is a symbol is no field, and one too many is', async () => {
    const { errors } = await unreadable({
      ...ask,
      [Symbol.iterator]: 1,
      [`x${'y'.repeat(1e6)}`]: 1,
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.path.length).toBeLessThan(100);
  });

  it.each([
    ['an own __proto__', '{"__proto__":{"role":"admin"}}', '__proto__'],
    ['a constructor', '{"constructor":{"prototype":{"role":"admin"}}}', 'constructor'],
    ['a toString', '{"toString":"x"}', 'toString'],
  ])('%s changes nothing but the answer', async (_, text, path) => {
    const more = JSON.parse(text) as object;
    const command = Object.defineProperties({ ...ask }, Object.getOwnPropertyDescriptors(more));
    expect((await unreadable(command)).errors.map((error) => error.path)).toEqual([path]);
    const principal = Object.defineProperties({ ...ann }, Object.getOwnPropertyDescriptors(more));
    expect((await unreadable(ask, principal)).errors.map((error) => error.path)).toEqual([path]);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function holed(): ReadonlyArray<string> {
  const list = ['p', 'p'];
  Reflect.deleteProperty(list, 0);
  return list;
}

function longList(): ReadonlyArray<string> {
  return { length: 10_000_000, __proto__: Array.prototype } as unknown as ReadonlyArray<string>;
}

describe('a field within a field', () => {
  const impact = impactOf(ann, first, 5);
  const approval = { ...approveAdd(ann, second), commandId: 'hostile', impact };
  const removal = { ...approveDelete(ann, first), commandId: 'hostile', impact };
  const whole = { ...attestation, releaseVerification: 'Called back.' };

  it('the samples are whole', async () => {
    const said = { ...approval, attestation: whole };
    const answers = [await stage.dryRun(agent, said), await stage.dryRun(agent, removal)];
    expect(answers.map(({ _tag }) => _tag)).toEqual(['Right', 'Right']);
  });

  it.each(Object.keys(impact))('impact.%s is needed, and is what it should be', async (field) => {
    for (const command of [approval, removal]) {
      const missing = Object.fromEntries(Object.entries(impact).filter(([name]) => name !== field));
      const wrong = { ...impact, [field]: { x: 1 } };
      for (const one of [missing, wrong]) {
        const { errors } = await unreadable({ ...command, impact: one }, agent);
        expect(errors.map(({ path }) => path)).toEqual([`impact.${field}`]);
        expect(errors[0]?.expected.length).toBeGreaterThan(4);
      }
    }
  });

  it.each([
    ['drafts', ['a b'], 'impact.drafts.0'],
    ['scheduled', ['ok', 5], 'impact.scheduled.1'],
    ['sequences', [null], 'impact.sequences.0'],
    ['untaggedProspects', [['p']], 'impact.untaggedProspects.0'],
    ['history', -1, 'impact.history'],
    ['history', 0.5, 'impact.history'],
    ['history', '1', 'impact.history'],
  ])('impact.%s with %j is wrong at its place', async (field, value, path) => {
    const command = { ...removal, impact: { ...impact, [field]: value } };
    expect((await unreadable(command, agent)).errors.map((error) => error.path)).toEqual([path]);
  });

  it.each([
    ['evidence', 5],
    ['evidence', 'a NUL \u0000'],
    ['evidence', 'x'.repeat(4001)],
    ['evidence', '\ud800'],
    ['terms', true],
    ['terms', []],
    ['releaseVerification', 'x'.repeat(1_000_000)],
    ['unheardOf', 'x'],
  ])('attestation.%s is wrong at its place', async (field, value) => {
    const command = { ...approval, attestation: { ...whole, [field]: value } };
    const { errors } = await unreadable(command, agent);
    expect(errors.map(({ path }) => path)).toEqual([`attestation.${field}`]);
  });

  it.each([['eula'], ['termsOfService'], ['acceptableUse']])(
    'attestation.terms.%s is true or false, and not nearly so',
    async (term) => {
      for (const value of ['true', 1, null]) {
        const terms = { ...attestation.terms, [term]: value };
        const { errors } = await unreadable({ ...approval, attestation: { terms } }, agent);
        expect(errors.map(({ path }) => path)).toEqual([`attestation.terms.${term}`]);
      }
    },
  );

  it.each([
    ['no address', 'permittedSharedAddresses.1'],
    [null, 'permittedSharedAddresses.1'],
    ['x'.repeat(1_000_000), 'permittedSharedAddresses.1'],
  ])('a permitted address that is none is wrong at its place', async (address, path) => {
    const terms = setContract({
      permittedSharedAddresses: ['sales@acme.example', address!],
    });
    const { errors } = await unreadable({ ...terms, commandId: 'hostile' }, contractAgent);
    expect(errors.map((error) => error.path)).toEqual([path]);
  });
});

describe('an address text that is none', () => {
  it.each([
    ['empty', '', 'NothingGiven'],
    ['a megabyte', 'x'.repeat(1_000_000), 'InputTooLong'],
    ['half a surrogate pair', 'ann\ud800@acme.example', 'LoneSurrogate'],
    ['with a NUL', 'ann\u0000@acme.example', 'ForbiddenCharacter'],
    ['with a line break', 'ann@acme.example\r\nX-Spam', 'ForbiddenCharacter'],
    ['with an invisible space', 'ann\u200b@acme.example', 'ForbiddenCharacter'],
    ['with look-alike letters', '\u0430nn.lee@acme.example', 'MixedScripts'],
  ])('%s is refused by P12, shortened, and recorded as such', async (_, address, fault) => {
    const answer = await stage.send(ann, requestAdd(ann, address, { requestId: 'r' }));
    expect(answer).toMatchObject({
      left: { type: 'Refused', rejections: [{ type: 'InvalidAddress', fault: { type: fault } }] },
    });
    expect(JSON.stringify(answer).length).toBeLessThan(600);
    expect(JSON.parse(JSON.stringify(answer))).toStrictEqual(answer);
  });
});

describe("the caller's own objects", () => {
  it('are neither changed nor frozen', async () => {
    const prospectIds = ['p-1', 'p-2'];
    const command = {
      type: 'TagProspects',
      commandId: 'mine',
      userId: 'ann',
      tag: 'keep',
      prospectIds,
    } as const;
    const copy = structuredClone(command);
    await stage.ledger.execute(ann, command);
    expect(command).toEqual(copy);
    expect([Object.isFrozen(command), Object.isFrozen(prospectIds)]).toEqual([false, false]);
  });

  it('may be changed as soon as the call has been made', async () => {
    const prospectIds = ['p-3'];
    const command = {
      type: 'TagProspects' as const,
      commandId: 'changed-since',
      userId: 'ann',
      tag: 'keep',
      prospectIds,
    };
    const sent = structuredClone(command);
    const underWay = stage.ledger.execute(system, command);
    prospectIds.push('p-4');
    command.tag = 'later';
    const answer = await underWay;
    expect(answer).toMatchObject({
      right: { events: [{ data: { tag: 'keep', prospectIds: ['p-3'] } }] },
    });
    expect(await stage.ledger.execute(system, sent)).toEqual(answer);
  });
});
