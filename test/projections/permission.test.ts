/** P24: what the view says of an open request is what an approval says, whatever has happened since. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import type { RequestRow } from '../../projections';
import { type Atomicity, memoryStore } from '../../src';
import {
  acknowledging,
  admin,
  agent,
  ann,
  approveAdd,
  approveDelete,
  attestation,
  bob,
  contractAgent,
  cyd,
  emailOf,
  grantPermission,
  lockSeat,
  otherAgent,
  type Person,
  requestAdd,
  requestDelete,
  revokePermission,
  seated,
  setContract,
  Stage,
  type Step,
  system,
  unlockSeat,
  withdraw,
} from '../../src/testing';

const people = [ann, bob, cyd] as const;
const addresses = ['first@acme.example', 'second@acme.example'] as const;

const step = fc.record({
  does: fc.constantFrom(
    'ask',
    'ask',
    'ask',
    'approve',
    'permit',
    'forbid',
    'forbid',
    'lock',
    'unlock',
    'delete',
    'withdraw',
  ),
  person: fc.constantFrom(...people),
  address: fc.constantFrom(...addresses),
  isByAdmin: fc.boolean(),
  deletePermission: fc.boolean(),
  which: fc.nat({ max: 9 }),
});
type Move = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const right = <A>(given: { readonly _tag: string; readonly right?: A }): A => {
  if (given.right === undefined) throw new Error(JSON.stringify(given));
  return given.right;
};

const openRequests = async ({ ledger }: Stage): Promise<ReadonlyArray<RequestRow>> =>
  right(await ledger.views.requests.list(system, { kind: 'add', open: true }));

const personOf = (userId: string): Person => people.find((one) => one.userId === userId) ?? ann;

/** Support has confirmed all that it can: what is left to refuse is not for want of words. */
const approval = ({ userId, address, requestId }: RequestRow) =>
  approveAdd({ userId }, address, {
    requestId,
    attestation: { ...attestation, releaseVerification: 'Called back.' },
  });

/** What is sent for a move as things stand, if there is anything to send. */
const sentFor = async (stage: Stage, move: Move, number: number): Promise<ReadonlyArray<Step>> => {
  const { person, address, isByAdmin, deletePermission, which } = move;
  const open = await openRequests(stage);
  const request = open[which % Math.max(1, open.length)];
  const holderOf = async (wanted: string) =>
    right(await stage.ledger.views.addresses.get(system, wanted))?.holder;
  switch (move.does) {
    case 'ask': {
      const by = isByAdmin ? admin : person;
      const said = { requestId: `r${number}`, sender: emailOf(by), deletePermission };
      return [[by, requestAdd(person, address, said)]];
    }
    case 'approve':
      return request === undefined ? [] : [[agent, acknowledging(approval(request))]];
    case 'withdraw':
      return request === undefined
        ? []
        : [[personOf(request.userId), withdraw(request, request.requestId)]];
    case 'permit':
    case 'forbid': {
      const holder = request && (await holderOf(request.address));
      if (request === undefined || holder === undefined) return [];
      const say = move.does === 'permit' ? grantPermission : revokePermission;
      const by = isByAdmin ? admin : personOf(holder);
      return [[by, say({ userId: holder }, request.address, request, request.requestId)]];
    }
    case 'lock':
      return [[admin, lockSeat(person)]];
    case 'unlock':
      return [[admin, unlockSeat(person)]];
    case 'delete': {
      const holder = personOf((await holderOf(address)) ?? person.userId);
      const requestId = `d${number}`;
      return [
        [admin, requestDelete(holder, address, { requestId, sender: emailOf(admin) })],
        [agent, acknowledging(approveDelete(holder, address, { requestId }))],
      ];
    }
  }
};

/** Whether an approval would be refused now because the address may not leave the seat that holds it. */
const isRefused = async (stage: Stage, request: RequestRow): Promise<boolean> => {
  const answer = await stage.dryRun(otherAgent, approval(request));
  if (isRight(answer)) return false;
  if (answer.left.type !== 'Refused') throw new Error(JSON.stringify(answer));
  return answer.left.rejections.some(({ type }) => type === 'AddressInUse');
};

interface Seen {
  readonly request: RequestRow;
  /** As the view said when it was asked for. */
  readonly firstStatus: RequestRow['status'];
  readonly isRefused: boolean;
}

/** Plays the moves, and looks at every open request after each. */
const watched = async (
  moves: ReadonlyArray<Move>,
  look: (seen: Seen) => void,
  atomicity: Atomicity = 'anyStreams',
): Promise<void> => {
  const stage = await Stage.open(() =>
    Promise.resolve({ connector: memoryStore({ atomicity }), dispose: () => Promise.resolve() }),
  );
  try {
    await stage.play(...seated(...people, admin), [
      contractAgent,
      setContract({ mailboxLimit: 9 }),
    ]);
    const first = new Map<string, RequestRow['status']>();
    for (const [number, move] of moves.entries()) {
      for (const [by, command] of await sentFor(stage, move, number)) await stage.send(by, command);
      for (const request of await openRequests(stage)) {
        const firstStatus = first.get(request.requestId) ?? request.status;
        first.set(request.requestId, firstStatus);
        look({ request, firstStatus, isRefused: await isRefused(stage, request) });
      }
    }
  } finally {
    await stage.close();
  }
};

const moves = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' });

describe('an open request', () => {
  it.each<Atomicity>(['anyStreams', 'oneStream'])(
    'awaits permission exactly when an approval would be refused for lack of it, on a store of %s an append',
    async (atomicity) => {
      const truthful = fc.asyncProperty(moves, (given) =>
        watched(
          given,
          ({ request, isRefused: refused }) => {
            const status = refused ? 'awaitingPermission' : 'submitted';
            expect(request).toEqual({ ...request, status });
          },
          atomicity,
        ),
      );

      await fc.assert(truthful, { numRuns: 80 });
    },
  );

  it('would be seen to be told as it was when it was asked for', async () => {
    const stale = fc.asyncProperty(moves, (given) =>
      watched(given, ({ firstStatus, isRefused: refused }) => {
        expect(firstStatus).toBe(refused ? 'awaitingPermission' : 'submitted');
      }),
    );

    expect((await fc.check(stale, { numRuns: 100, endOnFailure: true })).failed).toBe(true);
  });

  it('is met in every standing, permitted and not, in these moves', async () => {
    const seen = new Set<string>();
    for (const given of fc.sample(moves, { numRuns: 60, seed: 1 })) {
      await watched(given, ({ request, firstStatus }) => {
        const { status, permission } = request;
        seen.add(`${firstStatus}, then ${status}, permission ${permission}`);
      });
    }

    expect([...seen].sort()).toEqual([
      'awaitingPermission, then awaitingPermission, permission none',
      'awaitingPermission, then awaitingPermission, permission revoked',
      'awaitingPermission, then submitted, permission granted',
      'awaitingPermission, then submitted, permission none',
      'submitted, then awaitingPermission, permission none',
      'submitted, then awaitingPermission, permission revoked',
      'submitted, then submitted, permission granted',
      'submitted, then submitted, permission none',
    ]);
  });
});
