/** Parts of the command that a whole run shows too little of: lines, failures, tables, progress. */
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { memoryStore, openLedger } from '../../src';
import { readingFailed } from '../../src/cli/input-file';
import { LONGEST_LINE_BYTES, readLines } from '../../src/cli/json-lines';
import { waitsFor } from '../../src/cli/organization-report';
import { takeLines } from '../../src/cli/take-lines';
import { Tally } from '../../src/cli/tally';
import { storeBusy } from '../../src/adapters/sqlite/faults';
import { failed } from '../../src/cli/stop';
import { table, wrapped } from '../../src/cli/table';
import { SECRET } from './cli';
import { amountOf, type Paint, paintFor, printable, widthOf } from '../../src/cli/terminal';

const linesOf = async (chunks: Iterable<Uint8Array>) => {
  const found: Array<{ readonly number: number; readonly text: unknown; readonly bytes: number }> =
    [];
  for await (const line of readLines(Readable.from(chunks))) found.push(line);
  return found;
};

describe('lines', () => {
  const anyFile = fc.array(fc.constantFrom('{}', '', 'é', '\r', '\uFEFFx', '𝄞 clef', ' '), {
    maxLength: 12,
  });

  it('are the same however the file is cut into chunks', () =>
    fc.assert(
      fc.asyncProperty(anyFile, fc.array(fc.nat(40), { maxLength: 12 }), async (texts, cuts) => {
        const whole = Buffer.from(texts.join('\n'));
        const inner = cuts.map((cut) => Math.min(cut, whole.length));
        const places = [0, ...inner, whole.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, place) => whole.subarray(places[place], end));
        const lines = await linesOf(chunks);
        expect(lines).toEqual(await linesOf([whole]));
        expect(lines.map(({ number }) => number)).toEqual(
          texts.flatMap((text, place) => (text.trim() === '' ? [] : [place + 1])),
        );
      }),
    ));

  it.each`
    length                    | taken
    ${LONGEST_LINE_BYTES}     | ${'Right'}
    ${LONGEST_LINE_BYTES + 1} | ${'Left'}
  `('of $length bytes are $taken', async ({ length, taken }: Record<string, unknown>) => {
    const [first, second] = await linesOf([
      Buffer.alloc(length as number, 'x'),
      Buffer.from('\ny'),
    ]);
    expect(first).toMatchObject({ number: 1, text: { _tag: taken }, complete: true });
    expect(second).toMatchObject({ number: 2, text: { right: 'y' }, complete: false });
  });
});

describe('a failure of the ledger', () => {
  it('ends the run after the last line that was answered', async () => {
    const opened = await openLedger({ store: memoryStore(), addressSecret: SECRET });
    const line = (userId: string): string =>
      JSON.stringify({
        principal: { role: 'system', orgId: 'acme', systemId: 'hr' },
        command: {
          type: 'RegisterSeat',
          commandId: `c-${userId}`,
          userId,
          accountEmail: `${userId}@acme.example`,
          profile: 'user',
        },
      });
    const chunks = Readable.from([Buffer.from(['ann', 'bob', 'cem'].map(line).join('\n'))]);
    const tally = new Tally('0');
    const watcher = {
      passed: ({ number }: { readonly number: number }) => {
        if (number === 2) void opened.close();
      },
      faulty: () => undefined,
    };
    const { signal } = new AbortController();
    expect(await takeLines(opened, readLines(chunks), tally, watcher, signal)).toEqual({
      failure: expect.objectContaining({ type: 'StoreClosed' }),
    });
    expect(tally.lines).toMatchObject({ recorded: 2, refused: 0 });
  });
});

const plain: Paint = (_, text) => text;

