/** The colours of the page: whoever can read any of it can read all of it. */
import { describe, expect, it } from '@jest/globals';
import { pageStyle } from '../../src/report/page-style';

type Palette = ReadonlyMap<string, string>;

/** Every palette of a sheet, in its order: the first is whole, and the others change it. */
const palettesOf = (style: string): ReadonlyArray<Palette> => {
  const given = [...style.matchAll(/:root\{([^}]*)\}/g)].map(
    ([, declarations = '']): Palette =>
      new Map(
        [...declarations.matchAll(/--(\w+):(#[0-9a-f]+)/g)].map(([, name = '', colour = '']) => [
          name,
          colour,
        ]),
      ),
  );
  return given.map((palette) => new Map([...(given[0] ?? []), ...palette]));
};

/** Red, green and blue, from 0 to 1. */
const channels = (colour: string): ReadonlyArray<number> => {
  const digits = colour.slice(1);
  const pairs =
    digits.length === 3 ? digits.replace(/./g, '$&$&').match(/../g) : digits.match(/../g);
  return (pairs ?? []).map((pair) => parseInt(pair, 16) / 255);
};

const brightness = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((one) =>
    one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** From 1, where nothing can be told apart, to 21. */
const contrast = (one: string, other: string): number => {
  const [darker = 0, lighter = 0] = [brightness(one), brightness(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
};

const grounds = ['bg', 's'];

/** Pairs of these inks on any ground that have less contrast than is wanted. */
const palePairs = (
  style: string,
  inks: ReadonlyArray<string>,
  wanted: number,
): ReadonlyArray<string> =>
  palettesOf(style).flatMap((palette, index) =>
    inks.flatMap((ink) =>
      grounds.flatMap((ground) => {
        const found = contrast(palette.get(ink) ?? '', palette.get(ground) ?? '');
        return found >= wanted ? [] : [`${ink} on ${ground} of ${index}: ${found.toFixed(1)}`];
      }),
    ),
  );

/** The colours in which anything is written. */
const textInks = ['ink', 'mut', 'link', 'loss'];
/** Those of marks and of the ring around what has the focus. */
const markInks = ['held', 'loss', 'good', 'mut', 'ink', 'focus'];

describe('the style of the page', () => {
  it('has a palette for light, for dark and for paper', () => {
    expect(palettesOf(pageStyle).map((palette) => palette.get('bg'))).toEqual([
      '#fafaf8',
      '#14171a',
      '#fff',
    ]);
  });

  it('writes in no other colours than those that are measured here', () => {
    const colours = new Set([...pageStyle.matchAll(/[{;]color:([^;}]+)/g)].map(([, one]) => one));
    expect([...colours].sort()).toEqual(
      ['inherit', ...textInks.map((name) => `var(--${name})`)].sort(),
    );
    const ofDrawings = [...pageStyle.matchAll(/\.(?:tl text|a)\{fill:([^;}]+)/g)];
    expect(ofDrawings.map(([, one]) => one)).toEqual(['var(--ink)', 'var(--mut)', 'CanvasText']);
  });

  it('lets every text stand out from its ground, and every mark', () => {
    expect(palePairs(pageStyle, textInks, 4.5)).toEqual([]);
    expect(palePairs(pageStyle, markInks, 3)).toEqual([]);
  });

  it('is caught with a pale colour', () => {
    const pale = pageStyle.replace(/--mut:#[0-9a-f]+/, '--mut:#9aa2ab');
    expect(palePairs(pale, textInks, 4.5)).toEqual(['mut on bg of 0: 2.5', 'mut on s of 0: 2.6']);
    expect([contrast('#000', '#fff'), contrast('#777', '#777')]).toEqual([21, 1]);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });
});
