/** A store may hold refusals whose reasons this release does not know: nothing that reads them may stumble. */
import { describe, expect, it } from '@jest/globals';
import { memoryStore, type Ledger, openLedger, type RecordedEvent } from '../../src';
import { Tally } from '../../src/cli/tally';
import { admin, ann, minuteByMinute, registerSeat, requestAdd } from '../../src/testing';
import { storeOf } from '../support/edited-store';
import { yes } from './cast';

const addressSecret = 'a secret for the tests only';

interface Reason {
  readonly type: string;
}

const old: Reason = { type: 'OldReason' };
const shared: Reason & Readonly<Record<string, unknown>> = {
  type: 'SharedAddressNotPermitted',
  address: 'sales@acme.example',
};
const terms: Reason & Readonly<Record<string, unknown>> = {
  type: 'TermsNotConfirmed',
  which: ['eula'],
};

/** A ledger in which the request of a stranger was refused for `rejections`. */
const refusedFor = async (...rejections: ReadonlyArray<Reason>): Promise<Ledger> => {
  const store = memoryStore();
  const ledger = await openLedger({ store, addressSecret, clock: minuteByMinute() });
  await ledger.execute(admin, { ...registerSeat(ann), commandId: 'c-ann' });
  await ledger.execute(ann, { ...requestAdd(ann, 'sales@acme.example'), commandId: 'c-old' });
  const log = yes(await yes(await store.connect()).readAll(-1n, 1000)());
  const edited = log.map((event): RecordedEvent =>
    event.type === 'CommandRefused' ? { ...event, data: { rejections } } : event,
  );
  return openLedger({ store: storeOf(edited), addressSecret, recoverAtOpen: false });
};

describe('a refusal for a reason of an older release', () => {
  it('is held against the policy by verify', async () => {
    const { findings } = yes(await (await refusedFor(old)).verify());
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
    const ledger = await refusedFor(old);
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

  const verdictsFor = async (...reasons: ReadonlyArray<Reason>) => {
    const told = yes(await (await refusedFor(...reasons)).why(admin, 'c-old'));
    return Object.fromEntries(told?.rules.map(({ name, verdict }) => [name, verdict]) ?? []);
  };

  it('is not told as if every rule had been kept', async () => {
    const verdicts = await verdictsFor(old);
    expect(new Set(Object.values(verdicts))).toEqual(new Set(['unknown']));
    const told = yes(await (await refusedFor(old)).why(admin, 'c-old'));
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
    expect(await verdictsFor(shared, old)).toEqual({
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
    const verdicts = await verdictsFor(terms);
    expect(new Set(Object.values(verdicts))).toEqual(new Set(['unknown']));
  });
});

describe('a refusal without what its reason says', () => {
  it.each<readonly [string, Reason & Readonly<Record<string, unknown>>]>([
    ['ImpactNotAcknowledged', { type: 'ImpactNotAcknowledged' }],
    ['ImpactNotAcknowledged of nothing', { type: 'ImpactNotAcknowledged', now: 'x' }],
    ['ImpactChanged', { type: 'ImpactChanged', acknowledged: null, now: null }],
  ])('is told as an event that cannot be read, by whoever reads it: %s', async (_, reason) => {
    const undecodable = {
      left: { type: 'UndecodableEvent', position: '3', eventType: 'CommandRefused' },
    };
    const ledger = await refusedFor(reason);
    expect(await ledger.timeline(admin, ann.userId)).toMatchObject(undecodable);
    expect(await ledger.why(admin, 'c-old')).toMatchObject(undecodable);
    expect(yes(await ledger.verify())).toMatchObject({
      endedEarly: true,
      findings: [{ kind: 'readable', position: '3' }],
    });
    await ledger.close();
  });
});
