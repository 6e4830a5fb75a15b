/** The demonstration: what people run first. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Rejection } from '../../src';
import { demoFile, eventsIn, reportIn, root, seatledger, start, workingFolder } from './cli';

const { path } = workingFolder();

/** A folder of its own, in which the demonstration has not been run yet. */
const emptyFolder = (name: string): string => {
  mkdirSync(path(name));
  return path(name);
};

describe('the demonstration', () => {
  it('shows a support lead what is so, in 120 columns and without colours', async () => {
    const { code, stdout, stderr } = await seatledger(['run'], { cwd: emptyFolder('first') });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
    expect(stdout).not.toContain('\u001B');
    for (const shown of [
      'a secret that is for\nthe demonstration only',
      'Organization northwind: 16 seats, 3 locked, 26 mailboxes, 3 over limit',
      /farid +active +3 of 2, OVER +farid\.haddad@northwind\.example \(primary\)/,
      /jonas +LOCKED/,
      /2026-03-24 +dmitri +d\.volkov@northwind\.example +3 +4 +free/,
      /grace +6 +2 +2 +2 +k\.tanaka@northwind\.example\n +2 to k\.tanaka@northwind\.example \(keiko\)/,
      /2026-03-20 +\d+ days +marcus +add-marcus-2/,
      /P1 +5 +MailboxLimitReached +The seat holds 3 of 3 mailboxes\. \(lines? [^)]+\)/,
      'Organization harborlight: 2 seats',
    ]) {
      expect(stdout).toMatch(shown);
    }
    expect(stdout.trimEnd().split('\n').slice(-4)).toEqual([
      '357 commands: 286 recorded, 6 already so, 65 refused. Unreadable lines: 0.',
      'New in seatledger-demo.db: the answers to 356 commands. 1 had been answered before, by an earlier run or line.',
      '',
      'Next: npx seatledger report --db seatledger-demo.db',
    ]);
  });

  it('changes nothing when it is run again, and says so', async () => {
    const cwd = emptyFolder('twice');
    const db = join(cwd, 'seatledger-demo.db');
    const first = await seatledger(['run'], { cwd });
    const before = await eventsIn(db);
    const second = await seatledger(['run'], { cwd });
    expect(second.code).toBe(0);
    expect(second.stdout).toContain(
      'Nothing changed: all 357 commands were already recorded in seatledger-demo.db.',
    );
    expect(await eventsIn(db)).toEqual(before);
    const told = ({ stdout }: typeof first) => stdout.trimEnd().split('\n');
    expect(told(second).slice(0, -4)).toEqual(told(first).slice(0, -3));
    expect(told(second).at(-3)).toMatch(/^65 of these refusals are answers given before;/);
  });

  it('is one JSON document on request', async () => {
    const ended = await seatledger(['run', '--json'], { cwd: emptyFolder('json') });
    const { organizations, head, refused, ...run } = reportIn(ended);
    expect(run).toEqual({
      outcome: 'complete',
      exitCode: 0,
      file: demoFile,
      db: 'seatledger-demo.db',
      isDemo: true,
      commands: 357,
      lines: { recorded: 286, alreadySo: 6, refused: 65, unreadable: 0, idReused: 0 },
      answeredNow: 356,
      lastLine: 357,
      faultyLines: [],
      refusedBefore: 0,
      interruptedBy: null,
      failure: null,
    });
    expect(refused).toHaveLength(65);
    expect(BigInt(head.after ?? '')).toBeGreaterThan(BigInt(head.before));
    expect(organizations.map(({ orgId }) => orgId)).toEqual(['northwind', 'harborlight']);
  });

  it('meets every reason for which a caller can be refused', async () => {
    // The compiler asks for every reason; none is missing, so there is no list of exceptions.
    const reasons: Readonly<Record<Rejection['type'], 'met'>> = {
      NotOwnSeat: 'met',
      ConfigureByOwnerOnly: 'met',
      SelfApproval: 'met',
      CaseIdMissing: 'met',
      ScopeMissing: 'met',
      NotPermitted: 'met',
      SeatNotFound: 'met',
      SeatAlreadyRegistered: 'met',
      AccountEmailTaken: 'met',
      RequestNotFound: 'met',
      DeleteRequestRequired: 'met',
      RequestClosed: 'met',
      PersonalSenderAddress: 'met',
      SenderAddressMismatch: 'met',
      InvalidAddress: 'met',
      AttestationMissing: 'met',
      TermsNotConfirmed: 'met',
      NotOwnedByTargetUser: 'met',
      SharedAddressNotPermitted: 'met',
      MailboxLimitReached: 'met',
      SeatIsLocked: 'met',
      DuplicateRequest: 'met',
      RequestIdTaken: 'met',
      MailboxNotFound: 'met',
      TargetMailboxMissing: 'met',
      SelectionMissing: 'met',
      AddressInUse: 'met',
      ReleaseNotVerified: 'met',
      ImpactNotAcknowledged: 'met',
      ImpactChanged: 'met',
      ActivityMismatch: 'met',
      MailingLost: 'met',
      SequenceNeedsReassignment: 'met',
      ContractRequired: 'met',
    };
    const ended = await seatledger(['run', '--json'], { cwd: emptyFolder('reasons') });
    const met = reportIn(ended).organizations.flatMap(({ refusals }) =>
      refusals.map(({ type }) => type),
    );
    expect([...new Set(met)].sort()).toEqual(Object.keys(reasons).sort());
  });

  it('is written down as its story is told', () => {
    const told = execFileSync(process.execPath, ['examples/make-demo-data.mjs'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(told).toBe(readFileSync(demoFile, 'utf8'));
  });

  it('tells a story of some weeks, in order', () => {
    const times = readFileSync(demoFile, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly at: string }).at);
    expect(times).toEqual([...times].sort());
    expect([times[0]?.slice(0, 10), times.at(-1)?.slice(0, 10)]).toEqual([
      '2026-03-02',
      '2026-04-02',
    ]);
  });

  it('is done to the end although nobody reads what it prints', async () => {
    const cwd = emptyFolder('unread');
    const running = start(['run'], { cwd });
    running.closeOutput();
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { answeredNow } = reportIn(await seatledger(['run', '--json'], { cwd }));
    expect(answeredNow).toBe(0);
  });
});
