/** The states of a request, and what each command makes of them. */
import { describe, expect, it } from '@jest/globals';
import { seat } from '../../src/seat';
import * as Events from '../../src/seat/events';
import type { SeatEvent } from '../../src/seat';
import {
  acknowledging,
  addId,
  agent,
  ann,
  approveAdd,
  approveDelete,
  attestation,
  bob,
  deleteId,
  given as givenEvents,
  grantPermission,
  holding,
  provisioned,
  rejectAdd,
  rejectDelete,
  requestAdd,
  requestDelete,
  seated,
  type Step,
  storedAddress,
  withdraw,
} from '../../src/testing';
import { first, type Given, reasons, second, yes } from './cast';

const addRequest: Readonly<Record<string, ReadonlyArray<Step>>> = {
  none: [],
  submitted: [[ann, requestAdd(ann, first)]],
  awaitingPermission: [...holding(bob, first), [ann, requestAdd(ann, first)]],
  fulfilled: provisioned(ann, first),
  rejected: [
    [ann, requestAdd(ann, first)],
    [agent, rejectAdd(ann, first)],
  ],
  withdrawn: [
    [ann, requestAdd(ann, first)],
    [ann, withdraw(ann, addId(first))],
  ],
};

export const deleteRequest: Readonly<Record<string, ReadonlyArray<Step>>> = {
  none: holding(ann, first),
  submitted: [...holding(ann, first), [ann, requestDelete(ann, first)]],
  fulfilled: [
    ...holding(ann, first),
    [ann, requestDelete(ann, first)],
    [agent, acknowledging(approveDelete(ann, first))],
  ],
  rejected: [
    ...holding(ann, first),
    [ann, requestDelete(ann, first)],
    [agent, rejectDelete(ann, first)],
  ],
  withdrawn: [
    ...holding(ann, first),
    [ann, requestDelete(ann, first)],
    [ann, withdraw(ann, deleteId(first))],
  ],
};

const closed = (requestId: string, status: string) => [
  { type: 'RequestClosed', requestId, status },
];

