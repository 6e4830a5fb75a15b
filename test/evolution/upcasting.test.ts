/** What was stored under an older version of an event is read as the newest, step by step. */
import { describe, expect, it } from '@jest/globals';
import * as t from 'io-ts';
import { storedTags } from '../../src/application/decode-event';
import { nextVersion, storedEvent, tagOf } from '../../src/stored-event';

/** A parking permit, whose shape was changed twice. */
const First = storedEvent('PermitGiven', { holder: t.string });
const Second = nextVersion(First, { holder: t.string, spaces: t.number }, ({ holder }) => ({
  holder,
  spaces: 1,
}));
const Third = nextVersion(
  Second,
  { holders: t.readonlyArray(t.string), spaces: t.number },
  ({ holder, spaces }) => ({ holders: [holder], spaces }),
);

const read = (tag: string, data: unknown): unknown => {
  const stored = storedTags({ PermitGiven: Third as never }).get(tag);
  if (stored === undefined) return 'unknown';
  if (!stored.data.is(data)) return 'undecodable';
  return stored.upcast === undefined ? data : stored.upcast(data as never);
};

describe('an event that was declared three times', () => {
  it.each`
    tag                | data                               | answer
    ${'PermitGiven'}   | ${{ holder: 'ann' }}               | ${{ holders: ['ann'], spaces: 1 }}
    ${'PermitGiven@2'} | ${{ holder: 'ann', spaces: 2 }}    | ${{ holders: ['ann'], spaces: 2 }}
    ${'PermitGiven@3'} | ${{ holders: ['ann'], spaces: 3 }} | ${{ holders: ['ann'], spaces: 3 }}
    ${'PermitGiven@4'} | ${{ holders: ['ann'], spaces: 3 }} | ${'unknown'}
    ${'PermitGiven'}   | ${{ holders: ['ann'], spaces: 3 }} | ${'undecodable'}
    ${'PermitGiven@2'} | ${{ holder: 'ann' }}               | ${'undecodable'}
  `('reads $data, stored under $tag, as $answer', ({ tag, data, answer }) => {
    expect(read(tag as string, data)).toEqual(answer);
  });

  it('is stored under the tag of its newest version', () => {
    expect([tagOf(First), tagOf(Second), tagOf(Third)]).toEqual([
      'PermitGiven',
      'PermitGiven@2',
      'PermitGiven@3',
    ]);
    expect(Third({ holders: ['ann'], spaces: 1 }).type).toBe('PermitGiven');
  });

  it('does not compile with a step missing or one that gives another shape', () => {
    const missing = () =>
      // @ts-expect-error There is no way from the second version to this one.
      nextVersion(Second, { holders: t.readonlyArray(t.string) });
    const fromFirst = () =>
      nextVersion(
        // @ts-expect-error The step begins at the second version, which calls it `holder`.
        Second,
        { holders: t.readonlyArray(t.string) },
        ({ owner }: { readonly owner: string }) => ({ holders: [owner] }),
      );
    const incomplete = () =>
      nextVersion(
        Second,
        { holders: t.readonlyArray(t.string), spaces: t.number },
        // @ts-expect-error The third version has spaces.
        ({ holder }) => ({ holders: [holder] }),
      );
    expect([missing, fromFirst, incomplete]).toHaveLength(3);
  });
});
