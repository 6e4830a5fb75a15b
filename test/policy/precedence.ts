/** Several rules broken at once: all are reported, in one order, and where nothing can be judged only that. */
import { describe, expect, it } from '@jest/globals';
import {
  acknowledging,
  addId,
  admin,
  agent,
  agentOnCase,
  ann,
  approveAdd,
  approveDelete,
  attestation,
  bob,
  configure,
  contractAgent,
  emailOf,
  type ExpectedRejection,
  grantLimit,
  grantPermission,
  holding,
  lockSeat,
  provisioned,
  reassign,
  recordMailing,
  recordSequence,
  registerSeat,
  requestAdd,
  requestDelete,
  seated,
  setContract,
  type Step,
  system,
  user,
  withdraw,
} from '../../src/testing';
import { first, type Given, impactOf, personalSender, reasons, second, shared } from './cast';

/** Every choice of some of `names`, from none of them to all. */
const subsets = <Name>(names: ReadonlyArray<Name>): ReadonlyArray<ReadonlySet<Name>> =>
  Array.from(
    { length: 2 ** names.length },
    (_, bits) => new Set(names.filter((_name, index) => (bits >> index) % 2 === 1)),
  );

const full = { type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 } as const;
const lateLogin = registerSeat(user('eve'), shared);

const whenAsking = [
  'sender',
  'login',
  'shared',
  'limit',
  'locked',
  'duplicate',
  'idTaken',
] as const;

/** A request for the shared address that breaks exactly the chosen rules, and what is said to it. */
const asking = (broken: ReadonlySet<(typeof whenAsking)[number]>) => {
  const permits = (permitted: boolean): Step => [
    contractAgent,
    setContract({ permittedSharedAddresses: permitted ? [shared] : [] }),
  ];
  const steps: ReadonlyArray<Step> = [
    ...seated(ann),
    permits(true),
    ...(broken.has('idTaken')
      ? ([
          [ann, requestAdd(ann, first, { requestId: 'taken' })],
          [ann, withdraw(ann, 'taken')],
        ] as const)
      : []),
    ...(broken.has('duplicate') ? ([[ann, requestAdd(ann, shared)]] as const) : []),
    ...(broken.has('limit') ? holding(ann, first, second) : []),
    ...(broken.has('login') ? ([[system, lateLogin]] as const) : []),
    ...(broken.has('shared') ? [permits(false)] : []),
    ...(broken.has('locked') ? ([[admin, lockSeat(ann)]] as const) : []),
  ];
  const command = requestAdd(ann, shared, {
    requestId: broken.has('idTaken') ? 'taken' : 'new',
    ...(broken.has('sender') && { sender: personalSender }),
  });
  const said: Readonly<Record<(typeof whenAsking)[number], ExpectedRejection>> = {
    sender: { type: 'PersonalSenderAddress', sender: personalSender },
    login: { type: 'NotOwnedByTargetUser', knownAs: 'accountEmail' },
    shared: { type: 'SharedAddressNotPermitted', address: shared },
    limit: full,
    locked: { type: 'SeatIsLocked' },
    duplicate: { type: 'DuplicateRequest', requestId: addId(shared), kind: 'add' },
    idTaken: { type: 'RequestIdTaken', requestId: 'taken' },
  };
  return {
    steps,
    command,
    expected: whenAsking.filter((one) => broken.has(one)).map((o) => said[o]),
  };
};

const whenApproving = ['evidence', 'terms', 'login', 'shared', 'limit', 'locked', 'inUse'] as const;

/** An approval that breaks exactly the chosen rules, all of which were kept when the request was made. */
const approving = (broken: ReadonlySet<(typeof whenApproving)[number]>) => {
  const steps: ReadonlyArray<Step> = [
    ...seated(ann, bob),
    [contractAgent, setContract({ permittedSharedAddresses: [shared] })],
    [ann, requestAdd(ann, shared)],
    ...(broken.has('inUse')
      ? ([...holding(bob, shared), [admin, lockSeat(bob)]] as ReadonlyArray<Step>)
      : []),
    ...(broken.has('limit') ? holding(ann, first, second) : []),
    ...(broken.has('login') ? ([[system, lateLogin]] as const) : []),
    ...(broken.has('shared') ? ([[contractAgent, setContract()]] as const) : []),
    ...(broken.has('locked') ? ([[admin, lockSeat(ann)]] as const) : []),
  ];
  const command = approveAdd(ann, shared, {
    attestation: {
      ...(!broken.has('evidence') && { evidence: attestation.evidence }),
      ...(!broken.has('terms') && { terms: attestation.terms }),
    },
  });
  const said: Readonly<Record<(typeof whenApproving)[number], ExpectedRejection>> = {
    evidence: { type: 'AttestationMissing' },
    terms: { type: 'TermsNotConfirmed', which: ['eula', 'termsOfService', 'acceptableUse'] },
    login: { type: 'NotOwnedByTargetUser', knownAs: 'accountEmail' },
    shared: { type: 'SharedAddressNotPermitted', address: shared },
    limit: full,
    locked: { type: 'SeatIsLocked' },
    inUse: { type: 'AddressInUse', seatState: 'locked' },
  };
  return {
    steps,
    command,
    expected: whenApproving.filter((one) => broken.has(one)).map((one) => said[one]),
  };
};

