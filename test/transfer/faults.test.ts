/** Whatever is wrong with a file, it is told with its line, and nothing of the file is imported. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../../src';
import { importSqlite } from '../../src/adapters/sqlite';
import { importEvents, type LineProblem } from '../../src/application/transfer';
import { exported, fileOf, golden, inChunks, lines } from './exported-files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transfer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const three = lines.slice(0, 3);
const [first = '', second = '', third = ''] = three;

/** The first three lines, with the second one changed. */
const withSecond = (change: (line: string) => string): Uint8Array =>
  fileOf([first, change(second), third]);
const inData = (text: string) => (line: string) => line.replace('"data":{', `"data":{${text}`);
const replaced = (found: string | RegExp, by: string) => (line: string) => line.replace(found, by);
const idOf = (line: string): string => /"id":"[^"]*"/.exec(line)?.[0] ?? '';
const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
const latin1 = Buffer.concat([Buffer.from(`${first}\n`), Buffer.from([0xc3, 0x28, 0x0a])]);

describe('a fault in one line', () => {
  it.each`
    fault                                  | line | problem              | bytes
    ${'a line without its end'}            | ${3} | ${'Truncated'}       | ${golden.subarray(0, three.join('\n').length)}
    ${'a line that is cut off'}            | ${3} | ${'Truncated'}       | ${golden.subarray(0, three.join('\n').length - 30)}
    ${'a byte order mark'}                 | ${1} | ${'ByteOrderMark'}   | ${Buffer.from(`\uFEFF${three.join('\n')}\n`)}
    ${'CR LF'}                             | ${1} | ${'CarriageReturn'}  | ${Buffer.from(`${three.join('\r\n')}\r\n`)}
    ${'an empty line'}                     | ${2} | ${'Empty'}           | ${withSecond(() => '')}
    ${'an empty line at the end'}          | ${4} | ${'Empty'}           | ${fileOf([...three, ''])}
    ${'bytes that are not UTF-8'}          | ${2} | ${'InvalidUtf8'}     | ${latin1}
    ${'nesting over 32'}                   | ${2} | ${'TooDeep'}         | ${withSecond(inData(`"x":${deep},`))}
    ${'half a line'}                       | ${2} | ${'NotJson'}         | ${withSecond((line) => line.slice(0, 40))}
    ${'a list'}                            | ${2} | ${'NotAnObject'}     | ${withSecond(() => '[1]')}
    ${'null'}                              | ${2} | ${'NotAnObject'}     | ${withSecond(() => 'null')}
    ${'a missing field'}                   | ${2} | ${'FieldMissing'}    | ${withSecond(replaced('"revision":"0",', ''))}
    ${'an unknown field'}                  | ${2} | ${'FieldUnknown'}    | ${withSecond(replaced('{', '{"extra":1,'))}
    ${'a field named as a built-in one'}   | ${2} | ${'FieldUnknown'}    | ${withSecond(replaced('{', '{"constructor":{"prototype":{"a":1}},'))}
    ${'a key that comes twice'}            | ${2} | ${'DuplicateKey'}    | ${withSecond(replaced('"userId":', '"userId":"bob","userId":'))}
    ${'one that is spelt in two ways'}     | ${2} | ${'DuplicateKey'}    | ${withSecond(replaced('"userId":', '"user\\u0049d":"bob","userId":'))}
    ${'a field that comes twice'}          | ${2} | ${'DuplicateKey'}    | ${withSecond(replaced('{', '{"type":"SeatLocked",'))}
    ${'an unsafe integer'}                 | ${2} | ${'UnsafeNumber'}    | ${withSecond(inData('"n":9007199254740993,'))}
    ${'one that looks safe'}               | ${2} | ${'UnsafeNumber'}    | ${withSecond(inData('"n":9007199254740992,'))}
    ${'a huge one'}                        | ${2} | ${'UnsafeNumber'}    | ${withSecond(inData('"n":1e400,'))}
    ${'a huge one that comes back'}        | ${2} | ${'UnsafeNumber'}    | ${withSecond(inData('"n":1e+21,'))}
    ${'a fraction with too many digits'}   | ${2} | ${'UnsafeNumber'}    | ${withSecond(inData('"n":0.1000000000000000055,'))}
    ${'a number that is spelt otherwise'}  | ${2} | ${'NotCanonical'}    | ${withSecond(inData('"n":1.50e1,'))}
    ${'__proto__'}                         | ${2} | ${'ForbiddenKey'}    | ${withSecond(inData('"__proto__":{"a":1},'))}
    ${'__proto__ in disguise'}             | ${2} | ${'ForbiddenKey'}    | ${withSecond(inData('"\\u005f_proto__":{"a":1},'))}
    ${'__proto__ as a field'}              | ${2} | ${'ForbiddenKey'}    | ${withSecond(replaced('{', '{"__proto__":{"a":1},'))}
    ${'blanks'}                            | ${2} | ${'NotCanonical'}    | ${withSecond(replaced(',', ', '))}
    ${'needless escapes'}                  | ${2} | ${'NotCanonical'}    | ${withSecond(replaced('olivia', '\\u006flivia'))}
    ${'another order of fields'}           | ${2} | ${'NotCanonical'}    | ${withSecond(replaced(/^\{("stream":"[^"]*"),("revision":"0"),/, '{$2,$1,'))}
    ${'an unknown type'}                   | ${2} | ${'UnknownType'}     | ${withSecond(replaced('"SeatRegistered"', '"SeatSold"'))}
    ${'a type of another kind of stream'}  | ${2} | ${'UnknownType'}     | ${withSecond(replaced('"SeatRegistered"', '"CommandRefused"'))}
    ${'a field of no event'}               | ${2} | ${'Undecodable'}     | ${withSecond(inData('"extra":1,'))}
    ${'damaged metadata'}                  | ${2} | ${'Undecodable'}     | ${withSecond(replaced('"at":"', '"at":"not '))}
    ${'a stream that is not ours'}         | ${2} | ${'Undecodable'}     | ${withSecond(replaced('"seat-northwind.', '"room-northwind.'))}
    ${'a lone surrogate in a stream'}      | ${2} | ${'Undecodable'}     | ${withSecond(replaced('"seat-northwind.', '"seat-northwind\\ud800.'))}
    ${'an id that is no UUID'}             | ${2} | ${'Undecodable'}     | ${withSecond(replaced(/"id":"[^"]*"/, '"id":"a\\u0000b"'))}
    ${'a revision that is a number'}       | ${2} | ${'Undecodable'}     | ${withSecond(replaced('"revision":"0"', '"revision":0'))}
    ${'a gap in a stream'}                 | ${2} | ${'GapOrDisorder'}   | ${withSecond(replaced('"revision":"0"', '"revision":"1"'))}
    ${'an event that comes twice'}         | ${4} | ${'GapOrDisorder'}   | ${fileOf([...three, second])}
    ${'an id that comes twice'}            | ${3} | ${'DuplicateId'}     | ${fileOf([first, second, third.replace(/"id":"[^"]*"/, idOf(second))])}
    ${'one, with another fault behind it'} | ${3} | ${'DuplicateId'}     | ${fileOf([first, second, third.replace(/"id":"[^"]*"/, idOf(second)), '[]'])}
    ${'the first line, which is left out'} | ${1} | ${'SettingsMissing'} | ${fileOf([second, third])}
  `(
    '$fault is told as $problem in line $line, and nothing is imported',
    async ({ line, problem, bytes }) => {
      const wanted = { left: { type: 'ImportRefused', line, problem } };
      const answer = await importSqlite(join(folder, 'ledger.db'), inChunks(bytes as Uint8Array));
      expect(answer).toMatchObject(wanted);
      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
      expect(readdirSync(folder)).toEqual([]);

      const store = memoryStore();
      expect(await importEvents(store, () => inChunks(bytes as Uint8Array))).toEqual(answer);
      expect(await exported(store)).toBe('');
    },
  );

  it('is told where an organization is named and the event is of another one', async () => {
    const file = join(folder, 'ledger.db');
    const answer = await importSqlite(file, inChunks(golden), { orgId: 'harborlight' });
    expect(answer).toMatchObject({
      left: { type: 'ImportRefused', problem: 'ForeignOrganization', line: 2 },
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is told as TooLong before a line of over 128 MiB is read to its end', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, 'x');
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from(`${first}\n`));
      for (;;) {
        read += 1;
        yield mebibyte;
      }
    }
    const answer = await importSqlite(join(folder, 'ledger.db'), endless());
    expect(answer).toMatchObject({ left: { type: 'ImportRefused', problem: 'TooLong', line: 2 } });
    expect(read).toBe(129);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is told as SourceBroken where the source breaks off', async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(golden.subarray(0, first.length + 20));
      throw new Error('unplugged');
    }
    expect(await importSqlite(join(folder, 'ledger.db'), breaking())).toMatchObject({
      left: {
        type: 'ImportRefused',
        problem: 'SourceBroken',
        line: 2,
        message: 'Reading broke off here: unplugged. Nothing was imported.',
      },
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says which field is wrong, in one sentence', async () => {
    const file = fileOf([first, replaced('"profile":"admin"', '"profile":"boss"')(second)]);
    expect(await importEvents(memoryStore(), () => inChunks(file))).toMatchObject({
      left: {
        message:
          'The event cannot be decoded as "SeatRegistered": profile: expected one of user, admin, got "boss". Nothing was imported.',
      },
    });
  });

  it.each(['__proto__', 'constructor', 'prototype'])('pollutes nothing by %s', async (key) => {
    const polluting = `"${key}":{"polluted":1,"prototype":{"polluted":1}},`;
    for (const place of ['{', '"data":{', '"metadata":{']) {
      const file = withSecond(replaced(place, `${place}${polluting}`));
      const answer = await importEvents(memoryStore(), () => inChunks(file));
      expect(answer).toMatchObject({ left: { line: 2 } });
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((Object as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('a refusal for a reason of this release', () => {
  const refusal = lines.find((line) => line.includes('"type":"CommandRefused"')) ?? '';
  const refusedFor = (reason: object): Uint8Array =>
    fileOf([
      first,
      refusal.replace(/"rejections":\[.*?\]/, `"rejections":[${JSON.stringify(reason)}]`),
    ]);
  const impact = {
    userId: 'ann',
    address: 'ann@acme.example',
    revision: '3',
    drafts: ['m1'],
    scheduled: [],
    inFlight: [],
    sequences: [],
    untaggedProspects: [],
    history: 2,
  };
  const withoutDrafts = { ...impact, drafts: undefined };

  it.each`
    lacking                        | reason                                                                 | told
    ${'whose seat is missing'}     | ${{ type: 'SeatNotFound' }}                                            | ${'userId: expected string, got nothing'}
    ${'what would be lost'}        | ${{ type: 'ImpactNotAcknowledged' }}                                   | ${'now: expected an impact, got nothing'}
    ${'any loss in what would be'} | ${{ type: 'ImpactNotAcknowledged', now: 'x' }}                         | ${'now: expected an impact, got "x"'}
    ${'what was acknowledged'}     | ${{ type: 'ImpactChanged', acknowledged: null, now: impact }}          | ${'acknowledged: expected an impact, got null'}
    ${'one of the things lost'}    | ${{ type: 'ImpactChanged', acknowledged: withoutDrafts, now: impact }} | ${'acknowledged.drafts: expected a list of texts, got nothing'}
    ${'what is wrong with a text'} | ${{ type: 'InvalidAddress', text: 'x', fault: {} }}                    | ${'fault.type: expected string, got nothing'}
    ${'the terms'}                 | ${{ type: 'TermsNotConfirmed', which: 'eula' }}                        | ${'which: expected a list of texts, got "eula"'}
    ${'a number that is one'}      | ${{ type: 'MailboxLimitReached', limit: '2', held: 2, reserved: 0 }}   | ${'limit: expected number, got "2"'}
  `('is Undecodable where it lacks $lacking', async ({ reason, told }) => {
    const answer = await importEvents(memoryStore(), () => inChunks(refusedFor(reason as object)));
    expect(answer).toMatchObject({
      left: {
        type: 'ImportRefused',
        line: 2,
        problem: 'Undecodable',
        message: `The event cannot be decoded as "CommandRefused": rejections.0.${told as string}. Nothing was imported.`,
      },
    });
  });

  it.each`
    what                                 | reason
    ${'all that it says'}                | ${{ type: 'ImpactChanged', acknowledged: impact, now: impact }}
    ${'more than this release knows'}    | ${{ type: 'SeatNotFound', userId: 'ann', since: 'ever' }}
    ${'what only another release knows'} | ${{ type: 'OldReason' }}
    ${'a type that is no own name'}      | ${{ type: 'constructor' }}
  `('is imported where it has $what', async ({ reason }) => {
    const bytes = refusedFor(reason as object);
    const store = memoryStore();
    expect(await importEvents(store, () => inChunks(bytes))).toMatchObject({ _tag: 'Right' });
    expect(await exported(store)).toBe(Buffer.from(bytes).toString());
  });
});

/** The byte that is changed is told, or comes out again as it went in. */
const judged = (
  refused: { readonly line: number; readonly problem: LineProblem } | undefined,
  changed: Uint8Array,
  out: string,
): string => {
  if (refused !== undefined) {
    return refused.line > 0 && out === '' ? 'fine' : 'refused, but imported in part';
  }
  return Buffer.from(changed).equals(Buffer.from(out)) ? 'fine' : 'accepted, but not kept';
};

describe('any byte that is changed', () => {
  const small = Buffer.from(fileOf(three));
  const changes = [0x01, 0x02, 0x20, 0x80];

  it('is refused with its line, or comes out again as it went in', async () => {
    const kept = { refused: 0, accepted: 0 };
    for (let at = 0; at < small.length; at += 1) {
      for (const bits of changes) {
        const changed = Buffer.from(small);
        changed[at] = (small[at] ?? 0) ^ bits;
        const store = memoryStore();
        const answer = await importEvents(store, () => inChunks(changed));
        const left = answer._tag === 'Left' ? answer.left : undefined;
        kept[left === undefined ? 'accepted' : 'refused'] += 1;
        expect([
          at,
          bits,
          judged(left as Parameters<typeof judged>[0], changed, await exported(store)),
        ]).toEqual([at, bits, 'fine']);
      }
    }
    expect(kept.refused).toBeGreaterThan(1000);
    expect(kept.accepted).toBeGreaterThan(100);
  });

  it('would be seen to be dropped, or to be imported in part', () => {
    const blank = Buffer.from(`${first} \n`);
    expect(judged(undefined, blank, `${first}\n`)).toBe('accepted, but not kept');
    const refused = { line: 2, problem: 'Empty' } as const;
    expect(judged(refused, small, `${first}\n`)).toBe('refused, but imported in part');
    expect(judged({ ...refused, line: 0 }, small, '')).toBe('refused, but imported in part');
  });
});
