/** P1 to P12: what may be asked for, by whom, and from where. */
import { describe, expect, it } from '@jest/globals';
import {
  admin,
  agent,
  agentOnCase,
  ann,
  approveAdd,
  bob,
  changeAccountEmail,
  contractAgent,
  elsewhere,
  emailOf,
  grantLimit,
  holding,
  requestAdd,
  seated,
  setContract,
  storedAddress,
  system,
  registerSeat,
} from '../../src/testing';
import { first, type Given, personalSender, second, shared, third } from './cast';

const submitted = (address: string, said: object = {}) => ({
  type: 'MailboxAddRequested' as const,
  data: {
    userId: 'ann',
    requestId: requestAdd(ann, address).requestId,
    address: storedAddress(address),
    addressClass: 'personal' as const,
    sender: storedAddress('ann@acme.example'),
    requestedBy: { role: 'user' as const, id: 'ann' },
    status: 'submitted' as const,
    deletePermission: false,
    ...said,
  },
});

export const askingClauses = (given: Given): void => {
  describe('P1 a user holds at most 2 mailboxes', () => {
    it.each`
      held               | answer
      ${[]}              | ${'yes'}
      ${[first]}         | ${'yes'}
      ${[first, second]} | ${'no'}
    `('who holds $held.length and asks for one more gets a $answer', async ({ held, answer }) => {
      const asked = given(...seated(ann), ...holding(ann, ...(held as ReadonlyArray<string>))).when(
        ann,
        requestAdd(ann, third),
      );
      if (answer === 'yes') await asked.thenRecorded([submitted(third)]);
      else {
        await asked.thenRejected([{ type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 }]);
      }
    });

    it('is judged again at the approval, on what is held by then', async () => {
      await given(...seated(ann), [ann, requestAdd(ann, third)], ...holding(ann, first, second))
        .when(agent, approveAdd(ann, third))
        .thenRejected([{ type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 }]);
    });

    it('holds for an admin who asks for a user just the same', async () => {
      await given(...seated(ann, admin), ...holding(ann, first, second))
        .when(admin, requestAdd(ann, third, { sender: emailOf(admin) }))
        .thenRejected([{ type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 }]);
    });
  });

  describe('P2 another limit only by contract', () => {
    it('the contract in force sets the limit of everybody', async () => {
      await given(...seated(ann), ...holding(ann, first, second), [
        contractAgent,
        setContract({ mailboxLimit: 3 }),
      ])
        .when(ann, requestAdd(ann, third))
        .thenRecorded([submitted(third)]);
    });

    it('a grant under the contract sets the limit of one user', async () => {
      await given(
        ...seated(ann),
        [contractAgent, setContract()],
        [contractAgent, grantLimit(ann, 3)],
        ...holding(ann, first, second),
      )
        .when(ann, requestAdd(ann, third))
        .thenRecorded([submitted(third)]);
    });

    it('a grant to one user leaves the limit of another as it was', async () => {
      await given(
        ...seated(ann, bob),
        [contractAgent, setContract()],
        [contractAgent, grantLimit(bob, 3)],
        ...holding(ann, first, second),
      )
        .when(ann, requestAdd(ann, third))
        .thenRejected([{ type: 'MailboxLimitReached', limit: 2, held: 2, reserved: 0 }]);
    });

    it('no grant without a contract', async () => {
      await given(...seated(ann))
        .when(contractAgent, grantLimit(ann, 3))
        .thenRejected([{ type: 'ContractRequired' }]);
    });

    it('terms that a contract leaves out fall back to the policy', async () => {
      await given([contractAgent, setContract({ mailboxLimit: 3 })])
        .when(contractAgent, setContract())
        .thenRecorded([
          { type: 'ContractSet', data: { mailboxLimit: 2, permittedSharedAddresses: [] } },
        ]);
    });
  });

  describe("P3 the address is the user's own, not a colleague's", () => {
    it.each([
      ['a user', ann, emailOf(ann)],
      ['an admin', admin, emailOf(admin)],
    ])("%s who names a colleague's login is refused", async (_, by, sender) => {
      await given(...seated(ann, bob, admin))
        .when(by, requestAdd(ann, emailOf(bob), { sender }))
        .thenRejected([{ type: 'NotOwnedByTargetUser', knownAs: 'accountEmail' }]);
    });

    it("a colleague's mailbox, which they have not let go, is not added", async () => {
      await given(...seated(ann, bob), ...holding(bob, first), [ann, requestAdd(ann, first)])
        .when(agent, approveAdd(ann, first))
        .thenRejected([
          { type: 'NotOwnedByTargetUser', knownAs: 'mailbox' },
          { type: 'AddressInUse', seatState: 'active' },
        ]);
    });

    it("one's own login may be one's mailbox", async () => {
      await given(...seated(ann))
        .when(ann, requestAdd(ann, emailOf(ann)))
        .thenRecorded([submitted(emailOf(ann))]);
    });

    it('what became a login after the request is refused at the approval', async () => {
      await given(...seated(ann), [ann, requestAdd(ann, first)], [system, registerSeat(bob, first)])
        .when(agent, approveAdd(ann, first))
        .thenRejected([{ type: 'NotOwnedByTargetUser', knownAs: 'accountEmail' }]);
    });
  });

  describe('P5 no shared or group address', () => {
    it.each([
      ['sales@acme.example', 'sales@acme.example'],
      ['Sales@acme.example', 'sales@acme.example'],
      ['sales+eu@acme.example', 'sales+eu@acme.example'],
      ['info@acme.example', 'info@acme.example'],
      ['hello@acme.example', 'hello@acme.example'],
      ['marketing-emea@acme.example', 'marketing-emea@acme.example'],
    ])('%s is refused', async (typed, canonical) => {
      await given(...seated(ann))
        .when(ann, requestAdd(ann, typed))
        .thenRejected([{ type: 'SharedAddressNotPermitted', address: canonical }]);
    });

    it('an address that may be a person passes, and is marked for the agent to look at', async () => {
      await given(...seated(ann))
        .when(ann, requestAdd(ann, 'ann.sales@acme.example'))
        .thenRecorded([submitted('ann.sales@acme.example', { addressClass: 'review' })]);
    });
  });

  describe('P6 unless the contract permits that address', () => {
    const permitted = setContract({ permittedSharedAddresses: [shared] });

    it('a permitted shared address passes, however it is typed', async () => {
      await given(...seated(ann), [contractAgent, permitted])
        .when(ann, requestAdd(ann, 'Sales@acme.example'))
        .thenRecorded([submitted('Sales@acme.example', { addressClass: 'shared' })]);
    });

    it.each([['info@acme.example'], ['sales+eu@acme.example'], ['sales@acme.test']])(
      'that one does not permit %s',
      async (address) => {
        await given(...seated(ann), [contractAgent, permitted])
          .when(ann, requestAdd(ann, address))
          .thenRejected([{ type: 'SharedAddressNotPermitted', address }]);
      },
    );

    it('a permission that has gone is missed at the approval', async () => {
      await given(
        ...seated(ann),
        [contractAgent, permitted],
        [ann, requestAdd(ann, shared)],
        [contractAgent, setContract()],
      )
        .when(agent, approveAdd(ann, shared))
        .thenRejected([{ type: 'SharedAddressNotPermitted', address: shared }]);
    });
  });

  describe('P8 a user asks for their own seat only', () => {
    it("another user's seat is not theirs to ask for", async () => {
      await given(...seated(ann, bob))
        .when(ann, requestAdd(bob, first))
        .thenRejected([{ type: 'NotOwnSeat' }]);
    });

    it('whether there is such a seat is not said', async () => {
      await given(...seated(ann))
        .when(ann, requestAdd(bob, first))
        .thenRejected([{ type: 'NotOwnSeat' }]);
    });
  });

  describe('P9 an admin may ask for any user of the organization', () => {
    it('and the event says who asked', async () => {
      await given(...seated(ann, admin))
        .when(admin, requestAdd(ann, first, { sender: emailOf(admin) }))
        .thenRecorded([
          submitted(first, {
            sender: storedAddress(emailOf(admin)),
            requestedBy: { role: 'admin', id: 'dee' },
          }),
        ]);
    });

    it('a shared address stays forbidden to an admin', async () => {
      await given(...seated(ann, admin))
        .when(admin, requestAdd(ann, shared, { sender: emailOf(admin) }))
        .thenRejected([{ type: 'SharedAddressNotPermitted', address: shared }]);
    });

    it("another tenant's admin learns nothing but that there is no such seat", async () => {
      await given(...seated(ann, admin), ...holding(ann, first, second))
        .when(elsewhere(admin), requestAdd(ann, first, { sender: emailOf(admin) }))
        .thenRejected([{ type: 'SeatNotFound', userId: 'ann' }]);
    });
  });

  describe("P10 the request comes from the account's listed address", () => {
    it('another sender is refused', async () => {
      await given(...seated(ann))
        .when(ann, requestAdd(ann, first, { sender: 'ann@elsewhere.example' }))
        .thenRejected([{ type: 'SenderAddressMismatch', sender: 'ann@elsewhere.example' }]);
    });

    it('what is no address at all is refused as another sender, shortened', async () => {
      await given(...seated(ann))
        .when(ann, requestAdd(ann, first, { sender: 'x'.repeat(100) }))
        .thenRejected([{ type: 'SenderAddressMismatch', sender: 'x'.repeat(80) }]);
    });

    it("an admin asks from the admin's own listed address, not from the user's", async () => {
      await given(...seated(ann, admin))
        .when(admin, requestAdd(ann, first, { sender: emailOf(ann) }))
        .thenRejected([{ type: 'SenderAddressMismatch', sender: emailOf(ann) }]);
    });

    it('an admin without a seat has no listed address to ask from', async () => {
      await given(...seated(ann))
        .when(admin, requestAdd(ann, first, { sender: emailOf(admin) }))
        .thenRejected([{ type: 'SenderAddressMismatch', sender: emailOf(admin) }]);
    });

    it("Support asks under a case, from the user's listed address", async () => {
      await given(...seated(ann))
        .when(agentOnCase, requestAdd(ann, first))
        .thenRecorded([
          submitted(first, { requestedBy: { role: 'support', id: 'agent-1' }, caseId: 'case-1' }),
        ]);
    });

    it('is judged by the account email at submission, and not again', async () => {
      await given(
        ...seated(ann),
        [ann, requestAdd(ann, first)],
        [system, changeAccountEmail(ann, 'ann.new@acme.example')],
      )
        .when(agent, approveAdd(ann, first))
        .thenRecorded([
          { type: 'MailboxAddApproved' },
          { type: 'MailboxAdded' },
          { type: 'AddressClaimed' },
        ]);
    });
  });

  describe('P11 Support is not contacted from a personal address', () => {
    it('a personal sender is refused as such', async () => {
      await given(...seated(ann))
        .when(ann, requestAdd(ann, first, { sender: personalSender }))
        .thenRejected([{ type: 'PersonalSenderAddress', sender: personalSender }]);
    });

    it('an account whose listed address is at such a provider asks from it', async () => {
      await given([system, registerSeat(ann, personalSender)])
        .when(ann, requestAdd(ann, first, { sender: personalSender }))
        .thenRecorded([submitted(first, { sender: storedAddress(personalSender) })]);
    });
  });

  describe('P12 an add request names the new address', () => {
    it.each([
      ['', { type: 'NothingGiven' }],
      ['ann', { type: 'NotOneAtSign', found: 0 }],
      ['@acme.example', { type: 'PartMissing', part: 'localPart' }],
      ['ann@localhost', { type: 'SingleLabel', excerpt: 'localhost' }],
      ['Ann <ann@acme.example>', { type: 'UnsupportedForm', form: 'displayName', offset: 4 }],
    ])('%p is none', async (address, fault) => {
      await given(...seated(ann)).onStage(async (stage) => {
        const answer = await stage.send(ann, requestAdd(ann, address));
        expect(answer).toMatchObject({
          left: { rejections: [{ type: 'InvalidAddress', text: address, fault }] },
        });
      });
    });
  });
};
