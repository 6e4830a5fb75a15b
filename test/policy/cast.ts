/** What the policy's tests have in common: addresses, losses, and a scenario on some store. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { type Rejection } from '../../src';
import type { Impact } from '../../src';
import { type ExpectedRejection, type Person, type Scenario, type Step } from '../../src/testing';

/** A scenario on the store under test. */
export type Given = (...steps: ReadonlyArray<Step>) => Scenario;

export const first = 'first@acme.example';
export const second = 'second@acme.example';
export const third = 'third@acme.example';
export const shared = 'sales@acme.example';
export const personalSender = 'ann.private@gmail.com';

/** What deleting a mailbox costs: nothing, but for what is said. */
export const impactOf = (
  { userId }: Pick<Person, 'userId'>,
  address: string,
  revision: number,
  said: Partial<Omit<Impact, 'userId' | 'address' | 'revision'>> = {},
): Impact =>
  ({
    userId,
    address,
    revision: String(revision),
    drafts: [],
    scheduled: [],
    inFlight: [],
    sequences: [],
    untaggedProspects: [],
    history: 0,
    ...said,
  }) as Impact;

/** Ids as tests write them, where the library's own types are narrower. */
export const ids = <Id extends string>(...given: ReadonlyArray<string>): ReadonlyArray<Id> =>
  given as ReadonlyArray<Id>;

interface Reply {
  readonly _tag: 'Left' | 'Right';
}

/** The yes, or an error that shows the no. */
export const yes = <Right>(
  answer: Reply & ({ readonly right: Right } | { readonly left: unknown }),
): Right => {
  if ('right' in answer) return answer.right;
  throw new Error(`Expected a yes, got ${JSON.stringify(answer.left)}`);
};

/** The reasons of a refusal, or an error that shows what came instead. */
export const reasons = (
  answer: Reply &
    ({ readonly left: { readonly type: string } } | { readonly right: { readonly type: string } }),
): ReadonlyArray<ExpectedRejection> => {
  if ('left' in answer && 'rejections' in answer.left) {
    return answer.left.rejections as ReadonlyArray<Rejection>;
  }
  throw new Error(`Expected a refusal, got ${JSON.stringify(answer)}`);
};

export { isLeft, isRight };
