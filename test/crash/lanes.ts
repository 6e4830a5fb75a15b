/**
 * What a writer sends: lanes that go on for ever, each the story of two seats. The same seed, writer and
 * lane always tell the same story, whatever is answered.
 */
import {
  acknowledging,
  agent,
  approveAdd,
  approveDelete,
  attestation,
  configure,
  contractAgent,
  grantPermission,
  otherAgent,
  type Person,
  recordMailing,
  recordSequence,
  requestAdd,
  requestDelete,
  seated,
  setContract,
  type Step,
  system,
  tagProspects,
  user,
} from '../../src/testing/builders';
import { type Chance, chanceFrom } from './seeded';

export interface Lane {
  readonly seed: string;
  /** Unique on one file: its seats and command ids start with it. */
  readonly writer: string;
  readonly lane: number;
}

const mailingStates = ['drafted', 'drafted', 'scheduled', 'delivered'] as const;
const sequenceStates = ['active', 'active', 'paused', 'finished'] as const;

/** Drafts, scheduled mail and sequences on a mailbox: what a deletion will cost. */
function* activity(chance: Chance, holder: Person, address: string, name: string): Generator<Step> {
  for (let count = chance.between(0, 3); count > 0; count -= 1) {
    const state = chance.oneOf(mailingStates);
    yield [system, recordMailing(holder, address, `${name}-m${count}`, state)];
  }
  for (let count = chance.between(0, 3); count > 0; count -= 1) {
    const state = chance.oneOf(sequenceStates);
    yield [system, recordSequence(holder, address, `${name}-s${count}`, state)];
    if (chance.onceIn(2)) yield [holder, tagProspects(holder, 'keep', `p-${name}-s${count}`)];
  }
}

/** The mailbox in use leaves one seat for another: two seats and the address change at once. */
function* move(from: Person, to: Person, address: string, requestId: string): Generator<Step> {
  yield [to, requestAdd(to, address, { requestId, deletePermission: true })];
  yield [from, grantPermission(from, address, to, requestId)];
  const said = {
    requestId,
    attestation: { ...attestation, releaseVerification: 'Called back.' },
  };
  yield [agent, acknowledging(approveAdd(to, address, said))];
}

/** One mailbox from the request to the deletion. */
function* round(chance: Chance, pair: readonly [Person, Person], name: string): Generator<Step> {
  const [holder, other] = chance.onceIn(2) ? pair : [pair[1], pair[0]];
  // Some addresses are wanted by every lane of every writer: whoever is late is refused.
  const address = chance.onceIn(5)
    ? `wanted.${chance.below(6)}@acme.example`
    : `own.${name}@acme.example`;

  if (chance.onceIn(6)) {
    yield [contractAgent, setContract({ mailboxLimit: chance.between(2, 4) })];
  }
  yield [holder, requestAdd(holder, address, { requestId: `add-${name}` })];
  yield [agent, approveAdd(holder, address, { requestId: `add-${name}` })];
  yield [holder, configure(holder, address)];
  // An answer that adds nothing, and a refusal: they must last like any other.
  if (chance.onceIn(3)) yield [holder, configure(holder, address)];
  if (chance.onceIn(3)) yield [other, requestDelete(holder, address)];
  yield* activity(chance, holder, address, name);

  const moves = chance.onceIn(2);
  if (moves) {
    yield* move(holder, other, address, `move-${name}`);
    yield* activity(chance, other, address, `${name}-moved`);
  }
  const last = moves ? other : holder;
  const requestId = `delete-${name}`;
  yield [last, requestDelete(last, address, { requestId })];
  yield [otherAgent, acknowledging(approveDelete(last, address, { requestId }))];
}

/** Everything that a lane sends, in order, without end. */
export function* stepsOf({ seed, writer, lane }: Lane): Generator<Step, never> {
  const chance = chanceFrom(`${seed}/${writer}/${lane}`);
  const pair = [user(`${writer}-${lane}-one`), user(`${writer}-${lane}-two`)] as const;
  yield* seated(...pair);
  for (let turn = 0; ; turn += 1) yield* round(chance, pair, `${writer}-${lane}-${turn}`);
}
