/** Parts of the command that a whole run shows too little of: lines, failures, tables, progress. */
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { memoryStore, openLedger } from '../../src';
import { LONGEST_LINE_BYTES, readLines } from '../../src/cli/json-lines';
import { showProgress } from '../../src/cli/progress';
import { takeLines } from '../../src/cli/take-lines';
import { Tally } from '../../src/cli/tally';
import { table, wrapped } from '../../src/cli/table';
import { SECRET } from './cli';
import { amountOf, type Paint, paintFor, printable } from '../../src/cli/terminal';

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
    expect(await takeLines(opened, readLines(chunks), tally, watcher, signal)).toMatchObject({
      lastLine: 2,
      failure: { type: 'StoreClosed' },
    });
    expect(tally.lines).toMatchObject({ recorded: 2, refused: 0 });
  });
});

const plain: Paint = (_, text) => text;

describe('a table', () => {
  it('breaks words only where they are wider than their column', () => {
    expect(wrapped('one two three', 7)).toBe('one two\nthree');
    expect(wrapped('a abcdefghij b', 4)).toBe('a\nabcd\nefgh\nij b');
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
      const painted = paintFor(output, { NO_COLOR: String(noColor) })('red', 'x');
      expect(painted === '\u001B[31mx\u001B[39m').toBe(coloured);
    },
  );

  it('counts in words', () => {
    expect([amountOf(1, 'line'), amountOf(12_345, 'mailbox', 'mailboxes')]).toEqual([
      '1 line',
      '12,345 mailboxes',
    ]);
  });
});

describe('progress where there is no terminal', () => {
  const told = (size: number): string => {
    let text = '';
    let time = 0;
    const output = { isTTY: false, write: (more: string) => (text += more) };
    const progress = showProgress({
      output: output as unknown as NodeJS.WriteStream,
      size,
      now: () => time,
    });
    for (const [second, bytes] of [100, 200, 300, 400, 500, 600].entries()) {
      time = (second + 1) * 2_000;
      progress.passed(bytes, bytes * 10);
    }
    progress.tell('file:7: Not JSON.');
    progress.finish();
    return text;
  };

  it('is a line now and then', () => {
    expect(told(1_000)).toBe(
      '3,000 lines, 30 %, 500 lines/s, about 14 s left\n' +
        '6,000 lines, 60 %, 500 lines/s, about 8 s left\n' +
        'file:7: Not JSON.\n',
    );
  });

  it('promises nothing of a pipe, whose end nobody knows', () => {
    expect(told(0)).toBe('3,000 lines, 500 lines/s\n6,000 lines, 500 lines/s\nfile:7: Not JSON.\n');
  });
});
