/** How the report looks and is gone through in a real browser. Without one on the machine these are skipped. */
import { describe, expect, it, jest } from '@jest/globals';
import * as Seat from '../../src/seat/events';
import * as Fact from '../projections/facts';
import { ask, askFocused, chromium, open, picture, sheets } from './chromium';
import { largeLog } from './large-log';
import { day, ReportLog } from './log';
import { seen } from './picture';

// A browser starts for every question, which takes long on a machine that is busy.
jest.setTimeout(180_000);

const inBrowser = chromium === undefined ? describe.skip : describe;
const { ann, bob, work, alias } = Fact;

/** A little of everything; the words of the seats and the refusals are folded on a screen. */
const page = new ReportLog()
  .seat(ann, Fact.registered(ann))
  .seat(bob, Fact.registered(bob), Fact.askedToAdd(bob, 'r3', alias))
  .on(day(2))
  .seat(ann, Fact.askedToAdd(ann, 'r1', work), Fact.added(ann, 'r1', work))
  .seat(ann, Fact.sequence(ann, 's1', work, 'active'))
  .on(day(9))
  .seat(ann, Fact.askedToDelete(ann, 'r2', work), Fact.deleted(ann, 'r2', work))
  .seat(ann, Fact.stopped(ann, 'r2', work, ['s1']), Seat.SeatLocked({ userId: ann }))
  .refused({ type: 'LockSeat', userId: 'bob' }, { type: 'NotOwnSeat' })
  .page();

const bare = (body: string): string =>
  `<!DOCTYPE html><html><head><title>x</title></head><body>${body}</body></html>`;

inBrowser('the report on a screen', () => {
  it.each`
    scheme     | ground
    ${'light'} | ${'#fafaf8'}
    ${'dark'}  | ${'#14171a'}
  `('is drawn on $ground for who prefers $scheme', async ({ scheme, ground }) => {
    const picked = scheme as 'light' | 'dark';
    const { drawn, ...looks } = seen(await picture(page, picked));
    expect(looks).toEqual({ width: 1280, height: 900, ground });
    expect(drawn).toBeGreaterThan(0.02);
  });

  it('would be seen to be blank, or to know one scheme only', async () => {
    expect(seen(await picture(bare(''), 'light'))).toMatchObject({ ground: '#ffffff', drawn: 0 });
    const lightOnly = page.replace('(prefers-color-scheme:dark)', '(prefers-color-scheme:none)');
    expect(seen(await picture(lightOnly, 'dark')).ground).toBe('#fafaf8');
  });
});

inBrowser('the report on paper', () => {
  it('shows what is folded on a screen', async () => {
    const unfolded = page.replace(/<details(?! [^>]*open)/g, '<details open');
    expect(unfolded).not.toBe(page);
    const filled = await sheets(page);
    expect(filled).toBeGreaterThan(1);
    expect(filled).toBe(await sheets(unfolded));
    const folded = page.replace('details::details-content{', 'details::none{');
    expect(await sheets(folded)).toBeLessThan(filled);
  });
});

/** Whatever the tab key stops at and is shown, in the order of the document. */
const stops = `[...document.querySelectorAll('a[href], summary, [tabindex], button, input')]
  .filter((stop) => stop.checkVisibility())`;

inBrowser('the report under the keyboard', () => {
  it('is gone through in the order of its text, and every stop is seen', async () => {
    const unseen = `${stops}.filter((stop) => {
      stop.focus();
      const { outlineStyle, outlineWidth } = getComputedStyle(stop);
      return document.activeElement !== stop || outlineStyle === 'none' || outlineWidth === '0px';
    }).length`;
    expect(await ask(page, `${stops}.length`)).toBeGreaterThan(20);
    expect(await askFocused(page, unseen)).toBe(0);
    const ringless = page.replace(':focus-visible{outline:3px', ':focus-visible{outline:0px');
    expect(await askFocused(ringless, unseen)).toBeGreaterThan(0);
  });

  it('has no stop out of its turn, and every place that scrolls is a stop', async () => {
    const outOfTurn = `${stops}.filter((stop) => stop.tabIndex !== 0).length`;
    expect(await ask(page, outOfTurn)).toBe(0);
    const planted = page.replace('<main id="main"', '<main id="main" tabindex="1"');
    expect(await ask(planted, outOfTurn)).toBe(1);

    const stuck = `[...document.body.querySelectorAll('*')].filter(
      (box) => box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === 'auto'
        && box.tabIndex !== 0).length`;
    expect(await ask(page, stuck, 360)).toBe(0);
    const untabbed = page.replaceAll(' tabindex="0"', '');
    expect(await ask(untabbed, stuck, 360)).toBeGreaterThan(0);
  });

  it('begins with a way past the contents', async () => {
    expect(await ask(page, `${stops}[0].hash`)).toBe('#main');
    const target = 'document.querySelector(document.links[0].hash)?.tagName';
    expect(await ask(page, target)).toBe('MAIN');
  });
});

inBrowser('the report on 100,000 events', () => {
  /** As soon as it may be: whatever else the machine does can only make it slower. */
  const openingTime = async (opened: string): Promise<number> => {
    let best = Infinity;
    for (let round = 0; round < 2; round += 1) {
      const start = performance.now();
      await open(opened);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };

  it('opens in the time of some empty pages', async () => {
    const large = largeLog().page();
    const ratio = (await openingTime(large)) / (await openingTime(bare('<p>x</p>')));
    expect(ratio).toBeLessThan(12);
  });
});
