/**
 * Bad input: every field of every command, missing, of the wrong type, or hostile. Each gets a typed
 * error with its path; nothing throws, and nothing is recorded.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { memoryStore } from '../../src/adapters/memory';
import { type Ledger } from '../../src/application/ledger';
import { openLedger, tryOpenLedger } from '../../src/application/open-ledger';

import type { InvalidInput } from '../../src/application/failures';
import type { EventStore } from '../../src/application/ports';
import { type CommandInput, commands, type CommandType } from '../../src/commands';
import { ann, attestation, system } from '../../src/testing/builders';

const impact = {
  userId: 'ann',
  address: 'ann.sells@acme.example',
  revision: '7',
  drafts: [],
  scheduled: [],
  inFlight: [],
  sequences: [],
  untaggedProspects: [],
  history: 0,
};

const seat = { commandId: 'c1', userId: 'ann' };
const request = { ...seat, requestId: 'r1' };
const address = 'ann.sells@acme.example';
const sender = 'ann@acme.example';

/** Every command with every field that it may have. */
const whole: { readonly [Type in CommandType]: Extract<CommandInput, { type: Type }> } = {
  SetContract: {
    type: 'SetContract',
    commandId: 'c1',
    mailboxLimit: 3,
    permittedSharedAddresses: ['sales@acme.example'],
  },
  GrantMailboxLimit: { type: 'GrantMailboxLimit', ...seat, limit: 3 },
  RegisterSeat: { type: 'RegisterSeat', ...seat, accountEmail: sender, profile: 'user' },
  ChangeAccountEmail: { type: 'ChangeAccountEmail', ...seat, accountEmail: sender },
  ChangeProfile: { type: 'ChangeProfile', ...seat, profile: 'admin' },
  LockSeat: { type: 'LockSeat', ...seat },
  UnlockSeat: { type: 'UnlockSeat', ...seat },
  RequestMailboxAdd: {
    type: 'RequestMailboxAdd',
    ...request,
    address,
    sender,
    deletePermission: true,
    declaredHolder: 'locked',
  },
  GrantDeletePermission: { type: 'GrantDeletePermission', ...request, address, toUserId: 'bob' },
  RevokeDeletePermission: { type: 'RevokeDeletePermission', ...request, address, toUserId: 'bob' },
  ApproveMailboxAdd: { type: 'ApproveMailboxAdd', ...request, attestation, impact },
  RejectMailboxAdd: { type: 'RejectMailboxAdd', ...request, reason: 'no' },
  WithdrawRequest: { type: 'WithdrawRequest', ...request },
  ConfigureMailbox: { type: 'ConfigureMailbox', ...seat, address, use: 'primary' },
  RequestMailboxDelete: { type: 'RequestMailboxDelete', ...request, address, sender },
  ApproveMailboxDelete: { type: 'ApproveMailboxDelete', ...request, impact },
  RejectMailboxDelete: { type: 'RejectMailboxDelete', ...request, reason: 'no' },
  RecordMailing: { type: 'RecordMailing', ...seat, mailingId: 'm1', address, state: 'drafted' },
  RecordSequenceState: {
    type: 'RecordSequenceState',
    ...seat,
    sequenceStateId: 's1',
    prospectId: 'p1',
    sequenceId: 'q1',
    address,
    state: 'active',
  },
  TagProspects: { type: 'TagProspects', ...seat, tag: 'saved', prospectIds: ['p1'] },
  ReassignProspects: {
    type: 'ReassignProspects',
    ...seat,
    address,
    tag: 'saved',
    prospectIds: ['p1'],
    fromUserId: 'bob',
  },
};

const optional = new Set([
  'mailboxLimit',
  'permittedSharedAddresses',
  'deletePermission',
  'declaredHolder',
  'attestation',
  'impact',
  'tag',
  'prospectIds',
  'fromUserId',
]);
// Texts that must be there somewhere else may be left out where they only narrow a selection.
const isOptional = (type: string, field: string): boolean =>
  optional.has(field) && !(type === 'TagProspects' && (field === 'tag' || field === 'prospectIds'));

const fields = Object.entries(whole).flatMap(([type, command]) =>
  Object.keys(command).map((field) => [type as CommandType, field] as const),
);

const loop: Record<string, unknown> = {};
loop['self'] = loop;

/** Wrong for every field that there is: no field holds a function, and no text looks like these. */
const wrongForAll: ReadonlyArray<readonly [string, unknown]> = [
  ['null', null],
  ['a number with a fraction', 1.5],
  ['NaN', Number.NaN],
  ['a symbol', Symbol('x')],
  ['a big integer', 1n],
  ['a function', () => 'x'],
  ['a cyclic object', loop],
  ['a date', new Date(0)],
  ['a map', new Map([['evidence', 'x']])],
  ['a list in a list', [[['x']]]],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
        ownKeys: () => {
          throw new Error('trap');
        },
      },
    ),
  ],
];

