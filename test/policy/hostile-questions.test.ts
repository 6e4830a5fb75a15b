/** Questions that mean harm, or that a host got wrong, are answered as data: none throws, none rejects. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { right } from 'fp-ts/lib/Either.js';
import { admin, ann, seated, Stage } from '../../src/testing';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
  await stage.play(...seated(ann));
});
afterAll(() => stage.close());

const refusing = (): never => {
  throw new Error('planted');
};
/** Whatever is asked of it, it throws. */
const fighting: object = new Proxy({}, { get: refusing, has: refusing, ownKeys: refusing });
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const cyclic: Record<string, unknown> = {};
cyclic['itself'] = cyclic;

const invalid = { _tag: 'Left', left: { type: 'InvalidInput' } };
const noOptions = [7, 'no', [], { onProgress: 'loud' }, { onprogress: refusing }, fighting];

describe('options that are none', () => {
  it.each([...noOptions.keys()])(
    'are told by every question that reads long (%i)',
    async (index) => {
      const options = noOptions[index] as never;
      expect(await stage.ledger.verify(options)).toMatchObject(invalid);
      expect(await stage.ledger.tasks.verify(options)()).toMatchObject(invalid);
      expect(await stage.ledger.whatIf(admin, {}, options)).toMatchObject(invalid);
      expect(await stage.ledger.rebuildView('seats', options)).toMatchObject(invalid);
    },
  );

  it('may be null, as may what is left out', async () => {
    const none = null as never;
    expect(await stage.ledger.verify(none)).toMatchObject({ right: { findings: [] } });
    expect(await stage.ledger.whatIf(admin, {}, none)).toMatchObject({
      right: { differences: [] },
    });
    expect(await stage.ledger.rebuildView('seats', none)).toEqual(right({ name: 'seats' }));
  });

  it('do not end a reading whose listener throws', async () => {
    const loud = { onProgress: refusing };
    expect(await stage.ledger.verify(loud)).toMatchObject({ right: { findings: [] } });
    expect(await stage.ledger.rebuildView('seats', loud)).toEqual(right({ name: 'seats' }));
  });
});

it.each([
  [7n],
  [cyclic],
  [{ toJSON: refusing }],
  [fighting],
  [revoked()],
  [Symbol('seats')],
  [undefined],
])('a view that cannot be named is refused (%#)', async (name) => {
  expect(await stage.ledger.rebuildView(name as never)).toMatchObject(invalid);
});

it.each`
  point                              | told
  ${'2026-01-01T00:00:00Z'}          | ${`got "2026-01-01T00:00:00Z". Did you mean { time: '2026-01-01T00:00:00Z' }?`}
  ${'3'}                             | ${`got "3". Did you mean { position: '3' }?`}
  ${3}                               | ${`got the number 3. Did you mean { position: '3' }?`}
  ${3n}                              | ${`got a bigint. Did you mean { position: '3' }?`}
  ${'yesterday'}                     | ${`expected a point: { position: '3' } or { time: '2026-03-01T00:00:00Z' }, got "yesterday". Correct`}
  ${{}}                              | ${'expected a point: '}
  ${undefined}                       | ${'got nothing. Correct'}
  ${{ position: 3 }}                 | ${"position: expected a position as text, such as '3', got the number 3."}
  ${{ positon: '3' }}                | ${'got an object with neither. Correct'}
  ${{ time: '2026-01-01' }}          | ${'time: expected a UTC time'}
  ${{ position: '3', tiem: '2026' }} | ${'tiem: expected no such field (fields here: position), got "2026".'}
`('a point that is $point is told what one is', async ({ point, told }) => {
  const answer = await stage.ledger.asOf(point as never).seats.list(admin);
  expect(answer).toMatchObject({ left: { message: expect.stringContaining(told as string) } });
  expect(answer).toMatchObject({ left: { message: expect.stringMatching(/, and ask again\.$/) } });
});

it.each([[fighting], [revoked()]])('a point that fights back is none (%#)', async (point) => {
  expect(await stage.ledger.asOf(point as never).seats.list(admin)).toMatchObject(invalid);
  const now = { position: '0' };
  expect(await stage.ledger.diff(admin, 'seats', point as never, now)).toMatchObject(invalid);
});