describe('a table', () => {
  it('breaks words only where they are wider than their column', () => {
    expect(wrapped('one two three', 7)).toBe('one two\nthree');
    expect(wrapped('a abcdefghij b', 4)).toBe('a\nabcd\nefgh\nij b');
    expect(wrapped('of grace.sales@northwind.example', 20)).toBe(
      'of\ngrace.sales\n@northwind.example',
    );
    expect(wrapped('MailboxLimitReached', 14)).toBe('MailboxLimit\nReached');
  });

  it('breaks no word while another column can give way between words', () => {
    const columns = ['Command', 'Asks to', 'Why'].map((head) => ({ head, wraps: true }));
    const cells = ['RequestMailboxAdd', 'add ann.smith@acme.example', 'as it was said '.repeat(9)];
    const page = { width: 60, indent: 0, paint: plain };
    const printed = table(columns, [{ cells }], page);
    expect(printed).toContain('RequestMailboxAdd');
    expect(printed).toContain('ann.smith@acme.example');
    const narrow = table(columns, [{ cells }], { ...page, width: 40 });
    expect(narrow).toMatch(/^RequestMailbox .*\nAdd +ann\.smith .*\n +@acme\.example /m);
  });

  it('is as wide as the terminal, within reason, and wide where there is none', () => {
    const inColumns = (columns: number): number =>
      widthOf({ isTTY: true, columns, write: () => true });
    expect([20, 80, 132, 500].map(inColumns)).toEqual([60, 80, 132, 160]);
    expect([widthOf({ write: () => true }), inColumns(0)]).toEqual([120, 120]);
  });

  it('fits, and loses nothing', () => {
    const anyRow = fc.tuple(fc.string({ maxLength: 300 }), fc.string({ maxLength: 80 }));
    const columns = [
      { head: 'First', wraps: true },
      { head: 'Second', wraps: true },
    ];
    const letters = (text: string): string => Array.from(text.replaceAll(' ', '')).sort().join('');
    fc.assert(
      fc.property(fc.array(anyRow), fc.integer({ min: 60, max: 100 }), (rows, width) => {
        const page = { width, indent: 2, paint: plain };
        const [, , ...lines] = table(
          columns,
          rows.map((cells) => ({ cells })),
          page,
        ).split('\n');
        expect(Math.max(0, ...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
        expect(letters(lines.join(''))).toBe(letters(rows.flat().join('')));
      }),
    );
  });
});

describe('a table of any script', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom('北', '京', '\u0301', 'é', '👍🏽', '🇦🇩', 'ก', 'ำ', ' '),
      maxLength: 90,
    }),
  );
  const characters = (text: string): string => Array.from(text.replace(/\s/gu, '')).sort().join('');

  it('keeps an address of Han characters whole', () => {
    const address = `${'北京'.repeat(30)}@acme.example`;
    const columns = [{ head: 'Mailbox', wraps: true }];
    const printed = table(columns, [{ cells: [address] }], { width: 60, indent: 2, paint: plain });
    expect(printed.replace(/\s/g, '')).toContain(address);
  });

  it('shows every character, and fits', () => {
    const columns = [
      { head: 'First', wraps: true },
      { head: 'Second', wraps: true },
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, word)),
        fc.integer({ min: 60, max: 100 }),
        (texts, width) => {
          const rows = texts.map((cells) => ({ cells: cells.map(printable) }));
          const page = { width, indent: 2, paint: plain };
          const [, , ...lines] = table(columns, rows, page).split('\n');
          expect(Math.max(0, ...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
          expect(characters(lines.join(''))).toBe(
            characters(rows.flatMap(({ cells }) => cells).join('')),
          );
        },
      ),
    );
  });
});

describe('a ledger that another process holds', () => {
  it('is told without an option that the command line has not', () => {
    expect(failed(storeBusy('x.db', 10_000))).toMatchObject({
      type: 'StoreBusy',
      message: 'Another process held the lock of x.db for 10000 ms. Try again later.',
    });
  });
});

describe('a disk that fails in the middle', () => {
  it('is a failure, and no wrong use', () => {
    expect(readingFailed('in.jsonl', Object.assign(new Error('x'), { code: 'EIO' }))).toMatchObject(
      {
        message: 'Reading in.jsonl broke off (EIO).',
        exitCode: 4,
      },
    );
  });
});

describe('what an open request waits for', () => {
  type Request = Parameters<typeof waitsFor>[0];
  type Holder = NonNullable<Parameters<typeof waitsFor>[1]>;

  it.each`
    seat         | said                                                                     | answer
    ${undefined} | ${{ deletePermission: false }}                                           | ${/^Support: attestation and approval/}
    ${'active'}  | ${{ deletePermission: false }}                                           | ${/holder or an admin has to permit/}
    ${'active'}  | ${{ deletePermission: true }}                                            | ${/holder or an admin has to permit/}
    ${'active'}  | ${{ deletePermission: true, requestedBy: { role: 'admin', id: 'ada' } }} | ${/^Support: attestation and approval/}
    ${'active'}  | ${{ deletePermission: false, permission: 'granted' }}                    | ${/^Support: attestation and approval/}
    ${'locked'}  | ${{ deletePermission: false }}                                           | ${/locked: an admin has to permit/}
    ${'locked'}  | ${{ deletePermission: true }}                                            | ${/^Support: verification that the locked seat bob/}
    ${'locked'}  | ${{ deletePermission: true, permission: 'revoked' }}                     | ${/A permission was taken back$/}
  `(
    'is told by who holds the address and what stands: $seat, $said',
    (row: Record<string, unknown>) => {
      const request = {
        kind: 'add',
        userId: 'ann',
        status: 'submitted',
        addressClass: 'personal',
        requestedBy: { role: 'user', id: 'ann' },
        permission: 'none',
        ...(row['said'] as object),
      } as unknown as Request;
      const holder = { holder: 'bob', seatState: row['seat'] } as unknown as Holder;
      expect(waitsFor(request, row['seat'] === undefined ? undefined : holder)).toMatch(
        row['answer'] as RegExp,
      );
    },
  );
});

describe('text on a terminal', () => {
  it('spells out what would steer it', () => {
    expect(printable('a\u001B[31m\u202Eb\u200Bc\n')).toBe('a\\u001b[31m\\u202eb\\u200bc\\u000a');
    expect(printable('Zoë 北 𝄞')).toBe('Zoë 北 𝄞');
  });

  it.each`
    isTTY    | noColor | coloured
    ${true}  | ${''}   | ${true}
    ${true}  | ${'1'}  | ${false}
    ${false} | ${''}   | ${false}
  `(
    'has colours: $coloured, with terminal $isTTY and NO_COLOR "$noColor"',
    (row: Record<string, unknown>) => {
      const { isTTY, noColor, coloured } = row;
      const output = { isTTY: isTTY === true, write: () => true };
      const painted = paintFor(output, { NO_COLOR: String(noColor) })('yellow', 'x');
      expect(painted === '\u001B[33mx\u001B[39m').toBe(coloured);
    },
  );

  it('counts in words', () => {
    expect([amountOf(1, 'line'), amountOf(12_345, 'mailbox', 'mailboxes')]).toEqual([
      '1 line',
      '12,345 mailboxes',
    ]);
  });
});
