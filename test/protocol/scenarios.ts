/** Who does what at the same time: every kind of command that spans streams, against those that disturb it. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { Command } from '../../src/commands';
import { metadataOf } from '../../src/application/engine';
import { housekeepingAt } from '../../src/application/stepwise';
import type { Task } from '../../src/processes';
import { impactOf } from '../../src/seat';
import {
  addId,
  agent,
  ann,
  approveAdd,
  approveDelete,
  bob,
  type CommandDraft,
  changeAccountEmail,
  cyd,
  emailOf,
  grantPermission,
  holding,
  lockSeat,
  type Person,
  reassign,
  recordMailing,
  recordSequence,
  registerSeat,
  requestAdd,
  requestDelete,
  revokePermission,
  seated,
  storedAddress,
  system,
  withdraw,
} from '../../src/testing';
import { Principal, type PrincipalInput } from '../../src/values/principal';
import type { RequestId, UserId } from '../../src/values/ids';
import type { Timestamp } from '../../src/values/timestamp';
import { type Actor, type Scenario, settledBy } from './explorer';
import { type Streams, streamIn } from './world';

const now = '2026-03-01T09:00:00Z' as Timestamp;
const housekeeping = housekeepingAt(now);
const wanted = 'wanted@acme.example';
const other = 'other@acme.example';

/** One command as a task. */
export const command = (by: PrincipalInput, draft: object, commandId: string): Task => {
  const principal = Principal.decode(by);
  const decoded = Command.decode({ ...draft, commandId });
  if (isLeft(principal) || isLeft(decoded)) throw new Error(`no command: ${commandId}`);
  const issue = { principal: principal.right, command: decoded.right, now };
  return {
    type: 'command',
    undertaking: {
      principal: issue.principal,
      command: issue.command,
      by: metadataOf(issue),
      housekeeping,
    },
  };
};

type Sent = readonly [PrincipalInput, CommandDraft];

const after = (...steps: ReadonlyArray<Sent>): Promise<Streams> =>
  settledBy(
    { name: 'right' },
    steps.map(([by, draft], index) => command(by, draft, `before-${index}`)),
    new Map(),
  );

/** What deleting or moving the mailbox costs at this moment. */
const impact = (streams: Streams, { userId }: Person, address: string) => {
  const { state } = streamIn(streams, { on: 'seat', userId: userId as UserId });
  return impactOf(state, userId as UserId, storedAddress(address));
};

const approval = ({ userId }: Person, address: string): Task => ({
  type: 'approval',
  approved: { userId: userId as UserId, requestId: addId(address) as RequestId },
  housekeeping,
});

const mailbox = (address: string): Task => ({
  type: 'mailbox',
  address: storedAddress(address),
  housekeeping,
});

const login = (address: string): Task => ({
  type: 'login',
  address: storedAddress(address),
  housekeeping,
});

const actor = (
  name: string,
  by: PrincipalInput,
  draft: object,
  commandId = name.replaceAll(' ', '-'),
): Actor => ({
  name,
  task: command(by, draft, commandId),
});

const scenario = async (
  name: string,
  before: ReadonlyArray<Sent>,
  play: (streams: Streams) => Pick<Scenario, 'actors' | 'leftovers'>,
  crashes = 1,
): Promise<Scenario> => {
  const streams = await after(...before);
  return { name, streams, crashes, ...play(streams) };
};

const steps = (...all: ReadonlyArray<ReadonlyArray<readonly [PrincipalInput, unknown]>>) =>
  all.flat() as ReadonlyArray<Sent>;

const approvals = [approval(ann, wanted), approval(bob, wanted)];

const twoClaimers = steps(seated(ann, bob), [
  [ann, requestAdd(ann, wanted)],
  [bob, requestAdd(bob, wanted)],
]);

/** Bob holds the address and lets it go to Ann, who has asked for it. */
const permitted = steps(seated(ann, bob), holding(bob, wanted), [
  [ann, requestAdd(ann, wanted)],
  [bob, grantPermission(bob, wanted, ann)],
]);

const move = (streams: Streams): object =>
  approveAdd(ann, wanted, { impact: impact(streams, bob, wanted) });

const moving = (
  name: string,
  by: PrincipalInput,
  draft: object,
  before: ReadonlyArray<Sent> = permitted,
): Promise<Scenario> =>
  scenario(name, before, (streams) => ({
    actors: [
      actor('move', agent, move(streams)),
      actor('other', by, draft),
      { name: 'recovery', task: approval(ann, wanted) },
    ],
    leftovers: [...approvals, mailbox(wanted)],
  }));