/** Wrong for every text field but a free address: ids, enumerations, notes and tags. */
const wrongForTexts: ReadonlyArray<readonly [string, unknown]> = [
  ['an empty text', ''],
  ['a megabyte', 'x'.repeat(1_000_000)],
  ['a lone surrogate', 'x\uD800'],
  ['a NUL', 'x\u0000'],
  ['a path', '../../etc/passwd'],
];

let ledger: Ledger;
let store: EventStore;

beforeAll(async () => {
  const connector = memoryStore();
  const connected = await connector.connect();
  if (connected._tag === 'Left') throw new Error('no store');
  store = connected.right;
  ledger = await openLedger({ store: connector, addressSecret: 'bad input, long enough' });
});

const head = async (): Promise<unknown> => store.head();

/** Sends what no compiler would let through, and expects to be told so. */
const refuse = async (command: unknown, principal: unknown = ann): Promise<InvalidInput> => {
  const before = await head();
  const answers = [
    await ledger.execute(principal as never, command as never),
    await ledger.dryRun(principal as never, command as never),
  ];
  expect(await head()).toEqual(before);
  for (const answer of answers) {
    expect(answer).toMatchObject({ _tag: 'Left', left: { type: 'InvalidInput' } });
  }
  const failure = (answers[0] as { left: InvalidInput }).left;
  expect(failure.message.length).toBeLessThan(800);
  expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
  return failure;
};

const pathsOf = ({ errors }: InvalidInput): ReadonlyArray<string> => errors.map(({ path }) => path);

describe('the samples', () => {
  it('are one for each command', () => {
    expect(Object.keys(whole).sort()).toEqual(Object.keys(commands).sort());
  });

  it.each(Object.entries(whole))(
    '%s is well-formed, so that only what is spoilt is wrong',
    async (_, command) => {
      const answer = await ledger.dryRun(system, command);
      expect(answer).not.toMatchObject({ left: { type: 'InvalidInput' } });
    },
  );
});

describe.each(fields)('%s.%s', (type, field) => {
  const sample: Record<string, unknown> = { ...whole[type] };

  it('is missed when it is missing, unless it may be', async () => {
    const without = Object.fromEntries(Object.entries(sample).filter(([name]) => name !== field));
    if (isOptional(type, field)) {
      const answer = await ledger.dryRun(system, without as never);
      expect(answer).not.toMatchObject({ left: { type: 'InvalidInput' } });
      return;
    }
    const failure = await refuse(without);
    expect(failure.errors).toEqual([
      { path: field, expected: expect.stringMatching(/.{5}/), got: 'nothing' },
    ]);
  });

  it.each(wrongForAll)('is refused as %s', async (_, value) => {
    const paths = pathsOf(await refuse({ ...sample, [field]: value }));
    // A field of the field may be named instead, or nothing where reading it throws.
    expect(paths.every((path) => path === '' || path.split('.')[0] === field)).toBe(true);
    expect(paths.length).toBeGreaterThan(0);
  });

  const isText = typeof sample[field] === 'string';
  const isAttempt = type === 'RequestMailboxAdd' ? ['address', 'sender'] : ['sender'];
  if (isText && !isAttempt.includes(field)) {
    it.each(
      wrongForTexts.filter(
        ([, value]) => (field !== 'reason' && field !== 'tag') || value !== '../../etc/passwd',
      ),
    )('is refused as %s', async (_, value) => {
      expect(pathsOf(await refuse({ ...sample, [field]: value }))).toEqual([field]);
    });
  }
});

describe('an address in a request', () => {
  it.each([...wrongForTexts.slice(0, 4), ['no address', 'Ann Lee'] as const])(
    'that is %s is answered with P12, beside everything else that is wrong',
    async (_, value) => {
      const answer = await ledger.dryRun(ann, {
        ...whole.RequestMailboxAdd,
        address: value as string,
      });
      // There is no seat here, and so nothing else is said.
      expect(answer).toMatchObject({
        left: { type: 'Refused', rejections: [{ type: 'SeatNotFound' }] },
      });
    },
  );
});

