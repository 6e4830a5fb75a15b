/** The report in a real browser. Without one on the machine these are skipped, and reported as such. */
import { describe, expect, it } from '@jest/globals';
import { reportPage } from '../../src/report';
import { ask, chromium, open } from './chromium';
import { largeLog } from './large-log';
import { ReportLog } from './log';
import * as Fact from '../projections/facts';
import { address } from '../support/recorded';

const inBrowser = chromium === undefined ? describe.skip : describe;
const { ann } = Fact;

const hostile = (): ReportLog =>
  new ReportLog()
    .seat(ann, Fact.registered(ann))
    .seat(
      ann,
      Fact.askedToAdd(ann, 'r1', address(`"><script>document.title='x'</script>@x.example`)),
    )
    .seat(
      ann,
      Fact.askedToAdd(ann, 'r2', address(`${'a-very-long-address'.repeat(20)}@x.example`)),
    );

inBrowser('the report in Chromium', () => {
  it('of 100,000 events opens whole, without a complaint, from a file under 5 MB', async () => {
    const log = largeLog();
    expect(log.events).toHaveLength(100_000);
    const pieces = [...reportPage(log.report())];
    const page = pieces.join('');
    expect(Buffer.byteLength(page)).toBeLessThan(5_000_000);
    // In pieces that stay small: nothing holds the whole page.
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(300_000);

    const { dom, complaints } = await open(page);
    expect(complaints).toEqual([]);
    expect(dom).toContain('This file loads nothing from anywhere.');
    expect(dom.match(/class="seat"/g)).toHaveLength(400);
    expect(dom).toContain('4,600 more stand only in the tables');
  });

  it('runs nothing that stands in the ledger, and would be told of a script', async () => {
    const page = hostile().page();
    expect((await open(page)).complaints).toEqual([]);
    expect(await ask(page, 'document.scripts.length')).toBe(1);

    const planted = page.replace('</main>', '<script>document.title = "x"</script></main>');
    const { dom, complaints } = await open(planted);
    expect(complaints.join()).toContain('Content Security Policy');
    expect(dom).not.toContain('<title>x</title>');
  });

  it.each([360, 1280])('is nowhere wider than a window of %d', async (width) => {
    const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    const page = hostile().page();
    expect(await ask(page, wider, width)).toBe(0);
    const planted = page.replace('</main>', '<svg width="3000" height="9"></svg></main>');
    expect(await ask(planted, wider, width)).toBeGreaterThan(0);
  });

  it('is read by the browser as it is written', async () => {
    const page = hostile().page();
    const written = [...page.matchAll(/<[a-zA-Z]/g)].length;
    // The script that asks is one more.
    expect(await ask(page, 'document.querySelectorAll("*").length')).toBe(written);
  });
});
