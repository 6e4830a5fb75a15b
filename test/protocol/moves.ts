/** Moves of a mailbox from one seat to another, against everything that disturbs them. */
import {
  addId,
  agent,
  ann,
  approveAdd,
  approveDelete,
  bob,
  cyd,
  grantPermission,
  holding,
  lockSeat,
  recordMailing,
  requestAdd,
  requestDelete,
  revokePermission,
  seated,
  system,
  withdraw,
} from '../../src/testing';
import type { PrincipalInput } from '../../src/values/principal';
import {
  actor,
  annsAtLast,
  approval,
  approvals,
  eitherOne,
  impact,
  mailbox,
  other,
  scenario,
  type Sent,
  steps,
  wanted,
} from './acting';
import type { Scenario } from './scenario';
import type { Streams } from './world';

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
    comesTo: eitherOne,
  }));

export const moves = async (): Promise<ReadonlyArray<Scenario>> => [
  await scenario('a move, sent twice', permitted, (streams) => ({
    actors: [
      actor('move', agent, move(streams)),
      actor('twin', agent, move(streams), 'move'),
      { name: 'recovery', task: approval(ann, wanted) },
    ],
    leftovers: [...approvals, mailbox(wanted)],
    comesTo: [annsAtLast],
  })),
  await moving('a move, while its permission is revoked', bob, revokePermission(bob, wanted, ann)),
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
      comesTo: [annsAtLast],
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
    comesTo: eitherOne,
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
      comesTo: eitherOne,
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
      comesTo: eitherOne,
    }),
    0,
  ),
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
      comesTo: [
        'ann: wanted; bob: nothing; cyd: nothing',
        'ann: nothing; bob: nothing; cyd: wanted',
        'ann: nothing; bob: wanted; cyd: nothing',
      ],
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
      comesTo: [
        'ann: wanted; bob: other',
        'ann: other, wanted; bob: nothing',
        'ann: nothing; bob: other, wanted',
      ],
    }),
  ),
];