const stopped = async (): Promise<Streams> => {
  const before = await after(
    ...steps(seated(ann, bob, cyd), holding(bob, wanted), holding(ann, other), [
      [system, recordSequence(bob, wanted, 's1', 'active')],
      [bob, requestDelete(bob, wanted)],
    ]),
    ...steps(holding(cyd, 'third@acme.example')),
  );
  const deletion = approveDelete(bob, wanted, { impact: impact(before, bob, wanted) });
  return settledBy({ name: 'right' }, [command(agent, deletion, 'stopping')], before);
};

/** Ann's approval took its slot, and Bob's the address; Bob has asked to delete it again. */
const beaten = async (): Promise<Streams> => {
  const right = { name: 'right' };
  const before = await after(...twoClaimers);
  const approve = (person: Person, id: string) => command(agent, approveAdd(person, wanted), id);
  const slots = [approve(bob, 'first'), approve(ann, 'second')];
  const both = await settledBy(right, slots, before, 1);
  return settledBy(
    right,
    [approval(bob, wanted), command(bob, requestDelete(bob, wanted), 'deleting')],
    both,
  );
};

export const scenarios = async (): Promise<ReadonlyArray<Scenario>> => {
  const sequencesStopped = await stopped();
  const rescue = (to: Person, address: string) =>
    reassign(to, address, { fromUserId: bob.userId, prospectIds: ['p-s1'] });
  const handover = (to: Person, commandId: string): Task => {
    const task = command(system, rescue(to, to === ann ? other : 'third@acme.example'), commandId);
    if (task.type !== 'command') throw new Error('not a command');
    const { by } = task.undertaking;
    const fromUserId = bob.userId as UserId;
    return { type: 'handover', inTransit: { fromUserId, toUserId: to.userId as UserId, by } };
  };
  const cameSecond = await beaten();
  return [
    await scenario(
      'two approve one address, and one of them is sent twice',
      twoClaimers,
      () => ({
        actors: [
          actor('ann', agent, approveAdd(ann, wanted)),
          actor('bob', agent, approveAdd(bob, wanted)),
          actor('twin of ann', agent, approveAdd(ann, wanted), 'ann'),
        ],
        leftovers: [...approvals, mailbox(wanted)],
      }),
      2,
    ),
    await scenario('two approve one address beside a recovery', twoClaimers, () => ({
      actors: [
        actor('ann', agent, approveAdd(ann, wanted)),
        actor('bob', agent, approveAdd(bob, wanted)),
        { name: 'recovery', task: approval(ann, wanted) },
      ],
      leftovers: [...approvals, mailbox(wanted)],
    })),
    await scenario(
      'two approvals for one slot',
      steps(seated(ann), holding(ann, 'first@acme.example'), [
        [ann, requestAdd(ann, wanted)],
        [ann, requestAdd(ann, other)],
      ]),
      () => ({
        actors: [
          actor('one', agent, approveAdd(ann, wanted)),
          actor('other', agent, approveAdd(ann, other)),
          actor('lock', system, lockSeat(ann)),
        ],
        leftovers: [approval(ann, wanted), approval(ann, other), mailbox(wanted), mailbox(other)],
      }),
    ),
    await scenario(
      'a deletion, while others approve the address',
      steps(seated(ann, bob), holding(bob, wanted), [
        [ann, requestAdd(ann, wanted)],
        [bob, requestDelete(bob, wanted)],
      ]),
      (streams) => ({
        actors: [
          actor(
            'deletion',
            agent,
            approveDelete(bob, wanted, { impact: impact(streams, bob, wanted) }),
          ),
          actor('ann', agent, approveAdd(ann, wanted)),
          { name: 'recovery', task: mailbox(wanted) },
        ],
        leftovers: [...approvals, mailbox(wanted)],
      }),
    ),
    await scenario('a move, sent twice', permitted, (streams) => ({
      actors: [
        actor('move', agent, move(streams)),
        actor('twin', agent, move(streams), 'move'),
        { name: 'recovery', task: approval(ann, wanted) },
      ],
      leftovers: [...approvals, mailbox(wanted)],
    })),
    await moving(
      'a move, while its permission is revoked',
      bob,
      revokePermission(bob, wanted, ann),
    ),
    await moving(
      'a move, while a draft is written',
      system,
      recordMailing(bob, wanted, 'm1', 'drafted'),
    ),
    await moving('a move, while the new seat is locked', system, lockSeat(ann)),
    await moving('a move, while the request is withdrawn', ann, withdraw(ann, addId(wanted))),
    await scenario(
      'a move, while the holder deletes the mailbox',
      steps(permitted, [[bob, requestDelete(bob, wanted)]]),
      (streams) => ({
        actors: [
          actor('move', agent, move(streams)),
          actor(
            'deletion',
            agent,
            approveDelete(bob, wanted, { impact: impact(streams, bob, wanted) }),
          ),
          actor('twin', agent, move(streams), 'move'),
        ],
        leftovers: [...approvals, mailbox(wanted)],
      }),
    ),
    await scenario('a move, a draft and the permission given once more', permitted, (streams) => ({
      actors: [
        actor('move', agent, move(streams)),
        actor('draft', system, recordMailing(bob, wanted, 'm1', 'drafted')),
        actor('grant', bob, grantPermission(bob, wanted, ann)),
        { name: 'recovery', task: approval(ann, wanted) },
      ],
      leftovers: [...approvals, mailbox(wanted)],
    })),
    await scenario(
      'a move, while its permission is revoked and given again',
      permitted,
      (streams) => ({
        actors: [
          actor('move', agent, move(streams)),
          actor('revoke', bob, revokePermission(bob, wanted, ann)),
          actor('grant', bob, grantPermission(bob, wanted, ann)),
          { name: 'recovery', task: approval(ann, wanted) },
        ],
        leftovers: [...approvals, mailbox(wanted)],
      }),
      0,
    ),
    await scenario(
      'a move, while a draft is written and sent',
      permitted,
      (streams) => ({
        actors: [
          actor('move', agent, move(streams)),
          actor('draft', system, recordMailing(bob, wanted, 'm1', 'drafted')),
          actor('sent', system, recordMailing(bob, wanted, 'm1', 'delivered')),
          { name: 'recovery', task: approval(ann, wanted) },
        ],
        leftovers: [...approvals, mailbox(wanted)],
      }),
      0,
    ),
    {
      name: 'an approval that came second, while the first holder deletes the mailbox',
      streams: cameSecond,
      crashes: 1,
      actors: [
        actor(
          'deletion',
          agent,
          approveDelete(bob, wanted, { impact: impact(cameSecond, bob, wanted) }),
        ),
        { name: 'recovery', task: approval(ann, wanted) },
        actor('twin', agent, approveAdd(ann, wanted), 'second'),
      ],
      leftovers: [...approvals, mailbox(wanted)],
    },
    await scenario(
      'two moves of one mailbox, to two seats',
      steps(seated(ann, bob, cyd), holding(bob, wanted), [
        [ann, requestAdd(ann, wanted)],
        [cyd, requestAdd(cyd, wanted)],
        [bob, grantPermission(bob, wanted, ann)],
        [bob, grantPermission(bob, wanted, cyd)],
      ]),
      (streams) => ({
        actors: [
          actor('to ann', agent, move(streams)),
          actor('to cyd', agent, approveAdd(cyd, wanted, { impact: impact(streams, bob, wanted) })),
        ],
        leftovers: [...approvals, approval(cyd, wanted), mailbox(wanted)],
      }),
      2,
    ),
    await scenario(
      'two seats that swap their mailboxes',
      steps(seated(ann, bob), holding(ann, other), holding(bob, wanted), [
        [ann, requestAdd(ann, wanted)],
        [bob, requestAdd(bob, other)],
        [bob, grantPermission(bob, wanted, ann)],
        [ann, grantPermission(ann, other, bob)],
      ]),
      (streams) => ({
        actors: [
          actor('to ann', agent, move(streams)),
          actor('to bob', agent, approveAdd(bob, other, { impact: impact(streams, ann, other) })),
        ],
        leftovers: [approval(ann, wanted), approval(bob, other), mailbox(wanted), mailbox(other)],
      }),
    ),
    await scenario('two register with one login, and one of them twice', [], () => ({
      actors: [
        actor('ann', system, registerSeat(ann, wanted)),
        actor('bob', system, registerSeat(bob, wanted)),
        actor('twin of ann', system, registerSeat(ann, wanted), 'ann'),
      ],
      leftovers: [login(wanted)],
    })),
    await scenario('two change to one login', steps(seated(ann, bob)), () => ({
      actors: [
        actor('ann', system, changeAccountEmail(ann, wanted)),
        actor('bob', system, changeAccountEmail(bob, wanted)),
        { name: 'recovery', task: login(wanted) },
      ],
      leftovers: [login(wanted), login(emailOf(ann)), login(emailOf(bob))],
    })),
    await scenario('one takes the login that another leaves', steps(seated(ann, bob)), () => ({
      actors: [
        actor('ann', system, changeAccountEmail(ann, wanted)),
        actor('bob', system, changeAccountEmail(bob, emailOf(ann))),
        actor('back', system, changeAccountEmail(ann, emailOf(ann))),
      ],
      leftovers: [login(wanted), login(emailOf(ann)), login(emailOf(bob))],
    })),
    {
      name: 'prospects that two seats take over',
      streams: sequencesStopped,
      crashes: 1,
      actors: [
        actor('ann', system, rescue(ann, other)),
        actor('cyd', system, rescue(cyd, 'third@acme.example')),
        actor('twin of ann', system, rescue(ann, other), 'ann'),
      ],
      leftovers: [handover(ann, 'ann'), handover(cyd, 'cyd')],
    },
  ];
};
