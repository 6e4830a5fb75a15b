/** `seatledger report`, run as a person would. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventsIn, seatledger, workingFolder } from '../cli/cli';
import { brokenReferences, outsideThings, readMarkup } from './markup';

const { path, folder } = workingFolder();
const db = 'seatledger-demo.db';

const report = (...args: ReadonlyArray<string>) =>
  seatledger(['report', ...args], { cwd: folder() });

beforeAll(async () => {
  await seatledger(['run'], { cwd: folder() });
});

describe('seatledger report', () => {
  it('writes one page on the demonstration, and says what it was made from', async () => {
    const { code, stdout, stderr } = await report('--db', db);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^seatledger-demo-report\.html: \d+ KiB, 2 organizations \(harborlight, northwind\), from \d+ events up to position \d+\.\nFingerprint of the log: [0-9a-f]{64}\n$/,
    );
    const page = readFileSync(path('seatledger-demo-report.html'), 'utf8');
    const read = readMarkup(page);
    expect(read.faults).toEqual([]);
    expect(brokenReferences(read)).toEqual([]);
    expect(outsideThings(page, read)).toEqual([]);
    for (const told of [
      'Organization northwind',
      '14 recovered, 10 waiting, 3 ended',
      'dmitriactive; 2 of 2 mailboxes; 4 requests; 1 mailbox gone: 3 drafts and 4 scheduled emails lost, 7 sequences stopped',
      '2 to k.tanaka@northwind.example (keiko)',
      'Refused by P1 MailboxLimitReached: the latest 3 of 5',
    ]) {
      expect(read.text.replaceAll(' active;', 'active;')).toContain(told);
    }
  });

  it('is one JSON document on request, with a fingerprint that others can compute', async () => {
    const { stdout } = await report('--db', db, '--org', 'northwind', '-o', 'nw.html', '--json');
    const hash = createHash('sha256');
    for (const event of await eventsIn(path(db))) {
      const { position, stream, revision, id, type, data, metadata } = event;
      const fields = [position, stream, revision, id, type].join('\t');
      hash.update(`${fields}\t${JSON.stringify(data)}\t${JSON.stringify(metadata)}\n`);
    }
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'complete',
      file: 'nw.html',
      bytes: readFileSync(path('nw.html')).length,
      fingerprint: hash.digest('hex'),
      organizations: [{ orgId: 'northwind', seats: 16, locked: 3, mailboxes: 26, overLimit: 3 }],
    });
    expect(readFileSync(path('nw.html'), 'utf8')).not.toContain('harborlight');
  });

  it('replaces a file only when told to, and leaves nothing beside it', async () => {
    writeFileSync(path('mine.html'), 'mine');
    const refused = await report('--db', db, '-o', 'mine.html');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toBe(
      'seatledger: mine.html is there already. Name another file, or replace it with --force.\n',
    );
    expect(readFileSync(path('mine.html'), 'utf8')).toBe('mine');
    expect((await report('--db', db, '-o', 'mine.html', '--force')).code).toBe(0);
    expect(readFileSync(path('mine.html'), 'utf8')).toContain('</html>');
    expect(readdirSync(folder()).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.each`
    what                            | args                                          | code | told
    ${'no ledger'}                  | ${[]}                                         | ${2} | ${"required option '--db <file>'"}
    ${'a file that is not there'}   | ${['--db', 'none.db']}                        | ${2} | ${'none.db'}
    ${'no such organization'}       | ${['--db', db, '--org', 'nobody', '-o', 'x']} | ${2} | ${'holds nothing of an organization nobody'}
    ${'an id that is none'}         | ${['--db', db, '--org', '../x', '-o', 'x']}   | ${2} | ${'holds nothing of an organization ../x'}
    ${'a folder that is not there'} | ${['--db', db, '-o', 'no/x.html']}            | ${4} | ${'no/x.html could not be written'}
  `('tells $what, and writes nothing', async ({ args, code, told }: Record<string, unknown>) => {
    const ended = await report(...(args as ReadonlyArray<string>));
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(told);
    expect(existsSync(path('x'))).toBe(false);
  });
});
