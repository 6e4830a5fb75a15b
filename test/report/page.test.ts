/** The page of a report: well-formed, whole in itself, and safe whatever stands in the ledger. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as Seat from '../../src/seat/events';
import { ContractSet } from '../../src/organization/events';
import { reportPage } from '../../src/report';
import { escaped, markup } from '../../src/report/html';
import { address } from '../support/recorded';
import * as Fact from '../projections/facts';
import type { Timestamp } from '../../src/values/timestamp';
import { day, ReportLog } from './log';
import { brokenReferences, headingLevels, outsideThings, readMarkup } from './markup';

const { ann, bob, work, alias } = Fact;

/** Two seats, of which one loses a mailbox to the other and the prospects that stopped go on there. */
const story = (evidence = 'Passport seen.'): ReportLog =>
  new ReportLog()
    .contract(ContractSet({ mailboxLimit: 1, permittedSharedAddresses: [] }))
    .seat(ann, Fact.registered(ann))
    .seat(bob, Fact.registered(bob))
    .on(day(2))
    .seat(ann, Fact.askedToAdd(ann, 'r1', work))
    .on(day(3))
    .seat(
      ann,
      Seat.MailboxAddApproved({
        userId: ann,
        requestId: Fact.requestId('r1'),
        address: work,
        evidence,
      }),
      Fact.added(ann, 'r1', work),
      Fact.sequence(ann, 's1', work, 'active'),
      Fact.sequence(ann, 's2', work, 'active'),
    )
    .on(day(10))
    .seat(ann, Seat.SeatLocked({ userId: ann }))
    .on(day(12))
    .seat(bob, Fact.askedToAdd(bob, 'r2', work), Fact.added(bob, 'r2', work, ann))
    .seat(
      ann,
      Seat.MailboxDeleted({
        userId: ann,
        requestId: Fact.requestId('r2'),
        address: work,
        draftsLost: 3,
        scheduledLost: 1,
        sequencesStopped: 2,
        movedTo: bob,
      }),
      Fact.draftsLost(ann, 'r2', work, ['d1', 'd2', 'd3'], ['e1']),
      Fact.stopped(ann, 'r2', work, ['s1', 's2']),
    )
    .on(day(14))
    .seat(ann, Fact.reassignment({ from: ann, to: bob, onto: work, reassigned: ['s1'] }))
    .seat(bob, Fact.reassignment({ from: ann, to: bob, onto: work, reassigned: ['s1'] }))
    .on(day(20))
    .seat(bob, Fact.askedToAdd(bob, 'r3', alias))
    .refused(
      { type: 'ConfigureMailbox', userId: 'ann', address: 'ann@acme.example', use: 'alias' },
      { type: 'ConfigureByOwnerOnly' },
    );

describe('the page', () => {
  const page = story().page();
  const read = readMarkup(page);

  it('is well-formed, with unique ids and no link that leads nowhere', () => {
    expect(read.faults).toEqual([]);
    expect(brokenReferences(read)).toEqual([]);
    expect(read.elements.length).toBeGreaterThan(200);
  });

  it('runs nothing and loads nothing, and forbids both', () => {
    expect(outsideThings(page, read)).toEqual([]);
    expect(page).not.toMatch(/https?:/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
  });

  it('has landmarks, one heading above all, and no level left out', () => {
    const levels = headingLevels(read);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1)).toBe(true);
    const names = read.elements.map(({ name }) => name);
    expect(['header', 'nav', 'main', 'footer'].filter((name) => !names.includes(name))).toEqual([]);
    expect(page).toContain('<html lang="en">');
  });

  it('gives every table a caption, and every column and drawing a name', () => {
    const named = (name: string) => read.elements.filter((element) => element.name === name);
    expect(named('caption')).toHaveLength(named('table').length);
    expect(named('th').filter(({ attributes }) => !attributes.has('scope'))).toEqual([]);
    const unnamed = named('svg').filter(
      ({ attributes }) =>
        attributes.get('aria-hidden') !== 'true' &&
        !(
          attributes.get('role') === 'img' &&
          (attributes.has('aria-labelledby') || attributes.has('aria-label'))
        ),
    );
    expect(unnamed).toEqual([]);
  });

  it.each`
    told
    ${'active; 1 of 1 mailbox; 2 requests (1 open)'}
    ${'locked; 0 of 1 mailbox; 1 request; 1 mailbox gone: 3 drafts and 1 scheduled email lost, 2 sequences stopped; 1 refusal'}
    ${'→ to bob: 3 drafts and 1 scheduled email lost, 2 sequences stopped'}
    ${'← from ann'}
    ${'3 d1, d2, d3'}
    ${'1 to ann@acme.example (bob)'}
    ${'1 s2'}
    ${'Only the owner configures a mailbox.'}
    ${'oldest 20 days'}
    ${'Passport seen.'}
    ${'seatledger verify --db ledger.db'}
    ${'seatledger replay --db ledger.db --org acme --as-of 17'}
  `('tells: $told', ({ told }: Record<string, unknown>) => {
    expect(read.text).toContain(told);
  });

  it('says so where there is nothing to tell', () => {
    const nothing = readMarkup(new ReportLog().page());
    expect(nothing.faults).toEqual([]);
    expect(nothing.text).toContain('Nothing has happened in this ledger yet.');
    const onlySeats = readMarkup(new ReportLog().seat(ann, Fact.registered(ann)).page());
    expect(onlySeats.faults).toEqual([]);
    expect(brokenReferences(onlySeats)).toEqual([]);
    for (const told of [
      'No request is open.',
      'No seat has a request, a mailbox or a lock to draw.',
      'No mailbox has been deleted or moved.',
      'No prospect has stopped with a mailbox.',
      'No command has been refused.',
    ]) {
      expect(onlySeats.text).toContain(told);
    }
  });

  it.each`
    last                      | words
    ${'2026-03-01T12:09:00Z'} | ${'1 Mar 2026, 12:00 to 1 Mar 2026, 12:09 UTC, the first and the last event of'}
    ${'2026-03-01T12:00:41Z'} | ${'1 Mar 2026, 12:00 UTC, the minute of the first and the last event of'}
  `('ends the axis of a short story with its last event, $last', ({ last, words }) => {
    const short = new ReportLog()
      .seat(ann, Fact.registered(ann))
      .on(last as Timestamp)
      .seat(ann, Fact.askedToAdd(ann, 'r1', work));
    const { text } = readMarkup(short.page());
    expect(text).toContain(`All timelines share one axis: ${String(words)} the organization.`);
    expect(text).not.toContain('13:00');
  });

  it('quotes a file name as a shell takes it', () => {
    const report = story().report();
    const made = { ...report.made, file: "it's mine.db" };
    const text = readMarkup([...reportPage({ ...report, made })].join('')).text;
    expect(text).toContain(`--db 'it'\\''s mine.db'`);
  });
});