describe('a command', () => {
  const lock = whole.LockSeat;

  it.each`
    what                            | command                                                                                  | path
    ${'nothing'}                    | ${undefined}                                                                             | ${''}
    ${'null'}                       | ${null}                                                                                  | ${''}
    ${'a text'}                     | ${'LockSeat'}                                                                            | ${''}
    ${'a list'}                     | ${[lock]}                                                                                | ${'type'}
    ${'without a type'}             | ${{ ...lock, type: undefined }}                                                          | ${'type'}
    ${'of an unknown type'}         | ${{ ...lock, type: 'DeleteSeat' }}                                                       | ${'type'}
    ${'of an inherited type'}       | ${{ ...lock, type: 'constructor' }}                                                      | ${'type'}
    ${'with a field too many'}      | ${{ ...lock, reason: 'x' }}                                                              | ${'reason'}
    ${'with its own __proto__'}     | ${JSON.parse('{"type":"LockSeat","commandId":"c1","userId":"ann","__proto__":{"x":1}}')} | ${'__proto__'}
    ${'whose fields are inherited'} | ${Object.create(lock)}                                                                   | ${'type'}
  `('$what is refused at "$path"', async ({ command, path }: Record<string, unknown>) => {
    expect(pathsOf(await refuse(command))).toEqual([path]);
  });

  it('with 10,000 unknown fields is answered briefly', async () => {
    const fat = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${index}`, 1]));
    expect((await refuse({ ...lock, ...fat })).errors.length).toBeLessThanOrEqual(20);
  });

  it('names every field that is wrong at once', async () => {
    const spoilt = {
      type: 'RecordMailing',
      commandId: '',
      userId: 5,
      mailingId: 'm 1',
      state: 'gone',
    };
    expect(
      pathsOf(await refuse(spoilt))
        .slice()
        .sort(),
    ).toEqual(['address', 'commandId', 'mailingId', 'state', 'userId']);
  });
});

describe('what was meant', () => {
  const { accountEmail, ...register } = whole.RegisterSeat as typeof whole.RegisterSeat & {
    accountEmail: string;
  };

  it('is told first, before what is missing for it, and asked for where a field is near', async () => {
    const { errors, message } = await refuse({ ...register, acountEmail: accountEmail });
    expect(errors).toMatchObject([
      { path: 'acountEmail', meant: 'accountEmail' },
      { path: 'accountEmail', got: 'nothing' },
    ]);
    expect(message).toMatch(
      /acountEmail: expected no such field .* Did you mean accountEmail\? accountEmail: expected .*, got nothing\./,
    );
  });

  it.each`
    given              | meant
    ${'email'}         | ${'accountEmail'}
    ${'ACCOUNT_EMAIL'} | ${'accountEmail'}
    ${'accuontEmail'}  | ${'accountEmail'}
    ${'login'}         | ${undefined}
    ${'id'}            | ${undefined}
  `('of a field $given is $meant', async ({ given, meant }: Record<string, unknown>) => {
    const { errors } = await refuse({ ...register, accountEmail, [String(given)]: 'x' });
    expect(errors.map((error) => error.meant)).toEqual([meant]);
  });

  it('is told of a field within a field, before all that is missing elsewhere', async () => {
    const { errors } = await refuse({
      type: 'ApproveMailboxAdd',
      userId: 'ann',
      requestId: 'r1',
      attestation: { evidense: 'x' },
    });
    expect(errors).toMatchObject([
      { path: 'attestation.evidense', meant: 'evidence' },
      { path: 'commandId' },
    ]);
  });

  it('is asked of a text that is one of a few', async () => {
    const { errors, message } = await refuse({ ...whole.LockSeat, type: 'LockSaet' });
    expect(errors).toMatchObject([{ path: 'type', meant: 'LockSeat' }]);
    expect(message).toContain('got "LockSaet". Did you mean LockSeat?');
  });

  it('is told of three errors, and the others are counted', async () => {
    const { errors, message } = await refuse({ type: 'RecordMailing' });
    expect(errors).toHaveLength(5);
    expect(message.match(/got nothing/g)).toHaveLength(3);
    expect(message).toContain('got nothing. And 2 more. Correct');
  });
});

describe('a principal', () => {
  it.each`
    what                         | principal                                                            | path
    ${'nothing'}                 | ${null}                                                              | ${''}
    ${'without a role'}          | ${{ orgId: 'acme', userId: 'ann' }}                                  | ${'role'}
    ${'of an unknown role'}      | ${{ role: 'root', orgId: 'acme', userId: 'ann' }}                    | ${'role'}
    ${'without an organization'} | ${{ role: 'user', userId: 'ann' }}                                   | ${'orgId'}
    ${'of two organizations'}    | ${{ role: 'user', orgId: 'acme.ann', userId: 'ann' }}                | ${'orgId'}
    ${'with a scope of its own'} | ${{ role: 'user', orgId: 'acme', userId: 'ann', scopes: [] }}        | ${'scopes'}
    ${'with an unknown scope'}   | ${{ role: 'support', orgId: 'acme', agentId: 'a', scopes: ['all'] }} | ${'scopes.0'}
  `('$what is refused at "$path"', async ({ principal, path }: Record<string, unknown>) => {
    const failure = await refuse(whole.LockSeat, principal);
    expect([failure.input, ...pathsOf(failure)]).toEqual(['principal', path]);
  });
});

describe('the time to record', () => {
  it.each`
    at
    ${'2026-02-30T00:00:00Z'}
    ${'2026-13-01T00:00:00Z'}
    ${'2026-03-01T25:00:00Z'}
    ${'2026-03-01T00:00:00'}
    ${'2026-03-01T00:00:00+01:00'}
    ${'2026-03-01'}
    ${'now'}
    ${0}
    ${null}
  `('$at is refused', async ({ at }: Record<string, unknown>) => {
    const answer = await ledger.execute(system, whole.LockSeat, { at: at as string });
    expect(answer).toMatchObject({ left: { type: 'InvalidInput', input: 'options' } });
  });

  it('is kept with milliseconds, however it was written', async () => {
    await ledger.execute(
      system,
      { ...whole.RegisterSeat, commandId: 'timed' },
      {
        at: '2026-03-01T09:30:00Z',
      },
    );
    const history = await ledger.history(system, 'ann');
    expect(history).toMatchObject({ right: [{ at: '2026-03-01T09:30:00.000Z' }] });
  });
});

describe('a secret', () => {
  it('that is too short is refused, and not repeated', async () => {
    const opened = await tryOpenLedger({ store: memoryStore(), addressSecret: 'hunter2' });
    expect(opened).toMatchObject({ left: { type: 'InvalidInput', input: 'options' } });
    expect(JSON.stringify(opened)).not.toContain('hunter2');
  });

  it.each(['adressSecret', 'secret', 'store', 'clock'])(
    'that stands in %s, where it will not do, is not repeated',
    async (place) => {
      for (const secret of ['hunter2', 1234567, 'hunter2'.repeat(20)]) {
        const options = {
          store: memoryStore(),
          addressSecret: 'long enough to open',
          [place]: secret,
        };
        const opened = await tryOpenLedger(options);
        expect(opened).toMatchObject({ left: { type: 'InvalidInput' } });
        expect(JSON.stringify(opened)).not.toMatch(/hunter2|1234567/);
      }
    },
  );

  it.each`
    secret        | got
    ${undefined}  | ${'nothing'}
    ${''}         | ${'0 characters'}
    ${'x'}        | ${'1 character'}
    ${'hunter2'}  | ${'7 characters'}
    ${1234567}    | ${'a number'}
    ${new Date()} | ${'a Date'}
    ${{}}         | ${'an object'}
  `('that is $secret is told as $got', async ({ secret, got }: Record<string, unknown>) => {
    const opened = await tryOpenLedger({ store: memoryStore(), addressSecret: secret as string });
    const expected = 'a secret of at least 16 characters';
    const message = `The options could not be read. addressSecret: expected ${expected}, got ${String(got)}.`;
    expect(opened).toMatchObject({
      left: {
        errors: [{ path: 'addressSecret', expected, got }],
        message: `${message} Correct what errors names, and call again.`,
      },
    });
  });
});

describe('a view', () => {
  it.each`
    what                 | key
    ${'nothing'}         | ${undefined}
    ${'a number'}        | ${5}
    ${'half a key'}      | ${{ userId: 'ann' }}
    ${'more than a key'} | ${{ userId: 'ann', requestId: 'r1', orgId: 'globex' }}
  `('refuses $what for a key', async ({ key }: Record<string, unknown>) => {
    const answer = await ledger.views.requests.get(system, key as never);
    expect(answer).toMatchObject({ left: { type: 'InvalidInput', input: 'query' } });
  });

  it('refuses a filter by a field that rows do not have, instead of matching nothing', async () => {
    const answer = await ledger.views.seats.list(system, { statsu: 'locked' } as never);
    expect(answer).toMatchObject({ left: { errors: [{ path: 'statsu' }] } });
  });

  it('finds an address however it is typed', async () => {
    const own = await openLedger({ store: memoryStore(), addressSecret: 'typed as one likes' });
    await own.execute(system, { ...whole.RegisterSeat, commandId: 'seat' });
    await own.execute(ann, { ...whole.RequestMailboxAdd, commandId: 'ask' });
    const list = await own.views.requests.list(system, { address: 'Ann.Sells@ACME.example' });
    expect(list).toMatchObject({ right: [{ address: 'ann.sells@acme.example' }] });
  });
});

describe('a question', () => {
  it.each([undefined, null, 5, 'no id', { userId: 'ann' }])('of %p is refused', async (given) => {
    const asked = [
      await ledger.history(system, given as never),
      await ledger.impact(system, given as never),
    ];
    for (const answer of asked) {
      expect(answer).toMatchObject({ left: { type: 'InvalidInput', input: 'query' } });
    }
  });
});
