/** Who does what at the same time: every kind of command that spans streams, against those that disturb it. */
import type { Task } from '../../src/processes';
import {
  agent,
  ann,
  approveAdd,
  approveDelete,
  bob,
  changeAccountEmail,
  contractAgent,
  cyd,
  emailOf,
  holding,
  lockSeat,
  type Person,
  reassign,
  recordSequence,
  registerSeat,
  requestAdd,
  requestDelete,
  seated,
  setContract,
  system,
} from '../../src/testing';
import type { UserId } from '../../src/values/ids';
import {
  actor,
  after,
  approval,
  approvals,
  command,
  eitherOne,
  impact,
  login,
  mailbox,
  other,
  scenario,
  steps,
  twoClaimers,
  wanted,
} from './acting';
import { moves } from './moves';
import type { Scenario } from './scenario';
import { settledBy } from './steps';
import type { Streams } from './world';

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
        comesTo: eitherOne,
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
      comesTo: eitherOne,
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
        comesTo: ['ann: first', 'ann: first, other', 'ann: first, wanted'],
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
        comesTo: [...eitherOne, 'ann: nothing; bob: nothing'],
      }),
    ),
    await scenario(
      'two approvals for one seat, while the contract is lowered',
      steps(seated(ann), [
        [ann, requestAdd(ann, wanted)],
        [ann, requestAdd(ann, other)],
      ]),
      () => ({
        actors: [
          actor('one', agent, approveAdd(ann, wanted)),
          actor('other', agent, approveAdd(ann, other)),
          actor('contract', contractAgent, setContract({ mailboxLimit: 1 })),
        ],
        leftovers: [approval(ann, wanted), approval(ann, other), mailbox(wanted), mailbox(other)],
        comesTo: ['ann: other', 'ann: other, wanted', 'ann: wanted'],
      }),
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
      comesTo: [...eitherOne, 'ann: nothing; bob: nothing'],
    },
    await scenario('two register with one login, and one of them twice', [], () => ({
      actors: [
        actor('ann', system, registerSeat(ann, wanted)),
        actor('bob', system, registerSeat(bob, wanted)),
        actor('twin of ann', system, registerSeat(ann, wanted), 'ann'),
      ],
      leftovers: [login(wanted)],
      comesTo: ['ann as wanted: nothing', 'bob as wanted: nothing'],
    })),
    await scenario('two change to one login', steps(seated(ann, bob)), () => ({
      actors: [
        actor('ann', system, changeAccountEmail(ann, wanted)),
        actor('bob', system, changeAccountEmail(bob, wanted)),
        { name: 'recovery', task: login(wanted) },
      ],
      leftovers: [login(wanted), login(emailOf(ann)), login(emailOf(bob))],
      comesTo: ['ann as wanted: nothing; bob: nothing', 'ann: nothing; bob as wanted: nothing'],
    })),
    await scenario('one takes the login that another leaves', steps(seated(ann, bob)), () => ({
      actors: [
        actor('ann', system, changeAccountEmail(ann, wanted)),
        actor('bob', system, changeAccountEmail(bob, emailOf(ann))),
        actor('back', system, changeAccountEmail(ann, emailOf(ann))),
      ],
      leftovers: [login(wanted), login(emailOf(ann)), login(emailOf(bob))],
      comesTo: [
        'ann as wanted: nothing; bob as ann: nothing',
        'ann as wanted: nothing; bob: nothing',
        'ann: nothing; bob: nothing',
      ],
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
      comesTo: [
        'ann: other and s1; bob: nothing; cyd: third',
        'ann: other; bob: nothing; cyd: third and s1',
      ],
    },
    ...(await moves()),
  ];
};