export const precedence = (given: Given): void => {
  const answersTo = async (
    { steps, command, expected }: ReturnType<typeof asking> | ReturnType<typeof approving>,
    by: typeof ann | typeof agent,
  ): Promise<void> => {
    await given(...steps).onStage(async (stage) => {
      const answer = await stage.dryRun(by, command);
      if (expected.length === 0) expect(answer).toMatchObject({ _tag: 'Right' });
      else expect(reasons(answer)).toEqual(expected);
    });
  };

  describe('rules are reported together, in order of precedence', () => {
    it(`whichever of ${whenAsking.join(', ')} a request breaks`, async () => {
      const all = subsets(whenAsking);
      expect(all).toHaveLength(128);
      for (const broken of all) await answersTo(asking(broken), ann);
    });

    it(`whichever of ${whenApproving.join(', ')} an approval breaks`, async () => {
      const all = subsets(whenApproving);
      expect(all).toHaveLength(128);
      for (const broken of all) await answersTo(approving(broken), agent);
    });

    it('an address that is none is said beside all that needs no address', async () => {
      await given(...seated(ann), ...holding(ann, first, second), [admin, lockSeat(ann)])
        .when(ann, requestAdd(ann, '', { sender: personalSender, requestId: addId(first) }))
        .thenRejected([
          { type: 'PersonalSenderAddress', sender: personalSender },
          { type: 'InvalidAddress', text: '', fault: { type: 'NothingGiven' } },
          full,
          { type: 'SeatIsLocked' },
          { type: 'RequestIdTaken', requestId: addId(first) },
        ]);
    });

    it('a request to delete: the sender, its twin, its id, the mailbox', async () => {
      const asked: ReadonlyArray<Step> = [
        ...seated(ann),
        ...holding(ann, first),
        [ann, requestDelete(ann, first)],
      ];
      await given(...asked)
        .when(
          ann,
          requestDelete(ann, first, { sender: 'who@knows.example', requestId: addId(first) }),
        )
        .thenRejected([
          { type: 'SenderAddressMismatch', sender: 'who@knows.example' },
          { type: 'DuplicateRequest', requestId: 'delete-first-acme-example', kind: 'delete' },
          { type: 'RequestIdTaken', requestId: addId(first) },
        ]);
      await given(...asked)
        .when(ann, requestDelete(ann, second, { requestId: addId(first) }))
        .thenRejected([
          { type: 'RequestIdTaken', requestId: addId(first) },
          { type: 'MailboxNotFound', address: second },
        ]);
    });

    it('a permission: the lock, the mailbox; and the request only where both are right', async () => {
      await given(...seated(ann, bob), [admin, lockSeat(bob)])
        .when(bob, grantPermission(bob, first, ann))
        .thenRejected([{ type: 'SeatIsLocked' }, { type: 'MailboxNotFound', address: first }]);
    });

    it('a reassignment: the mailbox, the selection', async () => {
      await given(...seated(ann), ...provisioned(ann, first))
        .when(ann, reassign(ann, first, {}))
        .thenRejected([
          { type: 'TargetMailboxMissing', address: first, found: 'provisioned' },
          { type: 'SelectionMissing' },
        ]);
    });

    it('a grant: the seat, the contract', async () => {
      await given()
        .when(contractAgent, grantLimit(ann, 3))
        .thenRejected([{ type: 'SeatNotFound', userId: 'ann' }, { type: 'ContractRequired' }]);
    });

    it('an email and a sequence state: what is known of them, the mailbox', async () => {
      const gone: ReadonlyArray<Step> = [
        ...seated(ann),
        ...holding(ann, first, second),
        [system, recordMailing(ann, first, 'mailing-1', 'delivering')],
        [system, recordSequence(ann, first, 'sequence-1', 'active')],
        [ann, requestDelete(ann, first)],
        [agent, acknowledging(approveDelete(ann, first))],
      ];
      await given(...gone)
        .when(system, recordMailing(ann, second, 'mailing-1', 'drafted'))
        .thenRejected([
          { type: 'ActivityMismatch', id: 'mailing-1', field: 'address', known: first },
          { type: 'MailingLost', mailingId: 'mailing-1' },
        ]);
      await given(...gone)
        .when(
          system,
          recordSequence(ann, first, 'sequence-1', 'active', {
            prospectId: 'p-2',
            sequenceId: 's-2',
          }),
        )
        .thenRejected([
          {
            type: 'ActivityMismatch',
            id: 'sequence-1',
            field: 'prospectId',
            known: 'p-sequence-1',
          },
          { type: 'SequenceNeedsReassignment', sequenceStateId: 'sequence-1' },
        ]);
    });
  });

  describe('what comes first is all that is said', () => {
    it('who may not ask learns nothing of the seat', async () => {
      await given(...seated(ann, bob), ...holding(ann, first, second))
        .when(bob, requestAdd(ann, shared, { sender: personalSender }))
        .thenRejected([{ type: 'NotOwnSeat' }]);
    });

    it('where there is no seat, nothing else can be right or wrong', async () => {
      await given(...seated(admin))
        .when(admin, requestAdd(ann, shared, { sender: emailOf(admin) }))
        .thenRejected([{ type: 'SeatNotFound', userId: 'ann' }]);
    });

    it('where the request is closed, the rest of the approval is not looked at', async () => {
      await given(...seated(ann), ...holding(ann, first))
        .when(agent, { ...approveAdd(ann, first), attestation: {} })
        .thenRejected([{ type: 'RequestClosed', requestId: addId(first), status: 'fulfilled' }]);
    });

    it('a broken rule comes before "already so"', async () => {
      await given(...seated(ann), ...holding(ann, first))
        .when(ann, requestAdd(ann, first, { requestId: 'again', sender: 'who@knows.example' }))
        .thenRejected([{ type: 'SenderAddressMismatch', sender: 'who@knows.example' }]);
      await given(...seated(ann), ...holding(ann, first, second))
        .when(ann, requestAdd(ann, first, { requestId: 'again' }))
        .thenNothing();
    });

    it('Support who made the request itself learns nothing of its rules', async () => {
      await given(...seated(ann), [agentOnCase, requestAdd(ann, first)])
        .when(agent, { ...approveAdd(ann, first), attestation: {} })
        .thenRejected([{ type: 'SelfApproval' }]);
    });
  });

  describe('the loss that nobody acknowledged', () => {
    const held: ReadonlyArray<Step> = [...seated(ann, bob), ...holding(bob, first)];

    it('is shown beside other broken rules, where the address may leave', async () => {
      await given(
        ...held,
        [ann, requestAdd(ann, first)],
        [bob, grantPermission(bob, first, ann)],
        [admin, lockSeat(ann)],
      )
        .when(agent, approveAdd(ann, first))
        .thenRejected([
          { type: 'SeatIsLocked' },
          { type: 'ImpactNotAcknowledged', now: impactOf(bob, first, 5) },
        ]);
    });

    it('is not shown where it may not', async () => {
      await given(...held, [ann, requestAdd(ann, first)], [admin, lockSeat(ann)])
        .when(agent, approveAdd(ann, first))
        .thenRejected([
          { type: 'NotOwnedByTargetUser', knownAs: 'mailbox' },
          { type: 'SeatIsLocked' },
          { type: 'AddressInUse', seatState: 'active' },
        ]);
    });

    it('is asked for even when it is nothing', async () => {
      await given(...seated(ann), ...holding(ann, first), [ann, requestDelete(ann, first)])
        .when(agent, approveDelete(ann, first))
        .thenRejected([{ type: 'ImpactNotAcknowledged', now: impactOf(ann, first, 5) }]);
    });

    it('a configured mailbox or not makes no difference to it', async () => {
      await given(...seated(ann), ...provisioned(ann, first), [ann, configure(ann, first)]).onStage(
        async ({ ledger }) => {
          const impact = await ledger.impact(ann, { userId: 'ann', address: first });
          expect(impact).toEqual({ _tag: 'Right', right: impactOf(ann, first, 4) });
        },
      );
    });
  });
};
