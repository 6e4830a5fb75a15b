/** A log that is exported and imported is the same to the byte; a file with any fault in it imports nothing. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportEvents } from '../../src/application/transfer';
import { importSqlite, sqliteStore } from '../../src/adapters/sqlite';
import { memoryStore, openLedger } from '../../src';
import { admin } from '../../src/testing';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transfer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What was exported of the demonstration's log, by the first release. */
const golden = readFileSync(join(__dirname, '../evolution/golden/0.1.0.jsonl'));

async function* inChunks(bytes: Uint8Array, size = 4096): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    yield await Promise.resolve(bytes.subarray(start, start + size));
  }
}

const exported = async (path: string, orgId?: string): Promise<string> => {
  const parts: Array<string> = [];
  const answer = await exportEvents(
    sqliteStore(path, { readOnly: true }),
    (lines) => {
      parts.push(lines);
    },
    orgId === undefined ? {} : { orgId },
  );
  if (isLeft(answer)) throw new Error(answer.left.message);
  return parts.join('');
};

const target = (): string => join(folder, 'ledger.db');

/** A reader leaves its index beside the file. */
const removeTarget = (): void => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
};

const imported = (bytes: Uint8Array, options = {}, size?: number) =>
  importSqlite(target(), inChunks(bytes, size), options);

const lines = golden.toString('utf8').trimEnd().split('\n');
const three = lines.slice(0, 3);

/** The golden file's first lines, with the second one changed. */
const withSecond = (change: (line: string) => string): Uint8Array =>
  Buffer.from(`${[three[0], change(three[1] ?? ''), three[2]].join('\n')}\n`);

describe('a whole log', () => {
  it('is the same to the byte after it was imported and exported', async () => {
    expect(await imported(golden)).toEqual({ _tag: 'Right', right: { events: lines.length } });
    expect(readdirSync(folder)).toEqual(['ledger.db']);
    expect(await exported(target())).toBe(golden.toString('utf8'));
  });

  it('can be opened with the secret that it was made with, and with no other', async () => {
    await imported(golden);
    const wrong = openLedger({
      store: sqliteStore(target()),
      addressSecret: 'another secret of 16+',
    });
    await expect(wrong).rejects.toMatchObject({ failure: { type: 'AddressSecretMismatch' } });
    const addressSecret = 'seatledger-demonstration-only';
    const ledger = await openLedger({ store: sqliteStore(target()), addressSecret });
    const seats = await ledger.views.seats.list({ ...admin, orgId: 'northwind' });
    expect(isRight(seats) && seats.right.length).toBeGreaterThan(3);
    await ledger.close();
  });

  it('is read whatever the pieces are that it comes in', async () => {
    const start = Buffer.from(`${three.join('\n')}\n`);
    for (const size of [1, 2, 3, 7]) {
      expect(await imported(start, {}, size)).toEqual({ _tag: 'Right', right: { events: 3 } });
      expect(await exported(target())).toBe(start.toString('utf8'));
      removeTarget();
    }
  });

  it('can be cut down to one organization, which is then a whole log of its own', async () => {
    await imported(golden);
    const one = await exported(target(), 'northwind');
    expect(one).not.toContain('globex');
    removeTarget();
    expect(isRight(await imported(Buffer.from(one), { orgId: 'northwind' }))).toBe(true);
    expect(await exported(target())).toBe(one);
  });

  it('is empty when it has no event', async () => {
    const store = memoryStore();
    const out: Array<string> = [];
    const answer = await exportEvents(store, (text) => {
      out.push(text);
    });
    expect([answer, out]).toEqual([{ _tag: 'Right', right: { events: 0, position: '-1' } }, []]);
    expect(await imported(new Uint8Array())).toEqual({ _tag: 'Right', right: { events: 0 } });
  });
});

const big = 'x'.repeat(1024 * 1024);
const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
const inData = (text: string) => (line: string) => line.replace('"data":{', `"data":{${text}`);

