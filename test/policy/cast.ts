/** What the policy's tests have in common: addresses, losses, and a scenario on some store. */
import type { Impact, Rejection } from '../../src';
import { type ExpectedRejection, type Person, type Scenario, type Step } from '../../src/testing';

/** A scenario on the store under test. */
export type Given = (...steps: ReadonlyArray<Step>) => Scenario;

export const first = 'first@acme.example';
export const second = 'second@acme.example';
export const third = 'third@acme.example';
export const shared = 'sales@acme.example';
export const personalSender = 'ann.private@gmail.com';

type Losses = Partial<
  Record<
    'drafts' | 'scheduled' | 'inFlight' | 'sequences' | 'untaggedProspects',
    ReadonlyArray<string>
  >
> & { readonly history?: number };

/** What deleting a mailbox costs: nothing, but for what is said. */
export const impactOf = (
  { userId }: Pick<Person, 'userId'>,
  address: string,
  revision: number,
  said: Losses = {},
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

/** An impact as the event of its deletion remembers it: in amounts. */
export const amountsOf = (impact: Impact) => ({
  revision: impact.revision,
  drafts: impact.drafts.length,
  scheduled: impact.scheduled.length,
  inFlight: impact.inFlight.length,
  sequences: impact.sequences.length,
  untaggedProspects: impact.untaggedProspects.length,
  history: impact.history,
});

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