describe('text out of the ledger', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          '</script>',
          '<svg onload=x>',
          '"',
          "'",
          '&amp;',
          '\u202e',
          '\u0000',
          ']]>',
          '-->',
          '\ud800',
          '\u200b',
          '\n',
          '&#60;',
          '<',
          'x',
        ),
      )
      .map((parts) => parts.join('')),
  );

  it('is never markup, wherever it stands', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const hostile = story(text)
          .seat(
            ann,
            Fact.askedToAdd(ann, 'r9', address(`${text}@x`), { requestedBy: Fact.byUser(ann) }),
          )
          .refused(
            { type: text, userId: text, address: text, tag: text },
            { type: 'SharedAddressNotPermitted', address: text },
            { type: text } as never,
          );
        const report = hostile.report();
        const made = { ...report.made, file: text };
        const page = [...reportPage({ ...report, made })].join('');
        const read = readMarkup(page);
        expect(read.faults).toEqual([]);
        expect(brokenReferences(read)).toEqual([]);
        expect(outsideThings(page, read)).toEqual([]);
        expect(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.exec(page.trimEnd())).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('is shown as it is, with what would steer the reader spelt out', () => {
    expect(escaped(`<b>"it's" & \u202e\u0007`)).toBe(
      '&lt;b&gt;&quot;it&#39;s&quot; &amp; \\u202e\\u0007',
    );
    expect(readMarkup(story('</script><b>\u202etxt').page()).text).toContain(
      '</script><b>\\u202etxt',
    );
  });

  it('becomes markup only through the tag', () => {
    const part = markup`<i>${'<'}</i>`;
    expect(markup`<p class="${'"'}">${[part, 1, undefined, false, '>']}</p>`.text).toBe(
      '<p class="&quot;"><i>&lt;</i>1&gt;</p>',
    );
  });
});

describe('the checks of this file', () => {
  const around = (inside: string) => `<!DOCTYPE html><html><p>${inside}</p></html>`;

  it.each`
    fault                   | inside
    ${'a loose sign'}       | ${'a & b'}
    ${'a tag left open'}    | ${'<b>x'}
    ${'tags that cross'}    | ${'<b><i>x</b></i>'}
    ${'no tag at all'}      | ${'a < b'}
    ${'an attribute twice'} | ${'<b class="a" class="b"></b>'}
    ${'a quote in a value'} | ${'<b class="a"b"></b>'}
  `('see $fault', ({ inside }: Record<string, unknown>) => {
    expect(readMarkup(around('<b id="a">x</b>')).faults).toEqual([]);
    expect(readMarkup(around(String(inside))).faults).not.toEqual([]);
  });

  it('see an id twice, a dead link, a script, a handler and a picture', () => {
    const page = around(
      '<b id="a"></b><b id="a"></b><a href="#c">x</a><script></script><i onclick="x"></i><a href="http://x">y</a>',
    );
    const read = readMarkup(page);
    expect(brokenReferences(read)).toEqual(['a twice', 'c leads nowhere']);
    expect(outsideThings(page, read)).toEqual(['script', 'onclick=x', 'href=http://x']);
  });
});
