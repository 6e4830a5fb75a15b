/** P4, P7, P13, P14, P27: what Support confirms, and what the owner configures. */
import { describe, expect, it } from '@jest/globals';
import {
  addId,
  admin,
  agent,
  agentOnCase,
  ann,
  approveAdd,
  attestation,
  bob,
  configure,
  emailOf,
  holding,
  otherAgent,
  provisioned,
  rejectAdd,
  requestAdd,
  seated,
  storedAddress,
  system,
} from '../../src/testing';
import { first, type Given, yes } from './cast';

const aboutFirst = { userId: 'ann', requestId: addId(first), address: storedAddress(first) };
const claim = { type: 'AddressClaimed' as const, data: aboutFirst };

export const approvingClauses = (given: Given): void => {
  describe('P4 it identifies that person', () => {
    it.each([
      ['no evidence', { terms: attestation.terms }],
      ['empty evidence', { ...attestation, evidence: '' }],
      ['blank evidence', { ...attestation, evidence: ' \n\t' }],
    ])('%s is not enough', async (_, said) => {
      await given(...seated(ann), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(ann, first, { attestation: said }))
        .thenRejected([{ type: 'AttestationMissing' }]);
    });

    it('without an attestation nothing is attested', async () => {
      const { type, userId, requestId } = approveAdd(ann, first);
      await given(...seated(ann), [ann, requestAdd(ann, first)])
        .when(agent, { type, userId, requestId })
        .thenRejected([
          { type: 'AttestationMissing' },
          { type: 'TermsNotConfirmed', which: ['eula', 'termsOfService', 'acceptableUse'] },
        ]);
    });

    it('whose address it is follows from the evidence, never from the name in it', async () => {
      const named = 'zoe.quite.another@acme.example';
      await given(...seated(ann), [ann, requestAdd(ann, named)])
        .when(agent, approveAdd(ann, named))
        .thenRecorded([
          {
            type: 'MailboxAddApproved',
            data: {
              userId: 'ann',
              requestId: addId(named),
              address: storedAddress(named),
              evidence: attestation.evidence,
            },
          },
          { type: 'MailboxAdded' },
          { type: 'AddressClaimed' },
        ]);
    });
  });

  describe('P7 complies with EULA, terms of service and acceptable use', () => {
    const { evidence, terms } = attestation;
    it.each([
      ['none', {}, ['eula', 'termsOfService', 'acceptableUse']],
      ['one', { eula: true }, ['termsOfService', 'acceptableUse']],
      ['two', { eula: true, acceptableUse: true }, ['termsOfService']],
      ['a denied one', { ...terms, eula: false }, ['eula']],
    ] as const)('%s of them confirmed is not enough', async (_, confirmed, which) => {
      await given(...seated(ann), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(ann, first, { attestation: { evidence, terms: confirmed } }))
        .thenRejected([{ type: 'TermsNotConfirmed', which }]);
    });
  });

  describe('P13 Support confirms before adding, then adds to the right user', () => {
    it('nothing is added by asking', async () => {
      await given(...seated(ann), [ann, requestAdd(ann, first)]).onStage(async ({ ledger }) => {
        const seat = yes(await ledger.views.seats.get(ann, 'ann'));
        expect(seat).toMatchObject({ mailboxes: [], openRequests: 1 });
      });
    });

    it('the approval adds to the seat that was asked for, and claims the address', async () => {
      await given(...seated(ann, bob), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(ann, first))
        .thenRecorded([
          { type: 'MailboxAddApproved', data: { ...aboutFirst, evidence: attestation.evidence } },
          { type: 'MailboxAdded', data: aboutFirst },
          claim,
        ]);
    });

    it('a request of one seat is not approved for another', async () => {
      await given(...seated(ann, bob), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(bob, first))
        .thenRejected([{ type: 'RequestNotFound', requestId: addId(first) }]);
    });

    it.each([
      ['approved', approveAdd(ann, first)],
      ['rejected', rejectAdd(ann, first)],
    ])('a request is not %s by the agent who made it', async (_, answer) => {
      await given(...seated(ann), [agentOnCase, requestAdd(ann, first)])
        .when(agent, answer)
        .thenRejected([{ type: 'SelfApproval' }]);
    });

    it('another agent may answer it', async () => {
      await given(...seated(ann), [agentOnCase, requestAdd(ann, first)])
        .when(otherAgent, rejectAdd(ann, first))
        .thenRecorded([
          { type: 'MailboxAddRejected', data: { ...aboutFirst, reason: 'Not confirmed.' } },
        ]);
    });

    it('an agent who has a seat does not answer for it', async () => {
      const sender = emailOf(admin);
      await given(...seated(ann, admin), [admin, requestAdd(ann, first, { sender })])
        .when({ ...agent, agentId: 'ann' }, approveAdd(ann, first))
        .thenRejected([{ type: 'SelfApproval' }]);
    });
  });

  describe('P14 the user then configures it', () => {
    it.each([['primary'], ['alias'], ['aliasWithGmail2Step']] as const)('as %s', async (use) => {
      await given(...seated(ann), ...provisioned(ann, first))
        .when(ann, configure(ann, first, use))
        .thenRecorded([
          {
            type: 'MailboxConfigured',
            data: { userId: 'ann', address: storedAddress(first), use },
          },
        ]);
    });

    it('until then it is provisioned', async () => {
      await given(...seated(ann), ...provisioned(ann, first)).onStage(async (stage) => {
        const before = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        expect(before?.mailboxes).toMatchObject([{ state: 'provisioned', use: null }]);
        await stage.play([ann, configure(ann, first, 'alias')]);
        const after = yes(await stage.ledger.views.seats.get(ann, 'ann'));
        expect(after?.mailboxes).toMatchObject([{ state: 'configured', use: 'alias' }]);
      });
    });

    it('configuring it the same way again is already so; another way is not', async () => {
      const configured = given(...seated(ann), ...holding(ann, first));
      await configured.when(ann, configure(ann, first, 'alias')).thenNothing();
      await configured
        .when(ann, configure(ann, first, 'primary'))
        .thenRecorded([{ type: 'MailboxConfigured' }]);
    });

    it('nobody configures a mailbox that the seat does not hold', async () => {
      await given(...seated(ann))
        .when(ann, configure(ann, first))
        .thenRejected([{ type: 'MailboxNotFound', address: first }]);
    });
  });

  describe('P27 an admin may ask but not configure', () => {
    it.each([
      ['an admin', admin],
      ['another user', bob],
      ['Support', agent],
      ['the system', system],
    ])('%s does not configure', async (_, somebody) => {
      await given(...seated(ann), ...provisioned(ann, first))
        .when(somebody, configure(ann, first))
        .thenRejected([{ type: 'ConfigureByOwnerOnly' }]);
    });
  });
};
