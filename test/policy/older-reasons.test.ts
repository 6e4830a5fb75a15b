/** A store may hold refusals whose reasons this release does not know: nothing that reads them may stumble. */
import { describe, expect, it } from '@jest/globals';
import { memoryStore, type Ledger, openLedger, type RecordedEvent } from '../../src';
import { Tally } from '../../src/cli/tally';
import { admin, ann, minuteByMinute, registerSeat, requestAdd } from '../../src/testing';
import { storeOf } from '../support/edited-store';
import { yes } from './cast';

const addressSecret = 'a secret for the tests only';

/** A ledger in which the request of a stranger was refused for `reasons`. */
const refusedFor = async (...reasons: ReadonlyArray<string>): Promise<Ledger> => {
  const store = memoryStore();
  const ledger = await openLedger({ store, addressSecret, clock: minuteByMinute() });
  await ledger.execute(admin, { ...registerSeat(ann), commandId: 'c-ann' });
  await ledger.execute(ann, { ...requestAdd(ann, 'sales@acme.example'), commandId: 'c-old' });
  const log = yes(await yes(await store.connect()).readAll(-1n, 1000)());
  const rejections = reasons.map((type) => ({ type }));
  const edited = log.map((event): RecordedEvent =>
    event.type === 'CommandRefused' ? { ...event, data: { rejections } } : event,
  );
  return openLedger({ store: storeOf(edited), addressSecret, recoverAtOpen: false });
};

describe('a refusal for a reason of an older release', () => {
  it('is held against the policy by verify', async () => {
    const { findings } = yes(await (await refusedFor('OldReason')).verify());
    expect(findings).toEqual([
      {
        kind: 'decided',
        position: '3',
        detail:
          'RequestMailboxAdd c-old was told no: OldReason; the policy says no: SharedAddressNotPermitted',
      },
    ]);
  });

  it('is decided again under another policy', async () => {
    const ledger = await refusedFor('OldReason');
    const answer = yes(
      await ledger.whatIf(admin, { permittedSharedAddresses: ['sales@acme.example'] }),
    );
    expect(answer.differences.map(({ decided, wouldBe }) => [decided, wouldBe.type])).toEqual([
      [{ type: 'refused', reasons: [{ type: 'OldReason', clause: null }] }, 'accepted'],
    ]);
  });

  it('is counted beside the others on the command line', () => {
    const tally = new Tally('-1');
    const refusal = { type: 'Refused', commandId: 'c-old', position: '3' };
    const rejections = [{ type: 'OldReason' }];
    tally.answer('acme', { _tag: 'Left', left: { ...refusal, rejections } as never }, 1);
    expect(tally.byOrganization[0]?.refusals).toMatchObject([
      { clause: null, type: 'OldReason', times: 1 },
    ]);
  });

  const verdictsFor = async (...reasons: ReadonlyArray<string>) => {
    const told = yes(await (await refusedFor(...reasons)).why(admin, 'c-old'));
    return Object.fromEntries(told?.rules.map(({ name, verdict }) => [name, verdict]) ?? []);
  };

  it('is not told as if every rule had been kept', async () => {
    const verdicts = await verdictsFor('OldReason');
    expect(new Set(Object.values(verdicts))).toEqual(new Set(['unknown']));
    const told = yes(await (await refusedFor('OldReason')).why(admin, 'c-old'));
    expect(told?.answer).toEqual({
      type: 'Refused',
      reasons: [
        {
          type: 'OldReason',
          clause: null,
          sentence: 'This release has no words for the reason OldReason.',
          remedy: 'Read the event with the release that wrote it.',
          rejection: { type: 'OldReason' },
        },
      ],
    });
  });

  it('leaves open the rules of its stage only, where another reason tells the stage', async () => {
    expect(await verdictsFor('SharedAddressNotPermitted', 'OldReason')).toEqual({
      mayIssue: 'kept',
      seatExists: 'kept',
      fromListedAddress: 'unknown',
      namesAnAddress: 'unknown',
      notAnothersLogin: 'unknown',
      personalOrPermitted: 'broken',
      roomOrHeld: 'unknown',
      seatIsActive: 'unknown',
      notRequestedAlready: 'unknown',
      requestIdIsNew: 'unknown',
    });
  });

  it('is no reason that the command of today could be refused for', async () => {
    // A reason that is known, and that no rule of this command gives.
    const verdicts = await verdictsFor('TermsNotConfirmed');
    expect(new Set(Object.values(verdicts))).toEqual(new Set(['unknown']));
  });
});