export const requestStates = (given: Given): void => {
  describe.each(['none', 'submitted', 'awaitingPermission', 'fulfilled', 'rejected', 'withdrawn'])(
    'a request to add that is %s',
    (status) => {
      const steps = [...seated(ann, bob), ...(addRequest[status] ?? [])];
      const isOpen = status === 'submitted' || status === 'awaitingPermission';
      const requestId = addId(first);
      const otherwise =
        status === 'none' ? [{ type: 'RequestNotFound', requestId }] : closed(requestId, status);

      it.each([
        ['withdrawn', ann, withdraw(ann, requestId)],
        ['rejected', agent, rejectAdd(ann, first)],
      ] as const)(isOpen ? 'can be %s' : 'cannot be %s', async (_, by, command) => {
        await given(...steps).onStage(async (stage) => {
          const answer = await stage.send(by, command);
          if (isOpen) expect(yes(answer).events).toHaveLength(1);
          else expect(reasons(answer)).toEqual(otherwise);
        });
      });

      it(`approving it is answered by its state`, async () => {
        await given(...steps).onStage(async (stage) => {
          const answer = await stage.send(agent, approveAdd(ann, first));
          if (status === 'submitted') expect(yes(answer).events).toHaveLength(3);
          else if (!isOpen) expect(reasons(answer)).toEqual(otherwise);
          else
            expect(reasons(answer)).toContainEqual({ type: 'AddressInUse', seatState: 'active' });
        });
      });

      it('asking anew under another id is possible unless it is open, or there already', async () => {
        await given(...steps).onStage(async (stage) => {
          const answer = await stage.send(ann, requestAdd(ann, first, { requestId: 'another' }));
          if (isOpen) {
            expect(reasons(answer)).toEqual([{ type: 'DuplicateRequest', requestId, kind: 'add' }]);
          } else {
            expect(yes(answer).events).toHaveLength(status === 'fulfilled' ? 0 : 1);
          }
        });
      });
    },
  );

  describe.each(['none', 'submitted', 'fulfilled', 'rejected', 'withdrawn'])(
    'a request to delete that is %s',
    (status) => {
      const steps = [...seated(ann), ...(deleteRequest[status] ?? [])];
      const requestId = deleteId(first);
      const notFound = status === 'none' ? [{ type: 'RequestNotFound', requestId }] : undefined;

      it.each([
        ['withdrawn', ann, withdraw(ann, requestId)],
        ['rejected', agent, rejectDelete(ann, first)],
        ['approved', agent, approveDelete(ann, first)],
      ] as const)('and is to be %s', async (what, by, command) => {
        await given(...steps).onStage(async (stage) => {
          const sent = command.type === 'ApproveMailboxDelete' ? acknowledging(command) : command;
          const answer = await stage.send(by, sent);
          if (status === 'submitted') expect(yes(answer).events.length).toBeGreaterThan(0);
          else if (status !== 'none') expect(reasons(answer)).toEqual(closed(requestId, status));
          else if (what !== 'approved') expect(reasons(answer)).toEqual(notFound);
          else expect(reasons(answer)).toEqual([{ type: 'DeleteRequestRequired', requestId }]);
        });
      });
    },
  );

  it('a request to delete is fulfilled by whichever way the mailbox goes', async () => {
    await given(
      ...seated(ann, bob),
      ...holding(bob, first),
      [bob, requestDelete(bob, first)],
      [ann, requestAdd(ann, first)],
      [bob, grantPermission(bob, first, ann)],
      [agent, acknowledging(approveAdd(ann, first))],
    )
      .when(agent, acknowledging(approveDelete(bob, first)))
      .thenRejected([{ type: 'RequestClosed', requestId: deleteId(first), status: 'fulfilled' }]);
  });

  describe('a request that was approved and not completed, as on a store that appends in two steps', () => {
    const about = {
      userId: 'ann',
      address: storedAddress(first),
      requestId: addId(first),
    } as never;
    const requested = (address: string): SeatEvent =>
      Events.MailboxAddRequested({
        userId: 'ann',
        requestId: addId(address),
        address: storedAddress(address),
        addressClass: 'personal',
        sender: storedAddress('ann@acme.example'),
        requestedBy: { role: 'user', id: 'ann' },
        status: 'submitted',
        deletePermission: false,
      } as never);
    const registered = Events.SeatRegistered({
      userId: 'ann',
      accountEmail: storedAddress('ann@acme.example'),
      profile: 'user',
    } as never);
    const approved = Events.MailboxAddApproved({
      ...(about as object),
      evidence: 'Seen.',
    } as never);
    const facts = {
      mailboxLimit: 1,
      sharedPermitted: false,
      accountHolder: undefined,
      otherHolder: undefined,
    };
    const approveSecond = {
      ...approveAdd(ann, second),
      commandId: 'command-1',
      by: agent,
      facts,
    } as never;

    it('holds a slot', () => {
      givenEvents(seat, registered, requested(first), requested(second), approved)
        .when(approveSecond)
        .thenRejected([{ type: 'MailboxLimitReached', limit: 1, held: 0, reserved: 1 }]);
    });

    it('gives it back when it is abandoned, and cannot be completed any more', () => {
      const abandoned = Events.MailboxAddAbandoned(about);
      const story = [registered, requested(first), requested(second), approved, abandoned];
      givenEvents(seat, ...story)
        .when(approveSecond)
        .thenRecorded([
          Events.MailboxAddApproved({
            userId: 'ann',
            requestId: addId(second),
            address: storedAddress(second),
            evidence: attestation.evidence,
          } as never),
        ]);
      givenEvents(seat, ...story)
        .when({ type: 'CompleteMailboxAdd', ...(about as object), movedFrom: undefined } as never)
        .thenRejected([
          { type: 'RequestClosed', requestId: addId(first), status: 'abandoned' } as never,
        ]);
    });

    it('a request alone holds none', () => {
      givenEvents(seat, registered, requested(first), requested(second))
        .when(approveSecond)
        .thenRecorded([
          Events.MailboxAddApproved({
            userId: 'ann',
            requestId: addId(second),
            address: storedAddress(second),
            evidence: attestation.evidence,
          } as never),
        ]);
    });
  });
};