describe('a fault in one line', () => {
  it.each`
    fault                          | line | problem             | bytes
    ${'a line without its end'}    | ${3} | ${'Truncated'}      | ${golden.subarray(0, three.join('\n').length)}
    ${'a byte order mark'}         | ${1} | ${'ByteOrderMark'}  | ${Buffer.from(`\uFEFF${three.join('\n')}\n`)}
    ${'CR LF'}                     | ${1} | ${'CarriageReturn'} | ${Buffer.from(`${three.join('\r\n')}\r\n`)}
    ${'an empty line'}             | ${2} | ${'Empty'}          | ${withSecond(() => '')}
    ${'bytes that are not UTF-8'}  | ${2} | ${'InvalidUtf8'}    | ${Buffer.concat([Buffer.from(`${three[0]}\n`), Buffer.from([0xc3, 0x28, 0x0a])])}
    ${'a line over 1 MiB'}         | ${2} | ${'TooLong'}        | ${withSecond(inData(`"x":"${big}",`))}
    ${'nesting over 32'}           | ${2} | ${'TooDeep'}        | ${withSecond(inData(`"x":${deep},`))}
    ${'half a line'}               | ${2} | ${'NotJson'}        | ${withSecond((line) => line.slice(0, 40))}
    ${'a list'}                    | ${2} | ${'NotAnObject'}    | ${withSecond(() => '[1]')}
    ${'a missing field'}           | ${2} | ${'FieldMissing'}   | ${withSecond((line) => line.replace(/"revision":"0",/, ''))}
    ${'an unknown field'}          | ${2} | ${'FieldUnknown'}   | ${withSecond((line) => line.replace('{', '{"extra":1,'))}
    ${'a key that comes twice'}    | ${2} | ${'DuplicateKey'}   | ${withSecond((line) => line.replace('"userId":', '"userId":"bob","userId":'))}
    ${'a field that comes twice'}  | ${2} | ${'DuplicateKey'}   | ${withSecond((line) => line.replace('{', '{"type":"SeatLocked",'))}
    ${'an unsafe integer'}         | ${2} | ${'UnsafeNumber'}   | ${withSecond(inData('"n":9007199254740993,'))}
    ${'one that looks safe'}       | ${2} | ${'UnsafeNumber'}   | ${withSecond(inData('"n":9007199254740992,'))}
    ${'__proto__'}                 | ${2} | ${'ForbiddenKey'}   | ${withSecond(inData('"__proto__":{"a":1},'))}
    ${'blanks'}                    | ${2} | ${'NotCanonical'}   | ${withSecond((line) => line.replace(',', ', '))}
    ${'needless escapes'}          | ${2} | ${'NotCanonical'}   | ${withSecond((line) => line.replace('olivia', '\\u006flivia'))}
    ${'an unknown type'}           | ${2} | ${'UnknownType'}    | ${withSecond((line) => line.replace('"SeatRegistered"', '"SeatSold"'))}
    ${'a field of no event'}       | ${2} | ${'Undecodable'}    | ${withSecond(inData('"extra":1,'))}
    ${'damaged metadata'}          | ${2} | ${'Undecodable'}    | ${withSecond((line) => line.replace('"at":"', '"at":"not '))}
    ${'a gap in a stream'}         | ${2} | ${'GapOrDisorder'}  | ${withSecond((line) => line.replace('"revision":"0"', '"revision":"1"'))}
    ${'an event that comes twice'} | ${4} | ${'GapOrDisorder'}  | ${Buffer.from(`${[...three, three[1]].join('\n')}\n`)}
    ${'an id that comes twice'}    | ${3} | ${'DuplicateId'}    | ${Buffer.from(`${[three[0], three[1], three[2]?.replace(/"id":"[^"]*"/, /"id":"[^"]*"/.exec(three[1] ?? '')?.[0] ?? '')].join('\n')}\n`)}
  `(
    '$fault is told as $problem in line $line, and nothing is imported',
    async ({ line, problem, bytes }) => {
      const answer = await imported(bytes as Uint8Array);
      expect(answer).toMatchObject({ left: { type: 'ImportRefused', line, problem } });
      expect(readdirSync(folder)).toEqual([]);
      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    },
  );

  it('is told where the organization is another one', async () => {
    const answer = await imported(golden, { orgId: 'globex' });
    expect(answer).toMatchObject({ left: { problem: 'ForeignOrganization', line: 2 } });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('pollutes no prototype', async () => {
    await imported(withSecond(inData('"__proto__":{"polluted":1},')));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('any byte that is changed', () => {
  const small = Buffer.from(`${three.join('\n')}\n`);
  it('is refused with its line, or comes out again as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(small.length - 1), fc.nat(255), async (at, value) => {
        const changed = Buffer.from(small);
        changed[at] = value;
        const answer = await imported(changed);
        if (isRight(answer)) {
          expect(await exported(target())).toBe(changed.toString('utf8'));
          removeTarget();
        } else {
          expect(answer.left).toMatchObject({ type: 'ImportRefused', line: expect.any(Number) });
        }
        expect(readdirSync(folder)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the new file', () => {
  it('never takes the place of one that is there', async () => {
    await imported(golden);
    const before = readFileSync(target());
    expect(await imported(golden)).toMatchObject({ left: { problem: 'TargetExists' } });
    expect(readFileSync(target())).toEqual(before);
  });

  it('is not there when the source breaks off', async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(golden.subarray(0, 5000));
      throw new Error('unplugged');
    }
    expect(await importSqlite(target(), breaking())).toMatchObject({
      left: { problem: 'SourceBroken', message: expect.stringContaining('unplugged') },
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not there when somebody stops it', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await imported(golden, { signal: stop.signal })).toMatchObject({
      left: { problem: 'Interrupted' },
    });
    expect(existsSync(target())).toBe(false);
  });
});
