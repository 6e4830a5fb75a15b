/** Prospects that arrive where the mailbox is gone stop there, and no judge of logs takes that for a fault. */
import { expect, it } from '@jest/globals';
import {
  acknowledging,
  agent,
  ann,
  approveDelete,
  bob,
  holding,
  reassign,
  recordSequence,
  requestDelete,
  seated,
  system,
  violationsIn,
} from '../../src/testing';
import { LogAudit } from '../../src/testing/race-suite/log-audit';
import { begun, done, ledgerOn, logIn, oneStreamStore, storeOf } from './mortal';

const wanted = 'wanted@acme.example';
const other = 'other@acme.example';

it('is judged as sound', async () => {
  const connector = oneStreamStore();
  const ledger = await ledgerOn(connector);
  await done(
    ledger,
    ...seated(ann, bob),
    ...holding(bob, wanted),
    ...holding(ann, other),
    [system, recordSequence(bob, wanted, 's1', 'active')],
    [bob, requestDelete(bob, wanted)],
    [agent, acknowledging(approveDelete(bob, wanted))],
  );
  const rescue = reassign(ann, other, { fromUserId: 'bob', prospectIds: ['p-s1'] });
  await begun(connector, [system, rescue]);
  await done(
    ledger,
    [ann, requestDelete(ann, other)],
    [agent, acknowledging(approveDelete(ann, other))],
  );
  await ledger.recover();

  const log = await logIn(connector);
  const types = log.map(({ type }) => type);
  expect(types.slice(types.lastIndexOf('ProspectsReassigned'))).toEqual([
    'ProspectsReassigned',
    'SequencesStopped',
  ]);
  expect(await violationsIn(await storeOf(connector))).toEqual([]);
  const audit = new LogAudit('oneStream');
  // What is lost with the two mailboxes has been acknowledged, which only a race tells the judge.
  audit.acknowledge('bob', 'delete-wanted-acme-example', {
    drafts: [],
    scheduled: [],
    inFlight: [],
    sequences: ['s1'],
  });
  audit.acknowledge('ann', 'delete-other-acme-example', {
    drafts: [],
    scheduled: [],
    inFlight: [],
    sequences: [],
  });
  for (const event of log) audit.take(event);
  audit.settle();
  expect(audit.problems).toEqual([]);
});
